"""Example letters: the school's own, and those that schools of the region share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import letters, policies
from companies.filters import TextFilters
from companies.forms.texts import LetterTextForm
from companies.models import LetterText
from companies.services import texts
from companies.views.common import allowed_or_403, campaign_or_404
from stage.core.enums import Audience
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.who.access import allow

COORDINATOR = Audience.COORDINATOR


def _text_or_404(request, public_id: str) -> LetterText:
    rows = LetterText.objects.visible_to(request.actor).select_related("school")
    return get_object_or_404(rows, public_id=public_id)


def _own_text(request, public_id: str) -> LetterText:
    """An example of the school itself; of another's, NotAllowed."""
    row = _text_or_404(request, public_id)
    allowed_or_403(policies.may_campaign, request.actor, row)
    return row


@allow(COORDINATOR, Audience.BUREAU)
@reads(TextFilters)
def letter_text_list(request) -> HttpResponse:
    rows = LetterText.objects.visible_to(request.actor).select_related("school")
    rows = request.filters.narrow(rows).order_by("name", "pk")
    page = page_of(rows, request.filters)
    for row in page:
        row.is_own = row.school_id == request.actor.school_id
    context = {
        "page_obj": page,
        "whose": request.filters.chosen["van"],
        "may_write": request.actor.is_coordinator,
    }
    return render(request, "companies/letter_text_list.html", context)


@allow(COORDINATOR, Audience.BUREAU)
def letter_text_show(request, public_id) -> HttpResponse:
    row = _text_or_404(request, public_id)
    context = {
        "row": row,
        "is_own": row.school_id == request.actor.school_id,
        "may_write": request.actor.is_coordinator,
    }
    return render(request, "companies/letter_text_show.html", context)


@allow(COORDINATOR, methods=("POST",))
def campaign_keep(request, public_id) -> HttpResponse:
    """Keep a letter as an example, and give it a name."""
    campaign = campaign_or_404(request, public_id)
    row = texts.keep_text(campaign, actor=request.actor)
    notice(request, _("Bewaard als voorbeeld. Geef het een naam waaraan je het herkent."))
    return redirect("companies:letter_text_edit", row.public_id)


@allow(COORDINATOR, methods=("GET", "POST"))
def letter_text_edit(request, public_id) -> HttpResponse:
    row = _own_text(request, public_id)
    form = LetterTextForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_valid():
        texts.change_text(row, actor=request.actor, **form.cleaned_data)
        notice(request, _("De voorbeeldbrief is bewaard."))
        return redirect("companies:letter_text_show", row.public_id)
    context = {"form": form, "row": row, "fields": letters.FIELDS}
    return form_page(request, "companies/letter_text_edit.html", context)


@allow(COORDINATOR, methods=("GET", "POST"))
def letter_text_share(request, public_id) -> HttpResponse:
    """Read it once more before the region reads it; of a shared one: take it back."""
    row = _own_text(request, public_id)
    if request.method == "POST":
        share = request.POST.get("share") == "1"
        texts.share_text(row, share, actor=request.actor)
        done = _("Scholen in de regio zien deze brief nu.")
        notice(request, done if share else _("Alleen jullie zien deze brief nog."))
        return redirect("companies:letter_text_show", row.public_id)
    context = {"row": row, "personal": texts.personal_in(row)}
    return render(request, "companies/letter_text_share.html", context)


@allow(COORDINATOR, methods=("GET", "POST"))
def letter_text_remove(request, public_id) -> HttpResponse:
    row = _own_text(request, public_id)
    if request.method == "POST":
        texts.remove_text(row, actor=request.actor)
        notice(request, _("De voorbeeldbrief is verwijderd."))
        return redirect("companies:letter_text_list")
    return confirm_removal(
        request,
        title=_("Voorbeeldbrief verwijderen?"),
        text=_("%(name)s. Brieven die ermee begonnen, blijven zoals ze zijn.") % {"name": row.name},
        back_url=reverse("companies:letter_text_show", args=[row.public_id]),
    )
