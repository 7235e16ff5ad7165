"""What the company says."""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from placements.agreements import fields, words
from placements.agreements.fact_types import (
    Explain,
    Fact,
    Merge,
    Only,
    Row,
    address,
    representative,
)
from placements.agreements.facts.parties import COMPANY, PLACEMENT, SCHOOL, STUDENT
from placements.agreements.known import clock, name_of

OF_COMPANY = (
    Fact(
        COMPANY,
        "name",
        _("Naam"),
        known=lambda k: k.company.name,
        merges=(Merge("bedrijf", _("naam van het bedrijf"), rank=40),),
    ),
    *address(
        COMPANY,
        _("Straat en nummer van de werkplek"),
        _("Plaats"),
        lambda k: k.location,
        Merge("bedrijf_plaats", _("plaats van het bedrijf"), rank=50),
    ),
    Fact(COMPANY, "telephone", _("Telefoon"), fields.telephone(), lambda k: k.company.telephone),
    *representative(
        COMPANY,
        _("Wie tekent voor het bedrijf"),
        lambda k: (k.signatory.name, k.signatory.function) if k.signatory else ("", ""),
        Merge("bedrijf_vertegenwoordiger", _("wie voor het bedrijf tekent"), rank=60),
    ),
    Fact(
        COMPANY,
        "supervisor",
        _("Wie begeleidt de leerling"),
        fields.text(
            120,
            help_text=_("Iemand van achttien jaar of ouder, die er is of meteen bereikbaar is."),
        ),
        lambda k: name_of(k.placement.supervisor),
        concerns=(STUDENT, SCHOOL),
        rows=(Row(_("Praktijkopleider")),),
        merges=(Merge("praktijkopleider", _("begeleider bij het bedrijf"), rank=110),),
    ),
    Fact(
        COMPANY,
        "day_from",
        _("Werktijd van"),
        fields.clock,
        lambda k: clock(k.placement.day_from),
        concerns=(STUDENT, SCHOOL),
        rows=(
            Row(_("Werktijden"), words.joined("day_from", "day_to", by=" – ")),
            Row(_("Werktijden"), words.from_to, PLACEMENT),
        ),
        merges=(Merge("begintijd", _("begintijd"), rank=150),),
        plans=time.fromisoformat,
    ),
    Fact(
        COMPANY,
        "day_to",
        _("tot"),
        fields.clock,
        lambda k: clock(k.placement.day_to),
        concerns=(STUDENT, SCHOOL),
        rows=(),
        merges=(Merge("eindtijd", _("eindtijd"), rank=160),),
        plans=time.fromisoformat,
    ),
    Fact(
        COMPANY,
        "break_minutes",
        _("Pauze in minuten"),
        fields.number(0, 180),
        lambda k: k.placement.break_minutes,
        concerns=(STUDENT, SCHOOL),
        rows=(Row(_("Pauze"), words.break_length),),
        merges=(Merge("pauze", _("pauze in minuten"), words.minutes_of, 170),),
        plans=int,
    ),
    Fact(
        COMPANY,
        "tasks",
        _("Wat gaat de leerling doen en leren"),
        fields.lines(2000, 5),
        lambda k: k.tasks,
        concerns=(STUDENT, SCHOOL),
        rows=(Row(_("Werk en leeractiviteiten")),),
        merges=(Merge("leeractiviteiten", _("wat de leerling doet"), rank=190),),
    ),
    Fact(
        COMPANY,
        "work_kind",
        _("Soort werk"),
        fields.one_of(words.WORK_KINDS),
        concerns=(STUDENT, SCHOOL),
        rows=(Row(write=words.choice_of(words.WORK_KINDS)),),
    ),
    Fact(
        COMPANY,
        "risk_assessment",
        _("Hebt u een risico-inventarisatie (RI&E) met een deel over jongeren?"),
        fields.one_of(words.YES_NO),
        concerns=(SCHOOL,),
        rows=(Row(_("RI&E met een deel over jongeren"), words.choice_of(words.YES_NO_IN_TEXT)),),
        explain=Explain(
            "no",
            "no_risk_assessment",
            _("Het bedrijf heeft geen RI&E met een deel over jongeren."),
            _("Arbeidsomstandighedenbesluit; laat het bij twijfel nakijken"),
        ),
    ),
    Fact(
        COMPANY,
        "clothing",
        _("Kleding en veiligheid"),
        fields.lines(
            600,
            2,
            required=False,
            help_text=_("Bijvoorbeeld: veiligheidsschoenen, die krijgt de leerling van u."),
        ),
        lambda k: k.company.clothing,
        concerns=(STUDENT,),
        merges=(Merge("veiligheid", _("kleding en veiligheid"), words.safety, 210),),
    ),
    Fact(
        COMPANY,
        "allowance",
        _("Geeft u een vergoeding?"),
        fields.one_of(words.YES_NO),
        concerns=(STUDENT, SCHOOL),
        rows=(Row(_("Vergoeding"), words.allowance_if_known),),
        merges=(Merge("vergoeding", _("wel of geen vergoeding"), words.allowance, 220),),
    ),
    Fact(
        COMPANY,
        "allowance_amount",
        _("Hoeveel"),
        fields.text(40, required=False, help_text=_("Bijvoorbeeld: € 20 per week.")),
        concerns=(STUDENT, SCHOOL),
        rows=(),
        only=Only("allowance", "yes", _("Schrijf op hoeveel u geeft.")),
    ),
    Fact(
        COMPANY,
        "allowance_to",
        _("Aan wie"),
        fields.picked(words.ALLOWANCE_TO),
        concerns=(STUDENT, SCHOOL),
        rows=(),
        only=Only("allowance", "yes", _("Kies aan wie u het betaalt.")),
    ),
)
