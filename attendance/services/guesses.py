"""A brake on guessing codes: who was wrong too often waits, and the school sees it once."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models.expressions import RawSQL

from attendance.enums import ScanFailure
from attendance.models import FailedScan
from attendance.queries.arrival import OnPage, chances_of, likeliest
from attendance.services import screens
from companies.models import Location
from stage.core.dutch.calendar import school_today
from stage.core.who.limits import Limit

# Of one student, on whichever phone. Six signs of thirty-two each: nobody gets there.
WRONG_CODES = Limit("check-in-code", amount=10, seconds=600)


@dataclass(frozen=True)
class LookedUp:
    """What a code leads to: a poster's place of work, or a screen's with a ticket to press with."""

    location: Location | None = None
    here: OnPage | None = None  # the placement it is likeliest about
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
    found = _shown_at(code, actor)
    if found is not None:
        return found
    read = screens.read_code(code)
    if read is None:
        count_wrong(actor)
        return LookedUp(failure=ScanFailure.UNKNOWN_CODE)
    place = _shown_at("", actor, read.location_id) if read.is_fresh else None
    if place is None:
        return LookedUp(failure=ScanFailure.OLD_CODE)
    return replace(place, ticket=screens.ticket_for(read, actor=actor))


def _shown_at(code: str, actor, number: int | None = None) -> LookedUp | None:
    """The place of a poster's code, or the one with this number; in one read, for whom it is."""
    today = school_today()
    chances = chances_of(actor, today, code, number, kind=OnPage)
    if chances:
        here = likeliest(chances, today)
        place = here.poster if here else None
    else:
        here = None
        place = (
            find_location(code, actor=actor)
            if number is None
            else place_numbered(number, actor=actor)
        )
    return LookedUp(place, here) if place else None


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
