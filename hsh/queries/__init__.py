"""Reading: a function for each question that a page asks, scoped to the person (law 11)."""
