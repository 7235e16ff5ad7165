"""The main job from an empty school to a final mark, by people with a browser each."""

from __future__ import annotations

from tests.e2e.steps import asking, choosing, judging, school, signing, working
from tests.e2e.story import Story

STEPS = (
    school.open_school,
    school.make_period,
    school.import_students,
    school.make_group,
    school.invite_teacher,
    school.log_in_again,
    asking.add_companies,
    asking.send_campaign,
    asking.company_says_yes,
    asking.others_answer,
    choosing.print_cards,
    choosing.students_apply,
    choosing.company_decides,
    choosing.company_knows_its_supervisor,
    choosing.coordinator_matches,
    signing.start,
    signing.all_fill_in,
    signing.freeze,
    signing.everybody_signs,
    signing.read_the_paper,
    working.check_in,
    working.report_absence,
    working.write_report,
    working.hand_out,
    working.hand_in,
    working.teacher_sees_today,
    judging.supervisor_gets_in,
    judging.confirm_week,
    judging.assess,
    judging.mark,
    judging.student_reads,
    judging.same_folder,
    judging.refusals,
)


def walk(story: Story) -> None:
    for step in STEPS:
        step(story)


def test_from_an_empty_school_to_a_final_mark(stack, person, tmp_path):
    walk(Story(stack, person, tmp_path))


def test_the_same_by_keyboard_alone(stack, keyboard_person, tmp_path):
    walk(Story(stack, keyboard_person, tmp_path))
