"""The contact with one company: the log, who keeps it, what is to be done."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import policies, relating, services
from companies.forms.relations import FollowUpForm, NoteForm, OwnerForm
from companies.models import CompanyNote, CompanyOwner
from companies.services.relations import colleagues
from companies.views.common import STAFF, allowed_or_403, company_or_404
from stage.core.enums import Audience
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.filters import ListFilters, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.ui.paging import page_of
from stage.core.ui.parts import render_page
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

LEADS = (Audience.COORDINATOR, Audience.BUREAU)


def shared_hint(actor) -> str:
    """Who reads what is shared, and who else does not."""
    if actor.is_bureau:
        return _("Alle scholen van de regio lezen het dan. Anders alleen het stagebureau.")
    return _("Alle scholen van de regio en het stagebureau lezen het dan. Anders alleen wij.")


@allow(*STAFF)
@reads(ListFilters)
def company_log(request, public_id):
    """All lines of the log about one company, the newest first."""
    company = company_or_404(request, public_id)
    page = page_of(relating.log_of(company, request.actor), request.filters)
    page.object_list = relating.name_writers(page.object_list, request.actor)
    return render_page(request, "companies/log.html", {"company": company, "page_obj": page})


@allow(*STAFF, methods=("GET", "POST"))
def note_add(request, public_id):
    """Write a line in the log, and what is to be done after it."""
    company, actor = company_or_404(request, public_id), request.actor
    form = NoteForm(request.POST or None, shared_hint=shared_hint(actor))
    if request.method == "POST" and form.is_valid():
        _store(company, form, actor)
        notice(request, _("Het staat in het contactlogboek."))
        return redirect("companies:company_show", company.public_id)
    return form_page(request, "companies/note_add.html", {"form": form, "company": company})


@transaction.atomic
def _store(company, form: NoteForm, actor) -> None:
    note = services.add_note(company, form.said, actor=actor)
    if due := form.cleaned_data["next_due"]:
        services.add_follow_up(
            company,
            text=form.cleaned_data["next_text"],
            due=due,
            who=colleagues(actor).get(pk=actor.membership),
            note=note,
            shared=note.shared,
            actor=actor,
        )


def _own_note(request, company, note: str) -> CompanyNote:
    rows = CompanyNote.objects.own(request.actor).filter(company__in=company.family)
    return get_object_or_404(rows, public_id=note)


@allow(*STAFF, methods=("GET", "POST"))
def note_remove(request, public_id, note):
    """Take a line out of the own log; asked once."""
    company = company_or_404(request, public_id)
    row = _own_note(request, company, note)
    back = reverse("companies:company_log", args=[company.public_id])
    if request.method == "POST":
        services.remove_note(row, actor=request.actor)
        notice(request, _("De notitie is verwijderd."))
        return redirect(back)
    return confirm_removal(request, title=_("Notitie verwijderen?"), text=row.text, back_url=back)


@allow(*STAFF, methods=("POST",))
def note_share(request, public_id, note):
    """Let the region read a line, or no longer."""
    company = company_or_404(request, public_id)
    row = _own_note(request, company, note)
    shared = not row.shared
    services.share_note(row, shared=shared, actor=request.actor)
    said = _("De regio leest dit nu ook.") if shared else _("Alleen wij lezen dit nu.")
    notice(request, said, undo_url=request.path)
    return redirect("companies:company_log", company.public_id)


@allow(*LEADS, methods=("GET", "POST"))
def owner_set(request, public_id):
    """Who of the own side keeps the contact with a company."""
    company, actor = company_or_404(request, public_id), request.actor
    row = CompanyOwner(region_id=company.region_id, school_id=actor.school_id)
    allowed_or_403(policies.may_lead, actor, row)
    own, _bureau = relating.owners_of(company, actor)
    people = colleagues(actor)
    start = people.filter(pk=own.who_id).values_list("public_id", flat=True).first() if own else ""
    form = OwnerForm(request.POST or None, people=people, initial={"who": start})
    if request.method == "POST" and form.is_valid():
        who = form.cleaned_data["who"]
        services.set_owner(company, who, actor=actor)
        words = {"company": company.name, "name": who.name if who else ""}
        said = (
            _("%(name)s onderhoudt het contact met %(company)s.")
            if who
            else _("Niemand in het bijzonder onderhoudt het contact met %(company)s.")
        )
        notice(request, said % words)
        return redirect("companies:company_show", company.public_id)
    return form_page(request, "companies/owner_set.html", {"form": form, "company": company})


@allow(*STAFF, methods=("GET", "POST"))
def follow_up_add(request, public_id):
    """Something to do about a company on a day."""
    company, actor = company_or_404(request, public_id), request.actor
    form = FollowUpForm(
        request.POST or None, people=colleagues(actor), actor=actor, shared_hint=shared_hint(actor)
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.add_follow_up(company, **form.cleaned_data, actor=actor)
        except Conflict as conflict:
            form.add_error("who", str(conflict))
        else:
            notice(request, _("Het staat bij Opvolgen. Op die dag zie je het op je startpagina."))
            return redirect("companies:company_show", company.public_id)
    return form_page(request, "companies/follow_up_add.html", {"form": form, "company": company})
