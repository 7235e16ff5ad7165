"""Login cards on paper: choose students, confirm, fetch the sheet, say that it is printed."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stage.core.enums import Audience
from stage.core.models import School
from stage.core.ui import chosen as chosen_of_list
from stage.core.ui.download import PDF, download
from stage.core.ui.filters import Codes, Filters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.qr import qr_data_uri
from stage.core.who.access import allow
from stage.schools.filters import group, school_class
from stage.schools.models import LoginCode, Student
from stage.schools.services.cards import CARD_DAYS, code_of, make_sheet, note_printed
from stage.schools.services.students import log_in_states
from stage.schools.student_list import StudentFilters, filtered_own

MAX_CARDS = 300  # a sheet holds eight; more would keep the browser waiting


class CardFilters(Filters):
    """For whom cards are printed."""

    row = Codes(most=2000)
    klas = school_class()
    group = group()


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("GET", "POST"))
@reads(CardFilters)
def card_print(request):
    """Ask first (earlier cards stop working), then make the cards and go to their sheet.

    Students come one by one (`row`), by class (`klas`), by group (`group`), or as all that the list
    of students found (`found`, with what the list was narrowed to).
    """
    chosen = _chosen(request)
    if not chosen:
        notice(request, _("Kies eerst leerlingen voor wie je kaarten wilt."), tone="attention")
        return redirect("schools:student_list")
    cut = chosen[:MAX_CARDS]
    asked = request.method == "POST" and request.POST.get("confirm")
    just_printed = _printed_since(cut, request.POST.get("at", "")) if asked else 0
    if asked and not just_printed:
        sheet = make_sheet(cut, request.actor)
        return redirect("schools:card_sheet", sheet)
    states = log_in_states(cut)
    context = {
        "students": cut,
        "count": len(cut),
        "too_many": len(chosen) > MAX_CARDS,
        "max_cards": MAX_CARDS,
        "with_log_in": sum(state in ("card", "active") for state in states.values()),
        "made": sum(state == "made" for state in states.values()),
        "just_printed": just_printed,
        "at": timezone.now().isoformat(),
        "days": CARD_DAYS,
        "back_url": reverse("schools:student_list"),
    }
    return form_page(request, "schools/card_print.html", context, refused=bool(just_printed))


def _chosen(request) -> list[Student]:
    actor, filters = request.actor, request.filters
    try:
        if found := chosen_of_list.found(request, StudentFilters):
            return list(filtered_own(found).filter(left_on=None)[: chosen_of_list.MOST])
    except chosen_of_list.NotUnderstood:
        return []
    if request.method == "POST":
        filters = CardFilters(request.POST, actor=actor)
    chosen = filters.chosen
    rows = Student.objects.visible_to(actor).present()
    if chosen["row"] or request.POST.get("ticked"):
        rows = rows.filter(public_id__in=chosen["row"] or [])
    elif chosen["group"]:
        rows = rows.filter(pk__in=chosen["group"].members.values("student_id"))
    elif chosen["klas"]:
        rows = rows.filter(school_class=chosen["klas"])
    else:
        return []
    return list(rows.order_by("school_class", "sort_name", "pk"))


def _printed_since(students: list[Student], at: str) -> int:
    """For how many a card was printed after a page was opened, such as by pressing twice."""
    opened = parse_datetime(at) if len(at) < 40 else None
    if opened is None or timezone.is_naive(opened):
        return 0
    cards = LoginCode.objects.working().filter(student__in=students, printed_at__gt=opened)
    return cards.aggregate(n=Count("pk"))["n"]


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("GET", "POST"))
def card_sheet(request, sheet):
    """Cards that are ready: fetch them, as often as needed, and then say that they are printed."""
    cards = _cards_of(request, sheet)
    if request.method == "POST" and cards:
        many = note_printed(sheet, request.actor)
        text = ngettext("%(n)s kaart is geprint.", "%(n)s kaarten zijn geprint.", many)
        notice(request, text % {"n": many})
        return redirect("schools:student_list")
    if not cards:
        return _over(request)
    context = {"cards": cards, "sheet": sheet, "days": CARD_DAYS}
    return render(request, "schools/card_sheet.html", context)


@allow(Audience.COORDINATOR, Audience.TEACHER)
def card_file(request, sheet):
    """The cards of a sheet, eight on a page."""
    cards = _cards_of(request, sheet)
    return _pdf(request, cards) if cards else _over(request)


@allow(Audience.COORDINATOR, Audience.TEACHER)
def card_screen(request, sheet):
    """The card of one student on this screen, to be scanned from it."""
    cards = _cards_of(request, sheet)
    if not cards:
        return _over(request)
    if len(cards) > 1:
        return redirect("schools:card_sheet", sheet)
    return render(request, "schools/card_screen.html", {"sheet": sheet, **_printed(cards)[0]})


def _cards_of(request, sheet: str) -> list[LoginCode]:
    """The cards of a sheet that wait to be printed; none once they are.

    Raises Http404 for a sheet of which the actor guides nobody.
    """
    rows = LoginCode.objects.visible_to(request.actor).filter(sheet=sheet).exclude(sheet="")
    if not rows.exists():
        raise Http404
    waiting = rows.to_print().select_related("student")
    return list(waiting.order_by("student__school_class", "student__sort_name", "pk"))


def _over(request):
    notice(request, _("Deze kaarten zijn al geprint of gebruikt."), tone="attention")
    return redirect("schools:student_list")


def _pdf(request, waiting: list[LoginCode]) -> HttpResponse:
    # WeasyPrint takes seconds to load; pages that make no document should not wait for it.
    from stage.core.ui.pdf import render_pdf

    school = School.objects.get(pk=request.actor.school_id)
    data = render_pdf("pdf/login_cards.html", {"cards": _printed(waiting), "school": school})
    return download(data, "inlogkaarten.pdf", PDF)


def _printed(waiting: list[LoginCode]) -> list[dict]:
    """What stands on each card."""
    names = card_names([card.student for card in waiting])
    site = settings.SITE_URL.partition("://")[2] + reverse("web:card_typed")
    cards = []
    for card in waiting:
        code = code_of(card)
        picture = qr_data_uri(settings.SITE_URL + reverse("web:card_open", args=[code]))
        name = names[card.student_id]
        cards.append(
            {"student": card.student, "name": name, "code": code, "qr": picture, "site": site}
        )
    return cards


def card_names(students: list[Student]) -> dict[int, str]:
    """First names as printed, by key; who shares one in a class gets the surname's initial.

    A card may be lost: it tells no more than is needed to hand it out.
    """
    seen = Counter((s.school_class, s.first_name.casefold()) for s in students)
    return {
        s.pk: f"{s.first_name} {s.last_name[:1]}.".removesuffix(" .")
        if seen[s.school_class, s.first_name.casefold()] > 1
        else s.first_name
        for s in students
    }
