"""A colleague is away for a while: who takes the part, from when, until when, for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.enums import STAFF, PersonKind
from stage.core.models import Membership
from stage.core.record import audit
from stage.core.ui.dates import day_words
from stage.core.who.policies import Conflict, coordinator_of, require
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, SchoolSettings, StandIn, Student
from stage.schools.signals import stand_in_began, stand_in_ended

SOURCE = "stand_in"
# Whom somebody stands in for, as (student, instead of whom) -> first and last day.
Part = tuple[int, int]
Span = tuple[date, date]


@transaction.atomic
def begin(
    absent: Membership,
    *,
    to: Membership,
    starts: date,
    until: date,
    students: Collection[Student] | None = None,
    actor,
) -> StandIn:
    """`to` takes over for a while; without `students` all of them, also who comes later.

    Who stands in is mailed once, after the minutes in which this can be undone; so are students and
    companies. Raises NotAllowed;
    Conflict when either is away or gone then, or somebody stands in for the same students already.
    """
    require(coordinator_of, actor, absent)
    found = _lock(absent, to)
    if to.pk == absent.pk or found != {absent.pk, to.pk}:
        raise Conflict(_("Kies een collega die op school werkt."))
    row = StandIn(
        school_id=absent.school_id,
        absent=absent,
        stand_in=to,
        starts=starts,
        until=until,
        everyone=students is None,
        chosen=sorted(s.pk for s in students or ()),
    )
    _check(row)
    row.save(force_insert=True)
    lay(row.school_id)
    audit.record(actor, "stand_in_began", absent, fields=("stand_in", "starts", "until"))
    with mail.held_until(row.made_at + mail.undo_for(), by=row.step):
        _tell("stand_in_began", row)
        stand_in_began.send(StandIn, stand_in=row)
    return row


@transaction.atomic
def prolong(row: StandIn, *, until: date, actor) -> None:
    """Another last day. Raises NotAllowed; Conflict when it is over, or as `begin` does."""
    require(coordinator_of, actor, row)
    _lock(row.absent, row.stand_in)
    row = StandIn.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not row.is_open:
        raise Conflict(_("Deze vervanging is voorbij. Begin een nieuwe."))
    if until < max(row.starts, school_today()):
        raise Conflict(_("Kies een dag die nog komt."))
    if until == row.until:
        return
    row.until = until
    _check(row)
    row.save(update_fields=["until"])
    lay(row.school_id)
    audit.record(actor, "stand_in_changed", row.absent, fields=("until",))
    mail.withdraw_about(row, "stand_in_began")
    _tell("stand_in_began", row)
    stand_in_began.send(StandIn, stand_in=row)


@transaction.atomic
def end(row: StandIn, *, actor) -> bool:
    """Back earlier, or pressed by mistake: it is over at once. Answers whether nobody was told.

    Raises NotAllowed; Conflict when it was over.
    """
    require(coordinator_of, actor, row)
    fresh = row.can_be_undone
    rows = StandIn.objects.filter(pk=row.pk, ended_at=None, until__gte=school_today())
    if not rows.update(ended_at=timezone.now()):
        raise Conflict(_("Deze vervanging was al voorbij."))
    lay(row.school_id)
    audit.record(actor, "stand_in_ended", row.absent, fields=("until",))
    silent = fresh and mail.take_back(row.step)
    if not silent:
        _tell("stand_in_ended", row)
        stand_in_ended.send(StandIn, stand_in=row)
    return silent


def hand_over(membership: Membership, to: Membership | None) -> int:
    """Who leaves school stands in for nobody, and nobody for who left; returns how many moved.

    What `membership` did for others, `to` does from now on, and is told so. In the transaction of
    leaving.
    """
    open_rows = StandIn.objects.open().filter(school_id=membership.school_id)
    open_rows.of(membership.pk).update(ended_at=timezone.now())
    moved = []
    for row in open_rows.by(membership.pk).select_related("absent").order_by("pk"):
        if to is None or row.absent_id == to.pk or _away(to.pk, row.starts, row.until):
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            continue
        row.stand_in = to
        row.save(update_fields=["stand_in"])
        _tell("stand_in_began", row)
        moved.append(row)
    if membership.school_id is not None:
        lay(membership.school_id)
    for row in moved:
        stand_in_began.send(StandIn, stand_in=row)
    return len(moved)


def students_of(membership: Membership) -> list[Student]:
    """Whom somebody guides at school now, in any way: whom a stand-in can be for."""
    guided = Guides.objects.filter(who=membership).reading()
    rows = Student.objects.present().filter(school_id=membership.school_id)
    mine = rows.filter(mentor=membership) | rows.filter(pk__in=guided.values("student_id"))
    return list(mine.order_by("sort_name", "pk"))


def lay(school_id: int) -> None:
    """Write into `Guides` what all stand-ins of a school open, be it by way of another one.

    After everything that changes whom somebody guides; a second time changes nothing.
    """
    rows = list(StandIn.objects.open().filter(school_id=school_id).order_by("pk"))
    there = Guides.objects.filter(school_id=school_id, kind=GuideKind.STAND_IN, source=SOURCE)
    if not rows and not there.exists():
        return
    # One at a time: two would write the same rows.
    SchoolSettings.objects.select_for_update(no_key=True).filter(school_id=school_id).first()
    there.delete()
    Guides.objects.bulk_create(
        Guides(
            school_id=school_id,
            student_id=student,
            who_id=row.stand_in_id,
            instead_of_id=whose,
            kind=GuideKind.STAND_IN,
            starts=starts,
            until=until,
            source=SOURCE,
            number=row.pk,
        )
        for row, parts in _parts(rows)
        for (student, whose), (starts, until) in sorted(parts.items())
    )


def _parts(rows: list[StandIn]) -> list[tuple[StandIn, dict[Part, Span]]]:
    """What each stand-in opens. Who stands in for somebody that stands in, does that part too."""
    own = _own_parts({row.absent_id for row in rows})
    found: dict[int, dict[Part, Span]] = {
        row.pk: {
            (student, row.absent_id): (row.starts, row.until)
            for student in own[row.absent_id]
            if row.everyone or student in row.chosen
        }
        for row in rows
    }
    for _round in rows:  # a chain is no longer than there are links
        for row in rows:
            for other in rows:
                if other.stand_in_id != row.absent_id:
                    continue
                for (student, whose), (starts, until) in list(found[other.pk].items()):
                    first, last = max(starts, row.starts), min(until, row.until)
                    wanted = row.everyone or student in row.chosen
                    if wanted and whose != row.stand_in_id and first <= last:
                        found[row.pk].setdefault((student, whose), (first, last))
    return [(row, found[row.pk]) for row in rows]


def _own_parts(members: set[int]) -> dict[int, set[int]]:
    """Per member of staff the students it is mentor or teacher of."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    present = Student.objects.present()
    pairs = [
        *present.filter(mentor__in=members).order_by().values_list("mentor_id", "pk"),
        *Guides.objects.filter(kind=GuideKind.TEACHER, who__in=members, student__in=present)
        .order_by()
        .values_list("who_id", "student_id"),
    ]
    for member, student in pairs:
        found[member].add(student)
    return found


def _lock(*members: Membership) -> set[int]:
    """One at a time per colleague; answers who of them works at the school."""
    rows = Membership.objects.select_for_update(no_key=True).filter(
        pk__in=[m.pk for m in members], role__in=STAFF, ended_at=None
    )
    return set(rows.order_by("pk").values_list("pk", flat=True))


def _away(membership_id: int, starts: date, until: date, besides: int | None = None) -> bool:
    rows = StandIn.objects.open().of(membership_id).filter(starts__lte=until, until__gte=starts)
    return rows.exclude(pk=besides).exists()


def _check(row: StandIn) -> None:
    name = {"name": row.stand_in.name}
    if _away(row.stand_in_id, row.starts, row.until):
        raise Conflict(_("%(name)s is dan zelf niet op school. Kies iemand anders.") % name)
    others = StandIn.objects.open().of(row.absent_id).exclude(pk=row.pk)
    for other in others.filter(starts__lte=row.until, until__gte=row.starts).select_related(
        "stand_in"
    ):
        if row.everyone or other.everyone or set(row.chosen) & set(other.chosen):
            words = {"name": other.stand_in.name, "day": day_words(other.until)}
            raise Conflict(
                _("%(name)s vervangt al, tot en met %(day)s. Verander of beëindig dat eerst.")
                % words
            )


def _tell(event: str, row: StandIn) -> None:
    mail.queue(
        event,
        person_kind=PersonKind.MEMBERSHIP,
        person_id=row.stand_in_id,
        key=f"{event}:{row.public_id}:{row.stand_in_id}:{row.until}",
        region_id=row.stand_in.region_id,
        school_id=row.school_id,
        about=row,
    )
