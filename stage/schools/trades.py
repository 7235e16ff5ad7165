"""The colour of a trade: by what a stylesheet knows a vmbo profile (`static/css/tokens.css`)."""

from __future__ import annotations

# Code of the profile -> its name in the stylesheet; each has a colour that text can have (a test).
TRADES = {
    "BWI": "bwi",
    "D&P": "dp",
    "E&O": "eo",
    "Groen": "groen",
    "HBR": "hbr",
    "M&T": "mt",
    "MaT": "mat",
    "MVI": "mvi",
    "PIE": "pie",
    "Z&W": "zw",
}


def trade_of(*codes: str | None) -> str:
    """The name of the first of these profiles that has a colour; "" without one."""
    return next((TRADES[code] for code in codes if code in TRADES), "")
