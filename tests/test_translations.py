"""The English catalogue holds every text of the product, whole and well-formed, no other."""

import ast
import gettext
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
APPS = ("assessments", "attendance", "companies", "placements", "stage")
# How a call is written → where its context, its text and its plural stand.
CALLS = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
TEMPLATE_CALL = re.compile(
    rf"(?<![\w.])({'|'.join(CALLS)})\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.S
)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
TAG = re.compile(r"</?\w+[^>]*>")

Key = tuple[str, str, str]  # context, text, plural


def of_python(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            yield from _key(node.func.id, [_text(arg) for arg in node.args])


def of_template(path: Path) -> Iterator[Key]:
    for name, arguments in TEMPLATE_CALL.findall(templatize(path.read_text(), origin=str(path))):
        yield from _key(name, list(ast.literal_eval(f"({arguments},)")))


def _text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _key(name: str, texts: list[str | None]) -> Iterator[Key]:
    if name in CALLS:
        found = [texts[at] if at is not None and at < len(texts) else "" for at in CALLS[name]]
        context, text, plural = found
        if text:
            yield context or "", text, plural or ""


@cache
def texts_of_the_source() -> dict[Key, str]:
    """Every text that goes through gettext, and a file it stands in."""
    found: dict[Key, str] = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                found.update(dict.fromkeys(of_python(path), str(path.relative_to(ROOT))))
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in (".html", ".txt", ".subject"):
            found.update(dict.fromkeys(of_template(path), str(path.relative_to(ROOT))))
    return found


@cache
def entries() -> dict[Key, tuple[list[str], str]]:
    """The catalogue: each text with its translations and its flags."""
    found = {}
    for block in CATALOGUE.read_text().split("\n\n"):
        fields: dict[str, str] = {}
        flags, name = "", ""
        for line in block.splitlines():
            if line.startswith("#"):
                flags += line if line.startswith("#,") else ""
                continue
            start = re.match(r"(msg\w+(?:\[\d\])?) ", line)
            name = start[1] if start else name
            value = ast.literal_eval(line[start.end() :] if start else line)
            fields[name] = fields.get(name, "") + value
        key = (fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", ""))
        found[key] = ([v for k, v in fields.items() if k.startswith("msgstr")], flags)
    header = next(key for key in found if not key[1])
    found.pop(header)
    return found


def test_the_collector_finds_each_way_of_writing():
    found = {text: plural for _context, text, plural in texts_of_the_source()}
    assert found["Bewaar"] == ""  # in a button of a template
    assert found["%(days)d dag te laat"] == "%(days)d dagen te laat"
    assert ("van de leerling", "Stage", "") in texts_of_the_source()
    assert ("3 van 5", "van", "") in texts_of_the_source()
    assert "Uw nieuwe link" in found  # the subject of a mail


def test_every_text_is_in_the_catalogue():
    """`make messages` adds what misses; then translate it."""
    missing = {k: where for k, where in texts_of_the_source().items() if k not in entries()}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_is_no_longer_said():
    assert [key for key in entries() if key not in texts_of_the_source()] == []


def test_nothing_is_empty_or_guessed():
    wrong = [
        key
        for key, (translations, flags) in entries().items()
        if "fuzzy" in flags or not all(t.strip() for t in translations)
    ]
    assert wrong == []


def test_plurals_have_both_forms():
    wrong = [k for k, (found, _f) in entries().items() if len(found) != (2 if k[2] else 1)]
    assert wrong == []


def test_placeholders_tags_and_edges_are_those_of_the_text():
    wrong = []
    for key, (translations, _flags) in entries().items():
        originals = [key[1], key[2]] if key[2] else [key[1]]
        for original, translation in zip(originals, translations, strict=True):
            if _shape(original) != _shape(translation):
                wrong.append((original, translation))
    assert wrong == []


def _shape(text: str) -> tuple:
    edges = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return set(PLACEHOLDER.findall(text)), sorted(TAG.findall(text)), edges


def test_the_compiled_catalogue_is_that_of_the_text():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    wrong = []
    for (context, text, plural), (translations, _flags) in entries().items():
        if plural:
            found = [
                compiled.npgettext(context, text, plural, n)
                if context
                else compiled.ngettext(text, plural, n)
                for n in (1, 2)
            ]
        else:
            found = [compiled.pgettext(context, text) if context else compiled.gettext(text)]
        if found != translations:
            wrong.append((text, found))
    assert wrong == []
