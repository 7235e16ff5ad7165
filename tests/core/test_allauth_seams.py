"""Where the product reaches inside allauth: one module, and what allauth says of it in public."""

import ast
import time
from pathlib import Path

import pytest
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory

from stage.core.models import User
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.accounts import WRONG_HERE
from stage.core.who.allauth_seams import record_authentication
from stage.core.who.limits import source_of
from stage.devtools import second_factor
from tests.world import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
APPS = ("stage", "companies", "placements", "attendance", "assessments", "tests")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_nothing_else_reaches_inside_allauth():
    reaching = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if any(n.startswith("allauth.") and ".internal" in n for n in imported(path))
    }
    assert reaching == {"stage/core/who/allauth_seams.py"}


def test_what_is_recorded_is_what_allauth_reads(world):
    request = RequestFactory().get("/")
    with use(NOBODY):
        request.session = SessionStore()
        user = User.objects.get(pk=world.berk.coordinator.user_id)
        before = time.time()
        record_authentication(request, user, method="card", reauthenticated=True)
        (record,) = get_authentication_records(request, user)
    assert (record["method"], record["reauthenticated"]) == ("card", True)
    assert before <= record["at"] <= time.time()


@pytest.mark.parametrize(("password", "kept"), [(PASSWORD, False), ("mis-en-fout", True)])
def test_a_right_password_counts_as_no_try(world, password, kept):
    request = RequestFactory().post("/")
    email = world.berk.coordinator.email
    with use(NOBODY):
        for _n in range(WRONG_HERE.amount - 1):
            get_adapter().authenticate(request, email=email, password=password)
        tries_left = WRONG_HERE.take(email, source_of(request)) and WRONG_HERE.take(
            email, source_of(request)
        )
    assert tries_left is not kept


def test_the_adapter_overrides_what_allauth_calls():
    for name in ("authenticate", "pre_authenticate", "send_mail", "is_open_for_signup"):
        assert callable(getattr(DefaultAccountAdapter, name)), name


def test_codes_are_those_of_an_authenticator_app(world):
    # RFC 6238, appendix B: the last six digits of what it gives for SHA-1.
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105
    codes = [second_factor.code_at(secret, t) for t in (59, 1111111109, 20000000000)]
    assert codes == ["287082", "081804", "353130"]
    with use(NOBODY):
        user = User.objects.get(pk=world.berk.coordinator.user_id)
        Authenticator.objects.filter(user=user).delete()
        given = second_factor.give(user)
        assert given.wrap().validate_code(second_factor.code_of(given))
