"""Writing: the only code that changes a row."""
