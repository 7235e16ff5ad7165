"""The states of handed-in work and of assessments."""

from assessments import policies
from assessments.enums import AssessmentState, HandInState
from stage.core.record.workflow import Transition, Workflow

HAND_IN = Workflow(
    [
        Transition(
            "hand_in",
            (HandInState.OPEN, HandInState.RETURNED),
            HandInState.HANDED_IN,
            policies.do_assignment,
            "work_handed_in",
        ),
        # Until the teacher said something of it.
        Transition(
            "take_back",
            (HandInState.HANDED_IN,),
            HandInState.OPEN,
            policies.do_assignment,
            "work_taken_back",
        ),
        Transition(
            "finish", (HandInState.HANDED_IN,), HandInState.DONE, policies.review, "work_done"
        ),
        # Also from done: a teacher who pressed too soon can take it back.
        Transition(
            "give_back",
            (HandInState.HANDED_IN, HandInState.DONE),
            HandInState.RETURNED,
            policies.review,
            "work_returned",
        ),
    ]
)

ASSESSMENT = Workflow(
    [
        Transition(
            "give",
            (AssessmentState.DRAFT,),
            AssessmentState.GIVEN,
            policies.assess,
            "assessment_given",
        )
    ]
)
