"""The placement's folder: one page for everybody concerned, with what each may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from placements import policies, vetoes
from placements.models import Placement, PlacementChange, StudentCard
from placements.queries import last_day_of, planned_days
from placements.services import possible_kinds
from placements.services.matching import is_fresh
from placements.teachers import Guide, guide_of, whom_to_call
from placements.words import placement_word
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.record import audit
from stage.core.ui import sections
from stage.core.ui.dates import day_words, hours_words, period_words, weekday_names
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.schools.models import SchoolSettings, Student

LAYOUTS = {
    Audience.STUDENT: "layouts/phone.html",
    Audience.COMPANY: "layouts/company.html",
    Audience.GUARDIAN: "layouts/company.html",
}


@allow(
    Audience.COORDINATOR,
    Audience.TEACHER,
    Audience.STUDENT,
    Audience.GUARDIAN,
    Audience.COMPANY,
)
def placement_show(request, public_id: str) -> HttpResponse:
    """Facts, people and days, then the parts other apps add."""
    actor = request.actor
    placement = get_object_or_404(
        Placement.objects.by_name(actor)
        .select_related(
            *("company__picture", "school", "period", "teacher", "supervisor"),
            *("stand_in", "location"),
        )
        .defer("location__poster_code"),  # no student reads it
        public_id=public_id,
    )
    who = who_of(placement, actor)
    context = {
        "layout": LAYOUTS.get(actor.role, "layouts/desk.html"),
        "placement": placement,
        "word": placement_word(placement),
        "who": who,
        "full": bool(policies.sees_in_full(actor, placement)),
    }
    if context["full"]:
        if actor.is_staff:
            audit.saw(actor, placement, "saw_placement")
        possible = vetoes.possible([placement], actor)[placement.pk]
        guide = guide_of(placement)
        context |= {
            "possible": possible,
            "can_change": bool(possible_kinds(placement))
            and bool(policies.asks_change(actor, placement)),
            "facts": _facts(placement, actor),
            "people": _people(placement, actor, guide, who),
            "guide": guide,
            "replaced": _replaced(placement),
            "last_day": last_day_of(placement) if placement.is_stopped else None,
            "call": None if actor.is_staff else whom_to_call(placement, guide),
            "fresh": "cancel" in possible
            and is_fresh(placement)
            # Moved here: the move is taken back as a whole, in the part about what changed.
            and not PlacementChange.objects.filter(moved_to=placement).exists(),
            "days": _days(placement, actor),
            "sections": sections.fill("placement", actor, placement),
        }
    return render_page(request, "placements/placement_show.html", context)


def who_of(placement: Placement, actor) -> dict:
    """The student's name and class, from the row or, for a company, from the card."""
    if actor.is_company:
        card = (
            StudentCard.objects.visible_to(actor)
            .filter(
                student_id=placement.student_id,
                company_id=placement.company_id,
                revoked_at__isnull=True,
            )
            .first()
        )
        known = {"name": card.full_name, "class": card.school_class} if card else {}
        return {"name": _("Stagiair"), "class": "", **known}
    student = get_object_or_404(Student.objects.by_name(actor), pk=placement.student_id)
    placement.student = student  # read once for all parts of the page
    return {
        "name": student.full_name,
        "class": student.school_class,
        "public_id": student.public_id,
        "student": student,
    }


def _facts(placement: Placement, actor) -> list[tuple[str, str]]:
    hours = hours_words(placement.day_from, placement.day_to)
    location = placement.location
    return [
        (_("Bedrijf"), placement.company.name),
        (_("Adres"), location.address_line if location else ""),
        (_("Wanneer"), period_words(placement.starts, placement.ends)),
        (_("Dagen"), weekday_names(placement.weekdays)),
        (
            _("Tijden"),
            _("%(hours)s, %(pause)s minuten pauze")
            % {"hours": hours, "pause": placement.break_minutes},
        ),
        (_("Kleding"), placement.company.clothing),
        (
            _("Wat je doet") if actor.is_student else _("Het werk"),
            placement.tasks or placement.company.tasks,
        ),
    ]


def _replaced(placement: Placement) -> dict | None:
    """Who is away at the company for a while, from when to when, and who guides then."""
    usual, by, last = placement.supervisor, placement.stand_in, placement.stand_in_until
    if usual is None or by is None or last is None or last < school_today() or placement.is_over:
        return None
    return {
        "name": usual.name,
        "by": by.name,
        "first": placement.stand_in_from,
        "last": last,
    }


def _people(placement: Placement, actor, guide: Guide | None, who: dict) -> list[dict]:
    """Who to call. The company gets no student's number: it has none of it."""
    found = []
    if guide is not None and guide.instead_of:
        found.append(_person(guide, _("Vervangt %(name)s") % {"name": guide.instead_of}))
    elif placement.teacher:
        found.append(_person(placement.teacher, _("Stagebegeleider")))
    if placement.is_replaced and placement.supervisor:
        words = {"name": placement.supervisor.name}
        found.append(_person(placement.stand_in, _("Vervangt %(name)s") % words))
    elif placement.supervisor_now:
        found.append(_person(placement.supervisor_now, _("Praktijkopleider")))
    if actor.is_staff:
        student = who["student"]
        found.append(
            {
                "name": student.full_name,
                "what": _("Leerling"),
                "telephone": student.telephone,
                "email": student.email,
            }
        )
    settings = SchoolSettings.objects.of(placement.school_id)
    if settings.absence_telephone or settings.telephone:
        found.append(
            {
                "name": placement.school.name,
                "what": _("School, ziekmelden"),
                "telephone": settings.absence_telephone or settings.telephone,
                "email": settings.email,
            }
        )
    return found


def _person(row, what: str) -> dict:
    return {"name": row.name, "what": what, "telephone": row.telephone, "email": row.email}


def _days(placement: Placement, actor) -> dict:
    rows = planned_days(actor, placement)
    minutes = sum(day.minutes for day in rows)
    return {
        "count": len(rows),
        "hours": round(minutes / 60),
        "list": [(day_words(d.date), f"{d.day_from:%H:%M} – {d.day_to:%H:%M}") for d in rows],
    }
