"""What placements add to the pages of students and to the settings of a school."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from placements import mails
from placements.changes.following import open_in
from placements.changes.mails import told_of
from placements.changes.shown import done_sides, title_of
from placements.enums import ChangeKind, ChangeReason, ChangeState
from placements.forms import PlacementSettingsForm
from placements.models import Application, OwnCompany, Placement, PlacementChange
from placements.own import word_of
from placements.policies import changes
from placements.services import leaving
from placements.standings import CHOICES, are, lines_of
from placements.words import CHANGE_WORDS, PLACEMENT_WORDS, SCHOOL_WORDS
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience, PersonKind
from stage.core.ui import sections
from stage.schools import whereabouts
from stage.schools.forms import settings_page

settings_page.add(
    PlacementSettingsForm,
    card="students",
    order=10,
    fields=("max_applications", "after_yes"),
)

whereabouts.told_by(choices=CHOICES, are=are, lines=lines_of)


@sections.of("student_places", order=10, key="places", label=_("Stages"))
def places(actor, student) -> tuple[str, dict]:
    """Where the student is placed, also for who knows the student by name only."""
    rows = Placement.objects.by_name(actor).filter(student=student)
    rows = rows.select_related("company", "period").order_by("-starts")
    return "placements/_student_placements.html", {"placements": rows}


@sections.of("student", order=20, key="asked", label=_("Voor deze leerling gevraagd"))
def asked_for(actor, student) -> tuple[str, dict] | None:
    """Companies that the student brought or the school asked for this student alone."""
    if actor.role not in (Audience.COORDINATOR, Audience.TEACHER):
        return None
    rows = Application.objects.visible_to(actor).filter(student=student, place__for_one=True)
    rows = rows.select_related("company", "period").order_by("-submitted_at", "pk")
    own = OwnCompany.objects.visible_to(actor).filter(student=student, application=None)
    context = {
        "student": student,
        "asked": [(row, SCHOOL_WORDS[row.state]) for row in rows],
        "own": [(row, word_of(row)) for row in own],
    }
    return "placements/_asked_for.html", context


@sections.of("student_leave", order=10, key="ends", label=_("Wat er dan stopt"))
def what_ends(actor, student) -> tuple[str, dict] | None:
    """What ends when a student leaves school, and who is mailed."""
    placements, asked = list(leaving.ending(student)), list(leaving.open_applications(student))
    if not placements and not asked:
        return None
    people = {
        (person.kind, person.id): person.name
        for placement in placements
        for person in told_of(placement, ChangeKind.STOP, besides=actor.membership)
        if person.kind != PersonKind.STUDENT
    }
    for application in asked:
        if application.was_sent and (contact := mails.to_whom(application)):
            people[(PersonKind.CONTACT, contact.pk)] = contact.name
    today = school_today()
    context = {
        "placements": [
            (p, leaving.kind_of_end(p, today) == ChangeKind.STOP, PLACEMENT_WORDS[p.state])
            for p in placements
        ],
        "asked": [(row, SCHOOL_WORDS[row.state]) for row in asked if row.was_sent],
        "drafts": sum(not row.was_sent for row in asked),
        "told": list(people.values()),
        "student": student,
    }
    return "placements/_what_ends.html", context


@sections.of("placement", order=5, key="changes", label=_("Wat er veranderde"))
def changes_of(actor, placement) -> tuple[str, dict] | None:
    """What was asked and what was done, the newest first; whoever may, takes the last one back."""
    rows = list(
        PlacementChange.objects.visible_to(actor)
        .filter(Q(placement=placement) | Q(moved_to=placement))
        .exclude(state=ChangeState.WITHDRAWN)
        .select_related("placement__company", "moved_to__company", "decided_by")[:20]
    )
    if not rows:
        return None
    for row in rows:
        if row.placement_id == placement.pk:  # the very one the page is about
            row.placement = placement
        else:
            row.placement.student = placement.student
    lines = [
        {
            "change": row,
            "title": title_of(row),
            # A move shows on both: what it did here at the one, where it came from at the other.
            "sides": done_sides(row) if row.is_done and row.placement_id == placement.pk else [],
            "other": row.moved_to if row.placement_id == placement.pk else row.placement,
            "word": CHANGE_WORDS[row.state],
            "can_undo": row.can_be_undone
            and bool(changes(actor, row))
            and not (row.is_ending and actor.is_staff and placement.student.leaving_on),
        }
        for row in rows
    ]
    return "placements/_changes.html", {"lines": lines, "placement": placement, "actor": actor}


@sections.of("period", order=10, key="stages", label=_("Stages"))
def stages_of(actor, period) -> tuple[str, dict] | None:
    """How many placements there are, and the way to call days off."""
    if not actor.is_coordinator:
        return None
    spans = (
        PlacementChange.objects.visible_to(actor)
        .done()
        .filter(placement__period=period, kind=ChangeKind.CALLED_OFF)
        .values("from_on", "until_on", "reason")
        .annotate(n=Count("pk"))
        .order_by("from_on", "until_on", "reason")
    )
    context = {
        "period": period,
        "count": open_in(actor, period).count(),
        "spans": [
            (s["from_on"], s["until_on"], ChangeReason(s["reason"]).label, s["n"])
            for s in spans[:20]
        ],
    }
    return "placements/_period_card.html", context


@sections.of("company", order=20, key="one", label=_("Voor één leerling vragen"))
def for_one(actor, company) -> tuple[str, dict] | None:
    """The way to ask this company for one student."""
    if actor.role not in (Audience.COORDINATOR, Audience.TEACHER):
        return None
    return "placements/_for_one.html", {"company": company}
