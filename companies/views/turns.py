"""What somebody of a company does from a mail: it is not for me, or no more of these.

The link says which mailbox and which school. A GET, also a mail scanner's, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from companies import services, trust
from companies.enums import ContactRole
from companies.forms.turns import PassOnForm
from companies.models import Contact, Invitation
from companies.reader import Reader, reader_of
from companies.school_line import line_of
from companies.services.passing import colleagues_at, passed_on_of, why_not
from companies.services.standing import stops_of
from stage.core.enums import Audience, PersonKind
from stage.core.tenants import tenancy
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import links
from stage.core.who.access import allow, public
from stage.core.who.policies import Conflict
from stage.schools.ended import page_of_ended_school

RELATED = ("company", "school", "period", "contact", "campaign")
ONE_CLICK = "List-Unsubscribe"  # the field a mail program posts (RFC 8058)


def with_reader(view: Callable) -> Callable:
    """Give the view the reader of a mail, and run it as that person; known by the link only."""

    @wraps(view)
    def found(request, token: str):
        link = links.find_link(token)
        if link is None or link.person_kind != PersonKind.CONTACT:
            raise Http404
        # Its letters can be stopped all the same: a mail program that asks so gets its answer.
        if view.__name__ != "letters_stop" and (ended := page_of_ended_school(request, link)):
            return ended
        reader = reader_of(link)
        if reader is None:
            with tenancy.use(links.scope_of_link(link)):
                context = {"school_line": line_of(link)}
                return render(request, "companies/answer_gone.html", context, status=410)
        request.device_actor, request.actor = request.actor, reader.actor
        with tenancy.use(reader.actor.scope):
            return view(request, token, reader)

    return found


def page_of(token: str, reader: Reader, **more) -> dict:
    """What the pages of a mail's link say about whom it was for."""
    link = reader.link
    return {
        "token": token,
        "reader": reader,
        "masked": links.masked(reader.address),
        "school": link.school.name if link.school else "",
        **more,
    }


@public("the link of a mail; shows no student and asks a code for more", methods=("GET", "POST"))
@with_reader
def mail_turns(request, token, reader: Reader):
    """Not for you: the ways out of a mail. Who leaves proves first to read the mailbox."""
    if request.method == "POST" and "leave" in request.POST:
        return redirect(_link_with_code(reader, "leave", reader.contact.public_id))
    # Only a letter goes on by itself. For what shows a student the colleague is made known first.
    may_add = reader.invitation is None and _may_prove(reader)
    if request.method == "POST" and "colleague" in request.POST and may_add:
        return redirect(_link_with_code(reader, "colleague", reader.contact.company.public_id))
    context = page_of(token, reader, may_add=may_add)
    return render(request, "companies/mail_turns.html", context)


@public("the link of a mail; stops letters to its reader", methods=("GET", "POST"))
@csrf_exempt  # a mail program posts here without cookies; the link is all that counts
@with_reader
def letters_stop(request, token, reader: Reader):
    """No letters of this school any more, or again after all; also after the link expired."""
    if not reader.school_id:
        return redirect("companies:mail_turns", token)
    if request.method == "POST":
        return _stop(request, token, reader)
    return render(request, "companies/letters_stop.html", _stop_page(token, reader))


def _stop(request, token: str, reader: Reader):
    if ONE_CLICK in request.POST:
        services.stop_letters(reader, actor=request.actor)
        # No redirect: who posts is a program (RFC 8058, 3.1).
        return render(request, "companies/letters_stop.html", _stop_page(token, reader))
    if "stop" in request.POST:
        services.stop_letters(reader, actor=request.actor)
        notice(request, _("U krijgt geen brieven meer van deze school."))
    elif "allow" in request.POST:
        services.allow_letters(reader, actor=request.actor)
        notice(request, _("U krijgt weer brieven van deze school."))
    return redirect("companies:letters_stop", token)


def _stop_page(token: str, reader: Reader) -> dict:
    with tenancy.as_school_of(reader):
        stopped = stops_of(reader, reader.address).exists()
    return page_of(token, reader, stopped=stopped)


# --- this is for a colleague ------------------------------------------------------------------


@public("the link of a letter; shows colleagues by name, no student", methods=("GET", "POST"))
@with_reader
def mail_pass_on(request, token, reader: Reader):
    """The letter goes on to a colleague; who proved to be the contact does so from its own page."""
    invitation = reader.invitation
    if invitation is None or reader.is_expired:
        return redirect("companies:mail_turns", token)
    device = request.device_actor
    if device is not None and device.is_company and trust.is_contact(device, invitation):
        return redirect("companies:invitation_pass_on", invitation.public_id)
    if request.method == "POST" and "prove" in request.POST and _may_prove(reader):
        return redirect(_link_with_code(reader, "pass_on", invitation.public_id))
    context = page_of(token, reader, may_prove=_may_prove(reader))
    return _pass_on(request, invitation, context)


@allow(Audience.COMPANY, methods=("GET", "POST"))
def invitation_pass_on(request, public_id):
    """The same on a device that proved the mailbox: a new colleague is mailed at once."""
    rows = Invitation.objects.visible_to(request.actor).select_related(*RELATED)
    invitation = get_object_or_404(rows, public_id=public_id)
    return _pass_on(request, invitation, {"proven": True})


def _pass_on(request, invitation: Invitation, context: dict):
    with tenancy.as_school_of(invitation):
        colleagues = list(colleagues_at(invitation).exclude(to=request.actor.email.lower()))
        done = passed_on_of(invitation)
    form = PassOnForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        try:
            services.pass_on(invitation, **form.values(), actor=request.actor)
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            # The page says of each what came of it.
            return redirect(request.path)
    context |= {
        "invitation": invitation,
        "form": form,
        "done": done,
        "over": why_not(invitation),
    }
    return form_page(request, "companies/pass_on.html", context)


def _may_prove(reader: Reader) -> bool:
    """Whether a code would help: only the school's own contact speaks for a colleague."""
    if not reader.known or not reader.school_id:
        return False
    with tenancy.as_school_of(reader):
        rows = Contact.objects.known_to(reader.school_id).who_may(ContactRole.CONTACT)
        return rows.filter(pk=reader.contact.pk).exists()


def _link_with_code(reader: Reader, purpose: str, target: str = "") -> str:
    """A link of the same person that asks a code, mailed to the address we know."""
    return links.link_for(
        person_kind=PersonKind.CONTACT,
        person_id=reader.contact.pk,
        purpose=purpose,
        target=target,
        region_id=reader.contact.region_id,
        school_id=reader.school_id,
    )
