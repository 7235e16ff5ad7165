"""What templates may decide: they show what a view found out, and never work it out themselves."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent / "templates"
# Names of what a row is, in the word that the database keeps. What it means, and what can be done
# about it, stand in the app's workflow, words and policies.
WORDS = "state status shown role kind mode method outcome sheet answer next log_in group failure"
RAW = rf"(?:\w+\.)*\w*(?:{'|'.join(WORDS.split())})"
LITERAL = r"\"[^\"]*\"|'[^']*'"
COMPARED = re.compile(rf"\b({RAW})\s*(?:==|!=)\s*({LITERAL})|({LITERAL})\s*(?:==|!=)\s*({RAW})\b")
CONDITION = re.compile(r"{%-?\s*(?:el)?if\s(.*?)%}", re.DOTALL)


def compared(text: str) -> list[str]:
    """Conditions of a template that compare a stored word with a literal."""
    return [c.strip() for c in CONDITION.findall(text) if COMPARED.search(c)]


EVERY = sorted(p for p in TEMPLATES.rglob("*") if p.suffix in (".html", ".txt"))


@pytest.mark.parametrize("path", EVERY, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_template_compares_a_stored_word(path):
    assert compared(path.read_text()) == []


@pytest.mark.parametrize("path", EVERY, ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_what_keeps_its_lines_does_not_begin_with_one_of_the_template(path):
    """A line break behind the tag would be seen as an empty line above the text."""
    assert re.findall(r"<[^>]*pre-line[^>]*>\s*\n", path.read_text()) == []
