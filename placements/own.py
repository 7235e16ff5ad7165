"""What a school reads before it asks the company that a student brings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from companies import asking
from companies.asking import Candidate, Said
from companies.enums import Standing
from companies.lookalikes import Alike, alike
from companies.models import Company, Contact, Place
from placements.models import Application, OwnCompany
from placements.queries import contact_of, used_places
from placements.words import OWN_WORDS, student_word
from stage.core.models import Membership
from stage.core.ui.tones import Word
from stage.schools.enums import Leerweg
from stage.schools.models import Guardian, Period, Student

# Where a company asks to be recognised; the lwt takes place at recognised companies only.
RECOGNITION_URL = "https://www.s-bb.nl/bedrijven/erkenning/"


def clashes(student: Student, email: str, telephone: str) -> list[str]:
    """Whose these are besides a company's, in words that name nobody. In the school's scope.

    Of a student, a guardian or a colleague: often a shop at home, sometimes a mistake.
    """
    found = []
    school_id, address = student.school_id, email.strip().lower()
    if address:
        mine = {"school_id": school_id, "email__iexact": address}
        pupils = set(Student.objects.filter(**mine).order_by().values_list("pk", flat=True))
        parents = set(Guardian.objects.filter(**mine).order_by().values_list("student", flat=True))
        found += _whose(_("Dit e-mailadres"), student, pupils, parents)
        if Membership.objects.active().filter(**mine).exists():
            found.append(_("Dit e-mailadres is ook van een medewerker van jullie school."))
    if number := plain_number(telephone):
        pupils = _with_number(Student.objects.filter(school_id=school_id), number, "pk")
        parents = _with_number(Guardian.objects.filter(school_id=school_id), number, "student")
        found += _whose(_("Dit telefoonnummer"), student, pupils, parents)
        if _with_number(Membership.objects.active().filter(school_id=school_id), number, "pk"):
            found.append(_("Dit telefoonnummer is ook van een medewerker van jullie school."))
    return found


def plain_number(telephone: str) -> str:
    """A Dutch number as digits: "+31 (0)26-123" and "026 123" are one."""
    digits = re.sub(r"\D", "", telephone.replace("(0)", ""))
    return re.sub(r"^(00)?31", "0", digits)


def _with_number(rows, number: str, about: str) -> set[int]:
    """Whom rows with this number are about, however it is written."""
    said = rows.exclude(telephone="").order_by().values_list(about, "telephone")
    return {pk for pk, telephone in said if plain_number(telephone) == number}


def _whose(what: str, student: Student, pupils: set[int], parents: set[int]) -> list[str]:
    found = []
    if student.pk in pupils:
        found.append(_("%(what)s is ook van deze leerling zelf.") % {"what": what})
    if pupils - {student.pk}:
        found.append(_("%(what)s is ook van een andere leerling.") % {"what": what})
    if student.pk in parents:
        words = {"what": what}
        found.append(_("%(what)s is ook van een ouder of verzorger van deze leerling.") % words)
    if parents - {student.pk}:
        words = {"what": what}
        found.append(
            _("%(what)s is ook van een ouder of verzorger van een andere leerling.") % words
        )
    return found


@dataclass(frozen=True)
class Known:
    """A company of the pool as one school finds it for one student's question."""

    company: Company
    city: str
    candidate: Candidate
    contact: Contact | None  # whom the school mails there about students
    places: list[Place]  # with room, for any student of this period

    @property
    def is_barred(self) -> bool:
        """Whether nobody in the region may ask it."""
        return self.company.standing != Standing.OPEN

    @property
    def told(self) -> str:
        """What the school asked before and what it heard, or why it cannot ask."""
        said = self.candidate
        if self.is_barred or said.said == Said.NEVER:
            return said.why
        return f"{said.said.label}: {said.why}" if said.why else str(said.said.label)


def known_as(found: list[Alike], period: Period) -> list[Known]:
    """These companies with what the school knows of them. In the school's scope."""
    school_id = period.school_id
    candidates = asking.candidates(school_id, [one.company for one in found], period)
    families = {one.company.family_id for one in found}
    places = Place.objects.open().for_all().filter(period=period, company__family_id__in=families)
    rows = list(places.select_related("company").order_by("pk"))
    used = used_places(p.pk for p in rows)
    free = [p for p in rows if p.how_many > used.get(p.pk, 0)]
    return [
        Known(
            one.company,
            one.city,
            candidate,
            contact_of(school_id, one.company.pk),
            [p for p in free if p.company.family_id == one.company.family_id],
        )
        for one, candidate in zip(found, candidates, strict=True)
    ]


def doubles(own: OwnCompany, actor) -> list[Alike]:
    """Which companies of the pool it may be; the one that was pointed at stands first."""
    companies = Company.objects.visible_to(actor)
    found = alike(companies, own.name, own.city)
    if own.known_as is None:
        return found
    chosen = own.known_as.stays
    rest = [one for one in found if one.company.pk != chosen.pk]
    return [as_alike(chosen, own.city), *rest]


def as_alike(company: Company, city: str = "") -> Alike:
    """A company that somebody chose, as one that it may be."""
    towns = [row.city for row in company.all_locations if row.city]
    return Alike(company, next(iter(towns), city))


def needs_recognition(student: Student) -> bool:
    """Whether the student may follow a leerwerktraject, which only this leerweg has."""
    return student.leerweg == Leerweg.BB


def word_of(own: OwnCompany) -> Word:
    """How it stands, in the student's words: once asked, as its application says."""
    application: Application | None = own.application
    return student_word(application.state) if application else OWN_WORDS[own.state]
