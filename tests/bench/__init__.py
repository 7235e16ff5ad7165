"""Measurements against floors of the same run: `make bench`. Nothing here asserts a time."""
