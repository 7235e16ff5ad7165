"""What stands on a student's home: the mark that is new, today, and the search for a place."""

from __future__ import annotations

from django.urls import reverse

from assessments.queries import new_mark
from assessments.words import mark_words
from attendance.queries.answers import newest_answer
from attendance.queries.disputes import disputes_to_read
from attendance.queries.student import StudentToday, today_of_student
from placements.agreements.queries.signers import waiting_for
from placements.enums import PlacementState
from placements.hunting import Hunt, hunts_of
from placements.models import Placement
from placements.queries import last_day_of
from placements.teachers import whom_to_call
from stage.core.dutch.calendar import school_today, school_year, school_year_bounds
from stage.schools.models import Student


def student_home(actor) -> dict:
    today = today_of_student(actor, with_week=True)
    student = Student.objects.visible_to(actor).get(pk=actor.student_id)
    first = today.placement if today.must_sign_first else None
    hunts = hunts_of(actor, student)
    stopped = finished = hunt = None
    if not today.has_placement:
        last = _last(actor)
        stopped = _stopped(last)
        hunt = next((h for h in hunts if h.is_asking or h.was_refused), None)
        finished = last if stopped is None and _ended_this_year(last) else None
    mark = new_mark(actor)
    return {
        "today": today,
        "student": student,
        "hunts": hunts,
        "hunt": hunt,
        "mark": mark,
        "answer": newest_answer(actor),
        "disputes": disputes_to_read(actor),
        "mark_words": mark_words(mark.value if mark else None),
        "waiting": waiting_for(actor, first) if first is not None else None,
        # A week without any day of work says nothing.
        "strip": today.strip if any(state != "free" for _day, state in today.strip) else [],
        "shown_above": _address_of_next(today, hunt),
        "stopped": stopped,
        "finished": finished,
        "call": _call(today),
    }


def _call(today: StudentToday):
    """Whom to call: where nobody saw the student, and before the first day."""
    if today.placement and (today.was_not_seen or today.shows_first_day):
        return whom_to_call(today.placement)
    return None


def _last(actor) -> Placement | None:
    mine = Placement.objects.visible_to(actor).exclude(state=PlacementState.CANCELLED)
    mine = mine.select_related("company", "period", "teacher")
    return mine.order_by("-starts", "-pk").first()


def _stopped(last: Placement | None) -> dict | None:
    """The placement that ended early, while its period runs and there is no other; whom to call."""
    if last is None or not last.is_stopped or last.period.ends < school_today():
        return None
    return {"placement": last, "last_day": last_day_of(last), "call": whom_to_call(last)}


def _ended_this_year(last: Placement | None) -> bool:
    """Whether the placement is over, and in the school year that runs."""
    if last is None or last.is_stopped:
        return False
    today = school_today()
    begin, _end = school_year_bounds(school_year(today))
    return begin <= last.ends <= today


def _address_of_next(today: StudentToday, hunt: Hunt | None) -> str:
    """Where the card on top leads; the list below it need not ask the same."""
    if today.may_check_in:
        return reverse("attendance:scan_typed")
    if today.must_write:
        return reverse("attendance:report_write", args=[today.date])
    if hunt is not None and hunt.was_refused:
        return reverse("placements:place_browse")
    return ""
