"""Who may write markup past the template engine, and why. A new place is thought about here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
APPS = ("stage", "companies", "placements", "attendance", "assessments")
SOURCES = [p for app in APPS for p in (ROOT / app).rglob("*.py") if "migrations" not in p.parts]
TEMPLATES = [p for p in (ROOT / "templates").rglob("*") if p.is_file()]

RAW_IN_TEMPLATES = re.compile(r"autoescape\s+off|\|\s*safe(?:seq)?\b")
RAW_NAMES = {"mark_safe", "SafeString", "SafeData", "SafeText"}
BUILDERS = {"format_html", "format_html_join"}

TEMPLATES_THAT_MAY = {
    "account/email/password_reset_key_message.txt": "plain text, rendered by allauth for a mail",
    "account/email/password_reset_key_subject.txt": "plain text, rendered by allauth for a mail",
}
SOURCES_THAT_MAY = {
    "stage/core/mail/digest.py": "a letter's own template, rendered and escaped, as a section",
    "stage/core/templatetags/ui.py": "wraps what the template engine rendered and escaped",
}


def raw_in(source: str) -> list[str]:
    """What a source file uses to write markup that nobody escapes."""
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(node, "id", getattr(node, "attr", ""))
        if name in RAW_NAMES:
            found.append(name)
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0] if node.args else None
            literal = isinstance(first, ast.Constant) and isinstance(first.value, str)
            if called in BUILDERS and not literal:
                found.append(called)
    return found


def test_templates_escape_everything_but_in_listed_places():
    folder = ROOT / "templates"
    raw = [p for p in TEMPLATES if RAW_IN_TEMPLATES.search(p.read_text(errors="replace"))]
    assert {str(p.relative_to(folder)) for p in raw} == set(TEMPLATES_THAT_MAY)


def test_code_makes_no_markup_but_in_listed_places():
    assert {str(p.relative_to(ROOT)) for p in SOURCES if raw_in(p.read_text())} == set(
        SOURCES_THAT_MAY
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("mark_safe(x)", ["mark_safe"]),
        ("from django.utils import safestring\nsafestring.SafeString(x)", ["SafeString"]),
        ("format_html(x)", ["format_html"]),
        ("format_html(f'{x}')", ["format_html"]),
        ("html.format_html_join(x, '{}', y)", ["format_html_join"]),
        ("format_html('<b>{}</b>', x)", []),
    ],
)
def test_the_look_out_sees_each_way(source, found):
    assert raw_in(source) == found


def test_the_look_out_sees_each_way_in_a_template():
    raw = ["{% autoescape off %}", "{{ x|safe }}", "{{ x | safeseq|join:',' }}"]
    assert all(RAW_IN_TEMPLATES.search(text) for text in raw)
    assert not RAW_IN_TEMPLATES.search("{{ x|safely }} {% autoescape on %}")
