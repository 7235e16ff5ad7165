"""`manage.py add_school`: a school with its first coordinator, who gets an invitation by mail."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError
from django.core.validators import RegexValidator, validate_email
from django.db import transaction
from django.forms import ValidationError

from stage.core.who.policies import Conflict
from stage.schools.services import first_steps

BRIN = RegexValidator(r"^[0-9]{2}[A-Za-z]{2}[0-9]{2}$", "BRIN and branch look like 26AB00")


class Command(BaseCommand):
    help = "Make a school in a region (made when new) and invite its first coordinator."

    def add_arguments(self, parser):
        parser.add_argument("--region", required=True, help="name of the region")
        parser.add_argument("--name", required=True, help="name of the school")
        parser.add_argument("--brin", required=True, help="BRIN and branch, like 26AB00")
        parser.add_argument("--city", default="")
        parser.add_argument("--coordinator", required=True, help="name of the first coordinator")
        parser.add_argument("--email", required=True, help="address of the first coordinator")

    @transaction.atomic
    def handle(self, *, region, name, brin, city, coordinator, email, **options):
        try:
            BRIN(brin)
            validate_email(email)
            place = first_steps.make_region(region)
            school = first_steps.make_school(place, name=name, brin=brin, city=city)
            first_steps.first_coordinator(school, name=coordinator, email=email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        except Conflict as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{school.name} ({school.brin}) is ready; {email} gets an invitation.")
