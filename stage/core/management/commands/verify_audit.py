"""`manage.py verify_audit`: walks the audit trail and says where it was altered."""

from django.core.management.base import BaseCommand, CommandError

from stage.core import audit


class Command(BaseCommand):
    help = "Check the chains of the audit trail; prints the last number and hash of each."

    def handle(self, *args, **options) -> None:
        broken = audit.verify()
        for chain, (number, digest) in sorted(audit.heads().items()):
            self.stdout.write(f"{chain} {number} {digest}")
        for place in broken:
            self.stderr.write(f"{place.chain} {place.number}: {place.why}")
        if broken:
            raise CommandError(f"{len(broken)} places in the audit trail do not fit")
