"""Reads: the text, what is wrong with it, who signs, the list."""
