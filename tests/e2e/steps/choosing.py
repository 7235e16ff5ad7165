"""Students get in with a printed card, look around and apply; the company answers; they match."""

from __future__ import annotations

import re

from tests.e2e.papers import codes_in, words_of
from tests.e2e.people import MONTHS
from tests.e2e.story import Pupil, Story

MOTIVATION = (
    "Ik bak thuis elke zondag brood en wil leren hoe dat in een echte bakkerij gaat. "
    "Ik sta graag vroeg op."
)


def print_cards(story: Story) -> None:
    """The cards as PDF; what its QR codes say goes to the students."""
    karin = story.karin
    karin.open(story.group_page)
    karin.tick("kies alles")
    karin.press("print inlogkaarten")
    karin.look("cards")
    karin.press("maak de kaarten")
    karin.look("cards-sheet")
    pdf = karin.download("download de pdf")
    karin.sees("staat bij je downloads")
    assert karin.download("download de pdf")  # again, since the first may be lost
    karin.press("de kaarten zijn geprint")
    text = words_of(pdf)
    codes = codes_in(pdf)
    assert len(codes) == 2
    pupils = sorted((story.noor, story.sem), key=lambda p: text.index(p.first))
    for pupil, code in zip(pupils, codes, strict=True):
        assert code.startswith(story.stack.url), code
        pupil.card = code


def student_gets_in(story: Story, pupil: Pupil):
    """The card and a birthday; no password today; the explanation; home."""
    browser = story.person(pupil.first, phone=True)
    browser.open(pupil.card)
    browser.look("card")
    browser.choose("^dag", f"^{pupil.birthday.day % 28 + 1}$")
    browser.choose("^maand", MONTHS.split()[pupil.birthday.month - 1])
    browser.press("^log in")
    browser.sees("klopt|niet")
    browser.choose("^dag", f"^{pupil.birthday.day}$")
    browser.choose("^maand", MONTHS.split()[pupil.birthday.month - 1])
    browser.press("^log in")
    browser.look("password-choose")
    browser.press("nu niet")
    browser.past_explanation("explanation")
    browser.look("student-home-empty")
    return browser


def students_apply(story: Story) -> None:
    """Both choose the bakery, each with their own words."""
    for name, pupil in (("noor_browser", story.noor), ("sem_browser", story.sem)):
        browser = student_gets_in(story, pupil)
        setattr(story, name, browser)
        browser.open("/stages/plekken/")
        browser.sees(story.bakery.name)
        assert story.garage.name not in browser.page.content()
        browser.look("places")
        browser.go(re.escape(story.bakery.name))
        browser.sees("deeg maken")
        browser.look("place")
        browser.press("solliciteer hier")
        browser.fill("jouw motivatie", "Leuk.")
        browser.press("^verstuur")
        browser.sees("schrijf nog iets meer")
        browser.look("motivation")
        browser.fill("jouw motivatie", f"{MOTIVATION} Groet, {pupil.first}")
        browser.press("^verstuur")
        browser.look("applied")


def company_decides(story: Story) -> None:
    """A mail per application; a code for the first; yes to one, no with a reason to the other."""
    anja = story.anja
    mails = story.stack.mailbox
    mails.wait_for(story.bakery.email, "stage lopen", after=1)
    anja.follow_mail(story.bakery.email, "stage lopen", after=1)
    anja.look("link-company")
    anja.prove_mailbox(story.bakery.email)
    anja.sees("wil bij u stage lopen")
    for pupil in (story.noor, story.sem):
        anja.open("/stages/bedrijf/")
        anja.look("inbox")
        anja.go(f"{pupil.first} wil")
        anja.sees(f"Groet, {pupil.first}")
        anja.look("decide")
        if pupil is story.noor:
            anja.press("^ja")
            continue
        anja.unfold("nee, dit gaat niet")
        anja.tick("geen plek meer|tijd om te begeleiden")
        anja.fill("een zin voor", "Volgend jaar graag.")
        anja.press("stuur mijn antwoord")
    story.sem_browser.open("/stages/sollicitaties/")
    story.sem_browser.sees("volgend jaar graag")
    story.sem_browser.look("declined")


def company_knows_its_supervisor(story: Story) -> None:
    """Who was named through the letter's link counts once the contact, proven, says yes."""
    anja = story.anja
    anja.open("/")
    anja.go("kent u deze mensen")
    anja.sees(story.supervisor_email)
    anja.look("colleagues")
    anja.press("ja, dat is een collega")
    anja.sees("u bent klaar")


def coordinator_matches(story: Story) -> None:
    """The board, a match, the two who guide, and the letter to the company."""
    karin = story.karin
    karin.open("/stages/koppelen/")
    karin.sees("bedrijf zegt ja")
    karin.look("board")
    karin.press(f"koppel {story.noor.first}")
    karin.sees("geplaatst")
    karin.press("kies begeleider")
    karin.choose(r":\s*stagebegeleider", "tom")
    karin.choose("praktijkopleider", "sjoerd")
    karin.look("assign")
    karin.press("^bewaar")
    karin.open("/stages/koppelen/")
    karin.sees("tom docent")
    karin.look("board-placed")
    karin.press(re.escape(story.bakery.name), within=karin.page.locator("article"))
    story.folder = karin.path
    karin.look("folder-new")
    karin.press("stuur plaatsingsbrief")
    karin.look("brief")
    karin.press("stuur 2 brieven")
    story.stack.mailbox.wait_for(story.supervisor_email, "wie er komt")
