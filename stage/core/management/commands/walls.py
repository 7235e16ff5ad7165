"""`manage.py walls`: puts the walls in the database right, or says with --check what is wrong."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.db import DEFAULT_DB_ALIAS, connections

from stage.core.tenants import laying


class Command(BaseCommand):
    help = (
        "Mend the walls between tenants in the database and drop what is not declared, as the "
        "last step of migrate does. With --check nothing changes: each difference is a line, and "
        "the exit code is 1. Run as the owner of the tables; --check also works as the product's "
        "own log-in, which compares with what was laid last."
    )
    requires_system_checks = []

    def add_arguments(self, parser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing")
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *args, check: bool, database: str, verbosity: int = 1, **options) -> None:
        connection = connections[database]
        if check:
            self._check(connection)
            if verbosity:
                self.stdout.write("The walls are as declared.")
            return
        if not laying.may_lay(connection):
            raise CommandError(
                "Only the owner of the tables lays walls: "
                'DATABASE_URL="$DATABASE_OWNER_URL" python manage.py walls'
            )
        before = laying.compare(connection)
        for difference in before:
            self.stdout.write(str(difference))
        try:
            waiting = laying.lay(connection)
        except laying.WallsError as error:
            raise CommandError(f"The walls are not as declared:\n{error}") from None
        for line in waiting:
            self.stderr.write(f"closed until a migration comes: {line}")
        self.stdout.write(f"The walls are as declared; {len(before)} differences mended.")

    def _check(self, connection) -> None:
        differences = laying.compare(connection)
        for difference in differences:
            self.stdout.write(str(difference))
        if differences:
            raise CommandError(f"{len(differences)} differences between walls and declaration")
