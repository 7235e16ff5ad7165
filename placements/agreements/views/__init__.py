"""Pages of the agreement, one file per use case."""
