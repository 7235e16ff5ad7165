"""The API does what its description says, whatever it is asked (schemathesis, in process)."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from schemathesis import GenerationMode

from stage.web.api.description import description
from stage.wsgi import application
from tests.clients import client_of

ADDRESSES = 11


@pytest.fixture
def one_connection():
    """A server lets go of its connection between requests; the test's transaction needs it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def served(environ, start_response):
    """The product as a server calls it: with the visitor's address; the caller cannot unzip."""
    extra = {"REMOTE_ADDR": "192.0.2.7", "HTTP_ACCEPT_ENCODING": "identity"}
    return application({**environ, **extra}, start_response)


def described():
    """The description as it is handed out; who gets in is for the permission table to test."""
    body = json.loads(json.dumps(description("nl")))
    for item in body["paths"].values():
        item["get"].pop("security")
    schema = schemathesis.openapi.from_dict(body)
    schema.app = served
    return schema


def codes_of(world) -> list[str]:
    """Codes that exist: of the own school, of another school, and one of nobody."""
    own, other, noord = world.berk, world.els, world.noord
    rows = [own.period, own.group, own.students[0], own.placement, noord.companies[0]]
    rows += [other.period, other.group, other.students[0], other.placement]
    return [*(r.public_id for r in rows), "0000000000"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_answer_is_as_described(world, one_connection, settings, mode):
    settings.API_REQUESTS_PER_MINUTE = 100_000
    schema = described()
    client = client_of(world.berk.coordinator)
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    codes, statuses, walked = st.sampled_from(codes_of(world)), [], 0
    for found in schema.get_all_operations():
        operation = found.ok()
        walked += 1

        @given(case=operation.as_strategy(generation_mode=mode), code=codes, use=st.booleans())
        @examples(
            max_examples=12,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def ask(case, code, use):
            # A made-up code finds nothing: half of the cases get one that exists.
            if use and mode is GenerationMode.POSITIVE and case.path_parameters:
                case.path_parameters["code"] = code
            statuses.append(case.call_and_validate(cookies=cookies).status_code)

        ask()
    assert walked == ADDRESSES
    assert len(statuses) >= walked * (12 if mode is GenerationMode.POSITIVE else 6)
    wanted = {200} if mode is GenerationMode.POSITIVE else {400}
    assert wanted <= set(statuses) <= {200, 400, 403, 404}
