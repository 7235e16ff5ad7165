"""Periods in every stage: one that runs, one to come, one being asked for, one that is over."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.formats import date_format

from companies.services import send_reminders
from placements.enums import PutTo
from placements.services import advance_placements
from stage.core.tenants.tenancy import use
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
from stage.devtools.demo.cast import by
from stage.devtools.demo.choosing import Chooser
from stage.devtools.demo.made import Demo
from stage.devtools.demo.pool import without_email
from stage.devtools.demo.schools import DemoSchool
from stage.devtools.demo.working import Days
from stage.schools.enums import PeriodKind


def named(words: str, day: date) -> str:
    return f"{words}, {date_format(day, 'F Y')}"


def _advance(school: DemoSchool, day: date) -> None:
    """The job that follows the calendar, early on a day."""
    with clock.at(clock.on(day, "05:30")), use(school.cast.scope):
        advance_placements(today=day, actor=school.cast.job)


def running(demo: Demo, school: DemoSchool) -> None:
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


def preparing(demo: Demo, school: DemoSchool) -> None:
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


def answering(demo: Demo, school: DemoSchool) -> None:
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


def finished(demo: Demo, school: DemoSchool) -> None:
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


def beginning(demo: Demo, school: DemoSchool) -> None:
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


def looking(demo: Demo, school: DemoSchool) -> None:
    """A snuffelstage of two days: who is matched is ready, without an agreement."""
    story = demo.story
    starts, ends = story.week(3, 2), story.week(3, 3)
    members = school.of("3MVI")
    with clock.at(clock.on(story.week(-5), "11:00")):
        period = schools.plan(
            school,
            name=named("Snuffelstage klas 3", starts),
            starts=starts,
            ends=ends,
            kind=PeriodKind.TASTER,
        )
        group = schools.gather(
            school, period, name="3MVI", members=members, companies=demo.companies("MVI")
        )
    places = asking.ask(
        school, group, day=story.back(28), answers=Answers(yes=4, no=1), places=(2, 1)
    )
    looking = members[: len(members) * 2 // 3]
    placements = choosing.place_all(
        school, looking[: len(choosing.seats(places))], places, first=story.back(16)
    )
    demo.say(f"a snuffelstage: {len(placements)} students go and look")
