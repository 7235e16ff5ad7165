"""The forms of companies, campaigns and answers."""
