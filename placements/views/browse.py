"""A student looks for a place."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from companies.enums import GIVEN, PlaceState
from companies.models import Place
from placements import browse, queries
from placements.filters import DISTANCES, PlaceFilters
from placements.models import Application, Placement
from placements.words import student_word
from placements.workflow import APPLICATIONS
from stage.core.enums import Audience
from stage.core.ui.dates import hours_words, weekday_names
from stage.core.ui.filters import reads
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.schools.models import Profile, Student


def own_student(request) -> Student:
    """The student who is logged in."""
    rows = Student.objects.visible_to(request.actor).select_related("profile")
    return get_object_or_404(rows, pk=request.actor.student_id)


def may_send(application: Application, actor) -> bool:
    """Whether the student can still write it, and then send it."""
    return "submit" in APPLICATIONS.possible(application, actor)


@allow(Audience.STUDENT)
@reads(PlaceFilters)
def place_browse(request) -> HttpResponse:
    """Places with room in the periods of the student's groups."""
    student = own_student(request)
    periods = queries.open_periods(student, request.actor)
    every = browse.candidates_for(student, periods, request.actor)
    filters, chosen = request.filters, request.filters.chosen
    shown = browse.narrowed(
        every,
        query=chosen["q"],
        profile=chosen["profiel"],
        km=int(chosen["km"]) if chosen["km"] else None,
    )
    page = page_of(browse.in_order(shown, chosen["sorteer"]), filters)
    codes = {code for candidate in every for code in candidate.codes}
    return render(
        request,
        "placements/place_browse.html",
        {
            "page_obj": page,
            "options": browse.options_of(page, student, request.actor),
            "total": len(shown),
            "any": bool(every),
            "periods": periods,
            "several_periods": len(periods) > 1,
            "profiles": Profile.objects.filter(code__in=codes),
            "distances": DISTANCES if any(c.km is not None for c in every) else (),
            "filters": filters.shown,
            "filtered": any(filters.shown[name] for name in ("profiel", "km", "sorteer")),
        },
    )


@allow(Audience.STUDENT)
def place_show(request, public_id: str) -> HttpResponse:
    """One company's place: its story, what one does there, and the way to apply."""
    student = own_student(request)
    mine = Application.objects.visible_to(request.actor)
    on_offer = Q(period__in=queries.open_periods(student, request.actor)) & (
        Q(state=PlaceState.OPEN, for_one=False)
        | Q(state__in=GIVEN, for_one=True, pk__in=mine.values("place_id"))
    )
    # What a student applied to stays readable after the company took the place back.
    place = get_object_or_404(
        Place.objects.visible_to(request.actor)
        .annotate(on_offer=on_offer)
        .filter(on_offer | Q(pk__in=mine.values("place_id")))
        .select_related("company__picture", "offer__location", "period")
        .defer("offer__location__poster_code"),  # no student reads it
        public_id=public_id,
    )
    application = mine.filter(place=place).first()
    option = browse.option_for(place, student, application)
    placed = Placement.objects.visible_to(request.actor).live().filter(period=place.period)
    return render(
        request,
        "placements/place_show.html",
        {
            "option": option,
            "weekdays": weekday_names(place.weekdays or place.period.weekdays),
            "hours": hours_words(*place.hours),
            "age": student.age_on(place.period.starts),
            "word": student_word(application.state) if application else None,
            "placed": placed.first(),
            "can_apply": place.on_offer
            and bool(option.free)
            and (application is None or may_send(application, request.actor)),
        },
    )
