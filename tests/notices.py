"""Mail that waits for its reader's moment, in tests."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use


def deliver_all() -> int:
    """Send what is due, and what waits for a daily mail as if its moment had come; how many."""
    handled = delivery.deliver()
    with use(SYSTEM):
        waiting = OutboxMail.objects.filter(state="queued", paced_to__gt=timezone.now())
        away = timezone.now() - timedelta(seconds=1)
        waiting.filter(not_before=F("paced_to")).update(not_before=away, paced_to=away)
    return handled + delivery.deliver()
