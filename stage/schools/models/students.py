"""Students, their guardians, and what is disclosed of them to a company."""

from __future__ import annotations

import hmac
from datetime import date

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stage.core import mail
from stage.core.dutch import names
from stage.core.dutch.addresses import address_line
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id
from stage.core.ui.tones import Word
from stage.schools.enums import Leerweg
from stage.schools.models.base import StudentRow

BIRTHDAY_TRIES = 5


class StudentQuerySet(TenantQuerySet):
    about_student = "id"

    def _student_q(self, columns, scope):
        return Q(school_id=scope.school, pk=scope.student)

    def present(self):
        """Students who have not left the school."""
        return self.filter(left_on__isnull=True)

    def search(self, text: str):
        """By name or number, accents and case aside."""
        key = names.search_key(text)
        return self.filter(Q(search_name__contains=key) | Q(number__startswith=text.strip()))

    def _within(self, actor):
        rows = super()._within(actor)
        return rows.none() if actor.scope.role in ("company", "bureau") else rows


class Student(SchoolRow):
    """A student of one school; the log-in (`Membership.student`) holds no name."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    number = models.CharField(_("leerlingnummer"), max_length=20)
    first_name = models.CharField(_("roepnaam"), max_length=60)
    infix = models.CharField(_("tussenvoegsel"), max_length=20, blank=True)
    last_name = models.CharField(_("achternaam"), max_length=80, blank=True)
    sort_name = models.CharField(max_length=180, editable=False, db_index=True)
    search_name = models.CharField(max_length=180, editable=False)
    school_class = models.CharField(_("klas"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("leerjaar"), null=True, blank=True)
    leerweg = models.CharField(_("leerweg"), max_length=2, choices=Leerweg, blank=True)
    profile = models.ForeignKey(
        "schools.Profile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    birth_date = models.DateField(_("geboortedatum"))
    street = models.CharField(_("straat en nummer"), max_length=120, blank=True)
    postcode = models.CharField(_("postcode"), max_length=7, blank=True)
    city = models.CharField(_("plaats"), max_length=80, blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    mentor = models.ForeignKey(
        "core.Membership", models.PROTECT, null=True, blank=True, related_name="+"
    )
    photo_consent = models.BooleanField(_("toestemming voor foto's"), default=False)
    left_on = models.DateField(_("van school sinds"), null=True, blank=True)
    # A day that is still to come; then it becomes `left_on`.
    leaves_on = models.DateField(_("gaat van school op"), null=True, blank=True)
    leave_noted_at = models.DateTimeField(null=True, blank=True)
    log_in: Word | None  # how far it is with logging in, if the reader may know; set by the list

    objects = StudentQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["sort_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "number"], name="student_number_once"),
        ]
        indexes = [
            models.Index(fields=["school", "sort_name"]),
            # Who cannot log in is looked up before anybody knows of which school.
            models.Index(fields=["number"], name="student_by_number"),
            models.Index(
                fields=["leaves_on"], condition=Q(leaves_on__isnull=False), name="student_leaving"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args, **kwargs):
        """Keep the one stored derivation: the keys by which names are sorted and found."""
        self.derive_names()
        super().save(*args, **kwargs)

    def derive_names(self) -> None:
        """Set the sort and search keys; for rows that are written in bulk, without `save`."""
        self.sort_name = names.person_sort_key(self.first_name, self.infix, self.last_name)
        self.search_name = names.search_key(self.full_name)

    @property
    def full_name(self) -> str:
        return names.full_name(self.first_name, self.infix, self.last_name)

    @property
    def address_line(self) -> str:
        return address_line(self.street, self.postcode, self.city)

    @property
    def leaving_on(self) -> date | None:
        """The first day on which the student is not at school any more, be it past or to come."""
        return self.left_on or self.leaves_on

    @property
    def leave_step(self) -> str:
        """By what the mails of the leaving are known until they go out."""
        noted = self.leave_noted_at.timestamp() if self.leave_noted_at else 0
        return f"leave:{self.public_id}:{noted}"

    @property
    def leaving_can_be_undone(self) -> bool:
        """Whether nobody was told yet."""
        if self.leaving_on is None or self.leave_noted_at is None:
            return False
        return timezone.now() < self.leave_noted_at + mail.undo_for()

    def age_on(self, day) -> int:
        """Age in whole years on a Dutch date."""
        born = self.birth_date
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))

    def is_minor_on(self, day) -> bool:
        return self.age_on(day) < 18

    def is_birthday(self, day: int, month: int) -> bool:
        """Whether a typed day and month are those of birth; as slow for a wrong one."""
        born = self.birth_date
        return hmac.compare_digest(f"{born.day}-{born.month}", f"{day}-{month}")


class GuardianQuerySet(TenantQuerySet):
    def guessed(self):
        """Whose address waits for the school: the child's birthday was wrong five times."""
        return self.filter(wrong_birthdays__gte=BIRTHDAY_TRIES)

    def stopped(self):
        """Whose address waits for the school, as `Guardian.is_stopped` says of one."""
        return self.filter(Q(wrong_birthdays__gte=BIRTHDAY_TRIES) | Q(disowned_at__isnull=False))


class Guardian(StudentRow):
    """A parent or carer: no account, signs for a minor by a link."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    name = models.CharField(_("naam"), max_length=120)
    email = models.EmailField(_("e-mailadres"), blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    may_sign = models.BooleanField(_("mag tekenen"), default=True)
    # Unknown until somebody says so: of who is younger than sixteen this person may sign as well.
    lives_here = models.BooleanField(_("het kind woont hier"), null=True, blank=True)
    # Wrong birthdays of the child at the first use of `email`; five stop it.
    wrong_birthdays = models.PositiveSmallIntegerField(default=0, editable=False)
    # Who reads that address said: this is not my child.
    disowned_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = GuardianQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        ordering = ["pk"]
        # As `iexact` asks: who is at an address is looked up in the whole country.
        indexes = [models.Index(Upper("email"), name="guardian_email")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stopped(self) -> bool:
        """Whether the address waits for the school: nothing is mailed there, no link opens."""
        return self.wrong_birthdays >= BIRTHDAY_TRIES or self.disowned_at is not None


class LoginCodeQuerySet(TenantQuerySet):
    def working(self):
        """Cards with which somebody could log in now."""
        now = timezone.now()
        return self.filter(used_at=None, stopped_at=None, expires_at__gt=now, passes_on=False)

    def to_print(self):
        """Cards that were made, and of which nobody said yet that they are printed."""
        return self.working().filter(printed_at=None).exclude(seed="")


class LoginCode(StudentRow):
    """One login card. The code itself is not kept: only its hash.

    Used once, with the day and month of birth; five wrong tries stop the card. Until somebody says
    that it is printed its code can be made again out of `seed` and the server's key. A code that
    `passes_on` a log-in to a next phone was made by the student and works for minutes.
    """

    digest = models.CharField(max_length=64, unique=True)
    seed = models.CharField(max_length=40, blank=True)
    sheet = models.CharField(
        max_length=20, blank=True, db_index=True
    )  # made to be printed together
    printed_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    passes_on = models.BooleanField(default=False)
    used_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = LoginCodeQuerySet.as_manager()

    class Meta(StudentRow.Meta):
        indexes = [models.Index(fields=["expires_at"], name="login_code_expires")]
        constraints = [
            models.UniqueConstraint(
                fields=["student"],
                condition=Q(used_at__isnull=True, stopped_at__isnull=True, passes_on=False),
                name="login_code_one_open",
            )
        ]
