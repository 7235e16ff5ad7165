"""The tables of states: edges stay within one enum, and no state only looks alive."""

from importlib import import_module
from importlib.util import find_spec

import pytest
from django.apps import apps

from companies.enums import InvitationState
from placements.enums import ChangeState
from stage.core.record.workflow import Workflow


def workflows() -> dict[type, list[Workflow]]:
    """All workflows by the enum of their states; two apps may move one model."""
    found: dict[type, list[Workflow]] = {}
    for config in apps.get_app_configs():
        if "allauth" in config.name or not find_spec(f"{config.name}.workflow"):
            continue
        for value in vars(import_module(f"{config.name}.workflow")).values():
            if isinstance(value, Workflow):
                states = {type(edge.target) for edge in value.transitions.values()}
                found.setdefault(states.pop(), []).append(value)
                assert states == set()
    return found


WORKFLOWS = workflows()
# Other states in which a row may begin: a letter passes over who was asked, and the school changes
# a placement without anybody asking.
BORN = {InvitationState: {InvitationState.HELD}, ChangeState: {ChangeState.DONE}}


def test_all_of_them_are_looked_at():
    assert sorted(states.__name__ for states in WORKFLOWS) == [
        "AgreementState",
        "ApplicationState",
        "AssessmentState",
        "CampaignState",
        "ChangeState",
        "HandInState",
        "InvitationState",
        "OwnState",
        "PlacementState",
    ]


@pytest.mark.parametrize("states", WORKFLOWS, ids=lambda states: states.__name__)
def test_every_state_but_the_first_is_reached_by_an_edge(states):
    edges = [edge for flow in WORKFLOWS[states] for edge in flow.transitions.values()]
    first, *others = states
    assert set(others) - {edge.target for edge in edges} == BORN.get(states, set())
    assert {source for edge in edges for source in edge.sources} <= set(states)
