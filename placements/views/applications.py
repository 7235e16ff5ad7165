"""A student writes, sends, orders and withdraws applications."""

from __future__ import annotations

from collections.abc import Container

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.models import Place
from placements import queries, services
from placements.enums import OPEN_APPLICATIONS, ApplicationState
from placements.forms import MotivationForm
from placements.hunting import answer_key
from placements.models import Application, ApplicationQuestion, Placement, PlacementSettings
from placements.views.browse import may_send, own_student
from placements.words import student_word
from placements.workflow import APPLICATIONS
from stage.core.enums import Audience
from stage.core.ui import seen
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.models import SchoolSettings


@allow(Audience.STUDENT, methods=("GET", "POST"))
def application_write(request, public_id: str) -> HttpResponse:
    """Write a motivation for a place; keep it, or send it to the company."""
    student = own_student(request)
    own = Application.objects.visible_to(request.actor)
    place = get_object_or_404(
        Place.objects.visible_to(request.actor)
        .filter(period__in=queries.open_periods(student, request.actor))
        .filter(Q(for_one=False) | Q(pk__in=own.values("place_id")))
        .select_related("company", "period"),
        public_id=public_id,
    )
    mine = own.filter(place=place).first()
    if mine and not may_send(mine, request.actor):
        notice(request, _("Deze sollicitatie heb je al verstuurd."), tone="info")
        return redirect("placements:application_list")
    form = MotivationForm(
        request.POST or None,
        initial={"motivation": mine.motivation if mine else ""},
        key=place.public_id,
    )
    if request.method == "POST" and form.is_valid():
        answer = _store(request, form, place, student)
        if answer:
            return answer
    return form_page(
        request,
        "placements/application_write.html",
        {"form": form, "place": place, "student": student},
    )


def _store(request, form, place, student) -> HttpResponse | None:
    """Keep or send; None when the service refused, with the reason on the form."""
    sending = "submit" in request.POST
    save = services.submit_application if sending else services.save_draft
    try:
        save(
            place,
            student=student,
            motivation=form.cleaned_data["motivation"].strip(),
            actor=request.actor,
        )
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return None
    if sending:
        words = {"company": place.company.name}
        notice(request, _("Verstuurd. %(company)s leest je sollicitatie.") % words)
    else:
        notice(request, _("Bewaard. Alleen jij ziet het, tot je het verstuurt."))
    return redirect("placements:application_list")


@allow(Audience.STUDENT)
def application_list(request) -> HttpResponse:
    """The student's applications in order of preference, each with what its state means."""
    rows = list(
        Application.objects.visible_to(request.actor)
        .select_related("company", "place", "period")
        .order_by("-period__starts", "rank", "pk")
    )
    placements = list(Placement.objects.visible_to(request.actor).live().select_related("company"))
    placed = {p.place_id for p in placements}
    running = [a for a in rows if a.state in OPEN_APPLICATIONS]
    questions = ApplicationQuestion.objects.visible_to(request.actor)
    return render(
        request,
        "placements/application_list.html",
        {
            "running": _with_words(running, request.actor, placed),
            # Who has a place and no other wish is done choosing.
            "choosing": not placements or any(a.place_id not in placed for a in running),
            "over": _with_words(
                [a for a in rows if a.state not in OPEN_APPLICATIONS], request.actor
            ),
            "placements": placements,
            "questions": questions.filter(application__in=running).select_related("company"),
            "maximum": PlacementSettings.objects.of(request.actor.school_id).max_applications,
            "explanation": SchoolSettings.objects.of(request.actor.school_id).student_explanation,
        },
    )


def _possible(row: Application, actor, placed: Container[int]) -> list[str]:
    """What the student can do with it; where the school matched, it has the last word."""
    names = APPLICATIONS.possible(row, actor)
    return [n for n in names if n != "withdraw" or row.place_id not in placed]


def _with_words(rows: list[Application], actor, placed: Container[int] = ()) -> list[dict]:
    return [
        {
            "application": row,
            "word": student_word(row.state),
            "possible": _possible(row, actor, placed),
            "placed": row.place_id in placed,
            "first": n == 0 or rows[n - 1].period_id != row.period_id,
            "last": n == len(rows) - 1 or rows[n + 1].period_id != row.period_id,
            "number": 1 + sum(r.period_id == row.period_id for r in rows[:n]),
        }
        for n, row in enumerate(rows)
    ]


@allow(Audience.STUDENT)
def application_answer(request, public_id: str) -> HttpResponse:
    """One answer of a company in full; once opened it is no news any more."""
    application = get_object_or_404(
        Application.objects.visible_to(request.actor)
        .exclude(state=ApplicationState.DRAFT)
        .select_related("company", "period"),
        public_id=public_id,
    )
    context = {
        "application": application,
        "word": student_word(application.state),
        "was_refused": application.state in (ApplicationState.DECLINED, ApplicationState.EXPIRED),
    }
    response = render(request, "placements/application_answer.html", context)
    return seen.mark(request, response, answer_key(application))


@allow(Audience.STUDENT, methods=("GET", "POST"))
def application_withdraw(request, public_id: str) -> HttpResponse:
    """Take an application back, after asking once."""
    application = _own(request, public_id)
    if request.method == "POST":
        try:
            back = services.withdraw_application(application, actor=request.actor)
        except Conflict as conflict:
            notice(request, str(conflict), tone="wrong")
        else:
            words = {"company": application.company.name}
            notice(
                request,
                _("Je sollicitatie bij %(company)s is ingetrokken.") % words,
                undo_url=reverse("placements:application_take_up", args=[public_id]),
            )
            if back.running:
                others = ", ".join(a.company.name for a in back.running)
                notice(
                    request, _("Hier loopt je sollicitatie weer: %(names)s.") % {"names": others}
                )
        return redirect("placements:application_list")
    return render(
        request,
        "ui/confirm_page.html",
        {
            "title": _("Sollicitatie intrekken?"),
            "text": _(
                "%(company)s ziet je sollicitatie dan niet meer. Je kunt later weer solliciteren."
            )
            % {"company": application.company.name},
            "confirm_label": _("Trek in"),
            "back_url": reverse("placements:application_list"),
        },
    )


@allow(Audience.STUDENT, methods=("POST",))
def application_take_up(request, public_id: str) -> HttpResponse:
    """Take the withdrawing back, before anybody was told of it."""
    application = _own(request, public_id)
    try:
        services.take_up_application(application, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, _("Ongedaan gemaakt. Je sollicitatie staat weer zoals die stond."))
    return redirect("placements:application_list")


@allow(Audience.STUDENT, methods=("POST",))
def application_move(request, public_id: str) -> HttpResponse:
    """One up or down in the order of preference."""
    application = _own(request, public_id)
    try:
        services.move_application(
            application, up=request.POST.get("naar") == "omhoog", actor=request.actor
        )
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    return redirect("placements:application_list")


def _own(request, public_id: str) -> Application:
    rows = Application.objects.visible_to(request.actor).select_related("company", "place")
    return get_object_or_404(rows, public_id=public_id)
