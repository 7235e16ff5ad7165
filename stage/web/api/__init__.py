"""The API's addresses, and what of it spans apps."""
