"""Agreements of the demo: started, filled in by each party, fixed, and signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from companies.enums import ContactRole
from placements.agreements.enums import Party
from placements.agreements.models import Agreement
from placements.agreements.queries import checking, reading
from placements.agreements.services import filling, freezing, papers, signing, starting
from placements.models import Placement
from stage.core.tenants.tenancy import use
from stage.core.who.actors import Actor
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.schools import DemoSchool

BROWSERS = {
    Party.STUDENT: "Mozilla/5.0 (Linux; Android 15) Mobile",
    Party.GUARDIAN: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)",
    Party.COMPANY: "Mozilla/5.0 (Windows NT 10.0; Win64; x64)",
    Party.SCHOOL: "Mozilla/5.0 (X11; Linux x86_64)",
}
WORKSHOPS = {"BWI", "PIE", "M&T", "MaT"}
ORDER = (Party.STUDENT, Party.GUARDIAN, Party.COMPANY, Party.SCHOOL)
REASON = "De leerling doet dit werk niet zelf en kijkt alleen mee; besproken met het bedrijf."


@dataclass
class Signer:
    """Takes agreements of one school through their steps, each at a moment in the past."""

    school: DemoSchool

    def start(self, placements: Sequence[Placement], when: datetime) -> list[Agreement]:
        with clock.at(when):
            return by(self.school.coordinator, starting.start_agreements, placements)

    def fill(self, agreement: Agreement, when: datetime, parties: Iterable[Party]) -> None:
        """These parties fill in their part and say that it is right."""
        for number, party in enumerate(parties):
            actor = self.actor(agreement, party)
            fields = self._fields(agreement) if party == Party.COMPANY else {}
            with clock.at(when + timedelta(hours=5 * number)), use(actor.scope):
                filling.fill(agreement, party=party, fields=fields, check=True, actor=actor)

    def _fields(self, agreement: Agreement) -> dict:
        workshop = WORKSHOPS & set(agreement.placement.company.profiles)
        paid = agreement.pk % 5 == 0
        return {
            "work_kind": "light_industrial" if workshop else "light",
            # One in eight has no such paper yet: the coordinator has to say why it can go on.
            "risk_assessment": "no" if agreement.pk % 8 == 0 else "yes",
            "allowance": "yes" if paid else "no",
            "allowance_amount": "€ 15 per week" if paid else "",
            "allowance_to": "student" if paid else "",
        }

    def freeze(self, agreement: Agreement, when: datetime) -> None:
        actor = self.school.coordinator
        with clock.at(when), use(actor.scope):
            points = checking.points_of(agreement, reading.compose(agreement))
            reasons = {point.rule: REASON for point in points}
            freezing.freeze(agreement, reasons=reasons, actor=actor)

    def sign(self, agreement: Agreement, party: Party, when: datetime) -> None:
        actor = self.actor(agreement, party)
        evidence = signing.Evidence(
            signing.method_of(actor),
            signing.statement_for(party),
            f"192.0.2.{agreement.pk % 250 + 1}",
            BROWSERS[party],
        )
        whole = agreement.whole_hash
        with clock.at(when), use(actor.scope):
            signing.sign(agreement, whole_hash=whole, evidence=evidence, actor=actor)

    def sign_on_paper(self, agreement: Agreement, when: datetime) -> None:
        """The guardian signed the print; the coordinator saw it."""
        actor = self.school.coordinator
        with clock.at(when) as now, use(actor.scope):
            name = self.school.cast.guardian(agreement.placement.student).name
            papers.sign_on_paper(
                agreement,
                key=Party.GUARDIAN,
                name=name,
                seen_on=now.date(),
                upload=_scan(name) if papers.scan_needed(agreement) else None,
                actor=actor,
            )

    def object(self, agreement: Agreement, text: str, when: datetime) -> Agreement:
        """The company finds something wrong: the next version."""
        actor = self.actor(agreement, Party.COMPANY)
        with clock.at(when):
            return by(actor, starting.object_to, agreement, text=text)

    def parties(self, agreement: Agreement) -> list[Party]:
        """Who signs: without a guardian for who is of age on the first day."""
        placement = agreement.placement
        minor = placement.student.is_minor_on(placement.starts)
        return [p for p in ORDER if minor or p != Party.GUARDIAN]

    def actor(self, agreement: Agreement, party: Party) -> Actor:
        cast, student = self.school.cast, agreement.placement.student
        if party == Party.STUDENT:
            return cast.student(student)
        if party == Party.GUARDIAN:
            return cast.guardian(student)
        if party == Party.COMPANY:
            return cast.company(agreement.company_id, ContactRole.SIGNATORY)
        return self.school.coordinator


def _scan(name: str) -> SimpleUploadedFile:
    """The last page of the print, with a name under it."""
    page = Image.new("L", (620, 877), 252)
    draw = ImageDraw.Draw(page)
    for line in range(40, 640, 22):
        draw.line((60, line, 560 - line % 90, line), fill=150, width=3)
    draw.line((60, 780, 360, 780), fill=60, width=2)
    draw.text((70, 750), name, fill=30)
    out = BytesIO()
    page.save(out, "PNG")
    return SimpleUploadedFile("overeenkomst.png", out.getvalue(), "image/png")


def sign_all(school: DemoSchool, placements: Sequence[Placement], *, first: datetime) -> None:
    """All agreements, from start to the last signature, in two weeks after `first`."""
    signer = Signer(school)
    for index, agreement in enumerate(signer.start(placements, first)):
        hour = timedelta(minutes=11 * index)
        parties = (Party.COMPANY, Party.STUDENT, Party.SCHOOL)
        signer.fill(agreement, first + timedelta(days=1) + hour, parties)
        signer.freeze(agreement, first + timedelta(days=4) + hour)
        for number, party in enumerate(signer.parties(agreement)):
            when = first + timedelta(days=5 + number) + hour
            if party == Party.GUARDIAN and index % 9 == 4:
                signer.sign_on_paper(agreement, when)
            else:
                signer.sign(agreement, party, when)
