"""What waits: work to do and to look at, assessments to give and to read, marks."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import HandInState
from assessments.models import Assessment, HandIn
from assessments.queries import assessed_trainees, missing_marks
from placements.enums import PlacementState
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import day_of, read_all, totals
from stage.core.ui.dates import day_words
from stage.core.ui.todo import Todo, Urgency, Weight, urgency_by

DUE_SOON = timedelta(days=7)
MARKED_WITHIN = timedelta(days=21)  # after the last day


@todo.source(Audience.STUDENT)
def work_to_do(actor) -> list[Todo]:
    """Assignments that come back, or are due within a week."""
    today = school_today()
    returned = Q(state=HandInState.RETURNED)
    due = Q(state=HandInState.OPEN, due__lte=today + DUE_SOON)
    rows = HandIn.objects.visible_to(actor).filter(returned | due).select_related("assignment")
    rows = rows.exclude(placement__state=PlacementState.CANCELLED)
    return [
        *(_again(row) if row.state == HandInState.RETURNED else _due(row, today) for row in rows),
        *_assessments_to_read(actor),
    ]


def _again(row: HandIn) -> Todo:
    return Todo(
        title=_("Maak “%(title)s” opnieuw") % {"title": row.assignment.title},
        text=_("Je stagebegeleider heeft een reactie gegeven."),
        url=reverse("assessments:assignment_show", args=[row.public_id]),
        due=row.due,
        button=_("Verbeter"),
        icon="rotate-ccw",
    )


def _due(row: HandIn, today) -> Todo:
    late = row.due < today
    words = _("Had klaar moeten zijn op %(day)s.") if late else _("Inleveren voor %(day)s.")
    return Todo(
        title=_("Lever “%(title)s” in") % {"title": row.assignment.title},
        text=words % {"day": day_words(row.due)},
        url=reverse("assessments:assignment_show", args=[row.public_id]),
        urgency=Urgency.NOW if row.due <= today else Urgency.SOON,
        due=row.due,
        button=_("Lever in"),
        icon="clipboard-list",
    )


def _assessments_to_read(actor) -> list[Todo]:
    rows = Assessment.objects.visible_to(actor).filter(reacted_at__isnull=True)
    return [
        Todo(
            title=_("Lees je beoordeling"),
            text=_("Laat weten of je het ermee eens bent."),
            url=reverse("assessments:assessment_show", args=[row.public_id]),
            weight=Weight.PERSON,
            button=_("Lees"),
            icon="star",
        )
        for row in rows
    ]


@todo.source(Audience.TEACHER)
def work_to_review(actor) -> list[Todo]:
    """Handed-in work and missing marks of the placements that name this teacher."""
    found = []
    rows = HandIn.objects.visible_to(actor).led_by(actor.membership).to_review()
    reviews, marks = read_all(
        totals(rows, since=Min("handed_in_at")), totals(missing_marks(actor), ended=Min("ends"))
    )
    for row in reviews:
        count, due = row["n"], day_of(row["since"])
        found.append(
            Todo(
                title=_("Kijk ingeleverd werk na"),
                text=ngettext(
                    "%(count)d opdracht wacht op je reactie.",
                    "%(count)d opdrachten wachten op je reactie.",
                    count,
                )
                % {"count": count},
                url=reverse("assessments:hand_in_list"),
                count=count,
                due=due,
                weight=Weight.PERSON,
                button=_("Kijk na"),
                icon="clipboard-check",
            )
        )
    return [*found, *(_marks_to_give(row) for row in marks)]


def _marks_to_give(row: dict) -> Todo:
    count, due = row["n"], date.fromisoformat(row["ended"]) + MARKED_WITHIN
    text = ngettext(
        "%(count)d stage is afgelopen zonder definitief cijfer.",
        "%(count)d stages zijn afgelopen zonder definitief cijfer.",
        count,
    )
    return Todo(
        title=_("Geef cijfers"),
        text=text % {"count": count},
        url=reverse("assessments:mark_list") + "?state=missing",
        urgency=urgency_by(due, at_least=Urgency.SOON),
        count=count,
        due=due,
        button=_("Geef cijfers"),
        icon="award",
    )


@todo.source(Audience.COMPANY)
def assessments_to_give(actor) -> list[Todo]:
    """Trainees who are about to leave or have left without an assessment."""
    if not actor.proven:
        return []
    due = [t for t in assessed_trainees(actor) if t.is_due and t.has_started]
    if not due:
        return []
    last = min(t.placement.ends for t in due)
    return [
        Todo(
            title=ngettext("Beoordeel uw stagiair", "Beoordeel uw stagiairs", len(due)),
            text=", ".join(t.name for t in due[:5]),
            url=reverse("assessments:assessment_list"),
            urgency=Urgency.NOW if last < school_today() else Urgency.SOON,
            count=len(due),
            due=last,
            button=_("Beoordeel"),
            icon="star",
        )
    ]
