"""What is inside an XLSX file, measured before a reader builds anything of it in memory.

A few hundred kB can hold fifty million bytes of markup, which cost a gigabyte as a tree. So parts
that are read whole must be small, and of those that are read row by row no row may be large.
"""

import re
import zipfile
from io import BytesIO
from xml.parsers import expat

from django.utils.translation import gettext as _

from stage.schools.imports.refusal import ImportRefused

MAX_UNPACKED = 60 * 1024 * 1024
MAX_ENTRIES = 500
MAX_WHOLE = 4 * 1024 * 1024  # of a part that becomes a tree; the styles of a real list: 100 kB
MAX_DEPTH = 30
MAX_IN_ROW = 40_000  # elements; sixteen thousand columns with a value each
MAX_UNITS = 500_000  # rows, or texts that cells share: twenty thousand students have 300,000
MAX_TEXT = 100_000  # signs in one cell; Excel keeps 32,767
# Read row by row, or not at all.
STREAMED = re.compile(r"xl/(worksheets|media|pivotCache|externalLinks)/|xl/sharedStrings\.xml$")
MAIN_PART = re.compile(rb'PartName="/?([^"]+)"[^>]*main\+xml|main\+xml"[^>]*PartName="/?([^"]+)"')


def damaged() -> str:
    return _("Dit Excel-bestand is beschadigd. Open het in Excel en bewaar het opnieuw als xlsx.")


def too_large() -> str:
    return _(
        "Dit Excel-bestand is uitgepakt te groot. Kopieer alleen de gevulde regels en kolommen"
        " naar een nieuw bestand."
    )


def check_archive(data: bytes) -> None:
    """Refuse what is no workbook or would cost too much. Raises `ImportRefused`."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_contents(archive)
            _check_parts(archive)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, expat.ExpatError):
        raise ImportRefused(damaged()) from None


def _check_contents(archive: zipfile.ZipFile) -> None:
    """By the archive's table of contents, before anything is unpacked."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise ImportRefused(_("Dit bestand heeft een wachtwoord. Bewaar het zonder wachtwoord."))
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > MAX_ENTRIES:
        raise ImportRefused(too_large())
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise ImportRefused(
            _("Dit Excel-bestand bevat macro's. Bewaar het als gewone Excel-werkmap (xlsx).")
        )
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise ImportRefused(
            _("Dit is geen Excel-bestand. Bewaar de lijst als Excel (xlsx) of als CSV.")
        )


def _check_parts(archive: zipfile.ZipFile) -> None:
    whole = [e for e in archive.infolist() if not STREAMED.match(e.filename)]
    if any(entry.file_size > MAX_WHOLE for entry in whole):
        raise ImportRefused(too_large())
    # The workbook itself may be named anything, also like a sheet.
    for found in MAIN_PART.findall(archive.read("[Content_Types].xml")):
        name = (found[0] or found[1]).decode()
        if name in archive.namelist() and archive.getinfo(name).file_size > MAX_WHOLE:
            raise ImportRefused(too_large())
    for entry in archive.infolist():
        if re.match(r"xl/(worksheets/[^/]+|sharedStrings)\.xml$", entry.filename):
            with archive.open(entry) as part:
                _Measure().read(part)


class _Measure:
    """Walks one part without keeping it; raises ImportRefused at the first thing too large."""

    def __init__(self) -> None:
        self.depth = self.in_row = self.units = self.text = 0

    def read(self, part) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ParseFile(part)

    def _start(self, name: str, _attributes: dict) -> None:
        self.depth += 1
        self.in_row += 1
        self.text = 0
        if self.depth > MAX_DEPTH or self.in_row > MAX_IN_ROW:
            raise ImportRefused(too_large())

    def _end(self, name: str) -> None:
        self.depth -= 1
        if name.endswith(("row", "si")):
            self.in_row = 0
            self.units += 1
            if self.units > MAX_UNITS:
                raise ImportRefused(too_large())

    def _characters(self, text: str) -> None:
        self.text += len(text)
        if self.text > MAX_TEXT:
            raise ImportRefused(too_large())

    def _doctype(self, *_arguments) -> None:
        raise ImportRefused(damaged())
