"""Assignments, assessments by the company, reactions and marks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from assessments.enums import Outcome
from assessments.models import Assessment, Criterion, HandIn
from assessments.services import asking, assignments, form, judging, marks, work
from companies.enums import ContactRole
from placements.models import Placement
from stage.core.tenants.tenancy import use
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.schools import DemoSchool
from stage.devtools.demo.working import picture
from stage.schools.models import Elective

ASSIGNMENTS = (
    (
        "Wie werkt waar?",
        "Maak een schema van het bedrijf: wie doet wat? Vraag het aan drie mensen.",
    ),
    ("Veilig werken", "Welke regels voor veiligheid zijn er? Maak foto's van drie afspraken."),
    ("Een dag van een collega", "Loop een dagdeel mee met een collega en schrijf op wat je zag."),
    ("Mijn vak in vijf foto's", "Laat in vijf foto's zien hoe iets gemaakt of gedaan wordt."),
)
ANSWERS = (
    "Er werken elf mensen. Ik sprak de eigenaar, de planner en een leerling van het mbo.",
    "Je draagt altijd dichte schoenen, je ruimt meteen op en je tilt nooit alleen.",
    "Ik liep mee met Fenna. Zij begint om zeven uur en belt eerst alle klanten van die dag.",
)
GOES_WELL = ("Komt op tijd, is vrolijk en pakt alles aan.", "Werkt netjes en stelt goede vragen.")
COULD_BETTER = (
    "Mag iets sneller zelf aan de slag gaan.",
    "Durf om hulp te vragen als het druk is.",
)
WAITS, DRAFT, STOPPED = 3, 4, 7  # students whose assessment is not an ordinary one
AGAIN = ("Zeker, ook als zaterdaghulp.", "Ja, graag volgend jaar weer.")


def give_work(
    school: DemoSchool, placements: list[Placement], *, day: date, due: date, rng: Random
) -> None:
    """Assignments of the school, handed out to all, in every stage of being done."""
    actor = school.coordinator
    with clock.at(clock.on(day, "12:00")), use(actor.scope):
        profile = placements[0].student.profile
        elective = Elective.objects.filter(school=None, profile=profile).first()
        for number, (title, text) in enumerate(ASSIGNMENTS):
            row = assignments.add_assignment(
                school.cast.school, title=title, text=text, elective=elective, actor=actor
            )
            if number < 3:
                assignments.hand_out_assignment(row, placements=placements, due=due, actor=actor)
    with use(actor.scope):
        rows = HandIn.objects.filter(placement__in=placements).order_by("pk")
        given = list(rows.select_related("placement__student", "student", "assignment"))
    for index, hand_in in enumerate(given):
        # The second assignment of a student is not as far as the first.
        _work(school, hand_in, index + 5 * (index // len(placements)), day, rng)


def _work(school: DemoSchool, hand_in: HandIn, index: int, day: date, rng: Random) -> None:
    """Of every six: two open, one begun, one handed in, one returned, one done."""
    step = index % 6
    if step < 2:
        return
    student = school.cast.student(hand_in.student)
    answer = ANSWERS[index % len(ANSWERS)]
    done = clock.on(day + timedelta(days=2 + index % 5), "16:20")
    with clock.at(done):
        if index % 18 == 3:
            values = {"uploads": [picture(rng)], "caption": "De werkplek"}
            by(student, work.add_evidence, hand_in, **values)
        if step == 2:
            by(student, work.save_answer, hand_in, answer=answer[:40])
            return
        by(student, work.hand_in_work, hand_in, answer=answer)
    assert hand_in.placement.teacher_id is not None  # everybody in the demo has a teacher
    teacher = school.cast.teacher(hand_in.placement.teacher_id)
    with clock.at(done + timedelta(days=1)):
        if step == 4:
            words = "Goed begin. Vertel ook waarom ze dat zo doen."
            by(teacher, work.give_back_work, hand_in, feedback=words)
        elif step == 5:
            by(teacher, work.finish_work, hand_in, feedback="Mooi en volledig, dank je.")


def judge_all(school: DemoSchool, placements: list[Placement], *, ends: date, rng: Random) -> None:
    """Companies assess, students react, teachers mark; two companies still have to."""
    with use(school.cast.scope):
        form.ensure_default_form(school.cast.school)
        criteria = list(Criterion.objects.filter(school=school.cast.school))
    with clock.at(clock.on(ends, "09:00")), use(school.cast.scope):
        asking.ask_for_assessments(school.cast.school, ends)
    for index, placement in enumerate(placements):
        if index == WAITS:
            continue  # the company has not come to it
        assessment = _assess(school, placement, index, ends, criteria, rng)
        if index == DRAFT:
            continue  # a draft: half filled in
        if index % 4 != 2:
            _react(school, placement, assessment, index, ends)
        _mark(school, placement, index, ends, rng)


def _assess(school, placement, index: int, ends: date, criteria, rng: Random) -> Assessment:
    judgement = _judgement(index, criteria, rng)
    actor = school.cast.company(placement.company_id, ContactRole.SUPERVISOR)
    with clock.at(clock.on(ends, f"15:{index % 60:02d}")):
        give = index != DRAFT
        return by(
            actor, judging.save_assessment, placement, judgement=judgement, version=0, give=give
        )


def _judgement(index: int, criteria, rng: Random) -> judging.Judgement:
    if index == STOPPED:
        words = "Na drie dagen gestopt: het werk was te zwaar voor zijn knie. Geen verwijt."
        return judging.Judgement(outcome=Outcome.STOPPED, note=words)
    lines = [c for c in criteria if not c.is_open]
    if index == DRAFT:
        lines = lines[:4]
    points = {c.pk: rng.choices((2, 3, 4), (1, 5, 4))[0] for c in lines}
    asked = [c.pk for c in criteria if c.is_open]
    answers = (rng.choice(GOES_WELL), rng.choice(COULD_BETTER), rng.choice(AGAIN))
    return judging.Judgement(points=points, texts=dict(zip(asked, answers, strict=False)))


def _react(school, placement, assessment, index: int, ends: date) -> None:
    agrees = index % 6 != 5
    comment = "" if agrees else "Ik vind dat ik wel vaak om hulp heb gevraagd."
    student = school.cast.student(placement.student)
    with clock.at(clock.on(ends + timedelta(days=3), "16:00")):
        values = {"agrees": agrees, "comment": comment}
        by(student, judging.react_to_assessment, assessment, **values)


def _mark(school, placement, index: int, ends: date, rng: Random) -> None:
    if index == 1:
        return  # the teacher still has to
    teacher = school.cast.teacher(placement.teacher_id)
    value = Decimal(rng.randint(58, 90)) / 10
    with clock.at(clock.on(ends + timedelta(days=6), f"11:{index % 60:02d}")):
        remark = "Goed gewerkt." if value >= 7 else "Voldoende; het verslag kwam laat."
        mark = by(teacher, marks.give_mark, placement, value=value, remark=remark)
        if index % 3 != 2:
            by(teacher, marks.lock_mark, mark, seen=value)
