"""Lists from school systems: read a file, recognise its columns, check every cell.

    table = read_table(data)
    mapping = map_headings(table, STUDENTS, remembered)
    checked = check(table, STUDENTS, mapping)

Nothing here writes. `ImportRefused` means the whole file, a `RowError` one cell.
"""

from stage.schools.imports.bsn import refuse_bsn
from stage.schools.imports.checking import Checked, RowError, Said, check
from stage.schools.imports.fields import Field, FieldError, Sheet
from stage.schools.imports.plan import Mapping, map_headings, normalise_heading
from stage.schools.imports.reader import ImportRefused, Table, read_table
from stage.schools.imports.sheets import STUDENTS, TEACHERS

__all__ = [
    "STUDENTS",
    "TEACHERS",
    "Checked",
    "Field",
    "FieldError",
    "ImportRefused",
    "Mapping",
    "RowError",
    "Said",
    "Sheet",
    "Table",
    "check",
    "map_headings",
    "normalise_heading",
    "read_table",
    "refuse_bsn",
]
