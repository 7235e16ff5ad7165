"""Somebody does not work here any more: one page, one confirmation, for oneself or for another."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import leaving, policies, services
from companies.forms.turns import LeaveForm
from companies.identity import actor_of_address
from companies.models import Contact
from companies.services.leaving import schools_of
from companies.views.common import KEEPERS, allowed_or_403, company_or_404, home_of
from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow, public
from stage.core.who.policies import Conflict


@allow(*KEEPERS, methods=("GET", "POST"))
def contact_leave(request, public_id, contact):
    """School, bureau or a colleague says that somebody left."""
    company = company_or_404(request, public_id)
    rows = Contact.objects.visible_to(request.actor).filter(company__in=company.family)
    row = get_object_or_404(rows.select_related("company"), public_id=contact)
    allowed_or_403(policies.may_keep_company, request.actor, row)
    if leaving.is_own(request.actor, row):
        return redirect("companies:own_leave", row.public_id)
    back = home_of(request.actor, company)
    done, context = _ask(request, row, own=False)
    if not done:
        desk, company_page = "companies/leave_desk.html", "companies/leave_company.html"
        template = company_page if request.actor.is_company else desk
        return form_page(request, template, {**context, "back_url": back})
    notice(request, _("%(name)s krijgt geen mail meer.") % {"name": row.name})
    return redirect(back)


@allow(Audience.COMPANY, methods=("GET", "POST"))
def own_leave(request, public_id):
    """I leave; with who takes over, and whether what is known of me is erased."""
    actor = request.actor
    row = next((r for r in leaving.own_lines(actor) if r.public_id == public_id), None)
    if row is None or not actor.proven:
        raise Http404
    done, context = _ask(request, row, own=True)
    if not done:
        return form_page(
            request, "companies/leave_company.html", {**context, "back_url": reverse("web:me")}
        )
    left = actor_of_address(actor.email)
    if left is None or not left.standings:
        return redirect("companies:left")
    notice(request, _("U staat niet meer bij %(company)s.") % {"company": row.company.name})
    return redirect("web:me")


def _ask(request, row: Contact, *, own: bool) -> tuple[bool, dict]:
    """Whether the form was sent and taken, and what the page shows otherwise."""
    actor = request.actor
    last = leaving.last_for(row, schools_of(row, actor))
    form = LeaveForm(request.POST or None, colleagues=_colleagues(row), own=own, is_last=bool(last))
    context = {
        "form": form,
        "contact": row,
        "company": row.company,
        "own": own,
        "is_last": bool(last),
        # The bureau knows of no student.
        "guides": not actor.is_bureau and bool(leaving.guiding([row.pk])),
    }
    if request.method == "POST" and form.is_valid():
        try:
            services.leave_company(row, **form.values(), actor=actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            return True, context
    return False, context


def _colleagues(row: Contact) -> list[Contact]:
    """Who else works there and can be written to, as far as it is in sight."""
    rows = Contact.objects.active().filter(company_id=row.company_id).exclude(email="")
    return list(rows.exclude(pk=row.pk).exclude(email__iexact=row.email).order_by("name", "pk"))


@public("says that somebody left, to anybody alike")
def left(request):
    """After the last goodbye nobody is known any more."""
    return render(request, "companies/left.html")
