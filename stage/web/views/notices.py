"""How somebody wants to hear: by mail, and on which phones."""

from __future__ import annotations

import re

from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from stage.core.enums import STAFF, Audience
from stage.core.mail import phones, web_push
from stage.core.models import PushSubscription
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.web.forms.notices import NoticesForm, RefusalsForm

CHOOSERS = (*STAFF, Audience.STUDENT)
OUTSIDE = (Audience.COMPANY, Audience.GUARDIAN)
# What a browser calls itself, in the order in which one name hides another.
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux")
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


@allow(*CHOOSERS, *OUTSIDE, Audience.BUREAU, methods=("GET", "POST"))
def notices(request):
    """Which mail comes at once, which once a day, and when it is quiet."""
    actor = request.actor
    if actor.role in OUTSIDE:
        return _outside(request)
    if actor.is_bureau:
        return form_page(request, "web/notices_bureau.html", {})
    form = NoticesForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        form.keep(actor=actor)
        notice(request, _("Bewaard. Het geldt ook voor mail die al klaarstond."))
        return redirect("web:notices")
    context = {
        "form": form,
        "layout": "layouts/phone.html" if actor.is_student else "layouts/desk.html",
        "push_key": web_push.public_key() if web_push.is_on() else "",
        "phones": PushSubscription.objects.visible_to(actor),
        "this_phone": request.session.get(phones.SESSION_KEY, ""),
    }
    return form_page(request, "web/notices.html", context)


def _outside(request):
    """Which mails need not come, to who comes by a mailed link."""
    actor = request.actor
    form = RefusalsForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        form.keep(actor=actor)
        notice(request, _("Bewaard. U krijgt alleen nog wat hier aan staat, en wat altijd komt."))
        return redirect("web:notices")
    return form_page(request, "web/notices_outside.html", {"form": form})


@allow(*CHOOSERS, methods=("POST",))
def push_on(request):
    """Show notices in this browser, which asked its user and its push service."""
    typed = [request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth")]
    device = device_words(request.headers.get("User-Agent", ""))
    row = phones.switch_on(*typed, device=device, actor=request.actor)
    request.session[phones.SESSION_KEY] = row.public_id
    notice(request, _("Meldingen staan aan op dit apparaat."))
    return redirect("web:notices")


@allow(*CHOOSERS, methods=("POST",))
def push_off(request, public_id):
    """Show no more notices on one of one's own devices."""
    rows = PushSubscription.objects.visible_to(request.actor)
    phones.switch_off(get_object_or_404(rows, public_id=public_id), actor=request.actor)
    notice(request, _("Meldingen staan uit op dat apparaat."))
    return redirect("web:notices")


def device_words(agent: str) -> str:
    """What its owner knows a browser by: "Chrome, Android"."""
    device = next((name for name in DEVICES if name in agent), "")
    browser = next((name for sign, name in BROWSERS if re.search(rf"\b{sign}\w*/", agent)), "")
    return ", ".join(filter(None, (browser, device.replace("Macintosh", "Mac"))))
