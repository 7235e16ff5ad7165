"""Whom a company calls: the school's name and number stand on every page about that school."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from stage.core.tenants.tenancy import as_school_of
from stage.schools.models import SchoolSettings


class SchoolLine(NamedTuple):
    """A school as a company reaches it; no number where the school gave none."""

    name: str
    telephone: str

    @property
    def words(self) -> str:
        """What to do, in one sentence, behind what cannot be done on the page itself."""
        if self.telephone:
            return _("Bel %(school)s: %(number)s.") % {
                "school": self.name,
                "number": self.telephone,
            }
        return _("Beantwoord de mail van %(school)s.") % {"school": self.name}


def line_of(row) -> SchoolLine:
    """Of the school that a row is of. A company person cannot read a school's settings itself."""
    with as_school_of(row):
        settings = SchoolSettings.objects.select_related("school").of(row.school_id)
        return SchoolLine(settings.school.name, settings.telephone)
