"""What an agreement says: one table, with all that is made of it.

A row of `FACTS` is one fact of one party. Out of the table come the parties' forms (`forms.py`) and
what they start with (`known_of`), the text that people read (`queries/reading.py`), the fields of
the articles (`merge_fields.py`), who looks again when an answer changes (`services/filling.py`),
what a coordinator explains before the text is fixed (`queries/checking.py`), and what the placement
takes over then (`services/freezing.py`). A new fact is one row. What several facts say together,
such as the times and the law, is checked in `queries/checking.py`.
"""

from __future__ import annotations

from datetime import time

from django.utils.translation import gettext_lazy as _

from placements.agreements import fields, words
from placements.agreements.enums import Party
from placements.agreements.fact_types import (
    Explain,
    Fact,
    Merge,
    Only,
    Row,
    address,
    representative,
)
from placements.agreements.known import Known, clock, name_of
from placements.agreements.words import dutch

STUDENT, COMPANY, SCHOOL = Party.STUDENT.value, Party.COMPANY.value, Party.SCHOOL.value
# Not a party: what the placement itself says, which nobody fills in.
PLACEMENT = "placement"

OF_PLACEMENT = (
    Fact(
        PLACEMENT,
        "starts",
        _("Eerste dag"),
        known=lambda k: k.placement.starts.isoformat(),
        rows=(Row(write=dutch(words.day_of)),),
        merges=(Merge("eerste_dag", _("eerste stagedag"), words.day_of, 120),),
    ),
    Fact(
        PLACEMENT,
        "ends",
        _("Laatste dag"),
        known=lambda k: k.placement.ends.isoformat(),
        rows=(Row(write=dutch(words.day_of)),),
        merges=(Merge("laatste_dag", _("laatste stagedag"), words.day_of, 130),),
    ),
    Fact(
        PLACEMENT,
        "weekdays",
        _("Dagen"),
        known=lambda k: list(k.placement.weekdays),
        rows=(Row(write=dutch(words.days_of)),),
        merges=(Merge("dagen", _("dagen in de week"), words.days_of, 140),),
    ),
)

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

# In the order in which they are asked and read.
FACTS: tuple[Fact, ...] = (*OF_PLACEMENT, *OF_STUDENT, *OF_COMPANY, *OF_SCHOOL)
# Who fills in a part, in the order of the text.
PARTIES = (STUDENT, COMPANY, SCHOOL)


def facts_of(party: str) -> tuple[Fact, ...]:
    """What one party says, or the placement, in order."""
    return tuple(fact for fact in FACTS if fact.party == party)


def known_of(party: str, known: Known) -> dict:
    """What a part starts with, as plain JSON."""
    return {fact.key: fact.known(known) for fact in facts_of(party)}
