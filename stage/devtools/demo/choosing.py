"""Students look, apply and wait; companies decide; the coordinator matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from companies.enums import ContactRole
from companies.models import Place
from placements import services
from placements.enums import PutTo
from placements.models import Application, Placement
from placements.services.one import ask_company
from placements.services.own import Words, name_company
from stage.core.tenants.tenancy import use
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.schools import DemoSchool
from stage.schools.models import Period, Student

MOTIVATIONS = (
    "Ik hou ervan om met mijn handen te werken en wil graag zien hoe het er echt aan toe gaat.",
    "Mijn oom werkt in dit vak en vertelt er veel over. Ik wil het zelf proberen.",
    "Ik ben rustig, kom altijd op tijd en leer snel. Jullie bedrijf is dicht bij mijn huis.",
    "Later wil ik dit misschien als beroep. Ik wil weten of het bij me past.",
    "Op school vind ik de praktijklessen het leukst. Ik werk graag samen met anderen.",
)
NO_REASONS = (
    "Wij hebben al iemand voor deze plek gekozen. Veel succes met zoeken!",
    "Je reistijd is erg lang. Kijk ook eens dichter bij huis.",
)

QUESTIONS = {
    PutTo.STUDENT: "Kun je langskomen om kennis te maken? Woensdag na half vier is goed.",
    PutTo.SCHOOL: "Mag deze leerling met onze machines werken?",
}


@dataclass
class Chooser:
    """Steps of applying at one school; each is taken at a moment in the past."""

    school: DemoSchool

    def apply(self, student: Student, place: Place, when: datetime, *, send=True) -> Application:
        actor = self.school.cast.student(student)
        step = services.submit_application if send else services.save_draft
        words = MOTIVATIONS[(student.pk + place.pk) % len(MOTIVATIONS)]
        with clock.at(when):
            return by(actor, step, place, student=student, motivation=words)

    def accept(self, application: Application, when: datetime) -> None:
        company = self.school.cast.company(application.company_id, ContactRole.CONTACT)
        with clock.at(when):
            by(company, services.accept_application, application)

    def ask(self, application: Application, put_to: PutTo, when: datetime) -> None:
        company = self.school.cast.company(application.company_id, ContactRole.CONTACT)
        with clock.at(when):
            by(company, services.ask_question, application, text=QUESTIONS[put_to], put_to=put_to)

    def name_company(self, student: Student, period: Period, words: Words, when: datetime) -> None:
        with clock.at(when):
            by(self.school.cast.student(student), name_company, student, period, words)

    def ask_company(self, student: Student, period: Period, asking, when: datetime) -> None:
        with clock.at(when):
            by(self.school.coordinator, ask_company, student, period, asking)

    def decline(self, application: Application, when: datetime) -> None:
        company = self.school.cast.company(application.company_id, ContactRole.CONTACT)
        reason = NO_REASONS[application.student_id % len(NO_REASONS)]
        with clock.at(when):
            by(company, services.decline_application, application, reason=reason)

    def withdraw(self, application: Application, when: datetime) -> None:
        with clock.at(when):
            actor = self.school.cast.student(application.student)
            by(actor, services.withdraw_application, application)

    def expire(self, when: datetime) -> None:
        """The job that closes what stayed without an answer."""
        with clock.at(when) as now:
            by(self.school.cast.job, services.expire_applications, now=now)

    def match(self, student: Student, place: Place, when: datetime) -> Placement:
        teachers = self.school.cast.teachers
        teacher = teachers[student.pk % len(teachers)]
        with clock.at(when):
            made = by(self.school.coordinator, services.match, student, place, teacher=teacher)
        return read_again(self.school, [made])[0]

    def unmatch(self, placement: Placement, when: datetime) -> None:
        with clock.at(when):
            by(self.school.coordinator, services.unmatch, placement)

    def brief(self, placements: Sequence[Placement], when: datetime) -> None:
        with clock.at(when):
            by(self.school.coordinator, services.send_briefs, placements)


def read_again(school: DemoSchool, placements: Sequence[Placement]) -> list[Placement]:
    """The placements as they are now, in the same order, with all that hangs on them."""
    related = ("student__profile", "company", "location", "place", "school", "teacher", "period")
    with use(school.cast.scope):
        rows = Placement.objects.select_related(*related, "supervisor")
        found = rows.in_bulk([p.pk for p in placements])
    return [found[p.pk] for p in placements]


def seats(places: Sequence[Place]) -> list[Place]:
    """Every single place, company by company in turn."""
    most = max(p.how_many for p in places)
    return [p for n in range(most) for p in places if p.how_many > n]


def fitting(student: Student, free: list[Place]) -> Place:
    """The first free seat that fits the student's profile and age; takes it out of the list."""
    code = student.profile.code if student.profile else ""
    age = student.age_on(free[0].period.starts)
    old = [p for p in free if not p.company.minimum_age or age >= p.company.minimum_age]
    own = [p for p in old if code in p.company.profiles]
    place = (own or old or free)[0]
    free.remove(place)
    return place


def place_all(
    school: DemoSchool, students: Sequence[Student], places: Sequence[Place], *, first: date
) -> list[Placement]:
    """Everybody applies twice, gets a yes and is matched: a period that went well."""
    chooser, free = Chooser(school), seats(places)
    school.cast.let_in(students)
    chosen = [(s, fitting(s, free)) for s in students]
    placements = []
    for index, (student, place) in enumerate(chosen):
        when = clock.on(
            first + timedelta(days=index % 3), f"{9 + index % 7:02d}:{index * 7 % 60:02d}"
        )
        application = chooser.apply(student, place, when)
        other = free[index % len(free)] if free else place
        is_other = other.company_id != place.company_id
        second = chooser.apply(student, other, when + timedelta(minutes=6)) if is_other else None
        if second is not None and index % 4 == 0:
            chooser.decline(second, when + timedelta(days=2))
        chooser.accept(application, when + timedelta(days=3, hours=2))
    for index, (student, place) in enumerate(chosen):
        when = clock.on(first + timedelta(days=9), f"13:{index % 60:02d}")
        placements.append(chooser.match(student, place, when))
    chooser.brief(placements, clock.on(first + timedelta(days=10), "15:00"))
    return placements
