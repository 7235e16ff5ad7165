"""Who has no place, and what became of the applications: for lists of students and for homes.

One scale for everybody who looks for a place in a period that is not over. Where the strips of a
group say how far somebody came, this says what has to be done: who was refused everywhere is
telephoned, who sent nothing is helped.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements.enums import LIVE_PLACEMENTS, ApplicationState, OwnState
from placements.models import Application, OwnCompany, Placement
from stage.core.dutch.calendar import school_today
from stage.core.ui.tones import Word
from stage.schools.models import GroupStudent
from stage.schools.whereabouts import Line

PLACED, ACCEPTED, APPLIED = "placed", "accepted", "applied"
REFUSED, NOTHING, NO_PLACE = "refused", "nothing", "none"

WORDS: dict[str, Word] = {
    PLACED: Word("good", gettext_lazy("Geplaatst")),
    ACCEPTED: Word("info", gettext_lazy("Bedrijf zegt ja")),
    APPLIED: Word("neutral", gettext_lazy("Wacht op antwoord"), icon="clock"),
    REFUSED: Word("wrong", gettext_lazy("Nergens een plek")),
    NOTHING: Word("attention", gettext_lazy("Nog niets verstuurd")),
}
CHOICES = [
    (NO_PLACE, gettext_lazy("Nog geen plek")),
    (REFUSED, gettext_lazy("– overal nee of geen antwoord")),
    (NOTHING, gettext_lazy("– nog niets verstuurd")),
    (APPLIED, gettext_lazy("– wacht op antwoord")),
    (ACCEPTED, gettext_lazy("– bedrijf zegt ja")),
    (PLACED, gettext_lazy("Geplaatst")),
]
# An answer, or none, that leaves the student without a place.
_OVER = {
    ApplicationState.DECLINED: gettext_lazy("nee"),
    ApplicationState.EXPIRED: gettext_lazy("geen antwoord"),
    ApplicationState.WITHDRAWN: gettext_lazy("ingetrokken"),
    ApplicationState.CLOSED: gettext_lazy("gesloten"),
}
_ASKING = (ApplicationState.WITH_COMPANY, ApplicationState.PARKED)


def sent() -> Q:
    """Applications that a company got: no drafts, also none that were closed or taken back."""
    never = Q(state__in=[ApplicationState.CLOSED, ApplicationState.WITHDRAWN])
    return ~Q(state=ApplicationState.DRAFT) & ~(never & Q(submitted_at=None))


def seekers(actor) -> QuerySet[GroupStudent]:
    """Who takes part in a period that is not over, of those the actor guides, with `standing`."""
    mine = {"student_id": OuterRef("student_id"), "period_id": OuterRef("group__period_id")}
    applications = Application.objects.filter(**mine)
    named = OwnCompany.objects.filter(**mine, state=OwnState.NAMED)
    whens = [
        When(Exists(Placement.objects.filter(**mine, state__in=LIVE_PLACEMENTS)), Value(PLACED)),
        When(Exists(applications.filter(state=ApplicationState.ACCEPTED)), Value(ACCEPTED)),
        # A company that the student brought waits for the school: that student did something.
        When(Exists(applications.filter(state__in=_ASKING)) | Exists(named), Value(APPLIED)),
        When(Exists(applications.filter(sent())), Value(REFUSED)),
    ]
    return (
        GroupStudent.objects.visible_to(actor)
        .filter(group__period__ends__gte=school_today(), student__left_on__isnull=True)
        .filter(student__leaves_on__isnull=True)
        .annotate(standing=Case(*whens, default=Value(NOTHING), output_field=CharField()))
    )


def are(actor, standing: str, period=None) -> Exists:
    """A condition on students: how they stand in a period that is not over, or in this one."""
    rows = seekers(actor).filter(student=OuterRef("pk"))
    if period is not None:
        rows = rows.filter(group__period=period)
    rows = rows.exclude(standing=PLACED) if standing == NO_PLACE else rows.filter(standing=standing)
    return Exists(rows)


def lines_of(actor, students: Iterable[int], period=None) -> dict[int, list[Line]]:
    """Per student a line for each period that is not over; three queries."""
    students = list(students)
    rows = seekers(actor).filter(student__in=students).select_related("group__period")
    if period is not None:
        rows = rows.filter(group__period=period)
    found = {(row.student_id, row.group.period_id): row for row in rows}
    if not found:
        return {}
    here = {"student__in": students, "period__in": {key[1] for key in found}}
    placed = {
        (p.student_id, p.period_id): p
        for p in Placement.objects.visible_to(actor).live().filter(**here).select_related("company")
    }
    applied: dict[tuple[int, int], list[Application]] = defaultdict(list)
    rows_sent = Application.objects.visible_to(actor).filter(sent(), **here)
    for row in rows_sent.select_related("company").order_by("rank", "pk"):
        applied[row.student_id, row.period_id].append(row)
    by_start = sorted(found, key=lambda key: (found[key].group.period.starts, key[1]))
    lines: dict[int, list[Line]] = defaultdict(list)
    for key in by_start:
        lines[key[0]].append(_line(found[key], placed.get(key), applied[key]))
    return lines


def _line(member: GroupStudent, placement: Placement | None, mine: list[Application]) -> Line:
    standing = member.standing  # type: ignore[attr-defined]
    text = placement.company.name if placement else _what(standing, mine)
    return Line(WORDS[standing], text, member.group.period.name)


def _what(standing: str, mine: list[Application]) -> str:
    """What happened to the applications, in a few words."""
    if standing == ACCEPTED:
        yes = [a.company.name for a in mine if a.state == ApplicationState.ACCEPTED]
        return _("ja van %(companies)s") % {"companies": ", ".join(yes)}
    if standing == APPLIED:
        many = sum(a.state in _ASKING for a in mine)
        if not many:
            return _("noemde zelf een bedrijf")
        words = ngettext("%(n)s sollicitatie", "%(n)s sollicitaties", many)
        return words % {"n": many}
    if standing == REFUSED:
        counts = Counter(a.state for a in mine)
        return ", ".join(f"{counts[s]} × {word}" for s, word in _OVER.items() if counts[s])
    return ""
