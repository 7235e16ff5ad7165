"""`manage.py demo`: fill an empty database with made-up schools, companies and students."""

from __future__ import annotations

import time

from django.core.management.base import BaseCommand, CommandError

from stage.core.models import Region


class Command(BaseCommand):
    help = "Build the demo data, through the services; only in an empty database."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is a region already"
        )
        parser.add_argument("--size", choices=("full", "small"), default="full")

    def handle(self, *, if_empty: bool = False, size: str = "full", **options):
        if Region.objects.exists():
            if if_empty:
                return
            raise CommandError("There is data already. Use an empty database (`make reset`).")
        # Only now: a start with data already there should not wait for what makes them.
        from stage.devtools.demo import build

        began = time.monotonic()
        try:
            build.build(size=size, say=lambda line: self._say(began, line))
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        self._say(began, "ready")

    def _say(self, began: float, line: str) -> None:
        self.stdout.write(f"  {time.monotonic() - began:5.1f} s  {line}")
