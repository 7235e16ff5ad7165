"""No word on any page but through gettext: what is hard-coded cannot be read in English.

Every page is opened by everybody who may, with each translated text between ⟦ ⟧ and each text of a
tenant's row made bait (`tests/bait.py`). What is left over is neither the product's nor anybody's.
"""

import re
from html.parser import HTMLParser

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.models import Profile
from tests.permissions.table import TABLE

pytestmark = pytest.mark.sweep

READERS = ("anonymous", "coordinator", "teacher", "student", "guardian", "contact", "bureau")
ATTRIBUTES = {"alt", "title", "aria-label", "placeholder", "data-label", "data-copied"}
SILENT = {"script", "style", "svg", "textarea"}  # what somebody typed is theirs
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# Bait, addresses, the fields of letters and articles, and what the permission table made.
DATA = re.compile(
    r"zq\w{4}-\w{2}zq(?:\s+\d+\.\w*)?|\S+@\S+|https?://\S+|/\S+|\{\w+\}|\[[\w ]+\]"
    r"|Signatory|Planted|Named"
    r"|Garage|Noorddorp|Banden wisselen|Baas|Kan de leerling langskomen"
    r"|Wij zijn dicht|Klas 3\b"
    r"|Kapsalon|Noord\b|Bel over de plekken"
    r"|Bak een brood|Mijn brood|Een brood bakken|brood bakken|Winkel|Bel na tien uur",
    re.I,
)
WORD = re.compile(r"[^\W\d_]{2,}")
ELSEWHERE = {
    "devtools:demo_": "made-up words",
    "devtools:style_": "made-up words",
    "api:": "names of fields",
}
# The name of the product, languages in their own words, kinds of file, units, a key.
ALLOWED = {"Stage", "Nederlands", "English", "Excel", "CSV", "PDF", "km", "Ctrl"}


class Words(HTMLParser):
    """Everything on a page that is read by somebody, eyes or ears."""

    def __init__(self):
        super().__init__()
        self.attributes: list[str] = []
        self.text = ""
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.attributes += [value for name, value in attrs if name in ATTRIBUTES and value]

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT

    def handle_data(self, data):
        if not self.silent:
            self.text += data + " "


def marked(text: str) -> str:
    if re.fullmatch(r"\w+,\w+", text):  # yes and no: a filter parts them
        return ",".join(marked(word) for word in text.split(","))
    return f"⟦{text}⟧" if text else text


@pytest.fixture
def marks(monkeypatch):
    """Every text that goes through gettext stands between marks."""
    real = translation._trans
    plain, plural = real.gettext, real.ngettext
    context, both = real.pgettext, real.npgettext
    monkeypatch.setattr(real, "gettext", lambda m: marked(plain(m)))
    monkeypatch.setattr(real, "ngettext", lambda s, p, n: marked(plural(s, p, n)))
    monkeypatch.setattr(real, "pgettext", lambda c, m: marked(context(c, m)))
    monkeypatch.setattr(real, "npgettext", lambda c, s, p, n: marked(both(c, s, p, n)))


def left_over(html: str) -> set[str]:
    """The words of a page that are neither translated nor bait."""
    reader = Words()
    reader.feed(html)
    found: set[str] = set()
    for text in (*reader.attributes, reader.text):
        while MARKED.search(text):
            text = MARKED.sub(" ", text)
        found.update(WORD.findall(DATA.sub(" ", text)))
    return {word for word in found - ALLOWED if not (word.isupper() and len(word) < 5)}


def words_of_the_country() -> set[str]:
    """Names of national lists, which stay as they are."""
    return {
        word
        for name in Profile.objects.values_list("name", flat=True)
        for word in WORD.findall(name)
    }


@pytest.mark.django_db
@pytest.mark.parametrize("who", READERS)
def test_every_word_on_every_page_goes_through_gettext(baited, marks, who):
    world, clients, _laid = baited
    wrong, pages = {}, 0
    national = words_of_the_country()
    for name, row in TABLE.items():
        if who not in row.may or "GET" not in row.methods or name.startswith(tuple(ELSEWHERE)):
            continue
        with transaction.atomic():
            with use(SYSTEM):
                address = reverse(name, args=row.args(world))
            response = clients[who].get(address)
            if response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
                pages += 1
                if words := left_over(response.content.decode()) - national:
                    wrong[name] = sorted(words)
            transaction.set_rollback(True)
    assert wrong == {}
    assert pages > 3


def test_a_hard_coded_word_would_be_seen(marks):
    page = f'<p title="Dicht">{translation.gettext("Bewaar")} zqbna1-07zq 3.note en meer</p>'
    assert left_over(page) == {"Dicht", "en", "meer"}
