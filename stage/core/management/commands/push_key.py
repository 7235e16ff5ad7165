"""Make the key by which push services know this installation."""

from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management.base import BaseCommand

from stage.core.mail.web_push import coded


class Command(BaseCommand):
    help = "Print a new VAPID_PRIVATE_KEY, for notices on phones."

    def handle(self, *args, **options) -> None:
        number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        self.stdout.write(coded(number.to_bytes(32)))
