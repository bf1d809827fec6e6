"""What the pages of the books ask, and the laws that prove the books."""
