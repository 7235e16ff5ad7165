"""Builds the whole demo, in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from companies import services
from companies.models import Company, Contact, Place
from companies.services import send_reminders
from placements.enums import PlacementState, PutTo
from placements.models import Placement
from placements.services import advance_placements
from stage.core.tenants.tenancy import Scope, use
from stage.core.who.identities import mail_way_in
from stage.core.work import wake
from stage.devtools.demo import (
    asking,
    changing,
    choosing,
    clock,
    judging,
    schools,
    signing,
    upcoming,
)
from stage.devtools.demo.asking import Answers
from stage.devtools.demo.cast import by, open_accounts
from stage.devtools.demo.choosing import Chooser
from stage.devtools.demo.companies import REGION
from stage.devtools.demo.pool import fill_pool, without_email
from stage.devtools.demo.schools import DemoSchool
from stage.devtools.demo.working import Days
from stage.devtools.showing import refuse_in_production
from stage.schools import reference_data
from stage.schools.enums import PeriodKind
from stage.schools.models import RegionSettings
from stage.schools.services import first_steps
from stage.schools.services.school_settings import change_region_settings

SEED = 7
# Letters older than this have left long ago; younger ones the worker sends after the start.
FRESH = timedelta(days=6)
SHARES = {"full": 1, "small": 3}  # one student in so many


@dataclass
class Demo:
    """What is being built."""

    story: clock.Story
    rng: Random
    share: int
    say: Callable[[str], object]
    pool: dict[str, list[Company]]
    scopes: list[Scope]

    def dice(self, part: int) -> Random:
        """Chance of its own for one part: what another part draws changes nothing here."""
        return Random(SEED + part)  # noqa: S311 - the same story each time

    def companies(self, *profiles: str) -> list[Company]:
        return [c for profile in profiles for c in self.pool[profile]]


def build(*, size: str = "full", say: Callable[[str], object] = lambda line: None) -> None:
    """Fill an empty database. Raises RuntimeError where real people's data could be."""
    refuse_in_production()
    with wake.once(), override("nl"), transaction.atomic():
        _build(SHARES[size], say)


def _build(share: int, say) -> None:
    reference_data.load()
    story, rng = clock.Story.now(), Random(SEED)  # noqa: S311 - the same story each time
    with clock.at(clock.on(story.week(-16), "09:00")):
        region, bureau = _region()
        pool = fill_pool(region, bureau=bureau, rng=rng)
        demo = Demo(story, rng, share, say, pool, [bureau.scope])
        say(f"region with {sum(map(len, pool.values()))} companies")
        made = [schools.make_school(region, number) for number in range(3)]
        names = schools.full_names(rng)
        for school in made:
            schools.enrol(school, names=names, share=share, today=story.today, rng=rng)
            demo.scopes.append(school.cast.scope)
    say(f"three schools with {sum(len(s) for m in made for s in m.classes.values())} students")
    _running(demo, made[0])
    _preparing(demo, made[0])
    _answering(demo, made[1])
    _finished(demo, made[2])
    _beginning(demo, made[2])
    _changed_by_others(demo, made[0], made[1])
    for scope in demo.scopes:
        asking.was_posted(scope, timezone.now() - FRESH)
    _links(made[0])


def _changed_by_others(demo: Demo, school: DemoSchool, other: DemoSchool) -> None:
    """Somebody was named through a forwarded letter; another school changed a company's number."""
    with use(school.cast.scope):
        asked = Place.objects.filter(invitation__isnull=False)
        coming = asked.filter(period__starts__gt=demo.story.today).order_by("-pk")
        place = coming.select_related("period", "offer")[0]
    with clock.at(clock.on(demo.story.back(2), "16:20")):
        asking.name_through_link(
            school, place, name="Mirjam Slot", email="mirjam.slot@postvak.voorbeeld"
        )
    with use(school.cast.scope):
        running = Placement.objects.filter(state=PlacementState.RUNNING).order_by("pk")
        company = Company.objects.get(pk=running.values("company")[:1])
    with clock.at(clock.on(demo.story.back(1), "15:10")):
        by(other.coordinator, services.update_company, company, telephone="026 555 01 23")


def _links(school: DemoSchool) -> None:
    """The bakery, its supervisor and a guardian just asked for their link on the log-in page."""
    with use(school.cast.scope):
        people = Contact.objects.filter(company__name="Bakkerij Van Diepen").order_by("pk")
        addresses = [*people.values_list("email", flat=True)]
    addresses.append(school.cast.guardian(school.classes["3HBR"][0]).email)
    for address in addresses:
        mail_way_in(address)


def _region():
    region = first_steps.make_region(REGION)
    bureau = first_steps.make_bureau(
        region, name="Corrie Blaauw", email="bureau@gelderland-midden.voorbeeld"
    )
    operator = first_steps.make_operator(
        region, name="Beheer Stage", email="beheer@stage.voorbeeld"
    )
    open_accounts([bureau, operator])
    actor = first_steps.actor_of(bureau)
    values = {
        "email": "bureau@gelderland-midden.voorbeeld",
        "telephone": "026 000 80 00",
        "company_explanation": (
            "U hoeft niets te installeren. Een leerling kost u een uur per dag en levert u een"
            " paar extra handen op."
        ),
    }
    with use(actor.scope):
        settings = RegionSettings.objects.of(region.pk)
        change_region_settings(settings, values=values, actor=actor)
    return region, actor


def named(words: str, day: date) -> str:
    return f"{words}, {date_format(day, 'F Y')}"


def _advance(school: DemoSchool, day: date) -> None:
    """The job that follows the calendar, early on a day."""
    with clock.at(clock.on(day, "05:30")), use(school.cast.scope):
        advance_placements(today=day, actor=school.cast.job)


def _running(demo: Demo, school: DemoSchool) -> None:
    """A period that is going on: two weeks past, two to come."""
    story = demo.story
    starts, ends = story.week(-2), story.week(2, 5)
    members = school.of("3HBR", "3ZW")
    with clock.at(clock.on(story.week(-14), "11:00")):
        schools.allow_photos(school, members)
        period = schools.plan(
            school, name=named("Blokstage klas 3", starts), starts=starts, ends=ends
        )
        group = schools.gather(
            school,
            period,
            name="3HBR en 3ZW",
            members=members,
            companies=demo.companies("Z&W", "HBR", "D&P"),
        )
    places = asking.ask(
        school,
        group,
        day=story.week(-11, 2),
        answers=Answers(yes=13, no=2, later=2),
        places=(3, 2, 3),
    )
    placements = choosing.place_all(school, members, places, first=story.week(-9, 1))
    signing.sign_all(school, placements, first=clock.on(story.week(-7, 1), "09:00"))
    _advance(school, starts)
    placements = choosing.read_again(school, placements)
    days = Days(school, demo.dice(1))
    days.live(placements)
    days.confirm(placements, story.week(-2), share=0.85)
    days.confirm(placements, story.week(-1), share=0.5)
    judging.give_work(
        school, placements, day=story.week(-2, 3), due=story.week(1, 5), rng=demo.dice(2)
    )
    changing.let_change(school, story=story)
    demo.say(f"a period that runs: {len(placements)} students at work")


def _preparing(demo: Demo, school: DemoSchool) -> None:
    """A period to come, with students in every stage of finding a place."""
    story = demo.story
    starts, ends = story.week(4), story.week(14, 5)
    members = school.of("4PIE", "4EO", "4BWI")
    demo.rng.shuffle(members)
    with clock.at(clock.on(story.week(-7), "11:00")):
        period = schools.plan(
            school,
            name=named("Lintstage klas 4", starts),
            starts=starts,
            ends=ends,
            weekdays=(2, 4),
            kind=PeriodKind.WEEKDAYS,
        )
        group = schools.gather(
            school,
            period,
            name="Klas 4",
            members=members,
            companies=demo.companies("PIE", "E&O", "BWI", "MVI", "D&P"),
        )
    places = asking.ask(
        school,
        group,
        day=story.back(30),
        answers=Answers(yes=19, no=4, later=2, bounced=1),
        places=(2, 3, 2),
    )
    placements = upcoming.choose(school, members, places, story=story)
    upcoming.agree(school, placements, story=story)
    demo.say(f"a period to come: {len(members)} students on their way to a place")


def _answering(demo: Demo, school: DemoSchool) -> None:
    """Companies are answering, the first students apply."""
    story = demo.story
    starts, ends = story.week(7), story.week(8, 5)
    members = [s for rows in school.classes.values() for s in rows]
    with clock.at(clock.on(story.back(20), "11:00")):
        period = schools.plan(school, name=named("Blokstage", starts), starts=starts, ends=ends)
        group = schools.gather(
            school,
            period,
            name="Alle klassen",
            members=members,
            companies=demo.companies("M&T", "E&O", "Z&W", "D&P", "MaT"),
        )
    places = asking.ask(
        school,
        group,
        day=story.back(9),
        answers=Answers(yes=13, no=4, later=3, bounced=2),
        places=(2, 1, 3),
    )
    with clock.at(clock.on(story.back(1), "08:30")):
        by(school.cast.job, send_reminders)
    asking.send_anew(school, group)
    with clock.at(clock.on(story.back(2), "11:00")):
        alone = without_email(school.cast.school.region, actor=school.coordinator)
        later = schools.gather(
            school,
            period,
            name="Wie later kwam",
            members=[],
            # The last was never asked: without it there is nobody to mail.
            companies=[*demo.companies("M&T"), *demo.companies("BWI")[:1], alone],
        )
    asking.ask_for_more(school, later, day=story.back(2), company=alone)
    chooser, free = Chooser(school), choosing.seats(places)
    for index, student in enumerate(members[::3]):
        place = choosing.fitting(student, free)
        moment = clock.on(story.back(index % 4), f"{9 + index % 7:02d}:{index * 11 % 60:02d}")
        application = chooser.apply(student, place, moment, send=index % 6 != 5)
        if index % 6 == 1:
            chooser.accept(application, clock.on(story.today, "09:40"))
        if index % 6 == 2:
            chooser.ask(application, PutTo.STUDENT, clock.on(story.today, "09:10"))
        if index % 6 == 3:
            chooser.ask(application, PutTo.SCHOOL, clock.on(story.today, "09:20"))
    demo.say(f"a campaign being answered: {len(places)} companies take part")


def _finished(demo: Demo, school: DemoSchool) -> None:
    """A period that is over, assessed and marked."""
    story = demo.story
    starts, ends = story.week(-7), story.week(-5, 5)
    members = school.of("4G1")
    with clock.at(clock.on(story.week(-15, 4), "11:00")):
        schools.allow_photos(school, members)
        period = schools.plan(
            school,
            name=named("Lintstage klas 4", starts),
            starts=starts,
            ends=ends,
            weekdays=(2, 4),
            kind=PeriodKind.WEEKDAYS,
        )
        group = schools.gather(
            school, period, name="4G1", members=members, companies=demo.companies("Groen", "D&P")
        )
    places = asking.ask(
        school,
        group,
        day=story.week(-14, 2),
        answers=Answers(yes=7, no=3, later=2),
        places=(2, 2, 1),
    )
    placements = choosing.place_all(school, members, places, first=story.week(-12, 1))
    signing.sign_all(school, placements, first=clock.on(story.week(-10, 1), "09:00"))
    _advance(school, starts)
    changing.let_stop(school, placements[: judging.STOPPED + 1][-1])
    placements = choosing.read_again(school, placements)
    days = Days(school, demo.dice(3), photos_left=2)
    days.live(placements)
    for number in (-7, -6, -5):
        days.confirm(placements, story.week(number), share=1)
    judging.judge_all(school, placements, ends=ends, rng=demo.dice(4))
    _advance(school, ends + timedelta(days=1))
    demo.say(f"a period that is over: {len(placements)} students assessed")


def _beginning(demo: Demo, school: DemoSchool) -> None:
    """Students are in, a period is made, the campaign is still a draft."""
    story = demo.story
    starts, ends = story.week(9), story.week(11, 5)
    with clock.at(clock.on(story.back(2), "14:00")):
        period = schools.plan(
            school, name=named("Blokstage klas 3", starts), starts=starts, ends=ends
        )
        group = schools.gather(
            school,
            period,
            name="Klas 3",
            members=school.of("3G1", "3G2", "3DP"),
            companies=demo.companies("Groen", "D&P", "HBR"),
        )
        asking.draft(school, group, answer_before=story.week(4, 5))
    demo.say("a fresh start: a draft campaign")
