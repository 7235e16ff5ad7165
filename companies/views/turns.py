"""What somebody of a company does from a mail: it is not for me, or no more of these.

The link says which mailbox and which school. A GET, also a mail scanner's, changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from companies import services
from companies.reader import Reader, reader_of
from companies.services.standing import stops_of
from stage.core.tenants import tenancy
from stage.core.ui.notices import notice
from stage.core.who import links
from stage.core.who.access import public

ONE_CLICK = "List-Unsubscribe"  # the field a mail program posts (RFC 8058)


def with_reader(view: Callable) -> Callable:
    """Give the view the reader of a mail, and run it as that person; known by the link only."""

    @wraps(view)
    def found(request, token: str):
        link = links.find_link(token)
        if link is None or link.person_kind != "contact":
            raise Http404
        reader = reader_of(link)
        if reader is None:
            return render(request, "companies/answer_gone.html", status=410)
        request.actor = reader.actor
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
        "school": link.school.name if link.school_id else "",
        **more,
    }


@public("the link of a mail; shows no student and changes nothing")
@with_reader
def mail_turns(request, token, reader: Reader):
    """Not for you: the ways out of a mail."""
    return render(request, "companies/mail_turns.html", page_of(token, reader))


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
