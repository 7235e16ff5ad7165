"""What the student says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.agreements import fields, words
from placements.agreements.fact_types import (
    Fact,
    Merge,
    Row,
    address,
)
from placements.agreements.facts.parties import COMPANY, STUDENT
from placements.agreements.words import dutch

OF_STUDENT = (
    Fact(
        STUDENT,
        "name",
        _("Naam"),
        known=lambda k: k.student.full_name,
        merges=(Merge("leerling", _("naam van de leerling"), rank=70),),
    ),
    Fact(
        STUDENT,
        "birth_date",
        _("Geboortedatum"),
        known=lambda k: k.student.birth_date.isoformat(),
        rows=(Row(write=dutch(words.day_of)),),
        merges=(Merge("geboortedatum", _("geboortedatum van de leerling"), words.day_of, 80),),
    ),
    Fact(
        STUDENT,
        "school_class",
        _("Klas"),
        known=lambda k: k.student.school_class,
        merges=(Merge("klas", _("klas"), rank=90),),
    ),
    *address(STUDENT, _("Straat en huisnummer"), _("Woonplaats"), lambda k: k.student),
    Fact(
        STUDENT,
        "telephone",
        _("Je telefoonnummer"),
        fields.telephone(),
        lambda k: k.student.telephone,
        rows=(Row(_("Telefoon")),),
    ),
    Fact(
        STUDENT,
        "emergency_telephone",
        _("Telefoon bij nood"),
        fields.telephone(help_text=_("Van je ouder of verzorger.")),
        lambda k: k.emergency_telephone,
    ),
    Fact(
        STUDENT,
        "wishes",
        _("Wat wil je leren op je stage?"),
        fields.lines(600, 3, help_text=_("Eén of twee dingen is genoeg.")),
        concerns=(COMPANY,),
        rows=(Row(_("Wil leren")),),
        merges=(Merge("wil_leren", _("wat de leerling wil leren"), words.wishes, 200),),
    ),
)
