"""The operator's pages: regions, their schools and bureaus, and the first people there."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from stage.core.enums import Audience, Role
from stage.core.models import Membership, Region, School
from stage.core.ui.filters import ListFilters, Text, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.filters import SchoolAddFilters
from stage.schools.first_people import first_people, page_of_first
from stage.schools.forms.regions import ALONE, FirstPersonForm, NameForm, SchoolForm
from stage.schools.services import platform

GET_POST = ("GET", "POST")


class RegionFilters(ListFilters):
    """By the name of a region, or the name or BRIN of a school in it."""

    q = Text()


@allow(Audience.OPERATOR)
@reads(RegionFilters)
def region_list(request):
    """Every region with its schools, and how many people its bureau has."""
    words = request.filters.chosen["q"]
    rows = Region.objects.prefetch_related("schools").order_by("name", "pk")
    if words:
        of_school = Q(schools__name__icontains=words) | Q(schools__brin__iexact=words)
        rows = rows.filter(Q(name__icontains=words) | of_school).distinct()
    page = page_of(rows, request.filters)
    bureaus = _bureau_counts(request.actor, page.object_list)
    for region in page.object_list:
        region.bureau = bureaus.get(region.pk, 0)
    context = {"page_obj": page, "filters": request.filters.shown, "q": words}
    return render(request, "schools/region_list.html", context)


def _bureau_counts(actor, regions) -> dict[int, int]:
    rows = Membership.objects.visible_to(actor).active().filter(role=Role.BUREAU)
    rows = rows.filter(region__in=regions).order_by().values("region_id")
    return dict(rows.annotate(n=Count("pk")).values_list("region_id", "n"))


@allow(Audience.OPERATOR, methods=GET_POST)
def region_add(request):
    """A new region; its schools and its bureau come after."""
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            region = platform.make_region(form.cleaned_data["name"], actor=request.actor)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            notice(request, _("De regio staat klaar."))
            return redirect("schools:region_show", region.public_id)
    return form_page(request, "schools/region_form.html", {"form": form})


@allow(Audience.OPERATOR)
def region_show(request, public_id):
    """One region: its schools and the people of its bureau."""
    region = get_object_or_404(Region, public_id=public_id)
    people = first_people(request.actor, role=Role.BUREAU, region=region)
    context = {"region": region, "schools": region.schools.all(), "people": people}
    return render(request, "schools/region_show.html", context)


@allow(Audience.OPERATOR, methods=GET_POST)
def region_edit(request, public_id):
    """Another name for a region."""
    region = get_object_or_404(Region, public_id=public_id)
    return _rename(request, region, reverse("schools:region_show", args=[public_id]))


@allow(Audience.OPERATOR, methods=GET_POST)
def bureau_invite(request, public_id):
    """Somebody of the region's bureau."""
    region = get_object_or_404(Region, public_id=public_id)
    return _invite(request, region, reverse("schools:region_show", args=[public_id]))


@allow(Audience.OPERATOR, methods=GET_POST)
@reads(SchoolAddFilters)
def school_add(request):
    """A new school with its first coordinator, in a region or on its own."""
    form = SchoolForm(
        request.POST or None, initial={"region": request.filters.chosen["region"] or ALONE}
    )
    if request.method == "POST" and form.is_valid():
        try:
            school = _made(form.cleaned_data, request.actor)
        except Conflict as error:
            form.add_error(None, str(error))
        else:
            text = _("De school staat klaar. De uitnodiging voor %(name)s is onderweg.")
            notice(request, text % {"name": form.cleaned_data["person"]})
            return redirect("schools:school_show", school.brin)
    return form_page(request, "schools/school_add.html", {"form": form})


@transaction.atomic
def _made(given: dict, actor) -> School:
    if given["region"] == ALONE:
        region = platform.make_region(given["name"], actor=actor)
    else:
        region = Region.objects.get(public_id=given["region"])
    school = platform.make_school(
        region, name=given["name"], brin=given["brin"], city=given["city"], actor=actor
    )
    platform.invite_first(school, name=given["person"], email=given["email"], actor=actor)
    return school


@allow(Audience.OPERATOR)
def school_show(request, brin):
    """One school: who sets it up, and whether it takes part."""
    school = _school(brin)
    people = first_people(request.actor, role=Role.COORDINATOR, school=school)
    return render(request, "schools/school_show.html", {"school": school, "people": people})


def _school(brin: str) -> School:
    return get_object_or_404(School.objects.select_related("region"), brin=brin)


@allow(Audience.OPERATOR, methods=GET_POST)
def school_edit(request, brin):
    """Another name for a school."""
    return _rename(request, _school(brin), reverse("schools:school_show", args=[brin]))


@allow(Audience.OPERATOR, methods=GET_POST)
def coordinator_invite(request, brin):
    """Another first coordinator: the first one left, or never got the mail."""
    return _invite(request, _school(brin), reverse("schools:school_show", args=[brin]))


@allow(Audience.OPERATOR, methods=GET_POST)
def school_end(request, brin):
    """A school stops; asked once."""
    school = _school(brin)
    back = reverse("schools:school_show", args=[brin])
    if request.method == "POST":
        platform.end_school(school, actor=request.actor)
        text = _("%(school)s doet niet meer mee. Niemand kan er nog inloggen.")
        undo = reverse("schools:school_back", args=[brin])
        notice(request, text % {"school": school.name}, undo_url=undo)
        return redirect(back)
    context = {
        "title": _("Laat %(school)s stoppen?") % {"school": school.name},
        "text": _(
            "Niemand van deze school kan dan nog inloggen en er gaat geen mail meer uit."
            " Alles blijft bewaard. Je kunt het terugnemen."
        ),
        "confirm_label": _("Laat de school stoppen"),
        "back_url": back,
    }
    return render(request, "ui/confirm_page.html", context)


@allow(Audience.OPERATOR, methods=("POST",))
def school_back(request, brin):
    """A school that stopped takes part again."""
    school = _school(brin)
    platform.take_school_back(school, actor=request.actor)
    notice(request, _("%(school)s doet weer mee.") % {"school": school.name})
    return redirect("schools:school_show", brin)


@allow(Audience.OPERATOR, methods=("POST",))
def first_resend(request, public_id):
    """Mail an invitation once more."""
    member = _first(request.actor, public_id)
    platform.invite_first_again(member, actor=request.actor)
    notice(request, _("De uitnodiging voor %(name)s is weer onderweg.") % {"name": member.name})
    return redirect(page_of_first(member))


@allow(Audience.OPERATOR, methods=GET_POST)
def first_withdraw(request, public_id):
    """Take an invitation back that nobody opened."""
    member = _first(request.actor, public_id)
    if request.method == "POST":
        platform.withdraw_first(member, actor=request.actor)
        notice(request, _("De uitnodiging voor %(name)s is ingetrokken.") % {"name": member.name})
        return redirect(page_of_first(member))
    context = {
        "title": _("Trek de uitnodiging van %(name)s in?") % {"name": member.name},
        "text": _("De link in de mail aan %(email)s werkt dan niet meer.")
        % {"email": member.email},
        "confirm_label": _("Trek in"),
        "back_url": page_of_first(member),
    }
    return render(request, "ui/confirm_page.html", context)


def _first(actor, public_id: str) -> Membership:
    rows = Membership.objects.visible_to(actor).active().select_related("school", "region")
    return get_object_or_404(rows, public_id=public_id)


def _rename(request, place: Region | School, back: str):
    form = NameForm(request.POST or None, initial={"name": place.name})
    if request.method == "POST" and form.is_valid():
        try:
            platform.rename(place, form.cleaned_data["name"], actor=request.actor)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            notice(request, _("De naam is bewaard."))
            return redirect(back)
    context = {"form": form, "place": place, "back_url": back}
    return form_page(request, "schools/place_rename.html", context)


def _invite(request, place: Region | School, back: str):
    form = FirstPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            platform.invite_first(place, **form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("email", str(error))
        else:
            name = form.cleaned_data["name"]
            notice(request, _("De uitnodiging voor %(name)s is onderweg.") % {"name": name})
            return redirect(back)
    context = {
        "form": form,
        "place": place,
        "back_url": back,
        "of_school": isinstance(place, School),
    }
    return form_page(request, "schools/first_invite.html", context)
