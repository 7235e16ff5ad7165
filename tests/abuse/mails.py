"""Every letter the product can write, out of the world's rows as they stand.

One case per handler and kind of reader. What a letter needs (an agreement that waits for
signatures, a placement that ends) is made first and undone after it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import time, timedelta

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from assessments.models import Assessment
from attendance.models import Absence, Alarm, CheckIn, DisputedDay
from companies.models import CompanyChange, FollowUp, Invitation, Nomination
from placements.agreements.models import Agreement, Signature, SigningRefusal
from placements.models import (
    Application,
    ApplicationQuestion,
    OwnCompany,
    Placement,
    PlacementChange,
    PlannedDay,
)
from stage.core.dutch.calendar import school_today
from stage.core.mail import letters, pace
from stage.core.mail.digest import Section, bundled, section_of
from stage.core.mail.notices import CHOOSERS
from stage.core.models import Link, MailedCode, OutboxMail
from stage.core.tenants.tenancy import NOBODY, SYSTEM, use
from stage.core.who import links
from stage.schools.models import StandIn
from tests.attendance.helpers import FRIDAY, WEEK, at


@dataclass(frozen=True)
class Case:
    """One letter: its event, who reads it, and `make(world, person)`: what it is about.

    That is a row, or its `details`, or both.
    """

    event: str
    kind: str
    make: Callable[..., Model | dict | tuple[Model, dict]] = lambda world, person: {}


@dataclass(frozen=True)
class Part:
    """A letter as it stands in the mail of a day."""

    letter: letters.Letter
    section: Section
    sender: letters.Sender


@dataclass(frozen=True)
class Written:
    """A letter as it would leave, and the template it was made of."""

    template: str
    message: EmailMultiAlternatives
    to: letters.Person | None = None
    part: Part | None = None  # of the mail of a day

    @property
    def html(self) -> str:
        (alternative,) = self.message.alternatives
        return str(alternative[0])


def person_of(world, kind: str):
    berk, noord = world.berk, world.noord
    return {
        "membership": berk.coordinator,
        "student": berk.students[0],
        "guardian": berk.guardians[0],
        "contact": noord.contacts[0],
        "supervisor": noord.supervisors[0],
    }[kind]


def _agreement(state: str, **values):
    def make(world, person):
        agreement = Agreement.objects.get(placement=world.berk.placement)
        Agreement.objects.filter(pk=agreement.pk).update(state=state, **values)
        agreement.answers.update(checked_at=None)
        Signature.objects.filter(agreement=agreement).delete()
        return agreement

    return make


def _refusal(kind: str):
    def make(world, person):
        agreement = _agreement("signing")(world, person)
        told = SigningRefusal.objects.get(agreement=agreement)
        SigningRefusal.objects.filter(pk=told.pk).update(kind=kind)
        return told

    return make


def _application(state: str):
    def make(world, person):
        application = world.berk.applications[0]
        Application.objects.filter(pk=application.pk).update(state=state)
        return application

    return make


def _question(*, put_to: str, answered: bool = False):
    def make(world, person):
        wish = _application("with_company")(world, person)
        return ApplicationQuestion.objects.create_about(
            wish,
            put_to=put_to,
            text="Kan de leerling langskomen?",
            asked_by=world.noord.contacts[0],
            asked_by_name=world.noord.contacts[0].name,
            answer="Ja, dat kan." if answered else "",
            answered_at=timezone.now() if answered else None,
        )

    return make


def _follow_up(world, person):
    """Something the reader wanted to do today."""
    FollowUp.objects.create(
        region=world.noord.region,
        school=world.berk.school,
        company=world.noord.companies[0],
        text="Bel over de plekken",
        due=school_today(),
        who_id=person.id,
    )
    return {}


def _nomination(kind: str, state: str):
    """A company that the reader named, and what the school said of it."""

    def make(world, person):
        berk = world.berk
        whose = {
            "membership": {"by": berk.teacher},
            "student": {"student": berk.students[0]},
            "guardian": {"student": berk.students[0], "guardian": berk.guardians[0]},
        }[kind]
        return Nomination.objects.create(
            region=world.noord.region,
            school=berk.school,
            by_kind=kind,
            by_name="x",
            name="Kapsalon",
            city="Noord",
            state=state,
            answer="Te ver weg" if state == "refused" else "",
            known_as=world.noord.companies[0] if state == "taken" else None,
            **whose,
        )

    return make


def _own_company(state: str):
    def make(world, person):
        return OwnCompany.objects.create(
            school=world.berk.school,
            student=person,
            period=world.berk.period,
            name=world.noord.companies[0].name,
            city="Noorddorp",
            what="Meekijken",
            state=state,
            reason="Te ver weg." if state == "refused" else "",
            application=world.berk.applications[0] if state == "asked" else None,
        )

    return make


def _undone(world, person):
    rows = Placement.objects.filter(pk=world.berk.placement.pk)
    rows.update(state="cancelled")
    return world.berk.placement


def _change(state: str, *, kind: str = "schedule"):
    """What changed in the placement, with words somebody typed."""

    def make(world, person):
        placement = world.berk.placement
        return PlacementChange.objects.create_about(
            placement,
            placement=placement,
            kind=kind,
            state=state,
            from_on=placement.starts,
            reason="other",
            words=world.berk.applications[0].motivation,
            answer=world.berk.applications[0].motivation,
            asked_kind="company",
            asked_by_name=world.noord.contacts[0].name,
            decided_at=timezone.now(),
            before={"values": {"day_to": "15:00"}, "after": {"day_to": "14:00"}},
        )

    return make


def _of_period(world, person):
    change = _change("done", kind="period")(world, person)
    return world.berk.period, {"changes": [change.pk]}


def _stand_in(ended: bool):
    return lambda world, person: _teacher_away(ended)(world, person, person)


def _teacher_away(ended: bool):
    def make(world, person, stand_in=None):
        return StandIn.objects.create(
            school=world.berk.school,
            absent=world.berk.teacher,
            stand_in=stand_in or world.berk.colleague,
            starts=school_today(),
            until=school_today(),
            ended_at=timezone.now() if ended else None,
        )

    return make


def _changed(world, person):
    for kind in ("added", "address", "left"):
        CompanyChange.objects.create(
            region=person.region,
            company=person.company,
            kind=kind,
            contact=person,
            after={"name": person.name, "email": person.email},
            by_name=person.name,
        )
    return person.company


def _placement(world, person):
    return world.berk.placement


def _absence(*, back: bool = False, withdrawn: bool = False):
    def make(world, person):
        absence = Absence.objects.get(placement=world.berk.placement)
        now = timezone.now()
        said = {"back_at": now if back else None, "withdrawn_at": now if withdrawn else None}
        Absence.objects.filter(pk=absence.pk).update(**said)
        return absence

    return make


def _invitation(state: str):
    def make(world, person):
        invitation = world.berk.campaign.invitations.get(company=world.noord.companies[0])
        Invitation.objects.filter(pk=invitation.pk).update(state=state)
        return invitation

    return make


def _campaign(world, person):
    return world.berk.campaign, {"company": world.noord.companies[0].pk}


def _ends_now(world, person) -> dict:
    Assessment.objects.all().delete()
    rows = Placement.objects.filter(pk=world.berk.placement.pk)
    rows.update(starts=school_today() - timedelta(days=9), ends=school_today())
    return {"asked": [f"{world.berk.placement.public_id}:ask"]}


def _given(world, person):
    return Assessment.objects.get(placement=world.berk.placement)


def _week(world, person) -> dict:
    return {"week": WEEK}


def _alarm(world, person) -> dict:
    p = world.berk.placement
    day = school_today()
    Absence.objects.filter(placement=p).delete()
    CheckIn.objects.filter(placement=p, date=day).delete()
    Placement.objects.filter(pk=p.pk).update(created_at=timezone.now() - timedelta(days=2))
    times = {"day_from": time(0, 0), "day_to": time(23, 59), "break_minutes": 30}
    PlannedDay.objects.filter(placement=p, date=day).delete()
    PlannedDay.objects.create_about(p, date=day, **times)
    return {"alarms": [Alarm.objects.create_about(p, date=day, step="coordinator").pk]}


def _disputed(world, person):
    p = world.berk.placement
    DisputedDay.objects.create_about(p, date=FRIDAY, kind="other", by_id=p.supervisor_id)
    return p, {"week": WEEK}


def _code(world, person):
    asked = letters.Person("contact", person.pk, person.name, person.email)
    links.ask_code(asked, region_id=world.noord.region.pk, purpose="login", browser="b")
    return MailedCode.objects.latest("pk")


def _link(world, person):
    links.link_for(
        person_kind="contact",
        person_id=person.pk,
        purpose="home",
        region_id=world.noord.region.pk,
    )
    return Link.objects.get(person_id=person.pk, purpose="home")


def _without_password(world, person) -> dict:
    with use(NOBODY):
        person.user.set_unusable_password()
        person.user.save()
    return {}


CASES = [
    Case("invitation", "contact", _invitation("sent")),
    Case("invitation_reminder", "contact", _invitation("sent")),
    Case("campaign_test", "membership", _campaign),
    Case("address_moves", "contact"),
    Case("company_changed", "contact", _changed),
    Case("invitation_accepted", "contact", _invitation("yes")),
    Case("invitation_noted", "contact", _invitation("no")),
    Case("application_sent", "contact", _application("with_company")),
    Case("application_off", "contact", _application("withdrawn")),
    Case("application_parked", "contact", _application("parked")),
    Case("application_closed", "contact", _application("closed")),
    Case("application_back", "contact", _application("with_company")),
    Case("application_answered", "student", _application("declined")),
    Case("follow_ups_due", "membership", _follow_up),
    *(
        Case("nomination_settled", kind, _nomination(kind, state))
        for kind in ("membership", "student", "guardian")
        for state in ("taken", "refused")
    ),
    Case("own_company_checked", "student", _own_company("asked")),
    Case("own_company_checked", "student", _own_company("refused")),
    Case("question_asked", "student", _question(put_to="student")),
    Case("question_asked", "membership", _question(put_to="school")),
    Case("question_answered", "contact", _question(put_to="school", answered=True)),
    Case("placement_undone", "student", _undone),
    Case("placement_made", "student", _placement),
    Case("placement_brief", "contact", _placement),
    *(
        Case("placement_changed", k, _change("done"))
        for k in ("student", "guardian", "contact", "membership")
    ),
    Case("change_asked", "membership", _change("asked")),
    *(Case("change_refused", k, _change("refused")) for k in ("student", "guardian", "contact")),
    *(Case("period_changed", k, _of_period) for k in ("student", "contact", "membership")),
    Case("stand_in_began", "membership", _stand_in(ended=False)),
    Case("stand_in_ended", "membership", _stand_in(ended=True)),
    *(Case("teacher_replaced", k, _teacher_away(ended=False)) for k in ("student", "contact")),
    *(Case("teacher_back", k, _teacher_away(ended=True)) for k in ("student", "contact")),
    Case("agreement_fill", "student", _agreement("filling")),
    Case("agreement_fill", "contact", _agreement("filling")),
    *(Case("agreement_sign", k, _agreement("signing")) for k in ("student", "guardian", "contact")),
    Case("agreement_reminder", "contact", _agreement("signing")),
    *(
        Case("agreement_complete", k, _agreement("complete"))
        for k in ("student", "guardian", "contact", "membership")
    ),
    Case("agreement_objected", "membership", _agreement("filling", objection_by="student")),
    Case("agreement_refused", "membership", _refusal("unwilling")),
    Case("agreement_refused", "membership", _refusal("stranger")),
    Case("absence_reported", "membership", _absence(back=False)),
    Case("absence_reported", "contact", _absence(back=False)),
    Case("absence_closed", "membership", _absence(back=True)),
    Case("absence_closed", "contact", _absence(back=True)),
    Case("absence_withdrawn", "membership", _absence(withdrawn=True)),
    Case("absence_withdrawn", "contact", _absence(withdrawn=True)),
    Case("absence_reported", "guardian", _absence(back=False)),
    Case("absence_closed", "guardian", _absence(back=True)),
    Case("absence_withdrawn", "guardian", _absence(withdrawn=True)),
    Case("alarm_raised", "membership", _alarm),
    Case("alarm_raised", "guardian", _alarm),
    Case("day_disputed", "student", _disputed),
    Case("week_to_confirm", "supervisor", _week),
    Case("assessment_asked", "contact", _ends_now),
    Case("assessment_given", "student", _given),
    Case("code", "contact", _code),
    Case("link_renewed", "contact", _link),
    Case("way_in", "contact"),
    Case("way_in", "guardian"),
    Case("staff_invited", "membership", _without_password),
    Case("staff_invited", "membership"),
    Case("first_person_added", "membership", lambda world, person: world.berk.coordinator),
]


def written(world) -> list[Written]:
    """All letters of school Berk; then those to staff and to a student, each as one mail."""
    found = [_write(world, case) for case in CASES]
    return [*found, *(_together(found, str(kind)) for kind in CHOOSERS)]


def _together(found: list[Written], kind: str) -> Written:
    told = [w for w in found if w.to and w.part and w.to.kind == kind]
    parts = [w.part for w in told if w.part]
    reader = told[0].to
    assert reader is not None
    letter = bundled([p.section for p in parts], [p.letter for p in parts], reader)
    message = letters.write(letter, reader, "<x@stage.test>", parts[0].sender)
    return Written(letter.template, message)


def _write(world, case: Case) -> Written:
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        if case.event == "week_to_confirm":  # asked on the last day of the week
            stack.enter_context(at(FRIDAY, "18:00"))
        person = person_of(world, case.kind)
        kind = "contact" if case.kind == "supervisor" else case.kind
        with use(SYSTEM):
            made = case.make(world, person)
        about, details = made if isinstance(made, tuple) else (made, {})
        if isinstance(about, dict):
            about, details = None, about
        row = OutboxMail(
            region=world.noord.region,
            school=world.berk.school,
            event=case.event,
            person_kind=kind,
            person_id=person.pk,
            about_type=about._meta.label_lower if about else "",
            about_id=about.pk if about else None,
            details=details,
        )
        with use(pace.scope_of(row)):
            reader = letters.resolve_person(kind, person.pk)
            letter = letters.HANDLERS[case.event](row)
            assert letter is not None, (case.event, case.kind, "is not sent")
            sender = letters.sender_of(school_id=row.school_id, region_id=row.region_id)
            message = letters.write(letter, reader, "<x@stage.test>", sender)
            part = Part(letter, section_of(letter, reader, sender), sender)
        transaction.set_rollback(True)
    return Written(letter.template, message, reader, part)
