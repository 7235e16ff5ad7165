"""The page behind a mailed link of a school that stopped: what it asks cannot be done any more.

No mail of such a school leaves either, so that a code would never come.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from stage.core import mail
from stage.core.models import Link, School
from stage.core.tenants.tenancy import scope_at, use
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
