"""How allauth behaves here: nobody signs up by themselves, mail waits for the commit."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation and by login card only."""

    def is_open_for_signup(self, request) -> bool:
        return False

    def send_mail(self, template_prefix, email, context):
        """Send after the commit: a mail about something that was rolled back helps nobody."""
        message = self.render_mail(template_prefix, email, context)
        transaction.on_commit(message.send)
