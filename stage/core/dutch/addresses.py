"""How an address in the Netherlands is written."""

from __future__ import annotations

NO_BREAK = "\N{NO-BREAK SPACE}"


def address_line(street: str, postcode: str, city: str) -> str:
    """ "Dorpsstraat 1, 9711 AC Noord": what is known of it, a postcode never torn apart."""
    town = " ".join(filter(None, [postcode.replace(" ", NO_BREAK), city]))
    return ", ".join(filter(None, [street, town]))
