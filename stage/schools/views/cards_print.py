"""Login cards on paper: choose students, confirm, print."""

from __future__ import annotations

from collections import Counter

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.models import School
from stage.core.ui.download import PDF, download
from stage.core.ui.filters import Codes, Filters, reads
from stage.core.ui.notices import notice
from stage.core.ui.qr import qr_data_uri
from stage.core.who.access import allow
from stage.schools.filters import group, school_class
from stage.schools.models import Student
from stage.schools.services.cards import CARD_DAYS, issue_cards
from stage.schools.services.students import log_in_states

MAX_CARDS = 300  # a sheet holds eight; more would keep the browser waiting


class CardFilters(Filters):
    """For whom cards are printed."""

    row = Codes(most=2000)
    klas = school_class()
    group = group()


@allow(Audience.COORDINATOR, Audience.TEACHER, methods=("GET", "POST"))
@reads(CardFilters)
def card_print(request):
    """Ask first (earlier cards stop working), then answer the PDF.

    Students come one by one (`row`), by class (`klas`) or by group (`group`).
    """
    chosen = _chosen(request)
    if not chosen:
        notice(request, _("Kies eerst leerlingen voor wie je kaarten wilt."), tone="attention")
        return redirect("schools:student_list")
    if request.method == "POST" and request.POST.get("confirm"):
        return _pdf(request, chosen[:MAX_CARDS])
    states = log_in_states(chosen)
    context = {
        "students": chosen[:MAX_CARDS],
        "count": min(len(chosen), MAX_CARDS),
        "too_many": len(chosen) > MAX_CARDS,
        "max_cards": MAX_CARDS,
        "with_log_in": sum(state != "none" for state in states.values()),
        "days": CARD_DAYS,
        "back_url": reverse("schools:student_list"),
    }
    return render(request, "schools/card_print.html", context)


def _chosen(request) -> list[Student]:
    actor, filters = request.actor, request.filters
    if request.method == "POST":
        filters = CardFilters(request.POST, actor=actor)
    chosen = filters.chosen
    rows = Student.objects.visible_to(actor).present()
    if chosen["row"]:
        rows = rows.filter(public_id__in=chosen["row"])
    elif chosen["group"]:
        rows = rows.filter(pk__in=chosen["group"].members.values("student_id"))
    elif chosen["klas"]:
        rows = rows.filter(school_class=chosen["klas"])
    else:
        return []
    return list(rows.order_by("school_class", "sort_name", "pk"))


def _pdf(request, students: list[Student]) -> HttpResponse:
    # WeasyPrint takes seconds to load; pages that make no document should not wait for it.
    from stage.core.ui.pdf import render_pdf

    names = card_names(students)
    cards = []
    for student, code in issue_cards(students, actor=request.actor):
        address = settings.SITE_URL + reverse("web:card_open", args=[code])
        name = names[student.pk]
        cards.append({"student": student, "name": name, "code": code, "qr": qr_data_uri(address)})
    school = School.objects.get(pk=request.actor.school_id)
    site = settings.SITE_URL.partition("://")[2]
    data = render_pdf(
        "pdf/login_cards.html",
        {"cards": cards, "school": school, "site": site + reverse("web:card_typed")},
    )
    return download(data, "inlogkaarten.pdf", PDF)


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
