"""Routes of `stage.web`, one module per group of pages; `stage.web.urls` joins them."""
