"""Members of staff: invite, change, end, and hand over students in one step.

A log-in (`User`) precedes every scope, so it is found or made as the log-in role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.enums import STAFF, PersonKind, Role
from stage.core.models import Membership, School, User
from stage.core.models.base import new_public_id
from stage.core.record import audit
from stage.core.signals import staff_handed_over, staff_holding
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.policies import ALLOWED, Answer, Conflict, Denied, coordinator_of, require
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, StandIn, Student
from stage.schools.services import stand_ins


def coordinator_at(actor, school: School) -> Answer:
    """The coordinator, at the own school."""
    if actor.is_coordinator and actor.school_id == school.pk:
        return ALLOWED
    return Denied(_("Dit kan alleen de stagecoördinator van de school."))


@transaction.atomic
def invite_staff(
    school: School, *, name: str, email: str, role: str, abbreviation: str = "", actor
) -> Membership:
    """Give somebody a role at the school and mail an invitation to open the account.

    Raises NotAllowed, and Conflict when this person already has that role here.
    """
    require(coordinator_at, actor, school)
    membership = Membership(
        role=_staff_role(role),
        region_id=school.region_id,
        school=school,
        name=name,
        email=email,
        abbreviation=abbreviation,
    )
    return invite(membership, _("Deze collega heeft deze rol al op jullie school."), actor=actor)


def invite(membership: Membership, taken: str, *, actor) -> Membership:
    """Give a new role to whoever has its address, and mail an invitation to open the account.

    Whoever calls asks the policy. Raises Conflict, with the words `taken`, when this person has
    the role there already.
    """
    email = membership.email = membership.email.strip().lower()
    membership.user_id = log_ins_of([email])[email]
    try:
        with transaction.atomic():
            membership.save()
    except IntegrityError:
        raise Conflict(taken) from None
    audit.record(actor, "staff_invited", membership, fields=("name", "email", "role"))
    queue_invitation(membership)
    return membership


def queue_invitation(membership: Membership, *, again: bool = False) -> None:
    """Mail the invitation; `again`: once more, at most one an hour."""
    stamp = timezone.now().strftime(":%Y%m%d%H") if again else ""
    mail.queue(
        "staff_invited",
        person_kind=PersonKind.MEMBERSHIP,
        person_id=membership.pk,
        key=f"staff_invited:{membership.pk}{stamp}",
        region_id=membership.region_id,
        school_id=membership.school_id,
    )


@transaction.atomic
def invite_again(membership: Membership, *, actor) -> None:
    """Mail the invitation once more. Raises NotAllowed; Conflict when the account is open."""
    require(coordinator_of, actor, membership)
    if membership.pk not in not_accepted([membership]):
        raise Conflict(_("Deze collega heeft het account al geopend."))
    audit.record(actor, "staff_invited_again", membership)
    queue_invitation(membership, again=True)


def log_ins_of(emails: Iterable[str]) -> dict[str, int]:
    """The user of each address, made where there is none yet, without a password."""
    wanted = {e.strip().lower() for e in emails}
    with use(NOBODY), transaction.atomic():
        found = _users(wanted)
        new = []
        for email in sorted(wanted - set(found)):
            user = User(username=_username(), email=email)
            user.set_unusable_password()
            new.append(user)
        # Two people inviting the same colleague at once: the second takes the first one's row.
        User.objects.bulk_create(new, ignore_conflicts=True, batch_size=500)
        if new:
            found = _users(wanted)
    return found


def _users(emails: Iterable[str]) -> dict[str, int]:
    rows = User.objects.filter(email__in=emails).values_list("email", "pk")
    return {email: pk for email, pk in rows if email is not None}


def _username() -> str:
    return new_public_id() + new_public_id()


def not_accepted(memberships: Iterable[Membership]) -> set[int]:
    """Which of these people have not opened their account yet (keys of memberships)."""
    memberships = list(memberships)
    users = {m.user_id for m in memberships}
    with use(NOBODY):
        rows = User.objects.filter(pk__in=users, last_login=None)
        rows = rows.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        waiting = set(rows.values_list("pk", flat=True))
    return {m.pk for m in memberships if m.user_id in waiting}


@transaction.atomic
def change_staff(membership: Membership, *, name: str, abbreviation: str, role: str, actor) -> None:
    """Correct somebody's name, abbreviation or role.

    Raises NotAllowed; Conflict when the school would be without a coordinator, or when somebody
    already has that role.
    """
    require(coordinator_of, actor, membership)
    role = _staff_role(role)
    if role != membership.role and membership.role == Role.COORDINATOR:
        _keep_a_coordinator(membership)
    wanted = {"name": name, "abbreviation": abbreviation, "role": role}
    changed = {k: v for k, v in wanted.items() if getattr(membership, k) != v}
    if not changed:
        return
    try:
        with transaction.atomic():
            rows = Membership.objects.filter(pk=membership.pk, ended_at=None).update(**changed)
    except IntegrityError:
        raise Conflict(_("Deze collega heeft deze rol al op jullie school.")) from None
    if not rows:
        raise Conflict(_("Deze collega is intussen van school."))
    for field, value in changed.items():
        setattr(membership, field, value)
    audit.record(actor, "staff_changed", membership, fields=changed)


@dataclass(frozen=True)
class Held:
    """What somebody leaves behind: students as mentor, and students guided in another way."""

    mentored: int
    guided: int
    covered: int  # colleagues for whom somebody stands in
    elsewhere: int = 0  # what higher apps know of

    def __bool__(self) -> bool:
        return bool(self.mentored or self.guided or self.covered or self.elsewhere)


def held_by(membership: Membership) -> Held:
    """What a successor must take over: students at school, and guidance that is not over."""
    mentored = Student.objects.present().filter(mentor=membership)
    guided = Guides.objects.now().filter(who=membership).exclude(kind=GuideKind.STAND_IN)
    covered = StandIn.objects.open().by(membership.pk)
    return Held(mentored.count(), guided.count(), covered.count(), held_elsewhere(membership))


def held_elsewhere(membership: Membership) -> int:
    """The same of what higher apps hold, such as companies of which somebody keeps the contact."""
    answers = staff_holding.send(sender=Membership, membership=membership)
    return sum(count or 0 for _receiver, count in answers)


@transaction.atomic
def end_staff(membership: Membership, *, to: Membership | None = None, actor) -> int:
    """Somebody leaves: `to` takes everything over, then the role ends; returns how many rows.

    Raises NotAllowed; Conflict for the last coordinator, and when there are students, as mentor or
    guided in another way, or companies, and nobody takes them over.
    """
    require(coordinator_of, actor, membership)
    if membership.role == Role.COORDINATOR:
        _keep_a_coordinator(membership)
    moved = hand_over(membership, to, actor=actor) if to is not None else 0
    if to is None:
        if held_by(membership):
            raise Conflict(_("Kies eerst wie het werk overneemt."))
        stand_ins.hand_over(membership, None)
    ended = Membership.objects.filter(pk=membership.pk, ended_at=None)
    if not ended.update(ended_at=timezone.now()):
        raise Conflict(_("Deze collega is intussen al van school."))
    audit.record(actor, "staff_ended", membership, fields=("ended_at",))
    return moved


@transaction.atomic
def hand_over(membership: Membership, to: Membership, *, actor) -> int:
    """Give all students of one colleague to another; returns how many rows moved.

    Higher apps move what they hold (placements their teacher) on `staff_handed_over`.
    Raises NotAllowed, and Conflict when `to` cannot take students over.
    """
    require(coordinator_of, actor, membership)
    # The one who takes over may not leave at the same moment.
    taker = Membership.objects.select_for_update().filter(
        pk=to.pk, school_id=membership.school_id, role__in=STAFF, ended_at=None
    )
    if to.pk == membership.pk or not taker.exists():
        raise Conflict(_("Kies een collega die op school blijft."))
    students = list(Student.objects.filter(mentor=membership))
    Student.objects.filter(mentor=membership).update(mentor=to)
    audit.record_all(
        audit.entry_of(actor, "mentor_changed", s, fields=("mentor",)) for s in students
    )
    audit.record(actor, "staff_handed_over", membership)
    answers = staff_handed_over.send(sender=Membership, membership=membership, to=to, actor=actor)
    # Last, when all students are where they belong.
    covered = stand_ins.hand_over(membership, to)
    return len(students) + covered + sum(count or 0 for _receiver, count in answers)


def _keep_a_coordinator(membership: Membership) -> None:
    """Refuse when nobody else is coordinator; locks them, so that two cannot leave at once."""
    rows = Membership.objects.select_for_update().filter(
        school_id=membership.school_id, role=Role.COORDINATOR, ended_at=None
    )
    if not any(m.pk != membership.pk for m in rows.order_by("pk")):
        raise Conflict(
            _("Een school heeft altijd een stagecoördinator. Nodig eerst een ander uit.")
        )


def _staff_role(role: str) -> str:
    if role not in STAFF:
        raise ValueError(f"{role} is no role of a school's staff")
    return str(role)
