"""Signs that nobody sees, and that make a line say something else than it seems to.

Control characters (a line break in a name puts words under it) and those that turn the direction of
reading ("exe.fdp" for "pdf.exe"). Refused in what stands on one line; line breaks belong in a text.
"""

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# C0 and C1, line and paragraph separators, and the marks, overrides and isolates of UAX #9.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def problem_with(line: str) -> str:
    """What is wrong with a line, as a sentence; empty when it holds none of those signs."""
    found = UNSEEN.search(line)
    if found is None:
        return ""
    return _(
        "Hier staat een onzichtbaar teken (%(code)s), zoals een regeleinde of een teken dat de"
        " leesrichting omdraait. Typ de tekst over in plaats van te plakken."
    ) % {"code": f"U+{ord(found[0]):04X}"}


def shown(line: str) -> str:
    """The line with a box where such a sign stands, for a message that points it out."""
    return UNSEEN.sub("\ufffd", line)


def _refuse(field: forms.CharField, value: str) -> None:
    """Of a form's field: a text may have lines, and a password is never shown to anybody."""
    super(forms.CharField, field).validate(value)
    if isinstance(field.widget, forms.Textarea | forms.PasswordInput):
        return
    if problem := problem_with(str(value or "")):
        raise ValidationError(problem, code="unseen")


def guard_forms() -> None:
    """Have every single-line field of every form refuse them, also in forms of the libraries.

    In Django's own class: a base class of ours would miss who forgets it.
    """
    forms.CharField.validate = _refuse  # type: ignore[method-assign, assignment]
