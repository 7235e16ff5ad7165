"""The page behind a mailed link of a school that stopped: what it asks cannot be done any more.

No mail of such a school leaves either, so that a code would never come.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from stage.core import mail
from stage.core.enums import PersonKind
from stage.core.models import Link, School
from stage.core.tenants.tenancy import NOBODY, scope_at, use
from stage.core.who import links


def page_of_ended_school(request, link: Link) -> HttpResponse | None:
    """Says so, and whom to call: the school itself, and the region's bureau. None while it runs."""
    if link.school_id is None:
        return None
    if School.objects.running().filter(pk=link.school_id).exists():
        return None
    with use(links.scope_of_link(link)):
        school = mail.sender_of(school_id=link.school_id, region_id=link.region_id)
    with use(scope_at(None, link.region_id)):
        bureau = mail.sender_of(school_id=None, region_id=link.region_id)
        context = {"school": school, "bureau": bureau}
        return render(request, "schools/school_ended.html", context, status=410)


def page_of_ended_letter(request, purpose: str, target: str) -> HttpResponse | None:
    """The same for who has a company's page open, of what that person was mailed about.

    `target`: the public id of that thing. None for what was mailed to others, and while it runs.
    """
    with use(NOBODY):
        mailed = Link.objects.filter(purpose=purpose, target=target, revoked_at__isnull=True)
        mailed = mailed.filter(person_kind=PersonKind.CONTACT)
        link = mailed.filter(person_id__in=request.actor.contacts).first()
    return page_of_ended_school(request, link) if link else None
