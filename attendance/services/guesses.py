"""A brake on guessing codes: who was wrong too often waits, and the school sees it once."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.expressions import RawSQL

from attendance.enums import ScanFailure
from attendance.models import FailedScan
from attendance.services import screens
from companies.models import Location
from stage.core.who.limits import Limit

# Of one student, on whichever phone. Six signs of thirty-two each: nobody gets there.
WRONG_CODES = Limit("check-in-code", amount=10, seconds=600)


@dataclass(frozen=True)
class LookedUp:
    """What a code leads to: a poster's place of work, or a screen's with a ticket to press with."""

    location: Location | None = None
    ticket: str = ""
    failure: str = ""  # a ScanFailure; then there is no location


def must_wait(actor) -> bool:
    """Whether this student used up its wrong codes of these ten minutes."""
    return WRONG_CODES.reached(_who(actor))


def count_wrong(actor) -> None:
    """One more that is none of ours. The one that uses them up is kept for the school to see.

    In the request's own transaction: nobody but this student waits for the row.
    """
    if WRONG_CODES.take(_who(actor)) and must_wait(actor):
        keep_failure(actor, "", ScanFailure.TOO_OFTEN)


def look_up(code: str, *, actor) -> LookedUp:
    """Where a code is shown that was scanned or typed; the brake comes before the looking."""
    if must_wait(actor):
        return LookedUp(failure=ScanFailure.TOO_OFTEN)
    location = find_location(code, actor=actor)
    if location is not None:
        return LookedUp(location)
    read = screens.read_code(code)
    if read is None:
        count_wrong(actor)
        return LookedUp(failure=ScanFailure.UNKNOWN_CODE)
    place = place_numbered(read.location_id, actor=actor) if read.is_fresh else None
    if place is None:
        return LookedUp(failure=ScanFailure.OLD_CODE)
    return LookedUp(place, screens.ticket_for(read, actor=actor))


def find_location(code: str, *, actor) -> Location | None:
    """The place of work a poster hangs at; other regions' posters are unknown here."""
    # A function of the database: a student asks where one code hangs, and reads none.
    hangs_at = RawSQL("SELECT location_id FROM location_of_poster(%s)", [code])
    rows = Location.objects.visible_to(actor).filter(pk__in=hangs_at)
    return rows.defer("poster_code").select_related("company").first()


def place_numbered(number: int, *, actor) -> Location | None:
    """The place of work where a screen stands."""
    rows = Location.objects.visible_to(actor).filter(pk=number)
    return rows.defer("poster_code").select_related("company").first()


def keep_failure(actor, typed: str, reason: str) -> None:
    """For the school to see."""
    row = FailedScan(
        school_id=actor.school_id, student_id=actor.student_id, typed=typed[:40], reason=reason
    )
    # ON CONFLICT DO NOTHING: a student may write here and not read.
    FailedScan.objects.bulk_create([row], ignore_conflicts=True)


def _who(actor) -> str:
    return str(actor.student_id)
