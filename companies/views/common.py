"""What the views of companies share."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from companies import policies
from companies.models import Campaign, Company, Contact
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.who.policies import NotAllowed, Policy

STAFF = (Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU)
KEEPERS = (Audience.COORDINATOR, Audience.BUREAU, Audience.COMPANY)


def company_or_404(request, public_id: str) -> Company:
    """The company of an address; of an old address the one it was merged into."""
    rows = Company.objects.visible_to(request.actor).select_related("merged_into")
    return get_object_or_404(rows, public_id=public_id).stays


def campaign_or_404(request, public_id: str) -> Campaign:
    rows = Campaign.objects.visible_to(request.actor)
    related = rows.select_related("school", "group", "period", "created_by", "attachment")
    return get_object_or_404(related, public_id=public_id)


def allowed_or_403(policy: Policy, actor, row) -> None:
    """Refuse a page whose form the actor could never send."""
    answer = policy(actor, row)
    if not answer:
        raise NotAllowed(answer.reason)


def kept_company(request, public_id: str) -> Company:
    """A company this actor may change; else NotAllowed."""
    company = company_or_404(request, public_id)
    allowed_or_403(policies.may_keep_company, request.actor, company)
    return company


def part_page(request, company: Company, form, *, title: str, back: str) -> HttpResponse:
    """The form of one part of a company, in the frame of who looks."""
    desk, own = "companies/part_desk.html", "companies/part_company.html"
    template = own if request.actor.is_company else desk
    part = form.instance if form.instance.pk else None
    # A contact's page has a button for who left; one's own goodbye is the school's to say.
    may_leave = isinstance(part, Contact) and "roles" in form.fields
    return form_page(
        request,
        template,
        {
            "form": form,
            "company": company,
            "title": title,
            "back_url": back,
            "part": part,
            "may_leave": may_leave,
        },
    )


def home_of(actor, company: Company) -> str:
    """The page about a company: its own for the company, the pool's for the others."""
    name = "companies:profile_edit" if actor.is_company else "companies:company_show"
    return reverse(name, args=[company.public_id])
