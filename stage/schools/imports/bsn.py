"""Keeps the burgerservicenummer out: a school may not give it to us, and we may not keep it.

A column is refused, and with it the whole file, when its heading says BSN (or the names of the
numbers that share its form: sofinummer, onderwijsnummer, persoonsgebonden nummer), or when two or
more values all pass the eleven-test. Values are 9 digits, or 8 with the leading zero that a
spreadsheet dropped. From ten values on nine of ten are enough, so that one "onbekend" does not let
the rest through.

A number passes by chance one time in eleven: two rows of other 9-digit numbers are refused once in
121 files, three once in 1,331. KvK numbers have 8 digits, are needed, and hardly anybody's BSN has
8: a column of 8-digit values only, under a heading that says KvK, is let through.
"""

import re

from django.utils.translation import gettext as _

from stage.core.dutch.names import sort_key
from stage.schools.imports.parsers import Cell
from stage.schools.imports.reader import Table
from stage.schools.imports.refusal import ImportRefused

_HEADING = re.compile(
    r"\bbsn|bsn\b|\bsofi\b|\bsofin|burger ?service|persoons ?gebonden ?n|onderwijs ?nummer|\bpgn\b"
)
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_CERTAIN = 10


def refuse_bsn(table: Table) -> None:
    """Raise `ImportRefused`, naming the column, when a table seems to hold BSNs."""
    for index, heading in enumerate(table.headings):
        if _HEADING.search(sort_key(heading)):
            message = _(
                "De kolom ‘%(column)s’ is voor het BSN. Dat mogen we niet ontvangen. Verwijder de"
                " kolom en kies het bestand opnieuw. Er is niets bewaard."
            )
            raise ImportRefused(message % {"column": heading})
        if _are_bsns([row[index] for row in table.rows], heading):
            message = _(
                "In de kolom ‘%(column)s’ lijken burgerservicenummers te staan. Die mogen we niet"
                " ontvangen. Verwijder de kolom en kies het bestand opnieuw. Er is niets bewaard."
            )
            raise ImportRefused(message % {"column": heading})


def passes_eleven_test(digits: str) -> bool:
    """Whether 8 or 9 digits form a possible BSN; 8 digits get their leading zero back."""
    if len(digits) not in (8, 9) or not digits.isdecimal() or not digits.isascii():
        return False
    numbers = [int(digit) for digit in digits.zfill(9)]
    total = sum(weight * number for weight, number in zip(_WEIGHTS, numbers, strict=True))
    return any(numbers) and total % 11 == 0


def _are_bsns(cells: list[Cell], heading: str) -> bool:
    values = [re.sub(r"[\s.\-']", "", cell) for cell in cells if isinstance(cell, str) and cell]
    if len(values) < 2:
        return False
    says_kvk = re.search(r"\bkvk|kamer van koophandel", sort_key(heading))
    if says_kvk and all(len(value) == 8 for value in values):
        return False
    passed = sum(passes_eleven_test(value) for value in values)
    return passed == len(values) or (len(values) >= _CERTAIN and passed * 10 >= len(values) * 9)
