"""Pages of attendance, one file per role or use case."""
