"""What the logistics pages ask."""
