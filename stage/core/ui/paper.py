"""Where WeasyPrint finds our styles and fonts: by file path, never over the network."""

from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent.parent.parent / "static"
BASE_URL = STATIC.as_uri() + "/"
