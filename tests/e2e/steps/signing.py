"""The agreement: three fill in, one fixes the text, four sign, and the paper says so."""

from __future__ import annotations

import re

from tests.e2e.mailbox import code_in
from tests.e2e.papers import words_of
from tests.e2e.people import Person
from tests.e2e.story import Story

ADDRESS = {"straat": "Kerkstraat 12", "postcode": "6811 AB", "plaats$": "Arnhem"}
COMPANY = {"wie tekent voor": "Anja Bakker", "^functie": "Eigenaar", "wie begeleidt": "Sjoerd Deeg"}
SCHOOL = {
    "vertegenwoordigd": "Karin Coördinator",
    "^functie": "Stagecoördinator",
    "stagebegeleider": "Tom Docent",
    "hoogste bedrag": "2500000",
}


def start(story: Story) -> None:
    """From the placement to an agreement that all parties are asked to fill in."""
    karin = story.karin
    karin.open("/stages/overeenkomsten/beginnen/")
    karin.tick(f"kies {story.noor.first}")
    karin.look("agreement-start")
    karin.press("begin overeenkomsten")
    karin.open("/stages/overeenkomsten/")
    karin.look("agreements")
    karin.go(re.escape(story.noor.name))
    karin.go("open als hele pagina")
    karin.look("agreement-new")
    story.agreement = karin.path


def _fill(person: Person, story: Story, words: dict[str, str], picture: str) -> None:
    person.open(f"{story.agreement}invullen/")
    person.look(picture)
    for label, value in {**ADDRESS, "^(je )?telefoon": "0612345678", **words}.items():
        box = person.field(label)
        if not box.input_value():
            person.type_in(box, value)


def all_fill_in(story: Story) -> None:
    """What is known stands there already; each adds and says that it is right."""
    noor, anja, karin = story.noor_browser, story.anja, story.karin
    story.stack.mailbox.wait_for(story.bakery.email, "uw gegevens")
    noor.open("/")
    noor.sees("overeenkomst")
    noor.look("student-home-fill")
    words = {"telefoon bij nood": "0687654321", "wat wil je leren": "Zelf brood bakken."}
    _fill(noor, story, {"woonplaats": "Arnhem", **words}, "fill-student")
    noor.press("dit klopt")
    anja.follow_mail(story.bakery.email, "uw gegevens")
    anja.press_if_asked("^ga verder")
    _fill(anja, story, COMPANY, "fill-company")
    anja.press("dit klopt")
    anja.sees("kies|verplicht|vul")
    for group in ("soort werk", "ri&e", "vergoeding"):
        box = anja.page.get_by_role("group", name=re.compile(group, re.I))
        anja.tick("", nth=1 if group == "vergoeding" else 0, within=box)
    anja.look("fill-company-filled")
    anja.press("dit klopt")
    _fill(karin, story, SCHOOL, "fill-school")
    karin.press("dit klopt")
    noor.open(story.agreement)
    if noor.control("^vul in en controleer").count():
        noor.press("vul in en controleer")
        noor.press("dit klopt")


def freeze(story: Story) -> None:
    """The text is fixed; each finding of the rules gets its reason."""
    karin = story.karin
    karin.open(f"{story.agreement}vaststellen/")
    karin.look("freeze")
    for box in karin.page.get_by_role(
        "textbox", name=re.compile("waarom kan dit toch", re.I)
    ).all():
        karin.type_in(box, "Zo afgesproken met ouders en bedrijf.")
    karin.press("stel vast en vraag")
    karin.open(story.agreement)
    karin.look("agreement-frozen")
    draft = words_of(karin.fetch("pdf in drievoud"))
    for word in ("Exemplaar voor", story.noor.last, story.bakery.name):
        assert word in draft, word


def everybody_signs(story: Story) -> None:
    """The student with a log-in, the guardian with the code it came in with, the company with a

    fresh one, the school.
    """
    noor = story.noor_browser
    noor.open(story.agreement)
    noor.press("lees en teken")
    noor.look("sign-student")
    noor.press("^teken$")
    noor.sees("zet eerst een vinkje")
    _tick_and_sign(noor)
    els = story.els = story.person("Els", phone=True)
    els.follow_mail(story.noor.parent_email, "teken")
    els.prove_mailbox(story.noor.parent_email, child_born=story.noor.birthday)
    els.sees("in het kort")
    els.look("sign-els")
    _tick_and_sign(els)
    els.look("signed-els")
    story.anja.open(story.agreement)
    _sign_with_code(story.anja, story, story.bakery.email)
    karin = story.karin
    karin.open(f"{story.agreement}tekenen/")
    _tick_and_sign(karin)
    karin.open(story.agreement)
    karin.sees("iedereen heeft getekend")
    karin.look("agreement-complete")


def _tick_and_sign(person: Person) -> None:
    person.check(person.page.get_by_role("checkbox").last)
    person.press("^teken$")


def _sign_with_code(person: Person, story: Story, email: str) -> None:
    person.open(f"{story.agreement}tekenen/")
    before = story.stack.mailbox.count(email, "code")
    person.press("stuur mij een code")
    mail = story.stack.mailbox.wait_for(email, "code", after=before)
    person.fill("code uit de mail", "00000000")
    person.check(person.page.get_by_role("checkbox").last)
    person.look(f"sign-{person.name.lower()}")
    person.press("^teken$")
    person.sees("klopt niet")
    person.fill("code uit de mail", code_in(mail))
    _tick_and_sign(person)
    person.look(f"signed-{person.name.lower()}")


def read_the_paper(story: Story) -> None:
    """Three copies with all names, and the page with the evidence of each signature."""
    story.noor_browser.open(story.agreement)
    text = words_of(story.noor_browser.fetch("pdf in drievoud"))
    assert text.count("Exemplaar voor") >= 3
    for name in (story.noor.name, story.bakery.name, story.school, "Anja Bakker", "Sjoerd Deeg"):
        assert name in text, name
    for name in (story.noor.parent, "Karin Coördinator"):
        assert name in text, name
    assert re.search("bewijs", text, re.I)
