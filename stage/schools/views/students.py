"""Students: the list, one student, guardians; adding, changing, leaving."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.models import School
from stage.core.record import audit
from stage.core.ui import chosen, sections
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.download import list_file
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import FILE_LIMIT, page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools import student_list, whereabouts
from stage.schools.forms.people import GuardianForm, StudentForm
from stage.schools.models import Group, GroupStudent, Guardian, Student
from stage.schools.services import students
from stage.schools.student_list import StudentFilters


@allow(Audience.COORDINATOR, Audience.TEACHER)
@reads(StudentFilters)
def student_list_page(request):
    """All students of the school; a teacher sees others than the own by name and class only."""
    actor, filters = request.actor, request.filters
    rows = student_list.filtered(filters).select_related("mentor", "profile")
    page = page_of(rows, filters)
    own = set(
        Student.objects.visible_to(actor)
        .filter(pk__in=[s.pk for s in page.object_list])
        .values_list("pk", flat=True)
    )
    states = students.log_in_states([s for s in page.object_list if s.pk in own])
    stages = whereabouts.lines_of(actor, own, filters.chosen["period"])
    for student in page.object_list:
        student.log_in = student_list.LOG_IN_WORDS.get(states.get(student.pk, ""))
        student.stages = stages.get(student.pk, ())
    context = {
        "page_obj": page,
        "more_filters": filters.is_folded_open,
        "choices": student_list.choices(actor),
        "filters": filters.shown,
        "query": filters.query(),
        # Cards of all that were found, also of those on other pages.
        "own_count": student_list.filtered_own(filters).count(),
        "any": page.paginator.count or Student.objects.by_name(actor).present().exists(),
    }
    return render_page(request, "schools/student_list.html", context)


@allow(Audience.COORDINATOR, Audience.TEACHER)
@reads(StudentFilters)
def student_export(request):
    """The list as XLSX or CSV, with the filters of the page; a teacher gets the own students."""
    actor, filters = request.actor, request.filters
    if filters.errors:
        return filters.page_that_says_so("schools:student_list")
    found = student_list.filtered_own(filters)
    rows = list(found.select_related("mentor", "profile")[:FILE_LIMIT])
    stages = whereabouts.lines_of(actor, [s.pk for s in rows], filters.chosen["period"])
    audit.record_all(audit.entry_of(actor, "exported", s) for s in rows)
    headings = [
        *(_("Leerlingnummer"), _("Roepnaam"), _("Tussenvoegsel"), _("Achternaam"), _("Klas")),
        *(_("Leerjaar"), _("Leerweg"), _("Profiel"), _("Geboortedatum"), _("E-mail")),
        *(_("Telefoon"), _("Mentor"), _("Stage")),
    ]
    table = [
        [
            *(s.number, s.first_name, s.infix, s.last_name, s.school_class, s.year, s.leerweg),
            *(s.profile.code if s.profile else "", s.birth_date, s.email, s.telephone),
            s.mentor.name if s.mentor else "",
            _in_a_cell(stages.get(s.pk, ())),
        ]
        for s in rows
    ]
    return list_file(filters.chosen["format"], "leerlingen", _("Leerlingen"), headings, table)


def _in_a_cell(lines) -> str:
    """How a student stands; with the periods where there is more than one."""
    if len(lines) == 1:
        return str(lines[0])
    return "; ".join(f"{line.period}: {line}" for line in lines)


@allow(Audience.COORDINATOR, Audience.TEACHER)
def student_show(request, public_id):
    """One student. Somebody else's student: name, class and place, nothing more."""
    actor = request.actor
    rows = Student.objects.by_name(actor).select_related("mentor", "profile")
    student = get_object_or_404(rows, public_id=public_id)
    context = {"student": student, "places": sections.fill("student_places", actor, student)}
    if not student_list.is_own(actor, student):
        return render_page(request, "schools/student_show_other.html", context)
    audit.saw(actor, student)
    context |= {
        "facts": _facts(student),
        "guardians": Guardian.objects.visible_to(actor).filter(student=student),
        "groups": GroupStudent.objects.visible_to(actor)
        .filter(student=student)
        .select_related("group__period"),
        "log_in": student_list.LOG_IN_WORDS[students.log_in_states([student])[student.pk]],
        "sections": sections.fill("student", actor, student),
    }
    return render_page(request, "schools/student_show.html", context)


def _facts(student: Student) -> list[tuple[str, object]]:
    age = _("%(born)s (%(age)s jaar)") % {
        "born": student.birth_date.strftime("%d-%m-%Y"),
        "age": student.age_on(school_today()),
    }
    return [
        (_("Leerlingnummer"), student.number),
        (_("Klas"), student.school_class),
        (_("Leerjaar"), student.year),
        (_("Leerweg"), student.get_leerweg_display()),
        (_("Profiel"), student.profile or ""),
        (_("Geboortedatum"), age),
        (_("Stagebegeleider of mentor"), student.mentor.name if student.mentor else ""),
        (_("E-mail"), student.email),
        (_("Telefoon"), student.telephone),
        (_("Adres"), student.address_line),
        (_("Toestemming voor foto's"), _("Ja") if student.photo_consent else _("Nee")),
    ]


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def student_add(request):
    """One student by hand."""
    form = StudentForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            student = students.add_student(
                School.objects.get(pk=request.actor.school_id),
                values=form.cleaned_data,
                actor=request.actor,
            )
        except Conflict as error:
            form.add_error("number", str(error))
        else:
            notice(request, _("%(name)s staat erbij.") % {"name": student.full_name})
            return redirect("schools:student_show", student.public_id)
    context = {"form": form, "back_url": reverse("schools:student_list")}
    return form_page(request, "schools/student_form.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def student_edit(request, public_id):
    """Change a student's facts."""
    student = _student(request.actor, public_id)
    form = StudentForm(request.POST or None, instance=student, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            students.change_student(student, values=form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("number", str(error))
        else:
            notice(request, _("De gegevens zijn bewaard."))
            return redirect("schools:student_show", public_id)
    audit.saw(request.actor, student)
    context = {
        "form": form,
        "student": student,
        "back_url": reverse("schools:student_show", args=[public_id]),
    }
    return form_page(request, "schools/student_form.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def guardian_add(request, public_id):
    """A parent or carer of a student."""
    student = _student(request.actor, public_id)
    form = GuardianForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        students.add_guardian(student, values=form.cleaned_data, actor=request.actor)
        notice(request, _("De ouder of verzorger staat erbij."))
        return redirect("schools:student_show", public_id)
    return _guardian_page(request, form, student)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def guardian_edit(request, public_id):
    """Change a parent or carer."""
    guardian = _guardian(request.actor, public_id)
    form = GuardianForm(request.POST or None, instance=guardian)
    if request.method == "POST" and form.is_valid():
        students.change_guardian(guardian, values=form.cleaned_data, actor=request.actor)
        notice(request, _("De gegevens zijn bewaard."))
        return redirect("schools:student_show", guardian.student.public_id)
    return _guardian_page(request, form, guardian.student, guardian)


@allow(Audience.COORDINATOR, methods=("POST",))
def guardian_address(request, public_id):
    """A stopped address was looked at and is right."""
    guardian = _guardian(request.actor, public_id)
    students.confirm_guardian_address(guardian, actor=request.actor)
    notice(request, _("Het adres werkt weer. Wat niet verstuurd is, gaat nu alsnog."))
    return redirect("schools:student_show", guardian.student.public_id)


def _guardian_page(request, form, student, guardian=None):
    context = {"form": form, "student": student, "guardian": guardian}
    return form_page(request, "schools/guardian_form.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def guardian_remove(request, public_id):
    """Take a parent or carer away."""
    guardian = _guardian(request.actor, public_id)
    back = reverse("schools:student_show", args=[guardian.student.public_id])
    if request.method == "POST":
        students.remove_guardian(guardian, actor=request.actor)
        notice(request, _("%(name)s is verwijderd.") % {"name": guardian.name})
        return redirect(back)
    return confirm_removal(
        request,
        title=_("%(name)s verwijderen?") % {"name": guardian.name},
        text=_("Links die deze ouder of verzorger kreeg, werken dan niet meer."),
        back_url=back,
    )


@allow(Audience.COORDINATOR, methods=("POST",))
def student_group_add(request):
    """Put the students chosen in the list into a group."""
    from stage.schools.services import groups

    actor = request.actor
    group = get_object_or_404(
        Group.objects.visible_to(actor), public_id=request.POST.get("group", "")
    )
    require(coordinator_of, actor, group)
    rows = Student.objects.visible_to(actor).filter(public_id__in=request.POST.getlist("row"))
    try:
        if found := chosen.found(request, StudentFilters):
            rows = student_list.filtered_own(found).filter(left_on=None)[: chosen.MOST]
    except chosen.NotUnderstood:
        notice(request, _("Kies eerst leerlingen."), tone="attention")
        return redirect("schools:student_list")
    count = groups.add_students(group, rows, actor=actor)
    notice(request, _("%(count)s leerlingen staan nu in %(group)s.") % {
        "count": count, "group": group.name})  # fmt: skip
    return redirect("web:group_show", group.public_id)


def _student(actor, public_id: str) -> Student:
    rows = Student.objects.visible_to(actor).select_related("mentor", "profile")
    return get_object_or_404(rows, public_id=public_id)


def _guardian(actor, public_id: str) -> Guardian:
    rows = Guardian.objects.visible_to(actor).select_related("student")
    return get_object_or_404(rows, public_id=public_id)
