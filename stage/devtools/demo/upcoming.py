"""A period that is being prepared: every student somewhere else on the way to a place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from companies.models import Place
from placements.agreements.enums import Party
from placements.enums import PutTo
from placements.models import Application, Placement
from placements.services.one import Asking
from placements.services.own import Words
from stage.core.who.policies import Conflict
from stage.devtools.demo import clock
from stage.devtools.demo.choosing import Chooser, fitting, seats
from stage.devtools.demo.clock import Story
from stage.devtools.demo.schools import DemoSchool
from stage.devtools.demo.signing import Signer
from stage.schools.models import Student

# How many students are in which stage, in a class of forty; a smaller one takes them in turn.
STAGES = {
    "complete": 2, "signing": 3, "objected": 1, "filling": 3, "concept": 4, "cancelled": 1,
    "accepted": 4, "applied": 7, "declined": 3, "expired": 2, "withdrawn": 2, "draft": 3,
    "browsing": 5,
}  # fmt: skip
# Stages in which the school has matched.
MATCHED = ("complete", "signing", "objected", "filling", "concept", "cancelled")
FILLED = (Party.COMPANY, Party.STUDENT, Party.SCHOOL)
OWN = Words(
    name="Fietsenmaker Op de Hoek",
    city="Zevenaar",
    what="Fietsen nakijken en banden plakken",
    who="Wim, een vriend van mijn vader",
    telephone="026 000 77 01",
)
ASKED = Asking(
    what="Kijken hoe een drukkerij werkt, en helpen bij het snijden",
    name="Drukkerij De Letterbak",
    city="Duiven",
    telephone="026 000 77 02",
    by_phone=True,
)
OBJECTION = "De begintijd klopt niet: wij openen pas om half tien."


def stages_of(students: Sequence[Student]) -> Iterator[tuple[Student, str]]:
    """A stage for each student; every stage once before any comes twice."""
    left = dict(STAGES)
    order: list[str] = []
    while len(order) < len(students):
        taken = [name for name in STAGES if left[name] > 0]
        if not taken:
            order += ["browsing"] * (len(students) - len(order))
        for name in taken:
            left[name] -= 1
            order.append(name)
    return zip(students, order, strict=False)


def choose(
    school: DemoSchool, students: Sequence[Student], places: Sequence[Place], *, story: Story
) -> list[tuple[Placement, str]]:
    """Applications and decisions of everybody; the placements with their students' stages."""
    chooser, free = Chooser(school), seats(places)
    rows = list(stages_of(students))
    school.cast.let_in([s for s, _stage in rows])
    placements, asked = [], False
    for index, (student, stage) in enumerate(rows):
        if stage == "browsing":
            continue
        place = fitting(student, free)
        clock_of = f"{9 + index % 6:02d}:{index * 13 % 60:02d}"
        if stage in MATCHED:
            placement = _to_a_match(chooser, student, place, story, clock_of)
            placements.append((placement, stage))
        else:
            if stage == "accepted":
                # A second letter, which rests once the first company says yes.
                other = places[(places.index(place) + 1) % len(places)]
                _try(chooser, student, other, clock.on(story.back(8), clock_of))
            application = _without_match(chooser, student, place, stage, story, clock_of)
            if stage == "applied" and not asked:
                asked = True
                chooser.ask(application, PutTo.SCHOOL, clock.on(story.back(2), clock_of))
    looking = [student for student, stage in rows if stage == "browsing"]
    _own_companies(chooser, looking, places[0], story)
    chooser.expire(clock.on(story.back(1), "06:00"))
    _second_choices(chooser, rows, places, story)
    for placement, stage in placements:
        if stage == "cancelled":
            chooser.unmatch(placement, clock.on(story.back(4), "16:00"))
    return [(p, stage) for p, stage in placements if stage != "cancelled"]


def _to_a_match(chooser, student, place, story: Story, clock_of: str) -> Placement:
    application = chooser.apply(student, place, clock.on(story.back(15), clock_of))
    chooser.accept(application, clock.on(story.back(12), clock_of))
    return chooser.match(student, place, clock.on(story.back(9), clock_of))


def _without_match(chooser, student, place, stage, story: Story, clock_of: str) -> Application:
    days = {"expired": 18, "applied": 5, "draft": 2}.get(stage, 8)
    sent = clock.on(story.back(days), clock_of)
    application = chooser.apply(student, place, sent, send=stage != "draft")
    later = clock.on(story.back(2), clock_of)
    if stage == "accepted":
        chooser.accept(application, later)
    elif stage == "declined":
        chooser.decline(application, later)
    elif stage == "withdrawn":
        chooser.withdraw(application, later)
    return application


def _own_companies(chooser, looking: Sequence[Student], like: Place, story: Story) -> None:
    """One student names a company; for another the school asks one."""
    for student in looking[:1]:
        chooser.name_company(student, like.period, OWN, clock.on(story.back(1), "19:40"))
    for student in looking[1:2]:
        chooser.ask_company(student, like.period, ASKED, clock.on(story.back(1), "14:10"))


def _second_choices(chooser, rows, places: Sequence[Place], story: Story) -> None:
    """Half of those who wait also wrote to a second company."""
    waiting = [s for s, stage in rows if stage in ("applied", "declined", "expired")]
    for index, student in enumerate(waiting[::2]):
        own = [p for p in places if student.profile.code in p.company.profiles]
        # The last ones: those have places left.
        place = (own or list(places))[-1 - index % 2]
        _try(chooser, student, place, clock.on(story.back(1), f"1{index % 6}:20"))


def _try(chooser, student, place, when) -> None:
    try:
        chooser.apply(student, place, when)
    except Conflict:
        return  # the student wrote there already, or the last place is gone


def agree(school: DemoSchool, placements: Sequence[tuple[Placement, str]], *, story: Story) -> None:
    """Agreements in every stage."""
    signer = Signer(school)
    wanted = [(p, stage) for p, stage in placements if stage != "concept"]
    started = signer.start([p for p, _stage in wanted], clock.on(story.back(8), "11:00"))
    for index, (agreement, (_p, stage)) in enumerate(zip(started, wanted, strict=True)):
        if stage == "filling":
            # Nobody, the company, company and student: three ways to wait.
            signer.fill(agreement, clock.on(story.back(5), "09:00"), FILLED[: index % 3])
            continue
        signer.fill(agreement, clock.on(story.back(7), "09:00"), FILLED)
        signer.freeze(agreement, clock.on(story.back(4), "14:00"))
        if stage == "objected":
            signer.object(agreement, OBJECTION, clock.on(story.back(2), "15:00"))
            continue
        parties = signer.parties(agreement)
        count = len(parties) if stage == "complete" else index % len(parties)
        for number, party in enumerate(parties[:count]):
            moment = clock.on(story.back(3), "09:00") + timedelta(hours=7 * number)
            signer.sign(agreement, party, moment)
