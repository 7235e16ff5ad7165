"""Cookies of one or more people per role, made beside the running product.

`Stack.manage("shell", …)` runs `dump`, which prints JSON: per role a list of people, each a list of
cookies; and addresses that no page links to because they hold a secret (a card, a mailed link).
"""

from __future__ import annotations

import json
import secrets
import sys
from collections import Counter
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.test import Client
from django.urls import reverse

from companies.enums import ContactRole, InvitationState, NamedVia
from companies.models import Contact, Invitation, Location, Trust
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement
from stage.core.enums import Role
from stage.core.models import Link, Membership, Region, School, User
from stage.core.tenants.tenancy import NOBODY, SYSTEM, school_scope, use
from stage.core.who import links
from stage.core.who.actors import actor_of_membership
from stage.core.who.identities import SESSION_KEY
from stage.devtools import second_factor
from stage.schools.models import Guardian, Student
from stage.schools.services import cards, first_steps
from tests.clients import client_of_contact, client_of_guardian

COMMAND = "from tests.e2e.sessions import dump; dump()"
FRESH_COMMAND = "from tests.e2e.sessions import dump_fresh; dump_fresh()"
PHONES_COMMAND = "from tests.e2e.sessions import dump_phones; dump_phones({})"
AT_WORK = (PlacementState.RUNNING,)


def dump() -> None:
    """Print the people and secret addresses as one line of JSON."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    with use(SYSTEM):
        people = {role: found for role, found in _people().items() if found}
        secret = _secret_paths()
    sys.stdout.write("JSON" + json.dumps({"people": people, "secret": secret}) + "\n")


def dump_fresh() -> None:
    """Print cookies of people at a school and a region that began today, with nothing in them."""
    with use(SYSTEM):
        number = School.objects.count()
        region = first_steps.make_region(f"Nieuwe regio {number}")
        school = first_steps.make_school(region, name="Nieuwe school", brin=f"88XX{number:02d}")
        made = {
            "coordinator": _member(Role.COORDINATOR, "Carla Nieuw", region, school),
            "teacher": _member(Role.TEACHER, "Teun Nieuw", region, school),
            "bureau": _member(Role.BUREAU, "Bo Nieuw", region, None),
            "student": _member(Role.STUDENT, "", region, school, _student(school)),
        }
        people = {role: [_login(membership)] for role, membership in made.items()}
    sys.stdout.write("JSON" + json.dumps({"people": people, "secret": {}}) + "\n")


def dump_phones(count: int) -> None:
    """Print log-ins of the student who is at work, each a session of its own that may be ended."""
    with use(SYSTEM):
        people = {"phone": [_login(_students()[0]) for _ in range(count)]}
    sys.stdout.write("JSON" + json.dumps({"people": people, "secret": {}}) + "\n")


def _member(role: str, name: str, region, school, student=None) -> Membership:
    email = f"{role}.{secrets.token_hex(4)}@voorbeeld.test" if name else None
    user = User.objects.create_user(email=email)
    membership = Membership.objects.create(
        user=user,
        role=role,
        region=region,
        school=school,
        student_id=student and student.pk,
        name=name,
        email=email or "",
    )
    with use(NOBODY):
        second_factor.give(user)
    return membership


def _student(school: School) -> Student:
    return Student.objects.create(
        school=school,
        number="1",
        first_name="Sam",
        last_name="Nieuw",
        birth_date=date(2011, 5, 4),
        school_class="3A",
        year=3,
    )


def cookies_of(output: str) -> dict:
    """What `dump` printed, out of everything the shell printed."""
    return json.loads(output.split("JSON", 1)[1].splitlines()[0])


def _people() -> dict[str, list]:
    school = School.objects.order_by("pk").first()
    staff = Membership.objects.active().order_by("pk")
    coordinators = staff.filter(role=Role.COORDINATOR)
    # Of the busiest school, and of the one that has only just begun.
    coordinator = coordinators.filter(school=school).first()
    beginner = coordinators.filter(school__name__contains="Groene").first()
    bureau = staff.filter(role=Role.BUREAU).first()
    return {
        "anonymous": [[]],
        "coordinator": [_login(m) for m in (coordinator, beginner) if m],
        "teacher": [_login(_busiest_teacher(school))],
        "student": [_login(m) for m in _students()],
        "bureau": [_login(bureau)],
        "operator": [_login(staff.filter(role=Role.OPERATOR).first())],
        "contact": [_cookies(client_of_contact(c)) for c in _contacts()],
        "supervisor": [_cookies(client_of_contact(c)) for c in _supervisors()],
        "guardian": [_cookies(client_of_guardian(g)) for g in _guardians()],
    }


def _login(membership: Membership) -> list:
    client = Client()
    with use(NOBODY):
        client.force_login(membership.user)
        session = client.session
        session[SESSION_KEY] = membership.pk
        session.save()
    return _cookies(client)


def _cookies(client: Client) -> list:
    return [
        {"name": name, "value": morsel.value, "url": settings.SITE_URL}
        for name, morsel in client.cookies.items()
    ]


def _busiest_teacher(school: School) -> Membership:
    rows = Placement.objects.filter(school=school, state__in=AT_WORK, teacher__isnull=False)
    ids = Counter(rows.values_list("teacher_id", flat=True))
    return Membership.objects.get(pk=ids.most_common(1)[0][0])


def _students() -> list[Membership]:
    """One who is at work, one who is still choosing, one who is done, one with nothing."""
    # Of the demo's region: the secrets, such as a poster's code, are of that region too.
    region = Region.objects.order_by("pk").first()
    logins = Membership.objects.active().filter(role=Role.STUDENT, region=region)
    by_student = {m.student_id: m for m in logins.order_by("-pk")}
    wanted = [
        *(Placement.objects.filter(state=s).values_list("student_id") for s in PlacementState),
        Application.objects.filter(state=ApplicationState.WITH_COMPANY).values_list("student_id"),
        Student.objects.exclude(pk__in=Placement.objects.values("student_id")).values_list("pk"),
    ]
    # Who is at work comes first: their pages hold most.
    wanted.insert(0, Placement.objects.filter(state__in=AT_WORK).values_list("student_id"))
    return _first_of_each(by_student, wanted)


def _contacts() -> list[Contact]:
    contacts = {c.pk: c for c in Contact.objects.active().with_role(ContactRole.CONTACT)}
    signatory = Contact.objects.active().with_role(ContactRole.SIGNATORY)
    asked = Invitation.objects.order_by("-pk")
    busy = Placement.objects.filter(state__in=AT_WORK).values_list("company_id")
    inbox = Application.objects.filter(state=ApplicationState.WITH_COMPANY)
    known = Trust.objects.live().filter(contact=OuterRef("pk"))
    unknown = Contact.objects.active().filter(~Exists(known), named_via=NamedVia.LINK)
    return _first_of_each(
        contacts,
        [
            signatory.filter(company__in=busy).values_list("pk"),
            # Where somebody was named through a letter's link: is that a colleague?
            # One that nobody answered yet: other tests name people too, and answer.
            asked.filter(company__contacts__in=unknown).values_list("contact_id"),
            asked.filter(state=InvitationState.SENT).values_list("contact_id"),
            asked.filter(state=InvitationState.YES).values_list("contact_id"),
            Contact.objects.filter(company__in=inbox.values_list("company_id")).values_list("pk"),
        ],
    )


def _supervisors() -> list[Contact]:
    people = {c.pk: c for c in Contact.objects.active().with_role(ContactRole.SUPERVISOR)}
    at_work = Placement.objects.order_by("-pk")
    return _first_of_each(
        people,
        [
            at_work.filter(state__in=AT_WORK).values_list("supervisor_id"),
            at_work.filter(state=PlacementState.FINISHED).values_list("supervisor_id"),
        ],
    )


def _guardians() -> list[Guardian]:
    people = {g.student_id: g for g in Guardian.objects.order_by("-pk")}
    rows = Placement.objects.order_by("pk")
    return _first_of_each(
        people,
        [
            rows.filter(state__in=AT_WORK).values_list("student_id"),
            rows.exclude(state__in=AT_WORK).values_list("student_id"),
        ],
    )


def _first_of_each(people: dict, wanted: list) -> list:
    """For each query of keys the first person who is known, nobody twice."""
    found: list = []
    for query in wanted:
        hit = next((people[k] for (k,) in query if k in people and people[k] not in found), None)
        if hit is not None:
            found.append(hit)
    return found


def _secret_paths() -> dict[str, str]:
    """URL name -> address with a secret in it. Issuing a card ends the student's older one."""
    asked = Invitation.objects.filter(state=InvitationState.SENT).order_by("-pk").first()
    guardian = Guardian.objects.order_by("pk").first()
    found = {
        "attendance:scan_open": [Location.objects.exclude(poster_code="").first().poster_code],
        "web:card_open": [_card()],
        "web:link_open": [_token("guardian", guardian, "home")],
    }
    found["web:link_code"] = found["web:link_open"]
    if asked is not None:
        token = _token("contact", asked.contact, "invitation", asked)
        found["companies:invitation_answer"] = [token]
    return {name: reverse(name, args=args) for name, args in found.items()}


def _card() -> str:
    student = Student.objects.present().order_by("-pk").first()
    staff = Membership.objects.active().filter(school=student.school, role=Role.COORDINATOR)
    with use(school_scope(student.school)):
        return cards.issue_card(student, actor_of_membership(staff.first()))


def _token(kind: str, person, purpose: str, target=None) -> str:
    school = School.objects.get(pk=(target or person).school_id)
    about = {
        "person_kind": kind,
        "person_id": person.pk,
        "purpose": purpose,
        "target": target.public_id if target else "",
    }
    links.link_for(**about, region_id=school.region_id, school_id=school.pk)
    return links.token_of(Link.objects.get(**about, revoked_at=None))
