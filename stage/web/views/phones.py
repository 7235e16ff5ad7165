"""Who cannot log in says so; who is logged in on one phone hears of the next."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stage.core.enums import Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who import phones
from stage.core.who.access import allow, public
from stage.core.who.limits import Limit, source_of, take_all
from stage.schools.services.log_in_help import ask_help
from stage.web.forms.entrance import HelpForm

# A whole class may sit behind one address; one student needs no more than a few.
HELP_OF_SOURCE = Limit("log-in-help-source", amount=30, seconds=3600)
HELP_OF_STUDENT = Limit("log-in-help", amount=6, seconds=3600)


@public("who cannot log in has no account to say so with", methods=("GET", "POST"))
@transaction.non_atomic_requests
def help_ask(request):
    """Tell the school that a student cannot log in; the answer is the same for nobody."""
    form = HelpForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return form_page(request, "web/help_ask.html", {"form": form})
    typed, source = form.cleaned_data, source_of(request)
    if not take_all((HELP_OF_SOURCE, source), (HELP_OF_STUDENT, typed["number"], source)):
        form.add_error(None, _("Er is te vaak gevraagd. Probeer het over een uur weer."))
        return render(request, "web/help_ask.html", {"form": form}, status=429)
    ask_help(**typed)
    notice(
        request,
        _(
            "Verstuurd. Kloppen je gegevens, dan zien je mentor en stagebegeleider het zodra ze"
            " inloggen. Meestal is dat de volgende schooldag. Vraag dan om je nieuwe kaart."
        ),
    )
    return redirect("web:password_lost")


@allow(Audience.STUDENT, methods=("POST",))
def phones_seen(request):
    """The other phones are one's own, or they are logged out."""
    if request.POST.get("what") == "end":
        if phones.end_phones(request, request.actor):
            notice(request, _("Dat toestel is uitgelogd. Alleen jij bent nog binnen."))
    else:
        phones.accept_phones(request)
        notice(request, _("Goed. Dan zeggen we er niets meer over."))
    return redirect("web:home")
