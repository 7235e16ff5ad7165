"""A small, complete world: what most tests stand in. Everything made by plain constructors.

Region Noord has the schools Berk and Els, region Zuid has Iep. Each school has a coordinator, a
teacher and three students with a guardian; each region has a bureau and two companies.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time

from companies.enums import ContactRole, InvitationState
from companies.models import (
    Campaign,
    Company,
    Contact,
    GroupCompany,
    Invitation,
    Location,
    Offer,
    Place,
    Trust,
)
from placements.enums import ApplicationState, PlacementState
from placements.models import Application, Placement, PlannedDay, StudentCard
from placements.services.guiding import write_guides
from stage.core.enums import Audience, Role
from stage.core.models import Membership, Region, School, User
from stage.core.tenants.tenancy import SYSTEM, Scope, use
from stage.core.who.actors import Actor, actor_of_membership
from stage.schools.enums import PeriodKind
from stage.schools.models import (
    Group,
    GroupStudent,
    Guardian,
    Period,
    Profile,
    RegionSettings,
    SchoolSettings,
    Student,
)
from stage.schools.signals import school_made

PASSWORD = "een-lang-wachtwoord"


@dataclass
class SchoolWorld:
    """One school and its people."""

    school: School
    settings: SchoolSettings
    coordinator: Membership
    teacher: Membership
    colleague: Membership
    students: list[Student]
    guardians: list[Guardian]
    logins: list[Membership]
    period: Period
    group: Group
    campaign: Campaign | None = None
    places: list[Place] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
    placement: Placement | None = None


@dataclass
class RegionWorld:
    """One region, its bureau and companies."""

    region: Region
    bureau: Membership
    companies: list[Company]
    contacts: list[Contact]
    supervisors: list[Contact]
    locations: list[Location]


@dataclass
class World:
    """All of it, and the actors."""

    noord: RegionWorld
    zuid: RegionWorld
    berk: SchoolWorld
    els: SchoolWorld
    iep: SchoolWorld
    operator: Membership

    def actor(self, membership: Membership) -> Actor:
        """The actor of a log-in, made as a request would."""
        with use(SYSTEM):
            return actor_of_membership(
                Membership.objects.select_related("school", "region").get(pk=membership.pk)
            )

    def company_actor(self, contact: Contact) -> Actor:
        from companies.identity import actor_of_address

        with use(SYSTEM):
            return actor_of_address(contact.email)

    def guardian_actor(self, guardian: Guardian, region: Region) -> Actor:
        return Actor(
            kind="guardian",
            id=guardian.pk,
            role=Audience.GUARDIAN,
            scope=Scope(
                "student",
                school=guardian.school_id,
                student=guardian.student_id,
                regions=(region.pk,),
            ),
            name=guardian.name,
            email=guardian.email,
        )


def member(role: str, name: str, *, region: Region, school: School | None = None, student=None):
    """A log-in with one role; the e-mail address follows from the name."""
    email = f"{name.lower().replace(' ', '.')}@voorbeeld.test" if role != Role.STUDENT else None
    user = User.objects.create_user(email=email, password=PASSWORD)
    return Membership.objects.create(
        user=user,
        role=role,
        region=region,
        school=school,
        student_id=student and student.pk,
        name="" if role == Role.STUDENT else name,
        email=email or "",
    )


def build_region(name: str) -> RegionWorld:
    region = Region.objects.create(name=name)
    RegionSettings.objects.create(region=region, email=f"bureau@{name.lower()}.test")
    companies, contacts, supervisors, locations = [], [], [], []
    for n, (label, profile) in enumerate([("Bakkerij", "HBR"), ("Garage", "M&T")]):
        company = Company.objects.create(
            region=region, name=f"{label} {name}", profiles=[profile], tasks="Helpen en leren."
        )
        companies.append(company)
        locations.append(
            Location.objects.create(
                region=region, company=company, street=f"Dorpsstraat {n + 1}", city=name
            )
        )
        for role, bag in (("contact", contacts), ("supervisor", supervisors)):
            bag.append(
                Contact.objects.create(
                    region=region,
                    company=company,
                    name=f"{role.capitalize()} {label} {name}",
                    email=f"{role}@{label.lower()}-{name.lower()}.test",
                    roles=[ContactRole.CONTACT, ContactRole.SIGNATORY]
                    if role == "contact"
                    else [ContactRole.SUPERVISOR],
                )
            )
    bureau = member(Role.BUREAU, f"Bureau {name}", region=region)
    return RegionWorld(region, bureau, companies, contacts, supervisors, locations)


def build_school(name: str, brin: str, home: RegionWorld) -> SchoolWorld:
    region = home.region
    school = School.objects.create(region=region, name=name, brin=brin)
    settings = SchoolSettings.objects.create(
        school=school, street="Schoolplein 1", city=region.name, represented_by=f"Directeur {name}"
    )
    school_made.send(School, school=school)
    coordinator = member(Role.COORDINATOR, f"Coordinator {name}", region=region, school=school)
    teacher = member(Role.TEACHER, f"Docent {name}", region=region, school=school)
    colleague = member(Role.TEACHER, f"Collega {name}", region=region, school=school)
    profile, _ = Profile.objects.get_or_create(
        code="HBR", defaults={"name": "Horeca, bakkerij en recreatie", "sbb_code": "19025"}
    )
    students, guardians, logins = [], [], []
    for n, first in enumerate(["Aya", "Bram", "Cem"], start=1):
        student = Student.objects.create(
            school=school,
            number=f"{n}00{n}",
            first_name=first,
            infix="van" if n == 2 else "",
            last_name=name,
            school_class="3B",
            year=3,
            leerweg="BB",
            profile=profile,
            birth_date=date(2011, n, 15),
            email=f"{first.lower()}@{name.lower()}.test",
            mentor=teacher,
        )
        students.append(student)
        guardians.append(
            Guardian.objects.create(
                school=school,
                student=student,
                name=f"Ouder van {first} {name}",
                email=f"ouder.{first.lower()}@{name.lower()}.test",
                lives_here=True,
            )
        )
        logins.append(member(Role.STUDENT, "", region=region, school=school, student=student))
    period = Period.objects.create(
        school=school,
        name="Blokstage voorjaar",
        kind=PeriodKind.BLOCK,
        starts=date(2027, 1, 11),
        ends=date(2027, 1, 22),
        weekdays=[1, 2, 3, 4, 5],
        day_from=time(8, 30),
        day_to=time(15, 30),
    )
    group = Group.objects.create(school=school, period=period, name="3B")
    for student in students:
        GroupStudent.objects.create(school=school, group=group, student=student)
    for company in home.companies:
        GroupCompany.objects.create(school=school, group=group, company=company)
    return SchoolWorld(
        school,
        settings,
        coordinator,
        teacher,
        colleague,
        students,
        guardians,
        logins,
        period,
        group,
    )


def add_path(sw: SchoolWorld, home: RegionWorld) -> None:
    """A campaign, answered by the first company with two places; an application; a placement."""
    sw.campaign = Campaign.objects.create(
        school=sw.school,
        group=sw.group,
        period=sw.period,
        subject="Doet u mee?",
        letter="Beste {{ contact }}",
        created_by=sw.coordinator,
    )
    for contact in (*home.contacts, *home.supervisors):
        trust(sw, contact)
    for n, company in enumerate(home.companies):
        invitation = Invitation.objects.create(
            school=sw.school,
            region=home.region,
            campaign=sw.campaign,
            period=sw.period,
            company=company,
            contact=home.contacts[n],
            state=InvitationState.YES if n == 0 else InvitationState.SENT,
        )
        if n == 0:
            sw.places.append(
                offered(
                    sw.period,
                    company,
                    invitation=invitation,
                    location=home.locations[n],
                    supervisor=home.supervisors[n],
                    how_many=2,
                    weekdays=[1, 2, 3, 4, 5],
                    tasks="Brood bakken",
                )
            )
    for n, student in enumerate(sw.students[:2]):
        disclose(sw, student, home.companies[0])
        sw.applications.append(
            Application.objects.create(
                school=sw.school,
                student=student,
                company=home.companies[0],
                place=sw.places[0],
                period=sw.period,
                motivation=f"Ik ben {student.first_name} en ik wil graag bakken.",
                state=ApplicationState.ACCEPTED if n == 0 else ApplicationState.WITH_COMPANY,
            )
        )
    sw.placement = Placement.objects.create(
        school=sw.school,
        student=sw.students[0],
        company=home.companies[0],
        place=sw.places[0],
        period=sw.period,
        location=home.locations[0],
        teacher=sw.teacher,
        supervisor=home.supervisors[0],
        starts=sw.period.starts,
        ends=sw.period.ends,
        weekdays=[1, 2, 3, 4, 5],
        day_from=sw.period.day_from,
        day_to=sw.period.day_to,
        state=PlacementState.RUNNING,
    )
    write_guides([sw.placement])
    for day in sw.period.days():
        PlannedDay.objects.create(
            school=sw.school,
            student=sw.students[0],
            company=home.companies[0],
            placement=sw.placement,
            date=day,
            day_from=sw.period.day_from,
            day_to=sw.period.day_to,
            break_minutes=30,
        )


def offered(period: Period, company: Company, *, how_many=1, invitation=None, **terms) -> Place:
    """What a company offers one school in one period: an offer whose places are all that school's.

    `terms` are fields of the offer (location, tasks) and of the place (supervisor, weekdays).
    """
    share = {name: terms.pop(name) for name in ("supervisor", "weekdays") if name in terms}
    offer = Offer.objects.create(
        region_id=company.region_id,
        company=company,
        starts=period.starts,
        ends=period.ends,
        how_many=how_many,
        **terms,
    )
    return Place.objects.create(
        school_id=period.school_id,
        region_id=company.region_id,
        company=company,
        offer=offer,
        period=period,
        invitation=invitation,
        how_many=how_many,
        **share,
    )


def trust(sw: SchoolWorld, contact: Contact, roles=None) -> Trust:
    """The school's coordinator typed this contact."""
    return Trust.objects.create(
        school=sw.school,
        company_id=contact.company_id,
        contact=contact,
        address=contact.email.lower(),
        roles=sorted(roles or contact.roles),
        source="typed",
        by=sw.coordinator,
    )


def let_be(contact: Contact, roles: list[str]) -> Contact:
    """Make this what somebody at a company is, to every school that knows them."""
    contact.roles = roles
    contact.save()
    Trust.objects.filter(contact=contact).update(roles=roles)
    return contact


def disclose(sw: SchoolWorld, student: Student, company: Company) -> StudentCard:
    return StudentCard.objects.create(
        school=sw.school,
        student=student,
        company=company,
        first_name=student.first_name,
        last_name=student.last_name,
        school_class=student.school_class,
        leerweg=student.leerweg,
        age_band="14-15",
    )


def load_region(name: str) -> RegionWorld:
    """The region as it stands in the database."""
    region = Region.objects.get(name=name)
    companies = list(Company.objects.filter(region=region).order_by("pk"))
    people = Contact.objects.filter(region=region).order_by("pk")
    bureau = Membership.objects.get(region=region, role=Role.BUREAU)
    return RegionWorld(
        region,
        bureau,
        companies,
        list(people.filter(roles__contains=[ContactRole.CONTACT])),
        list(people.filter(roles__contains=[ContactRole.SUPERVISOR])),
        list(Location.objects.filter(region=region).order_by("pk")),
    )


def load_school(name: str) -> SchoolWorld:
    """The school as it stands in the database."""
    school = School.objects.get(name=name)
    mine = {"school": school}
    staff = {m.name.partition(" ")[0]: m for m in Membership.objects.filter(**mine)}
    return SchoolWorld(
        school,
        SchoolSettings.objects.get(**mine),
        staff["Coordinator"],
        staff["Docent"],
        staff["Collega"],
        list(Student.objects.filter(**mine).order_by("pk")),
        list(Guardian.objects.filter(**mine).order_by("pk")),
        list(Membership.objects.filter(**mine, role=Role.STUDENT).order_by("pk")),
        Period.objects.get(**mine),
        Group.objects.get(**mine),
        Campaign.objects.get(**mine),
        list(Place.objects.filter(**mine).select_related("offer").order_by("pk")),
        list(Application.objects.filter(**mine).order_by("pk")),
        Placement.objects.get(**mine),
    )


def load_world() -> World:
    """The world as a restored back-up holds it."""
    operator = Membership.objects.get(role=Role.OPERATOR)
    schools = (load_school(name) for name in ("Berk", "Els", "Iep"))
    return World(load_region("Noord"), load_region("Zuid"), *schools, operator)


def build_world() -> World:
    """Build everything, or read it where it stands already; run in the system scope."""
    if Region.objects.exists():
        return load_world()
    noord, zuid = build_region("Noord"), build_region("Zuid")
    berk = build_school("Berk", "01AA00", noord)
    els = build_school("Els", "02BB00", noord)
    iep = build_school("Iep", "03CC00", zuid)
    for sw, home in ((berk, noord), (els, noord), (iep, zuid)):
        add_path(sw, home)
    operator = member(Role.OPERATOR, "Beheer", region=noord.region)
    return World(noord, zuid, berk, els, iep, operator)
