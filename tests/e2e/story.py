"""Who plays in the main job, and what they know of each other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


def day(value: date) -> str:
    """A date as a form's date field takes it."""
    return value.isoformat()


@dataclass
class Pupil:
    """A student as the school's list has it."""

    number: str
    first: str
    infix: str
    last: str
    birthday: date
    parent: str
    parent_email: str
    card: str = ""  # what the QR of the login card says

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.first, self.infix, self.last) if part)


@dataclass
class Firm:
    """A company with the one who answers for it."""

    name: str
    contact: str
    email: str


@dataclass
class Story:
    """The people with their browsers, and the names that this run uses: each run its own."""

    stack: object
    person: object
    folder_for_files: Path
    run: str = field(default_factory=lambda: secrets.token_hex(3))
    password: str = "een lang wachtwoord voor de proef"
    totp_secret: str = ""
    group: str = "3B"
    folder: str = ""  # address of the placement's page

    def __post_init__(self):
        self.today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
        self.starts = self.today - timedelta(days=3)
        self.ends = self.today + timedelta(days=46)
        self.school = f"De Proef {self.run}"
        self.coordinator_email = self.mail("karin")
        self.teacher_email = self.mail("tom")
        self.supervisor_email = self.mail("sjoerd")
        self.period = f"Najaarsstage {self.run}"
        self.noor = Pupil(
            "120001", "Noor", "van den", "Bérg", self._born(4), "Els van den Bérg", self.mail("els")
        )
        self.sem = Pupil(
            "120002", "Sem", "", "Müller", self._born(9), "Ada Müller", self.mail("ada")
        )
        self.bakery = Firm(f"Bakkerij De Korst {self.run}", "Anja Bakker", self.mail("anja"))
        self.garage = Firm(f"Garage Snel {self.run}", "Gijs Snel", self.mail("gijs"))
        self.shop = Firm(f"Winkel Blom {self.run}", "Wil Blom", self.mail("wil"))

    def mail(self, who: str) -> str:
        return f"{who}.{self.run}@voorbeeld.test"

    def _born(self, months: int) -> date:
        """Sixteen for some months: no Sunday rule, and a parent must sign."""
        return (self.today.replace(day=1) - timedelta(days=16 * 365 + 4 + months * 30)).replace(
            day=7
        )
