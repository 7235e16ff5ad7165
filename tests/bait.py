"""Bait: every text field of every tenant's rows says whose it is.

A token such as `zqbna1-07zq 3.note` names the school (b, e, i or 0), the region (n, z or 0), the
company (a to d, or 0), the student (1 to 9, or 0), the model, the row and the field it stands in.
`lay()` writes one in every text field of every table that holds something of a tenant;
`found_in()` reads them back out of an answer, whatever its format.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote, quote_plus

import openpyxl
import pypdfium2
from django.apps import apps
from django.db import models
from django.utils import timezone

from assessments.models import Mark
from attendance.enums import ScanFailure
from attendance.models import (
    Absence,
    Alarm,
    Called,
    CheckIn,
    ConfirmedDay,
    DayReport,
    DisputedDay,
    FailedScan,
    PatternSeen,
    ReportAnswer,
    Screen,
    WeekConfirmation,
)
from companies.models import (
    Call,
    CompanyChange,
    CompanyNote,
    CompanyOwner,
    Department,
    FollowUp,
    LetterText,
    Location,
    Nomination,
    NotSame,
    Offer,
    PassedOn,
    PollDay,
    Trust,
)
from placements.agreements.models import (
    Agreement,
    AgreementAnswer,
    AgreementArticle,
    ArticleTemplate,
    LateGuardian,
    Signature,
    SigningRefusal,
)
from placements.models import ApplicationQuestion, OwnCompany, PlacementChange, RuleOverride
from stage.core.dutch.calendar import school_today
from stage.core.files.store import Owner, store_bytes
from stage.core.models import Job, Mandate, NoticeSettings, OutboxMail, PushSubscription, Received
from stage.schools.enums import FileKind
from stage.schools.models import (
    Elective,
    ImportJob,
    KeptFilter,
    LogInHelp,
    PeriodException,
    Profile,
    StandIn,
    Task,
)
from tests.assessments import things
from tests.attendance.helpers import about

OWN = (
    *("core", "schools", "companies", "placements"),
    *("agreements", "attendance", "assessments"),
)
TOKEN = re.compile(r"zq([bei0])([nz0])([abcd0])([0-9])-([0-9]{2})zq(?:\s+\d+\.([a-z_]+))?", re.I)
MODELS = sorted((m for m in apps.get_models() if m._meta.app_label in OWN), key=lambda m: str(m))
# Texts the product reads as something: an address of a row or file, a verb, a template.
NOT_WORDS = {
    *(
        "public_id",
        "poster_code",
        "poster",
        "nonce",
        "path",
        "thumbnail_path",
        "digest",
        "secret",
        "pairing",
        "whole_hash",
    ),
    *("content_type", "key", "event", "verb", "object_type", "actor_kind", "actor_role", "purpose"),
    *("target", "rule", "person_kind", "method", "postcode", "kvk_number", "website", "colour"),
    *(
        "sort_name",
        "search_name",
        "message_id",
        "picture_tiny",
        "about_type",
        "sheet",
        "page",
        "heading",
        "field",
        "age_band",
        "brin",
    ),
    *("browser", "address", "leerweg", "about_type"),
}
# Models of tenants without any words for a list, and those that only append.
WORDLESS = {
    *(
        "AuditEntry",
        "AuditSeal",
        "AuditWaiting",
        "Device",
        "CalendarFeed",
        "LanguageChoice",
        "GroupCompany",
        "GroupStudent",
        "ImportMapping",
        "ChangeSeen",
        "LateGuardian",
        "StandIn",
        "NoticeSettings",
        "NoticesOff",
        "PassedOn",
        "NotSame",
        "LogInHelp",
        "Received",
    ),
    *("Link", "LoginCode", "MailedCode", "PlannedDay", "PollDay", "User", "Heartbeat", "TryCount"),
    *("Profile", "Called", "Alarm", "PatternSeen", "Guides", "ConfirmedDay", "Place"),
    *("PlacementSettings", "AttendanceSettings"),
}


@dataclass(frozen=True)
class Bait:
    """Whose row a token stood in; `0` where the row has none of that kind."""

    school: str
    region: str
    company: str
    student: str
    model: str
    field: str = ""  # empty where it was cut off or not said


class Owners:
    """The letters of the world's schools, regions, companies and students."""

    def __init__(self, world) -> None:
        self.schools = {world.berk.school.pk: "b", world.els.school.pk: "e"}
        self.schools[world.iep.school.pk] = "i"
        self.regions = {world.noord.region.pk: "n", world.zuid.region.pk: "z"}
        companies = [*world.noord.companies, *world.zuid.companies]
        self.companies = {c.pk: "abcd"[n] for n, c in enumerate(companies)}
        self.students = {
            s.pk: str(n)
            for sw in (world.berk, world.els, world.iep)
            for n, s in enumerate(sw.students, 1)
        }

    def token(self, row: models.Model) -> str:
        name = type(row).__name__
        own = {"School": "school_id", "Region": "region_id", "Company": "company_id"}
        ids = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}
        ids[own.get(name, "student_id" if name == "Student" else "")] = row.pk
        if isinstance(row, Offer):  # the pool's, and shown where the place is: here one school's
            ids["school_id"] = row.places.get().school_id
        letters = [
            getattr(self, bag).get(ids.get(column), "0")
            for bag, column in (
                ("schools", "school_id"),
                ("regions", "region_id"),
                ("companies", "company_id"),
                ("students", "student_id"),
            )
        ]
        return f"zq{''.join(letters)}-{MODELS.index(type(row)):02d}zq"


# What stands in a field (None: in a JSON value), given the row's token and number.
Writer = Callable[[models.Field | None, str, int], str]


def words_of(model: type[models.Model], also: frozenset[str] = frozenset()) -> list[models.Field]:
    """The fields of a model that hold free text, and those of NOT_WORDS named in `also`."""
    return [
        f
        for f in model._meta.concrete_fields
        if isinstance(f, models.CharField | models.TextField)
        and not f.choices
        and (f.name in also or (f.name not in NOT_WORDS and (f.max_length or 99) >= 11))
    ]


def _words(field: models.Field | None, token: str, n: int) -> str:
    if field is None:
        return token
    if isinstance(field, models.EmailField):
        return f"{token}.{n}@lek.test"
    return f"{token} {n}.{field.name}"[: field.max_length]


def lay(world, write: Writer = _words, also: frozenset[str] = frozenset()) -> dict[str, set[str]]:
    """Fill every text field; returns model name -> the tokens that now stand in it.

    Run in the system scope. `also` as in `words_of`.
    """
    for sw, home in ((world.berk, world.noord), (world.els, world.noord), (world.iep, world.zuid)):
        fill_tables(sw, home)
    owners = Owners(world)
    laid: dict[str, set[str]] = {}
    for model in MODELS:
        if model.__name__ in WORDLESS:
            continue
        for n, row in enumerate(model._base_manager.order_by("pk")):
            token = owners.token(row)
            for f in words_of(model, also):
                setattr(row, f.name, write(f, token, n))
            word = write(None, token, n)
            if isinstance(row, AgreementAnswer):
                row.fields = dict.fromkeys(("street", "city", "wishes", "clothing"), word)
            if isinstance(row, ImportJob):
                row.result = {
                    "errors": [
                        {
                            "line": 2,
                            "field": "first_name",
                            "column_label": word,
                            "value_shown": word,
                            "cell": word,
                            "message": word,
                        }
                    ],
                    "error_count": 1,
                    "preview": [{"first_name": word}],
                }
            row.save()
            laid.setdefault(model.__name__, set()).add(token)
    # Somebody's own proven mailbox is the one its schools know.
    for row in Trust.objects.select_related("contact"):
        Trust.objects.filter(pk=row.pk).update(address=row.contact.email.lower())
    refresh(world)
    return laid


def refresh(world) -> None:
    """Read again what the tests hold of the world."""
    for sw in (world.berk, world.els, world.iep):
        rows = [sw.coordinator, sw.teacher, sw.colleague, sw.group, sw.period, sw.placement]
        for row in (*rows, *sw.students, *sw.guardians, *sw.places, *sw.applications, *sw.logins):
            row.refresh_from_db()
    for home in (world.noord, world.zuid):
        for row in (*home.companies, *home.contacts, *home.supervisors, *home.locations):
            row.refresh_from_db()


def fill_tables(sw, home) -> None:
    """A row in every table of a tenant, for one school and its first student's placement."""
    p, company, today = sw.placement, home.companies[0], school_today()
    of = about(p)
    hand_in = things.hand_in(sw)
    things.evidence(hand_in, sw)
    assessment = things.given(sw, home.supervisors[0])
    assessment.outcome = "stopped"
    assessment.save()
    Mark.objects.create(
        school=sw.school, student=p.student, placement=p, value="7.5", given_by=sw.teacher
    )
    yesterday = today - timedelta(days=1)
    CheckIn.objects.create(
        **of,
        date=yesterday,
        at=timezone.now(),
        method="poster",
        flags=["unplanned_day"],
        # Berk's is the one the permission table is about.
        nonce="NONCE12345" if sw.school.brin == "01AA00" else sw.school.brin,
    )
    FailedScan.objects.create(
        school=sw.school, student=p.student, typed="x", reason=ScanFailure.values[0]
    )
    place = Location.objects.filter(company=company).first()
    Screen.objects.get_or_create(
        location=place, defaults={"region": home.region, "company": company, "name": "x"}
    )
    Received.objects.create(school=sw.school, student_id=p.student_id, nonce="x", to="/")
    LogInHelp.objects.create(school=sw.school, student=p.student)
    Absence.objects.create(**of, kind="ill", starts=today, reported_kind="student")
    report = DayReport.objects.create(**of, date=yesterday, text="x")
    ReportAnswer.objects.create_about(p, report=report, line="x", by=sw.teacher)
    Called.objects.create(**of, date=today, by=sw.teacher)
    Alarm.objects.create(**of, date=today, step="teacher")
    PatternSeen.objects.create(**of, kind="late", until=today, by=sw.teacher)
    DisputedDay.objects.create(**of, date=yesterday, kind="absent", by=home.contacts[0])
    year, week, _day = today.isocalendar()
    WeekConfirmation.objects.create(**of, iso_year=year, iso_week=week, contact=home.contacts[0])
    ConfirmedDay.objects.create(**of, date=yesterday, minutes=60, by=home.contacts[0])
    Call.objects.create(
        school=sw.school,
        region=home.region,
        company=company,
        outcome="no_answer",
        note="x",
        by=sw.coordinator,
    )
    side = {"region": home.region, "school": sw.school, "company": company}
    CompanyNote.objects.create(**side, text="x", written_by=sw.coordinator)
    FollowUp.objects.create(**side, text="x", due=today, who=sw.coordinator)
    CompanyOwner.objects.create(**side, who=sw.coordinator, who_name="x")
    if sw.school.brin != "01AA00":  # each region's bureau once: its own, which no school reads
        of_bureau = {**side, "school": None}
        CompanyNote.objects.create(**of_bureau, text="x", written_by=home.bureau)
        FollowUp.objects.create(**of_bureau, text="x", due=today, who=home.bureau)
        first, second = sorted(company.pk for company in home.companies[:2])
        NotSame.objects.create(region=home.region, first_id=first, second_id=second)
    said = {"region": home.region, "school": sw.school, "name": "x", "city": "x", "by_name": "x"}
    Nomination.objects.create(
        **said, by_kind="membership", by=sw.teacher, state="refused", answer="x"
    )
    Nomination.objects.create(**said, by_kind="student", student=sw.students[0])
    Nomination.objects.create(
        **said, by_kind="guardian", student=sw.students[0], guardian=sw.guardians[0]
    )
    LetterText.objects.create(
        school=sw.school,
        region=home.region,
        name="x",
        subject="x",
        text="x",
        created_by=sw.coordinator,
    )
    Department.objects.create(region=home.region, company=company, name=sw.school.name)
    CompanyChange.objects.create(
        region=home.region,
        company=company,
        kind="facts",
        before={"telephone": "1"},
        after={"telephone": company.telephone},
        by_name="x",
    )
    PassedOn.objects.create(
        school=sw.school,
        region=home.region,
        company=company,
        invitation=sw.campaign.invitations.first(),
        by=home.contacts[0],
        to=home.supervisors[0],
    )
    PollDay.objects.create(
        school=sw.school,
        region=home.region,
        company=company,
        invitation=sw.campaign.invitations.first(),
        date=sw.period.starts,
        available=True,
    )
    for wish in sw.applications:
        ApplicationQuestion.objects.create_about(
            wish, text="x", asked_by=home.contacts[0], asked_by_name="x", answer="x"
        )
    _settings(sw, home)
    _agreement(sw, home)
    _papers(sw, home)


def _settings(sw, home) -> None:
    today = school_today()
    PeriodException.objects.create(
        school=sw.school, period=sw.period, date=sw.period.ends, reason="x"
    )
    elective = Elective.objects.create(
        school=sw.school, profile=Profile.objects.get(code="HBR"), name="x"
    )
    Task.objects.create(school=sw.school, elective=elective, name="x")
    if sw.school.brin != "01AA00":  # the region's bureau works without a mandate of Berk
        Mandate.objects.create(
            school=sw.school,
            region=home.region,
            task="x",
            starts=today - timedelta(days=9),
            ends=today - timedelta(days=1),
        )
    for n, student in enumerate(sw.students):
        OutboxMail.objects.create(
            region=home.region,
            school=sw.school,
            event="invitation",
            person_kind="guardian",
            person_id=sw.guardians[n].pk,
            key=f"bait:{student.pk}",
            state="refused",
        )


def _agreement(sw, home) -> None:
    of = {k: v for k, v in about(sw.placement).items() if k != "placement"}
    agreement = Agreement.objects.create(**of, placement=sw.placement)
    ArticleTemplate.objects.create(
        school=sw.school, number=1, title="x", text="x", parties=["student"]
    )
    AgreementArticle.objects.create(**of, agreement=agreement, number=1, title="x", text="x")
    for party in ("student", "company", "school"):
        AgreementAnswer.objects.create(**of, agreement=agreement, party=party)
    Signature.objects.create(
        **of,
        agreement=agreement,
        party="guardian",
        person_kind="guardian",
        person_id=sw.guardians[0].pk,
        name="x",
        whole_hash="0" * 64,
        method="code",
        statement="x",
        at=timezone.now(),
    )
    SigningRefusal.objects.create(
        **of,
        agreement=agreement,
        party="guardian",
        person_kind="guardian",
        person_id=sw.guardians[0].pk,
        name="x",
        kind="unwilling",
        words="x",
        note="x",
        at=timezone.now(),
    )
    LateGuardian.objects.create(**of, agreement=agreement, guardian=sw.guardians[0], answer="may")
    OwnCompany.objects.create(
        school=sw.school,
        student=sw.students[0],
        period=sw.period,
        name="x",
        city="x",
        what="x",
        state="refused",
    )
    PlacementChange.objects.create(
        **of,
        placement=sw.placement,
        kind="pause",
        from_on=sw.placement.starts,
        reason="fit",
        words="x",
        answer="x",
        asked_kind="company",
        asked_by_name="x",
        decided_by=sw.coordinator,
        decided_at=timezone.now() - timedelta(hours=1),
        state="done",
    )
    StandIn.objects.create(
        school=sw.school,
        absent=sw.teacher,
        stand_in=sw.coordinator,
        starts=school_today(),
        until=school_today(),
        ended_at=timezone.now(),
    )
    RuleOverride.objects.create(
        **of, placement=sw.placement, rule="x", finding="x", reason="x", by=sw.coordinator
    )


def _papers(sw, home) -> None:
    NoticeSettings.objects.create(school=sw.school, member=sw.coordinator, digest_at="07:00")
    PushSubscription.objects.create(
        school=sw.school, member=sw.coordinator, endpoint=f"x{sw.school.pk}", p256dh="x", auth="x"
    )
    owner = Owner(home.region.pk, sw.school.pk)
    file = store_bytes(
        b"x", name="x", content_type="text/csv", kind=FileKind.IMPORT, owner=owner, actor=None
    )
    Job.objects.create(
        region=home.region, school=sw.school, kind="x", created_by=sw.coordinator, state="refused"
    )
    KeptFilter.objects.create(
        region=home.region,
        school=sw.school,
        member=sw.coordinator,
        page="schools:student_list",
        name="x",
        query="q=x",
    )
    ImportJob.objects.create(
        region=home.region,
        school=sw.school,
        sheet="students",
        file=file,
        state="checked",
        created_by=sw.coordinator,
    )


def found_in(response, typed: str = "") -> set[Bait]:
    """All bait in an answer: a page, a CSV, a sheet or a PDF, and in its headers.

    `typed` is what the visitor filled in, which a page may show again.
    """
    text = text_of(response) + "\n" + "\n".join(f"{k} {v}" for k, v in response.headers.items())
    for echo in {typed, quote(typed), quote_plus(typed)} if TOKEN.search(typed) else ():
        text = text.replace(echo, "")
    return {
        Bait(s, r, c, n, MODELS[int(m)].__name__, field)
        for s, r, c, n, m, field in (tuple(x.lower() for x in t) for t in TOKEN.findall(text))
    }


def text_of(response) -> str:
    """The words of an answer."""
    if response.streaming:
        body = b"".join(response.streaming_content)
    else:
        body = response.content
    if body.startswith(b"%PDF"):
        opened = pypdfium2.PdfDocument(body)
        pages = (page.get_textpage().get_text_range() for page in opened)
        return "\n".join(pages).replace("\r", "").replace("-\n", "-")  # a line ends in a token
    if body.startswith(b"PK"):
        book = openpyxl.load_workbook(BytesIO(body))
        cells = [c for sheet in book for row in sheet.iter_rows(values_only=True) for c in row]
        return "\n".join(str(cell) for cell in (*cells, *book.sheetnames))
    return body.decode(errors="replace")
