"""What a school keeps of its contact with a company, and a region's bureau of its own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.enums import FollowUpState, NominationState, NoteKind
from companies.models.base import CompanyRow
from companies.models.pool import Company
from stage.core.dutch.calendar import school_today
from stage.core.enums import PersonKind
from stage.core.models import SchoolOrBureauQuerySet
from stage.core.models.base import SchoolRow, TenantQuerySet, new_public_id


def _of_bureau(scope) -> Q:
    return Q(school_id__isnull=True, region_id__in=scope.regions)


class SideQuerySet(SchoolOrBureauQuerySet):
    """A side's own rows (a school's, or the bureau's), and what others in the region share."""

    def _school_q(self, columns, scope) -> Q:
        return super()._school_q(columns, scope) | self._shared_q(scope)

    def _bureau_q(self, columns, scope) -> Q:
        return _of_bureau(scope) | self._shared_q(scope)

    def _shared_q(self, scope) -> Q:
        return Q(shared=True, region_id__in=scope.regions)

    def own(self, actor):
        """Those of the actor's own side alone."""
        rows = self.visible_to(actor)
        if actor.school_id is None:
            return rows.filter(school_id__isnull=True)
        return rows.filter(school_id=actor.school_id)


class SideRow(CompanyRow):
    """A row of one side about a company: of a school, or of the region's bureau without one."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    shared = models.BooleanField(_("gedeeld met de regio"), default=False)

    objects = SideQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        abstract = True

    @property
    def whose(self) -> str:
        """Which side it is of, in words; `school` has to be read along."""
        return self.school.name if self.school else gettext("het stagebureau")


class CompanyNote(SideRow):
    """One line of the contact log: when, how, with whom, what was said and what was promised."""

    kind = models.CharField(_("hoe"), max_length=10, choices=NoteKind, default=NoteKind.NOTE)
    on = models.DateField(_("datum"), default=school_today)
    with_whom = models.CharField(_("met wie"), max_length=160, blank=True)
    text = models.TextField(_("wat er gezegd is"), max_length=2000)
    promised = models.CharField(_("wat wij beloofden"), max_length=300, blank=True)
    written_by = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    is_own: bool  # whether it is of the reader's side; set by the log
    writer: str  # the name of who wrote it, where the reader may know it; set by the log

    class Meta(SideRow.Meta):
        ordering = ["-on", "-written_at", "-pk"]
        indexes = [models.Index(fields=["company", "-on"])]

    @property
    def is_contact(self) -> bool:
        """Whether somebody spoke with the company, and not only wrote something down."""
        return self.kind != NoteKind.NOTE


class OwnerQuerySet(SchoolOrBureauQuerySet):
    """A school's own, and the bureau's, which every school of the region may know."""

    def _school_q(self, columns, scope) -> Q:
        return super()._school_q(columns, scope) | _of_bureau(scope)


class CompanyOwner(CompanyRow):
    """Who of a school, or of the bureau, keeps the contact with a company."""

    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    who = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    # As it was when it was said: a school cannot read who works at the bureau.
    who_name = models.CharField(max_length=120, editable=False)
    since = models.DateTimeField(default=timezone.now)

    objects = OwnerQuerySet.as_manager()

    class Meta(CompanyRow.Meta):
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "school", "company"],
                nulls_distinct=False,
                name="company_owner_once",
            )
        ]


class FollowUpQuerySet(SideQuerySet):
    def open(self):
        return self.filter(state=FollowUpState.OPEN)

    def due(self):
        """Open, and the day has come."""
        return self.open().filter(due__lte=school_today())


class FollowUp(SideRow):
    """Something to do about a company on a day, by somebody of the side it is of."""

    note = models.ForeignKey(
        CompanyNote, models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    text = models.CharField(_("wat moet er gebeuren"), max_length=300)
    due = models.DateField(_("wanneer"))
    who = models.ForeignKey("core.Membership", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=FollowUpState, default=FollowUpState.OPEN)
    made_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    is_own: bool  # whether it is of the reader's side; set by the lists
    doer: str  # the name of who does it, where the reader may know it; set by the lists
    number: str  # whom to call about it; set by the list

    objects = FollowUpQuerySet.as_manager()

    class Meta(SideRow.Meta):
        ordering = ["due", "pk"]
        indexes = [
            models.Index(
                fields=["due", "who"], condition=Q(state="open"), name="follow_up_open_of"
            ),
            models.Index(fields=["company", "due"]),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == FollowUpState.OPEN

    @property
    def is_late(self) -> bool:
        """Whether its day is over."""
        return self.is_open and self.due < school_today()


class NominationQuerySet(TenantQuerySet):
    def _within(self, actor):
        """Of a student or a parent only what this person said; neither reads the other's."""
        rows = super()._within(actor)
        if actor.is_guardian:
            return rows.filter(guardian=actor.id)
        return rows.filter(by_kind=PersonKind.STUDENT) if actor.is_student else rows

    def named(self):
        """Those that wait for the school."""
        return self.filter(state=NominationState.NAMED)


class Nomination(SchoolRow):
    """A company that a teacher, student or parent knows: the school takes it on, or says why not.

    Nobody asks for a place with it; that is a student's own company (placements).
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    # Who said so: a colleague, a student, or the parent of that student.
    by_kind = models.CharField(max_length=10, choices=PersonKind)
    by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")
    student = models.ForeignKey("schools.Student", models.PROTECT, null=True, related_name="+")
    guardian = models.ForeignKey("schools.Guardian", models.SET_NULL, null=True, related_name="+")
    by_name = models.CharField(max_length=160, editable=False)
    name = models.CharField(_("naam van het bedrijf"), max_length=160)
    city = models.CharField(_("plaats"), max_length=120)
    why = models.TextField(_("waarom dit bedrijf"), max_length=600, blank=True)
    who = models.CharField(_("wie je er kent"), max_length=160, blank=True)
    telephone = models.CharField(_("telefoon"), max_length=20, blank=True)
    email = models.EmailField(_("e-mailadres"), blank=True)
    state = models.CharField(max_length=10, choices=NominationState, default=NominationState.NAMED)
    answer = models.CharField(_("antwoord"), max_length=300, blank=True)
    # Which company of the pool it became, or was already.
    known_as = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    named_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("core.Membership", models.PROTECT, null=True, related_name="+")

    objects = NominationQuerySet.as_manager()

    class Meta(SchoolRow.Meta):
        ordering = ["-named_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_kind="membership", by__isnull=False, student__isnull=True)
                | Q(by_kind__in=["student", "guardian"], by__isnull=True, student__isnull=False),
                name="nomination_by_one",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(known_as__isnull=False), name="nomination_taken_as"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_named(self) -> bool:
        return self.state == NominationState.NAMED

    @property
    def is_refused(self) -> bool:
        return self.state == NominationState.REFUSED

    @property
    def is_taken(self) -> bool:
        return self.state == NominationState.TAKEN
