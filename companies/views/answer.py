"""A company answers a school: by its link without an account, or from its own home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_protect

from companies import answered, identity, services
from companies.enums import ANSWERED, PlaceState
from companies.filters import AnswerFilters
from companies.forms.answers import FORMS
from companies.models import Contact, Invitation, Place
from companies.school_line import line_of
from companies.services.answers import version_of
from companies.views.answering import facts_of, ground_of, initial_of
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.tenants import tenancy
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import links
from stage.core.who.access import allow, public
from stage.core.who.actors import Actor
from stage.core.who.policies import Conflict
from stage.schools.ended import page_of_ended_letter, page_of_ended_school

RELATED = (
    *("campaign", "company", "school", "period", "contact", "question__campaign"),
    *("question__company", "question__school", "question__period", "question__contact"),
)


@contextmanager
def person_of_token(request, token: str) -> Iterator[tuple[links.Link, Actor | None]]:
    """Run as the person a link is for, at that one company, known by the link only.

    The actor is None when the contact left. Raises Http404 for what is no link to an invitation.
    """
    link = links.find_link(token)
    if link is None or link.purpose != "invitation":
        raise Http404
    with tenancy.use(links.scope_of_link(link)):
        known = Contact.objects.known_to(link.school_id).filter(pk=link.person_id)
        contact = known.first() or _named(link)
        invitation = Invitation.objects.filter(public_id=link.target).first()
    if contact is None:
        yield link, None
        return
    if invitation is None or invitation.company_id != contact.company_id:
        raise Http404
    actor = identity.actor_of_link(contact, invitation)
    with tenancy.use(actor.scope):
        request.actor = actor
        yield link, actor


@public("the link identifies an invitation; no student is shown", methods=("GET", "POST"))
@csrf_protect
@reads(AnswerFilters)
def invitation_answer(request, token):
    """The page of an invitation's link. A GET, also a mail scanner's, changes nothing."""
    with person_of_token(request, token) as (link, actor):
        if (ended := page_of_ended_school(request, link)) is not None:
            return ended
        if actor is None:
            with tenancy.use(links.scope_of_link(link)):
                context = {"school_line": line_of(link)}
                return render(request, "companies/answer_gone.html", context, status=410)
        if links.is_expired(link):
            return _expired(request, link)
        return _answer(request, link.target)


def _named(link: links.Link) -> Contact | None:
    """Whom others named, unless the school said that this person counts no more."""
    rows = Contact.objects.not_put_away(link.school_id)
    return rows.filter(pk=link.person_id).first()


def _expired(request, link: links.Link):
    """Offers a new link, to the address we know; asked for by a POST, at most one an hour."""
    sent = request.method == "POST"
    if sent:
        links.send_new_link(link)
    context = {"sent": sent, "school_line": line_of(link)}
    return render(request, "companies/answer_expired.html", context, status=200 if sent else 410)


@allow(Audience.COMPANY, methods=("GET", "POST"))
@reads(AnswerFilters)
def invitation_own(request, public_id):
    """The same from the company's own home, on a device that proved the mailbox."""
    try:
        return _answer(request, public_id)
    except Http404:
        # The page may have stood open while the school stopped.
        ended = page_of_ended_letter(request, "invitation", public_id)
        if ended is None:
            raise
        return ended


def _answer(request, public_id: str):
    rows = Invitation.objects.visible_to(request.actor).select_related(*RELATED)
    # A letter that asks again what was asked before shows that question and its answer.
    invitation = get_object_or_404(rows, public_id=public_id).asked
    offered = Place.objects.filter(invitation=invitation)
    place = offered.select_related(*answered.RELATED).first()
    wanted = request.POST.get("answer") or request.filters.chosen["antwoord"]
    over = invitation.period.ends < school_today()
    if request.method == "POST" and wanted in FORMS:
        return _take(request, invitation, place, wanted)
    if wanted in FORMS and not over:
        start = initial_of(invitation, place, wanted)
        form = _form(request, invitation, place, wanted, initial=start)
        return _form_page(request, invitation, form)
    context = {
        "invitation": invitation,
        "over": over,
        "facts": facts_of(invitation),
        "school_line": line_of(invitation),
    }
    if invitation.state in ANSWERED and not request.filters.chosen["opnieuw"]:
        still = place if place is not None and place.state == PlaceState.OPEN else None
        more = {
            "place": still,
            "given": answered.given(still) if still else [],
            "facts": facts_of(invitation, hours=still is None),
            "asked_first": _is_asked_first(invitation, still),
        }
        return render(request, "companies/answer_done.html", {**context, **more})
    return render(request, "companies/answer.html", context)


def _take(request, invitation: Invitation, place: Place | None, wanted: str):
    form = _form(request, invitation, place, wanted, data=request.POST)
    if not form.is_valid():
        return _form_page(request, invitation, form)
    try:
        services.answer_invitation(invitation, form.reply(), actor=request.actor)
    except Conflict as conflict:
        fresh = Invitation.objects.get(pk=invitation.pk)
        if version_of(fresh) != form.cleaned_data["seen"]:
            notice(request, str(conflict), tone="attention")
            return redirect(request.path)
        form.add_error(None, str(conflict))
        return _form_page(request, invitation, form)
    return redirect(request.path)


def _form(request, invitation: Invitation, place: Place | None, wanted: str, **kwargs):
    ground = ground_of(invitation, place, wanted, request.actor)
    return FORMS[wanted](invitation=invitation, ground=ground, **kwargs)


def _is_asked_first(invitation: Invitation, place: Place | None) -> bool:
    """Whether somebody still has to say that the supervisor's address is right."""
    if place is None or place.supervisor_id is None:
        return False
    with tenancy.as_school_of(invitation):
        known = Contact.objects.known_to(invitation.school_id)
        return not known.filter(pk=place.supervisor_id).exists()


def _form_page(request, invitation: Invitation, form):
    context = {"invitation": invitation, "form": form, "school_line": line_of(invitation)}
    return form_page(request, "companies/answer_form.html", context)
