"""A small, believable market and library: the seed command and its content."""
