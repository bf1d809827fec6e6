"""Paper: frozen content in, bytes out. No database, no Flask, no clock."""
