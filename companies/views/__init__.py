"""Pages of companies: one file per use."""
