"""`manage.py verify_audit`: walks the audit trail and says where it was altered."""

from __future__ import annotations

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from stage.core.record import audit


class Command(BaseCommand):
    help = (
        "Check the chains of the audit trail; prints the last number and hash of each, to keep "
        "outside the database. Give an earlier print with --heads: only that shows that the newest "
        "entries were removed."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--heads", type=Path, help="file with what an earlier run printed")

    def handle(self, *args, heads: Path | None = None, **options) -> None:
        broken = audit.verify()
        if heads is not None:
            broken += audit.missing_heads(kept_heads(heads))
        for chain, (number, digest) in sorted(audit.heads().items()):
            self.stdout.write(f"{chain} {number} {digest}")
        for place in broken:
            self.stderr.write(f"{place.chain} {place.number}: {place.why}")
        if broken:
            raise CommandError(f"{len(broken)} places in the audit trail do not fit")


def kept_heads(path: Path) -> dict[str, tuple[int, str]]:
    """Chain -> number and hash, out of a file with lines as this command prints them."""
    try:
        lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
        return {chain: (int(number), digest) for chain, number, digest in lines}
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} does not hold what verify_audit printed: {error}") from None
