"""No log holds a key: tokens of links, codes of cards and posters, keys of password resets."""

import logging
import re
from datetime import timedelta
from io import StringIO
from logging.config import dictConfig
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config

from stage.core.models import Link
from stage.core.record.redact import redact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.access import registry
from stage.devtools.embedded.access_log import RedactedLogger
from tests.test_consistency import ROOT
from tests.web.test_links import contact, link_of

NGINX = (ROOT / "docker" / "nginx.conf").read_text()
PARAMETER = re.compile(r"<(?:\w+:)?(token|code|key|uidb36)>|\(\?P<(token|code|key|uidb36)>[^)]*\)")
# Named alike, and no secret: the code of a row opens nothing by itself.
PUBLIC = "api:"
SECRET = "S3CR3T-abc123"


def addresses() -> dict[str, str]:
    """Every route that carries a key, with the secret filled in."""
    found = {}
    for route in registry().values():
        if PARAMETER.search(route.pattern) and not route.name.startswith(PUBLIC):
            path = PARAMETER.sub(SECRET, route.pattern).replace("^", "").replace("$", "")
            found[route.name] = "/" + path
    return found


def nginx_map(variable: str) -> list[tuple[re.Pattern, str]]:
    """The patterns of nginx's map that gives a variable, and what each makes of an address."""
    block = re.search(rf"map \$uri \${variable} \{{(.*?)\n    \}}", NGINX, re.S)[1]
    lines = re.findall(r'^\s*"?~(.+?)"?\s+"?(\S+?)"?;$', block, re.M)
    assert re.search(r"default\s+\$uri;", block)
    return [(re.compile(re.sub(r"\(\?<", "(?P<", pattern)), value) for pattern, value in lines]


def as_nginx_logs(path: str) -> str:
    """An address as the map of nginx.conf makes it."""
    for pattern, value in nginx_map("logged_uri"):
        if match := pattern.search(path):
            return re.sub(r"\$\{?(\w+)\}?", lambda name: match[name[1]] or "", value)
    return path


def test_the_routes_with_a_key_are_known():
    assert {
        "web:link_open",
        "web:link_code",
        "web:card_open",
        "companies:invitation_answer",
        "attendance:scan_open",
        "account_reset_password_from_key",
    } <= set(addresses())


@pytest.mark.parametrize("log", [as_nginx_logs, redact])
@pytest.mark.parametrize("name", sorted(addresses()))
def test_the_key_of_an_address_is_left_out(name, log):
    whole = addresses()[name]
    for path in (whole, whole.rstrip("/")):
        logged = log(path)
        assert SECRET not in logged
        assert "abc123" not in logged
        assert logged.startswith(path.partition(SECRET)[0] + "-")


@pytest.mark.parametrize("log", [as_nginx_logs, redact])
@pytest.mark.parametrize("path", ["/", "/leerlingen/lijst/", "/static/x.js", "/leren/mijn/AB12/"])
def test_other_addresses_are_logged_as_they_are(path, log):
    assert log(path) == path


def test_nginx_logs_nothing_else_that_holds_an_address():
    (logged,) = re.findall(r"log_format plain '([^']+)'", NGINX)
    assert "$logged_uri" in logged
    variables = set(re.findall(r"\$(\w+)", logged))
    assert not variables & {"uri", "request", "request_uri", "args", "http_referer", "document_uri"}
    assert re.findall(r"access_log (.+);", NGINX) == ["/dev/stdout plain"]
    # nginx names the whole request in what it reports of one below this level.
    assert re.findall(r"error_log (.+);", NGINX) == ["stderr crit"]


def test_the_image_starts_gunicorn_without_a_log_of_requests():
    docker = (ROOT / "Dockerfile").read_text() + (ROOT / "docker-compose.yml").read_text()
    assert "exec gunicorn" in docker
    assert "access-log" not in docker
    assert "GUNICORN_CMD_ARGS" not in docker
    assert Config().settings["accesslog"].default is None


def test_on_one_machine_gunicorn_logs_requests_without_their_keys():
    run = (ROOT / "stage" / "devtools" / "embedded" / "run.py").read_text()
    assert ("--access-logfile" in run) == (
        "stage.devtools.embedded.access_log.RedactedLogger" in run
    )
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/l/{SECRET}/?a=1",
        "PATH_INFO": f"/l/{SECRET}/",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"http://testserver/kaart/{SECRET}/",
    }
    answer = SimpleNamespace(status="200 OK", headers=[], sent=1)
    request = SimpleNamespace(headers=[("REFERER", environ["HTTP_REFERER"])])
    logger = RedactedLogger(Config())
    atoms = logger.atoms(answer, request, environ, timedelta(seconds=1))
    assert "/l/-/" in atoms["r"]
    assert SECRET not in str(atoms)


def test_what_the_product_logs_itself_holds_no_key(world, settings):
    token = link_of(world, contact(world))
    with use(SYSTEM):
        Link.objects.update(expires_at=timezone.now() - timedelta(days=1))
    written = StringIO()
    console = settings.LOGGING["handlers"]["console"]
    config = {**settings.LOGGING, "handlers": {"console": {**console, "stream": written}}}
    before = list(logging.getLogger().handlers)
    dictConfig(config)
    try:
        Client().get(reverse("web:link_open", args=[token]))
    finally:
        logging.getLogger().handlers[:] = before
    assert "Gone: /l/-/" in written.getvalue()
    assert token not in written.getvalue()


def test_the_address_of_a_page_goes_to_nobody_else(world):
    page = Client().get(reverse("web:link_open", args=[link_of(world, contact(world))]))
    assert page["Referrer-Policy"] == "same-origin"
