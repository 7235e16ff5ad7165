"""Routes by use case; `placements/urls.py` joins them."""
