"""Agreements in each state, made by the product's own services."""

from datetime import date

from placements.agreements.models import Agreement
from placements.agreements.services import filling, freezing, signing, starting
from placements.models import Placement
from stage.core.tenants.tenancy import SYSTEM, use

STUDENT = {
    "street": "Berkenlaan 3",
    "postcode": "9711 AB",
    "city": "Noord",
    "telephone": "0612345678",
    "emergency_telephone": "0687654321",
    "wishes": "Brood leren bakken.",
}
COMPANY = {
    "street": "Dorpsstraat 1",
    "postcode": "9711 AC",
    "city": "Noord",
    "telephone": "0501234567",
    "representative": "Contact Bakkerij Noord",
    "function": "eigenaar",
    "supervisor": "Supervisor Bakkerij Noord",
    "day_from": "08:30",
    "day_to": "15:30",
    "break_minutes": 30,
    "tasks": "Brood bakken en de winkel helpen.",
    "work_kind": "light",
    "risk_assessment": "yes",
    "clothing": "Dichte schoenen.",
    "allowance": "no",
    "allowance_amount": "",
    "allowance_to": "",
}
SCHOOL = {
    "street": "Schoolplein 1",
    "postcode": "9711 AD",
    "city": "Noord",
    "telephone": "0507654321",
    "representative": "Directeur Berk",
    "function": "directeur",
    "teacher": "Docent Berk",
    "total_hours": 65,
    "insurance": "De school heeft een verzekering voor ongevallen.",
    "liability_maximum": 1000000,
}
FIELDS = {"student": STUDENT, "company": COMPANY, "school": SCHOOL}


def actors(world, school="berk"):
    """The four parties of the first placement of a school in Noord, as actors."""
    sw = getattr(world, school)
    return {
        "student": world.actor(sw.logins[0]),
        "guardian": world.guardian_actor(sw.guardians[0], world.noord.region),
        "company": world.company_actor(world.noord.contacts[0]),
        "school": world.actor(sw.coordinator),
    }


def started(world, *, state="concept", school="berk") -> Agreement:
    """An agreement that was just begun by the coordinator."""
    sw = getattr(world, school)
    with use(SYSTEM):
        Placement.objects.filter(pk=sw.placement.pk).update(state=state)
    who = actors(world, school)["school"]
    with use(who.scope):
        placement = Placement.objects.get(pk=sw.placement.pk)
        return starting.start_agreements([placement], actor=who)[0]


def filled(world, **kwargs) -> Agreement:
    """One of which every party said: this is right."""
    agreement = started(world, **kwargs)
    people = actors(world, kwargs.get("school", "berk"))
    for check in (False, True):  # an answer that changes re-opens other parts
        for party in FIELDS:
            fill(agreement, party, people[party], check=check)
    return agreement


def fill(agreement, party, who, *, check=True, **changes):
    with use(who.scope):
        return filling.fill(
            agreement, party=party, fields={**FIELDS[party], **changes}, check=check, actor=who
        )


def frozen(world, **kwargs) -> Agreement:
    """One that can be signed."""
    agreement = filled(world, **kwargs)
    who = actors(world, kwargs.get("school", "berk"))["school"]
    with use(who.scope):
        freezing.freeze(agreement, reasons={}, actor=who)
    return agreement


def fresh(agreement) -> Agreement:
    with use(SYSTEM):
        return Agreement.objects.get(pk=agreement.pk)


def sign_as(agreement, who, *, whole_hash=None):
    evidence = signing.Evidence(signing.method_of(who), "Ik teken.", "127.0.0.1", "proef")
    with use(who.scope):
        return signing.sign(
            agreement,
            whole_hash=whole_hash or agreement.whole_hash,
            evidence=evidence,
            actor=who,
        )


def signed_by_all(world, **kwargs) -> Agreement:
    agreement = frozen(world, **kwargs)
    for who in actors(world, kwargs.get("school", "berk")).values():
        sign_as(agreement, who)
    return agreement


def make_adult(student):
    with use(SYSTEM):
        student.birth_date = date(2008, 1, 1)
        student.save()


def of_age(student):
    """Sixteen on the first day: the rules of under sixteen do not hold."""
    with use(SYSTEM):
        student.birth_date = date(2010, 1, 15)
        student.save()
