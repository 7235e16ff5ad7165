"""How somebody wants to hear by mail."""

from __future__ import annotations

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from stage.core.enums import STAFF, Audience
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.web.forms.notices import NoticesForm


@allow(*STAFF, Audience.STUDENT, methods=("GET", "POST"))
def notices(request):
    """Which mail comes at once, which once a day, and when it is quiet."""
    actor = request.actor
    form = NoticesForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        form.keep(actor=actor)
        notice(request, _("Bewaard. Het geldt ook voor mail die al klaarstond."))
        return redirect("web:notices")
    layout = "layouts/phone.html" if actor.is_student else "layouts/desk.html"
    return form_page(request, "web/notices.html", {"form": form, "layout": layout})
