"""For the school: somebody was called about today, and nobody answered."""

from __future__ import annotations

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from attendance import services
from attendance.views.staff import back_to, own_placement
from stage.core.enums import STAFF
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


@allow(*STAFF, methods=("POST",))
def called(request, public_id, day):
    """Gebeld, geen gehoor: colleagues see it."""
    placement = own_placement(request, public_id)
    try:
        services.called(placement, actor=request.actor, day=day)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        words = _("Genoteerd: over %(name)s gebeld, geen gehoor. Collega's zien het.")
        undo = reverse("attendance:called_undo", args=[placement.public_id, day])
        notice(request, words % {"name": placement.student.first_name}, undo_url=undo)
    return redirect(back_to(request, day))


@allow(*STAFF, methods=("POST",))
def called_undo(request, public_id, day):
    """Not called after all."""
    placement = own_placement(request, public_id)
    try:
        services.called_undone(placement, actor=request.actor, day=day)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        notice(request, _("Ongedaan gemaakt."))
    return redirect(back_to(request, day))
