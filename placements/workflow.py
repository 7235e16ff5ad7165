"""The states of applications and placements, and who moves them."""

from __future__ import annotations

from placements.enums import ApplicationState as A
from placements.enums import ChangeState as C
from placements.enums import OwnState as O
from placements.enums import PlacementState as P
from placements.policies import (
    asks_for_one,
    by_job,
    changes,
    coordinator_of,
    decides_for_company,
    follows,
    guides,
    own_student,
    starts_unsigned,
    takes_back,
    takes_change_back,
)
from stage.core.record.workflow import Transition, Workflow
from stage.core.who.policies import any_of

_takes_up = any_of(own_student, coordinator_of)

APPLICATIONS = Workflow(
    [
        # Schools have no approval by a teacher yet: what is sent goes to the company at once.
        Transition(
            "submit", (A.DRAFT, A.WITHDRAWN), A.WITH_COMPANY, own_student, "application_submitted"
        ),
        # A company may change its mind for as long as the school has not matched.
        Transition(
            "accept",
            (A.WITH_COMPANY, A.DECLINED, A.EXPIRED),
            A.ACCEPTED,
            decides_for_company,
            "application_accepted",
        ),
        Transition(
            "decline",
            (A.WITH_COMPANY, A.ACCEPTED, A.EXPIRED),
            A.DECLINED,
            decides_for_company,
            "application_declined",
        ),
        Transition(
            "withdraw",
            (A.DRAFT, A.WITH_COMPANY, A.PARKED, A.ACCEPTED),
            A.WITHDRAWN,
            own_student,
            "application_withdrawn",
        ),
        # The company took its offer back: who waits for an answer gets one.
        Transition(
            "place_gone",
            (A.WITH_COMPANY, A.PARKED),
            A.DECLINED,
            takes_back,
            "application_place_gone",
        ),
        Transition("expire", (A.WITH_COMPANY,), A.EXPIRED, by_job, "application_expired"),
        # For one student alone: the school asks, and enters what it heard by telephone.
        Transition("ask_for", (A.DRAFT,), A.WITH_COMPANY, asks_for_one, "application_asked"),
        Transition(
            "told_yes",
            (A.WITH_COMPANY, A.DECLINED, A.EXPIRED),
            A.ACCEPTED,
            asks_for_one,
            "application_told_yes",
        ),
        Transition(
            "told_no",
            (A.WITH_COMPANY, A.ACCEPTED, A.EXPIRED),
            A.DECLINED,
            asks_for_one,
            "application_told_no",
        ),
        # Another company said yes: `services.rest`. A closed one too, when its match is undone and
        # that yes still stands.
        Transition("park", (A.WITH_COMPANY, A.CLOSED), A.PARKED, follows, "application_parked"),
        Transition("shut", (A.DRAFT, A.WITH_COMPANY), A.CLOSED, follows, "application_closed"),
        # That yes fell through, and this place is gone meanwhile.
        Transition("lapse", (A.PARKED, A.CLOSED), A.DECLINED, follows, "application_place_gone"),
        # The school matched on the company's word by telephone, be it after all.
        Transition(
            "settle",
            (A.WITH_COMPANY, A.PARKED, A.EXPIRED, A.WITHDRAWN, A.CLOSED),
            A.ACCEPTED,
            coordinator_of,
            "application_settled",
        ),
        Transition(
            "close",
            (A.DRAFT, A.WITH_COMPANY, A.PARKED, A.ACCEPTED),
            A.CLOSED,
            coordinator_of,
            "application_closed",
        ),
        # The school undid its match and gives the place free.
        Transition("release", (A.ACCEPTED,), A.WITHDRAWN, coordinator_of, "application_released"),
        # The student goes from school.
        Transition(
            "leave",
            (A.DRAFT, A.WITH_COMPANY, A.PARKED, A.ACCEPTED),
            A.WITHDRAWN,
            coordinator_of,
            "application_left",
        ),
        # Withdrawing taken back, before anybody was told of it.
        *(
            Transition(name, (A.WITHDRAWN,), target, _takes_up, "application_taken_up")
            for name, target in (
                ("retake_draft", A.DRAFT),
                ("retake_sent", A.WITH_COMPANY),
                ("retake_parked", A.PARKED),
                ("retake_yes", A.ACCEPTED),
            )
        ),
        Transition("reopen", (A.PARKED, A.CLOSED), A.WITH_COMPANY, follows, "application_reopened"),
        Transition("reopen_draft", (A.CLOSED,), A.DRAFT, follows, "application_reopened"),
    ]
)

OWN_COMPANIES = Workflow(
    [
        Transition("ask", (O.NAMED,), O.ASKED, guides, "own_company_asked"),
        Transition("refuse", (O.NAMED,), O.REFUSED, guides, "own_company_refused"),
        Transition("withdraw", (O.NAMED,), O.WITHDRAWN, own_student, "own_company_withdrawn"),
    ]
)

CHANGES = Workflow(
    [
        # Doing it is `services.changing`: the row is made, or answered, with what was decided.
        Transition("refuse", (C.ASKED,), C.REFUSED, changes, "change_refused"),
        Transition("withdraw", (C.ASKED,), C.WITHDRAWN, takes_change_back, "change_withdrawn"),
        Transition("undo", (C.DONE,), C.UNDONE, changes, "change_undone"),
    ]
)

PLACEMENTS = Workflow(
    [
        # Of signed ones: a snuffelstage (`receivers.keep_what_is_ready`).
        Transition(
            "cancel",
            (P.CONCEPT, P.AGREEMENT, P.SIGNED),
            P.CANCELLED,
            coordinator_of,
            "placement_cancelled",
        ),
        # A snuffelstage has no agreement: the match itself makes it ready.
        Transition("make_ready", (P.CONCEPT,), P.SIGNED, coordinator_of, "placement_made_ready"),
        # `placements.services.ending`: what no longer begins, and what ends before its last day.
        Transition(
            "call_off",
            (P.CONCEPT, P.AGREEMENT, P.SIGNED),
            P.CANCELLED,
            coordinator_of,
            "placement_called_off",
        ),
        Transition("stop", (P.SIGNED, P.RUNNING), P.STOPPED, coordinator_of, "placement_stopped"),
        # Taken back within the minutes in which nobody was told.
        Transition("to_concept", (P.CANCELLED,), P.CONCEPT, coordinator_of, "placement_reinstated"),
        Transition(
            "to_signed", (P.CANCELLED, P.STOPPED), P.SIGNED, coordinator_of, "placement_reinstated"
        ),
        Transition("to_running", (P.STOPPED,), P.RUNNING, coordinator_of, "placement_reinstated"),
        Transition("start", (P.SIGNED,), P.RUNNING, by_job, "placement_started"),
        # Under sixteen, with the school's reason (`placements.unsigned`).
        Transition(
            "start_unsigned",
            (P.CONCEPT, P.AGREEMENT),
            P.RUNNING,
            starts_unsigned,
            "placement_started_unsigned",
        ),
        Transition("finish", (P.RUNNING,), P.FINISHED, by_job, "placement_finished"),
    ]
)
