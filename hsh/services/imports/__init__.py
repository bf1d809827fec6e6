"""Files that bring records in: read, dry-run and committed in batches. Above all other services."""
