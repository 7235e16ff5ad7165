"""The school looks at the company a student brings, and asks a company for one student."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.lookalikes import alike
from companies.models import Company
from placements import own as reads_own
from placements import queries, services
from placements.filters import OneFilters, OneStudentFilters
from placements.forms.own import AskingForm, RefusalForm, ToldForm
from placements.models import Application, OwnCompany, Placement
from placements.policies import asks_for_one
from placements.words import SCHOOL_WORDS
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.record import audit
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, require
from stage.schools.models import GroupStudent, Period, Student

TEACHING = (Audience.COORDINATOR, Audience.TEACHER)
FOUND = 20  # companies that a search shows


@allow(*TEACHING, methods=("GET", "POST"))
def own_check(request, public_id: str) -> HttpResponse:
    """What a student says of a company, what is known of it, and the choice: ask it, or not."""
    own = get_object_or_404(
        OwnCompany.objects.visible_to(request.actor).select_related(
            "student", "period__school", "known_as__merged_into", "application", "checked_by"
        ),
        public_id=public_id,
    )
    audit.saw(request.actor, own, "saw_own_company")
    known = reads_own.known_as(reads_own.doubles(own, request.actor), own.period)
    saying = request.POST.get("do", "")
    initial = {
        **{name: getattr(own, name) for name in ("what", "who", "email", "telephone")},
        "company": known[0].company.public_id if own.known_as and known else None,
    }
    form = AskingForm(
        request.POST if saying == "ask" else None,
        known=known,
        fresh=True,
        periods=[own.period],
        initial=initial,
    )
    refusal = RefusalForm(request.POST if saying == "refuse" else None)
    if saying == "ask" and form.is_valid():
        asking = form.asking(name=own.name, city=own.city)
        if _done(request, form, lambda: services.approve_own(own, asking, actor=request.actor)):
            return redirect(_student_page(own.student))
    if saying == "refuse" and refusal.is_valid():
        reason = refusal.cleaned_data["reason"].strip()
        step = lambda: services.refuse_own(own, reason=reason, actor=request.actor)  # noqa: E731
        if _done(request, refusal, step):
            return redirect(_student_page(own.student))
    return form_page(
        request,
        "placements/own_check.html",
        {
            "own": own,
            "student": own.student,
            "form": form,
            "refusal": refusal,
            "known": known,
            **_remarks(own.student, form, own.email, own.telephone),
            "word": SCHOOL_WORDS[own.application.state] if own.application else None,
        },
    )


def _done(request, form, step) -> bool:
    """Take the step; where it is refused the reason stands on the form."""
    try:
        step()
    except Conflict as conflict:
        form.add_error(None, str(conflict))
        return False
    notice(request, _("Gedaan. De leerling hoort het."))
    return True


def _remarks(student: Student, form, email: str, telephone: str) -> dict:
    """Whose the address and number are too, as they stand in the form; what an lwt asks."""
    if form.is_bound:
        email, telephone = form["email"].value() or "", form["telephone"].value() or ""
    return {
        "clashes": reads_own.clashes(student, email, telephone),
        "recognition_url": reads_own.RECOGNITION_URL
        if reads_own.needs_recognition(student)
        else "",
    }


def _student_page(student: Student) -> str:
    return reverse("schools:student_show", args=[student.public_id])


@allow(*TEACHING, methods=("GET", "POST"))
@reads(OneFilters)
def one_ask(request, public_id: str) -> HttpResponse:
    """Ask one company for one student: choose it, or bring it in, and say what for."""
    student = get_object_or_404(
        Student.objects.visible_to(request.actor).select_related("profile"), public_id=public_id
    )
    periods = _periods(request, student)
    chosen = request.filters.chosen
    name, city = chosen["naam"], chosen["plaats"]
    known = []
    if periods and chosen["bedrijf"]:
        company = chosen["bedrijf"].stays
        known = reads_own.known_as([reads_own.as_alike(company)], periods[0])
    elif periods and name and city:
        same = alike(Company.objects.visible_to(request.actor), name, city)
        known = reads_own.known_as(same, periods[0])
    asking = bool(periods) and bool(known or (name and city))
    form = None
    if asking:
        form = AskingForm(
            request.POST or None, known=known, fresh=not chosen["bedrijf"], periods=periods
        )
    if request.method == "POST" and form is not None and form.is_valid():
        question = form.asking(name=name, city=city)
        step = lambda: services.ask_company(  # noqa: E731
            student, form.about, question, actor=request.actor
        )
        if _done(request, form, step):
            return redirect(_student_page(student))
    if request.method == "POST" and form is None:
        notice(request, _("Kies eerst een bedrijf."), tone="wrong")
        return redirect(request.path)
    return form_page(
        request,
        "placements/one_ask.html",
        {
            "student": student,
            "periods": periods,
            "form": form,
            "known": known,
            "found": _search(request, chosen["q"]) if chosen["q"] else [],
            "q": request.filters.shown["q"],
            **(_remarks(student, form, "", "") if form is not None else {}),
        },
    )


def _search(request, q: str) -> list[Company]:
    rows = Company.objects.visible_to(request.actor).in_use().search(q)
    return list(rows.with_parts().order_by("sort_name", "pk")[:FOUND])


def _periods(request, student: Student) -> list[Period]:
    """Those of the student's groups that are not over and have no place yet."""
    placed = Placement.objects.visible_to(request.actor).live().filter(student=student)
    taken = set(placed.values_list("period_id", flat=True))
    found = queries.open_periods(student, request.actor)
    return [period for period in found if period.pk not in taken and student.leaving_on is None]


@allow(*TEACHING)
@reads(OneStudentFilters)
def one_choose(request, public_id: str) -> HttpResponse:
    """For which student this company is asked: those the reader guides who have no place yet."""
    rows = Company.objects.visible_to(request.actor).select_related("merged_into")
    company = get_object_or_404(rows, public_id=public_id).stays
    members = GroupStudent.objects.visible_to(request.actor).filter(
        group__period__ends__gte=school_today()
    )
    students = (
        Student.objects.visible_to(request.actor)
        .present()
        .filter(pk__in=members.values("student_id"))
        .order_by("sort_name", "pk")
    )
    page = page_of(request.filters.narrow(students), request.filters)
    return render_page(
        request,
        "placements/one_choose.html",
        {"company": company, "page_obj": page, "q": request.filters.shown["q"]},
    )


@allow(*TEACHING, methods=("GET", "POST"))
def one_call(request, public_id: str) -> HttpResponse:
    """What a company that was asked for one student said by telephone."""
    application = get_object_or_404(
        Application.objects.visible_to(request.actor).select_related(
            "student", "company", "place", "period"
        ),
        public_id=public_id,
    )
    require(asks_for_one, request.actor, application)
    form = ToldForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _told(request, form, application):
        return redirect(_student_page(application.student))
    contact = queries.contact_of(application.school_id, application.company_id)
    return form_page(
        request,
        "placements/one_call.html",
        {
            "application": application,
            "student": application.student,
            "form": form,
            "contact": contact,
            "number": (contact.telephone if contact else "") or application.company.telephone,
            "word": SCHOOL_WORDS[application.state],
        },
    )


def _told(request, form: ToldForm, application: Application) -> bool:
    if form.cleaned_data["answer"] == "yes":
        return _done(request, form, lambda: services.note_yes(application, actor=request.actor))
    reason = form.cleaned_data["reason"].strip()
    return _done(
        request,
        form,
        lambda: services.note_no(application, reason=reason, actor=request.actor),
    )
