"""What the school says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.agreements import fields, words
from placements.agreements.fact_types import (
    Explain,
    Fact,
    Merge,
    Row,
    address,
    representative,
)
from placements.agreements.facts.parties import COMPANY, PLACEMENT, SCHOOL, STUDENT
from placements.agreements.known import name_of

OF_SCHOOL = (
    Fact(
        SCHOOL,
        "name",
        _("Naam"),
        known=lambda k: k.school.name,
        merges=(Merge("school", _("naam van de school"), rank=10),),
    ),
    *address(
        SCHOOL,
        _("Straat en nummer"),
        _("Plaats"),
        lambda k: k.school_settings,
        Merge("school_plaats", _("plaats van de school"), rank=20),
    ),
    Fact(
        SCHOOL,
        "telephone",
        _("Telefoon"),
        fields.telephone(),
        lambda k: k.school_settings.telephone,
    ),
    *representative(
        SCHOOL,
        _("Vertegenwoordigd door"),
        lambda k: (
            k.school_settings.represented_by,
            k.school_settings.representative_function,
        ),
        Merge("school_vertegenwoordiger", _("wie voor de school tekent"), rank=30),
    ),
    Fact(
        SCHOOL,
        "teacher",
        _("Stagebegeleider"),
        fields.text(120),
        lambda k: name_of(k.placement.teacher),
        concerns=(STUDENT, COMPANY),
        signs=False,
        merges=(Merge("docent", _("stagebegeleider van de school"), rank=100),),
    ),
    Fact(
        SCHOOL,
        "total_hours",
        _("Totaal aantal uren"),
        fields.number(1, 2000),
        lambda k: k.planned_hours,
        concerns=(STUDENT, COMPANY),
        signs=False,
        rows=(
            Row(write=words.number_of),
            Row(write=words.number_of, part=PLACEMENT),
        ),
        merges=(Merge("totaal_uren", _("totaal aantal uren"), words.number_of, 180),),
    ),
    Fact(
        SCHOOL,
        "insurance",
        _("Wie is waarvoor verzekerd"),
        fields.lines(
            2000,
            4,
            required=False,
            help_text=_("Ongevallen en aansprakelijkheid, en wie de premie betaalt."),
        ),
        lambda k: k.settings.insurance_text,
        concerns=(STUDENT, COMPANY),
        rows=(Row(_("Verzekering")),),
        merges=(Merge("verzekering", _("wie waarvoor verzekerd is"), rank=230),),
        explain=Explain(
            "",
            "no_insurance",
            _("Er staat niet wie waarvoor verzekerd is."),
            _("Uitvoeringsbesluit WVO 2020"),
        ),
    ),
    Fact(
        SCHOOL,
        "liability_maximum",
        _("Hoogste bedrag bij schade, in euro"),
        fields.number(1, 100_000_000),
        lambda k: k.settings.liability_maximum,
        concerns=(STUDENT, COMPANY),
        rows=(Row(_("Hoogste bedrag bij schade"), words.euros_of),),
        merges=(
            Merge(
                "aansprakelijkheid",
                _("hoogste bedrag bij schade"),
                words.euros_of,
                240,
            ),
        ),
    ),
)
