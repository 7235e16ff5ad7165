"""A company answers a school: by its link without an account, or from its own home."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from companies import identity, queries, services
from companies.enums import ANSWERED, PlaceState
from companies.filters import AnswerFilters
from companies.forms.answers import FORMS, SOMEBODY_ELSE
from companies.models import Contact, Invitation, Place
from companies.services.answers import version_of
from companies.wanted import wanted_words
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.tenants import tenancy
from stage.core.ui.dates import day_words, period_words
from stage.core.ui.filters import reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import links
from stage.core.who.access import allow, public
from stage.core.who.actors import Actor
from stage.core.who.policies import Conflict

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
        if actor is None:
            return render(request, "companies/answer_gone.html", status=410)
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
    context = {"sent": sent}
    return render(request, "companies/answer_expired.html", context, status=200 if sent else 410)


@allow(Audience.COMPANY, methods=("GET", "POST"))
@reads(AnswerFilters)
def invitation_own(request, public_id):
    """The same from the company's own home, on a device that proved the mailbox."""
    return _answer(request, public_id)


def _answer(request, public_id: str):
    rows = Invitation.objects.visible_to(request.actor).select_related(*RELATED)
    # A letter that asks again what was asked before shows that question and its answer.
    invitation = get_object_or_404(rows, public_id=public_id).asked
    offered = Place.objects.filter(invitation=invitation)
    place = offered.select_related("supervisor", "offer__location").first()
    wanted = request.POST.get("answer") or request.filters.chosen["antwoord"]
    over = invitation.period.ends < school_today()
    if request.method == "POST" and wanted in FORMS:
        return _take(request, invitation, place, wanted)
    if wanted in FORMS and not over:
        form = _form(invitation, place, wanted, initial=initial_of(invitation, place, wanted))
        return _form_page(request, invitation, form)
    context = {"invitation": invitation, "place": place, "over": over, "facts": _facts(invitation)}
    if invitation.state in ANSWERED and not request.filters.chosen["opnieuw"]:
        still = place if place is not None and place.state == PlaceState.OPEN else None
        more = {"place": still, "asked_first": _is_asked_first(invitation, still)}
        return render(request, "companies/answer_done.html", {**context, **more})
    return render(request, "companies/answer.html", context)


def _take(request, invitation: Invitation, place: Place | None, wanted: str):
    form = _form(invitation, place, wanted, data=request.POST)
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


def _form(invitation: Invitation, place: Place | None, wanted: str, **kwargs):
    # Names, no addresses: whoever holds the link sees who works there, and the school asks later.
    contacts = Contact.objects.active().filter(company_id=invitation.company_id)
    return FORMS[wanted](invitation=invitation, place=place, contacts=contacts, **kwargs)


def initial_of(invitation: Invitation, place: Place | None, wanted: str) -> dict:
    """What is already known: the answer given before, else that of last time, else the profile."""
    start = {"seen": version_of(invitation), "reason": invitation.reason}
    if wanted == "later" and invitation.ask_again_on:
        return {**start, "month": invitation.ask_again_on.isoformat()}
    if wanted != "yes":
        return {**start, "no_reason": invitation.no_reason}
    before = place or _last_place(invitation)
    supervisor = before and before.supervisor_id
    if not supervisor:
        active = Contact.objects.active().filter(company_id=invitation.company_id)
        supervisor = active.with_role("supervisor").values_list("pk", flat=True).first()
    days = set(before.weekdays if before else []) & set(invitation.period.weekdays)
    off = invitation.poll_days.filter(available=False) if place else []
    return {
        **start,
        "how_many": before.how_many if before else 1,
        "weekdays": sorted(days) or invitation.period.weekdays,
        "not_on": [d.date.isoformat() for d in off if d.date.isoweekday() in days],
        "tasks": (before and before.offer.tasks) or invitation.company.tasks,
        "supervisor": str(supervisor or SOMEBODY_ELSE),
    }


def _is_asked_first(invitation: Invitation, place: Place | None) -> bool:
    """Whether somebody still has to say that the supervisor's address is right."""
    if place is None or place.supervisor_id is None:
        return False
    with tenancy.as_school_of(invitation):
        known = Contact.objects.known_to(invitation.school_id)
        return not known.filter(pk=place.supervisor_id).exists()


def _last_place(invitation: Invitation) -> Place | None:
    """What the company offered this school last time; its link shows this one invitation only."""
    with tenancy.as_school_of(invitation):
        return queries.last_place(invitation.company_id)


def _facts(invitation: Invitation) -> list[tuple[str, str]]:
    period = invitation.period
    pairs = [
        (_("Wanneer"), period_words(period.starts, period.ends)),
        (_("Werktijden"), f"{period.day_from:%H:%M} – {period.day_to:%H:%M}"),
        (_("Soort stage"), period.get_kind_display()),
    ]
    if invitation.campaign and invitation.campaign.answer_before:
        pairs.append((_("Graag antwoord voor"), day_words(invitation.campaign.answer_before)))
    if invitation.campaign and (words := wanted_words(invitation.campaign.wanted)):
        pairs.append((_("Gezocht"), words))
    return pairs


def _form_page(request, invitation: Invitation, form):
    context = {
        "invitation": invitation,
        "form": form,
        "facts": _facts(invitation),
        # What holds an answer or an error already is not folded away.
        "days_open": bool("not_on" in form.fields and form["not_on"].value()),
    }
    return form_page(request, "companies/answer_form.html", context)
