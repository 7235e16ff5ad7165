"""`manage.py logins`: who can log in to the demo, printed after `make run`."""

from __future__ import annotations

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from stage.devtools import showing as demo

PER_ROLE = 3


class Command(BaseCommand):
    help = "Print the demo's log-ins per role, and how to be a student, a company or a guardian."

    def handle(self, **options):
        try:
            found = demo.logins()
        except RuntimeError:
            return  # no demo here
        if not found:
            return
        shown: dict[str, int] = {}
        self.stdout.write(f"Log in with the password {settings.DEMO_PASSWORD}")
        for login in found:
            shown[login.role] = shown.get(login.role, 0) + 1
            if shown[login.role] <= PER_ROLE:
                self.stdout.write(f"  {login.role:<26} {login.email:<42} {login.place}")
        codes, box = reverse("devtools:demo_logins"), reverse("devtools:demo_mailbox")
        self.stdout.write(f"  second code, and a card to log in as a student: {codes}")
        self.stdout.write(f"  a company or a guardian: open a link out of a mail in {box}")
