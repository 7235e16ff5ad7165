"""Pages by role or use case."""
