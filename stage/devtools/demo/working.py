"""Weeks at work: arrivals, illness, day reports and the company's word."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from attendance import services
from attendance.days import week_of
from attendance.enums import AbsenceKind
from attendance.models import CheckIn
from attendance.services import Word
from attendance.ways import day_end_at
from companies.enums import AttendanceMode, ContactRole, DayEnd
from placements.models import Placement, PlannedDay
from stage.core.tenants.tenancy import use
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.schools import DemoSchool

REPORTS = {
    "HBR": (
        "Vandaag deeg afgewogen en bolletjes gedraaid. In de pauze proefden we de nieuwe koek.",
        "Ik mocht zelf de vitrine inrichten en drie klanten helpen.",
        "Groente gesneden en tafels gedekt. Het was druk, maar gezellig.",
        "De levering nageteld en de koeling netjes ingeruimd. Er miste een doos tomaten.",
        "Vandaag mocht ik alleen afrekenen. Eerst spannend, daarna ging het goed.",
    ),
    "Z&W": (
        "Koffie geschonken en met een mevrouw een puzzel gemaakt. Ze vertelde over vroeger.",
        "Geholpen bij de gymles van de kleuters en daarna alles opgeruimd.",
        "Met een begeleider meegelopen en geleerd hoe je handen goed ontsmet.",
        "Fruit gesneden en voorgelezen. Eén kind wilde hetzelfde boek vier keer.",
        "De bedden opgemaakt met een collega. Dat kan een stuk sneller dan ik dacht.",
    ),
    "Groen": (
        "Stekjes verpot en een bestelling klaargezet. Mijn rug voel ik wel.",
        "De dieren gevoerd en de stal uitgemest. De geit liep steeds achter me aan.",
        "Een border geschoffeld en planten leren herkennen.",
        "Bloemen afgesneden en emmers schoongemaakt. Morgen mag ik een boeket maken.",
        "Met de trekker meegereden en geholpen bij het hek.",
    ),
}
REMARKS = ("", "", "Fijne hulp deze week.", "Mag iets vaker zelf vragen wat er te doen is.")
PHOTOS = 8  # at most


@dataclass
class Days:
    """What happened on the planned days of the placements of one school."""

    school: DemoSchool
    rng: Random
    photos_left: int = PHOTOS
    away: dict[int, set[date]] = field(default_factory=dict)

    def live(self, placements: list[Placement]) -> None:
        now = timezone.now()
        for index, placement in enumerate(placements):
            for number, planned in enumerate(self._planned(placement)):
                if clock.on(planned.date, "00:00") < now:
                    self._day(placement, planned, index, number, now)
        self._settle(placements)

    def _planned(self, placement: Placement) -> list[PlannedDay]:
        with use(self.school.cast.scope):
            return list(placement.planned_days.order_by("date"))

    def _day(self, placement, planned, index: int, number: int, now: datetime) -> None:
        is_today = planned.date == clock.Story.now().today
        what = self._today(index) if is_today else self._past(index, number)
        if what in ("ill", "still_ill", "missing", "appointment"):
            self.away.setdefault(placement.pk, set()).add(planned.date)
        if what == "ill":
            self._absence(placement, AbsenceKind.ILL, planned.date, now)
        elif what == "appointment":
            self._absence(placement, AbsenceKind.APPOINTMENT, planned.date, now)
        elif what in ("present", "late"):
            self._arrive(placement, planned.date, what == "late", now)
            self._go(placement, planned, now)
            # The first student is the one to show: writes every day, with a photo of one.
            if index == 0 or self.rng.random() < 0.6:
                self._report(placement, planned.date, now, shows=index == 0 and number == 1)

    def _today(self, index: int) -> str:
        return {2: "late", 4: "ill", 6: "missing", 9: "late", 15: "missing"}.get(index, "present")

    def _past(self, index: int, number: int) -> str:
        fixed = {
            (3, 1): "ill", (3, 2): "still_ill", (8, 4): "ill", (11, 3): "appointment",
            (5, 2): "missing", (10, 6): "missing", (14, 7): "missing", (1, 5): "late",
        }  # fmt: skip
        if (index, number) in fixed:
            return fixed[index, number]
        return "late" if self.rng.random() < 0.06 else "present"

    def _absence(self, placement, kind: str, day: date, now: datetime) -> None:
        when = clock.on(day, "07:50")
        if when > now:
            return
        cast = self.school.cast
        at_home = kind == AbsenceKind.ILL and placement.pk % 2
        actor = cast.guardian(placement.student) if at_home else cast.student(placement.student)
        note = "Orthodontist om 11 uur, daarna kom ik." if kind == AbsenceKind.APPOINTMENT else ""
        with clock.at(when):
            by(actor, services.report_absence, placement, kind=kind, day=day, note=note)

    def _arrive(self, placement, day: date, late: bool, now: datetime) -> None:
        minute = self.rng.randint(19, 48) if late else self.rng.randint(0, 14)
        when = clock.on(day, f"{9 if late else 8}:{minute + (0 if late else 44):02d}".zfill(5))
        if when > now:
            return
        mode = placement.company.attendance_mode
        with clock.at(when):
            if mode == AttendanceMode.SUPERVISOR:
                company = self.school.cast.company(placement.company_id, ContactRole.SUPERVISOR)
                by(company, services.tick_present, placement)
            else:
                code = placement.location.poster_code if mode == AttendanceMode.QR else ""
                by(self.school.cast.student(placement.student), services.scan, code)

    def _go(self, placement, planned, now: datetime) -> None:
        """Home again, where the company wants to hear when; now and then it is forgotten."""
        minute = (planned.date.toordinal() + placement.pk) % 11
        when = clock.on(planned.date, f"{planned.day_to:%H:%M}") + timedelta(minutes=minute - 5)
        if when > now or not minute or day_end_at(placement) == DayEnd.PLANNED:
            return
        with clock.at(when):
            by(self.school.cast.student(placement.student), services.check_out)

    def _report(self, placement, day: date, now: datetime, *, shows: bool) -> None:
        when = clock.on(day, f"16:{self.rng.randint(0, 59):02d}")
        mood = self.rng.choices(("good", "okay", "bad", ""), (60, 25, 5, 10))[0]
        code = placement.student.profile.code
        texts = REPORTS.get(code, REPORTS["Groen"])
        text = texts[(day.toordinal() + placement.student_id) % len(texts)]
        wants = shows or self.rng.random() < 0.15
        if when > now:
            return
        photo = None
        if wants and placement.student.photo_consent and self.photos_left:
            self.photos_left -= 1
            photo = picture(self.rng)
        values = {"day": day, "text": text, "mood": mood, "photo": photo}
        with clock.at(when):
            actor = self.school.cast.student(placement.student)
            by(actor, services.write_report, placement, **values)

    def _settle(self, placements: list[Placement]) -> None:
        """The teacher called about the first day nobody knew of; the others still wait."""
        for placement in placements[5:6]:
            day = min(self.away.get(placement.pk, ()), default=None)
            if day is None or placement.teacher_id is None:
                continue
            teacher = self.school.cast.teacher(placement.teacher_id)
            values = {"day": day, "outcome": "absent", "reason": "Had zich verslapen."}
            with clock.at(clock.on(day, "15:40")):
                by(teacher, services.settle, placement, excused=False, **values)

    def confirm(self, placements: list[Placement], monday: date, *, share: float) -> None:
        """On Friday the supervisors give their word on the week, most of them."""
        span = (monday, monday + timedelta(days=6))
        for placement in placements:
            if self.rng.random() > share and placement is not placements[0]:
                continue
            with use(self.school.cast.scope):
                planned = list(placement.planned_days.filter(date__range=span))
                there = CheckIn.objects.standing().filter(placement=placement, date__range=span)
                present = set(there.values_list("date", flat=True))
            if not planned:
                continue
            minutes = {p.date: p.minutes if p.date in present else 0 for p in planned}
            word = Word(placement, minutes, remark=self.rng.choice(REMARKS))
            actor = self.school.cast.company(placement.company_id, ContactRole.SUPERVISOR)
            with clock.at(
                clock.on(monday + timedelta(days=4), f"16:{self.rng.randint(0, 59):02d}")
            ):
                by(actor, services.confirm_weeks, week_of(monday), [word])


def picture(rng: Random) -> SimpleUploadedFile:
    """A drawn photo: a table with a few round things on it. Nobody's face, nobody's work."""
    image = Image.new("RGB", (800, 600), (226, 216, 200))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 340, 800, 600), fill=(150, 110, 74))
    for _ in range(6):
        x, y, size = rng.randint(60, 640), rng.randint(300, 470), rng.randint(60, 110)
        shade = rng.randint(0, 40)
        draw.ellipse((x, y, x + size * 2, y + size), fill=(196 - shade, 140 - shade, 70))
        draw.ellipse((x + size // 2, y + 8, x + size, y + size // 2), fill=(226, 178, 112))
    out = BytesIO()
    image.save(out, "JPEG", quality=80)
    return SimpleUploadedFile("werk.jpg", out.getvalue(), content_type="image/jpeg")
