"""Where everybody starts: what waits for me, most urgent first."""

from __future__ import annotations

from django.shortcuts import redirect, render
from django.urls import reverse

from attendance.days import week_of
from attendance.queries.staff import today_of_staff
from companies import letters_out, trust
from companies.models import Company, Contact
from companies.queries import region_numbers
from placements.hunting import hunts_of
from placements.models import Placement
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF, Audience
from stage.core.models import Region, School
from stage.core.ui import offline, seen, todo
from stage.core.who import phones
from stage.core.who.access import EVERY_ROLE, allow
from stage.schools.models import Guardian, StandIn, Student
from stage.web.beginning import steps_of
from stage.web.period_cards import period_cards
from stage.web.progress import board_of, newest_groups
from stage.web.student_home import student_home
from stage.web.views.entrance import explained_cookie

TEMPLATES = {
    Audience.STUDENT: "web/home/student.html",
    Audience.COMPANY: "web/home/company.html",
    Audience.GUARDIAN: "web/home/guardian.html",
}
# Students and guardians read theirs in full on the way in.
WITH_FIRST_WORDS = (
    Audience.COORDINATOR,
    Audience.TEACHER,
    Audience.BUREAU,
    Audience.COMPANY,
)
SHOWN_STUDENTS = 12


# Read for the page, and used by what waits as well.
SHARED = ("today", "student", "letters", "hunts")


@allow(*EVERY_ROLE)
def home(request):
    """The home of the actor's role."""
    actor = request.actor
    extra = EXTRAS.get(actor.role)
    more = extra(actor) if extra is not None else {}
    waiting = todo.for_actor(actor, **{name: more[name] for name in SHARED if name in more})
    # What stands on top as the one next thing is not asked for again below.
    read = seen.keys(request)
    todos = [t for t in waiting if t.url != more.get("shown_above") and t.seen_as not in read]
    if more.get("answer") and more["answer"].key in read:
        more["answer"] = None
    put_away = explained_cookie(actor) in request.COOKIES
    context = {
        "todos": todos,
        "day": school_today(),
        "show_explanation": actor.role in WITH_FIRST_WORDS and not put_away,
        **more,
    }
    if actor.is_student:
        context["phones"] = phones.new_phones(request)
    response = render(request, TEMPLATES.get(actor.role, "web/home/desk.html"), context)
    if actor.is_student:
        offline.keep(response, also=reverse("attendance:week"))
    return response


def _coordinator(actor) -> dict:
    letters = letters_out.of_school(actor)
    return {
        "letters": letters,
        "beginning": steps_of(actor, letters),
        "periods": period_cards(actor),
        "today": today_of_staff(actor),
        "covering": _covering(actor),
    }


def _covering(actor):
    """For whom somebody of the school stands in today."""
    rows = StandIn.objects.visible_to(actor).now().by(actor.membership)
    return rows.select_related("absent").order_by("until", "pk")


def _teacher(actor) -> dict:
    mine = _running(actor).select_related("student")
    return {
        "today": today_of_staff(actor),
        "students": mine[:SHOWN_STUDENTS],
        "covering": _covering(actor),
    }


def _bureau(actor) -> dict:
    return {"numbers": region_numbers(actor)}


def _operator(actor) -> dict:
    regions = Region.objects.count()
    return {"platform": {"regions": regions, "schools": School.objects.running().count()}}


def _company(actor) -> dict:
    kept = {company for _school, company in actor.scope.reach.contact}
    mine = Company.objects.visible_to(actor).present().filter(pk__in=kept).order_by("name", "pk")
    return {
        "trainees": _running(actor).filter(trust.guided(actor)),
        "companies": mine,
        "week": week_of(school_today()),
        # The address was proven, and no school has said yet who that is.
        "unknown": not actor.standings,
    }


def _guardian(actor) -> dict:
    return {
        "student": Student.objects.visible_to(actor).get(pk=actor.student_id),
        "placements": _running(actor),
    }


def _running(actor):
    return (
        Placement.objects.visible_to(actor)
        .placed()
        .filter(ends__gte=school_today())
        .select_related("company", "period")
        .order_by("starts", "pk")
    )


EXTRAS = {
    Audience.COORDINATOR: _coordinator,
    Audience.TEACHER: _teacher,
    Audience.BUREAU: _bureau,
    Audience.OPERATOR: _operator,
    Audience.STUDENT: student_home,
    Audience.COMPANY: _company,
    Audience.GUARDIAN: _guardian,
}


@allow(Audience.STUDENT)
def student_stage(request):
    """The tab "Stage": the student's placement, or the search for one: what was sent first."""
    actor = request.actor
    placement = Placement.objects.visible_to(actor).placed().order_by("-starts", "-pk").first()
    if placement is None or placement.ends < school_today():
        student = Student.objects.visible_to(actor).get(pk=actor.student_id)
        if any(hunt.has_any for hunt in hunts_of(actor, student)):
            return redirect("placements:application_list")
    if placement is None:
        return redirect("placements:place_browse")
    return redirect("placements:placement_show", placement.public_id)


@allow(Audience.COORDINATOR)
def match_start(request):
    """The step "Matchen": straight to the board of the newest group."""
    group = newest_groups(request.actor, limit=1).first()
    if group is None:
        return redirect("web:group_list")
    return redirect(board_of(group))


@allow(*EVERY_ROLE)
def me(request):
    """What is known of me here, and my log-in."""
    actor = request.actor
    if actor.is_student:
        student = (
            Student.objects.visible_to(actor)
            .select_related("profile", "mentor")
            .get(pk=actor.student_id)
        )
        guardians = Guardian.objects.visible_to(actor)
        # Before a password is chosen the name is one that nobody has to know.
        username = request.user.username if request.user.has_usable_password() else ""
        context = {"student": student, "guardians": guardians, "username": username}
        return render(request, "web/me_student.html", context)
    template = "web/me_staff.html" if actor.membership else "web/me_outside.html"
    # Somebody of a company keeps its own name and number.
    own = Contact.objects.visible_to(actor).filter(pk__in=actor.contacts).select_related("company")
    context = {
        "user": request.user,
        "own": own if actor.is_company else (),
        "has_agenda": actor.role in STAFF,
    }
    return render(request, template, context)
