"""What becomes of assignments, assessment and mark when a placement ends before its last day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.enums import AssessmentState, HandInState
from assessments.models import Assessment, HandIn, Mark
from assessments.queries import ASK_DAYS_AFTER, ASK_DAYS_BEFORE
from assessments.words import mark_words
from placements.changes.plan import Plan
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import day_words


def what_stands(plan: Plan) -> Iterable[str]:
    """Which assessment and mark there are or will be, and what the student keeps."""
    placement: Placement = plan.placement
    if not plan.frees_place:
        return
    never_began = plan.becomes_cancelled
    if not placement.period.is_taster:
        if never_began:
            yield _("Er komt bij dit bedrijf geen beoordeling en geen cijfer.")
        else:
            ends = plan.values.get("ends", placement.ends)
            yield _assessment(placement, ends)
            yield _mark(placement, ends)
        if plan.wanted.place is not None:
            yield _("Bij %(company)s komt een eigen beoordeling en een eigen cijfer.") % {
                "company": plan.wanted.place.company.name
            }
    yield from _assignments(placement, never_began)


def _assessment(placement: Placement, ends: date) -> str:
    words, today = {"company": placement.company.name}, school_today()
    given = Assessment.objects.filter(placement=placement, state=AssessmentState.GIVEN)
    if given.exists():
        return _("De beoordeling van %(company)s blijft staan.") % words
    if ends <= today - timedelta(days=ASK_DAYS_AFTER):
        return (
            _("%(company)s wordt niet meer om een beoordeling gevraagd. Geven kan nog wel.") % words
        )
    first = max(ends - timedelta(days=ASK_DAYS_BEFORE), placement.starts, today)
    words["day"] = day_words(first)
    return _("%(company)s krijgt vanaf %(day)s de vraag om een beoordeling.") % words


def _mark(placement: Placement, ends: date) -> str:
    mark = Mark.objects.filter(placement=placement).first()
    if mark is None:
        words = {"day": day_words(ends)}
        return _("Er is nog geen cijfer. Na %(day)s kan het, over wat er gedaan is.") % words
    words = {"mark": mark_words(mark.value)}
    if mark.locked_at is None:
        return _("Het cijfer %(mark)s blijft staan en is nog niet vast.") % words
    return _("Het cijfer %(mark)s staat vast en blijft.") % words


def _assignments(placement: Placement, never_began: bool) -> Iterable[str]:
    to_do = Q(state__in=(HandInState.OPEN, HandInState.RETURNED))
    found = HandIn.objects.filter(placement=placement).aggregate(
        open=Count("pk", filter=to_do), kept=Count("pk", filter=~to_do)
    )
    if found["kept"]:
        yield ngettext(
            "De leerling houdt %(n)s opdracht die is ingeleverd.",
            "De leerling houdt %(n)s opdrachten die zijn ingeleverd.",
            found["kept"],
        ) % {"n": found["kept"]}
    if found["open"] and never_began:
        yield ngettext(
            "%(n)s opdracht wordt niet meer gevraagd.",
            "%(n)s opdrachten worden niet meer gevraagd.",
            found["open"],
        ) % {"n": found["open"]}
    elif found["open"]:
        yield ngettext(
            "%(n)s opdracht staat nog open. Inleveren kan nog.",
            "%(n)s opdrachten staan nog open. Inleveren kan nog.",
            found["open"],
        ) % {"n": found["open"]}
