"""Filters that somebody keeps under a name: keep, open, rename, remove and take back."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from stage.core.enums import STAFF, Audience
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools.forms.kept_filters import KeepForm, NameForm, RenameFilters
from stage.schools.kept_filters import KeepingList, list_at
from stage.schools.models import KeptFilter
from stage.schools.services import kept_filters

KEEPERS = (*STAFF, Audience.BUREAU)


@allow(*KEEPERS)
def filter_list(request):
    """All that somebody keeps, by list."""
    actor = request.actor
    rows = KeptFilter.objects.visible_to(actor).present()
    lists = [
        (found, list(kept))
        for page, kept in groupby(rows, key=lambda row: row.page)
        if (found := list_at(page, actor))
    ]
    return render(request, "schools/filter_list.html", {"lists": lists})


@allow(*KEEPERS, methods=("POST",))
def filter_keep(request):
    """Keep what the list is narrowed to; the page comes only where the name was refused."""
    actor = request.actor
    form = KeepForm(request.POST)
    page = _list_or_404(request.POST.get("page", ""), actor)
    filters = page.read(request.POST.get("query", ""), actor)
    if form.is_valid():
        name = form.cleaned_data["name"]
        try:
            row = kept_filters.keep(page, filters, name=name, actor=actor)
        except Conflict as conflict:
            form.add_error("name", str(conflict))
        else:
            notice(
                request,
                _("Het filter “%(name)s” is bewaard.") % {"name": row.name},
                undo_url=reverse("schools:filter_remove", args=[row.public_id]),
            )
            return redirect(page.address(filters))
    context = {"form": form, "list": page, "back_url": page.address(filters)}
    return form_page(request, "schools/filter_keep.html", context)


@allow(*KEEPERS)
def filter_open(request, public_id):
    """The list, narrowed to what was kept; what is gone since then is left out, and said."""
    row = _row(request, public_id)
    page = _list_or_404(row.page, request.actor)
    filters = page.read(row.query, request.actor)
    if filters.errors:
        words = _("Een deel van het filter “%(name)s” bestaat niet meer. Kijk of de lijst klopt.")
        notice(request, words % {"name": row.name}, tone="attention")
    return redirect(page.address(filters))


@allow(*KEEPERS, methods=("GET", "POST"))
@reads(RenameFilters)
def filter_rename(request, public_id):
    """Another name; with ?naam= a POST gives back the one it had."""
    row = _row(request, public_id)
    was = request.filters.chosen["naam"]
    data = {"name": was} if was and "name" not in request.POST else request.POST
    form = NameForm(data if request.method == "POST" else None, initial={"name": row.name})
    if request.method == "POST" and form.is_valid():
        had, name = row.name, form.cleaned_data["name"]
        try:
            kept_filters.rename(row, name=name, actor=request.actor)
        except Conflict as conflict:
            form.add_error("name", str(conflict))
        else:
            undo = reverse("schools:filter_rename", args=[row.public_id])
            notice(
                request,
                _("Het filter heet nu “%(name)s”.") % {"name": name},
                undo_url=f"{undo}?{urlencode({'naam': had})}",
            )
            return redirect("schools:filter_list")
    return form_page(request, "schools/filter_rename.html", {"form": form, "row": row})


@allow(*KEEPERS, methods=("POST",))
def filter_remove(request, public_id):
    """Gone, with the way back."""
    row = _row(request, public_id)
    kept_filters.remove(row, actor=request.actor)
    notice(
        request,
        _("Het filter “%(name)s” is verwijderd.") % {"name": row.name},
        undo_url=reverse("schools:filter_restore", args=[row.public_id]),
    )
    return redirect("schools:filter_list")


@allow(*KEEPERS, methods=("POST",))
def filter_restore(request, public_id):
    """There again."""
    row = get_object_or_404(KeptFilter.objects.visible_to(request.actor), public_id=public_id)
    try:
        kept_filters.take_back(row, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="wrong")
    else:
        notice(request, _("Het filter “%(name)s” staat er weer.") % {"name": row.name})
    return redirect("schools:filter_list")


def _row(request, public_id: str) -> KeptFilter:
    rows = KeptFilter.objects.visible_to(request.actor).present()
    return get_object_or_404(rows, public_id=public_id)


def _list_or_404(page: str, actor) -> KeepingList:
    found = list_at(page, actor)
    if found is None:
        raise Http404(page)
    return found
