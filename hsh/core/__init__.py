"""Words and arithmetic of the trade: no database, no Flask, no input or output."""
