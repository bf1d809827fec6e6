"""What the sales pages ask."""
