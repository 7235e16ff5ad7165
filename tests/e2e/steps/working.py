"""Days at the company: here, ill, a report with a photo, and an assignment with evidence."""

from __future__ import annotations

import re
from datetime import timedelta

from PIL import Image

from tests.e2e.papers import codes_in, words_of
from tests.e2e.story import Story

REPORT = "Vandaag heb ik twintig broden gebakken. Het afwegen ging goed."
ASSIGNMENT = "Een recept uitleggen"


def photo(story: Story):
    path = story.folder_for_files / "brood.jpg"
    if not path.exists():
        picture = Image.effect_noise((1600, 1200), 60).convert("RGB")
        picture.save(path, "JPEG")
    return path


def check_in(story: Story) -> None:
    """The QR on the poster, one button; twice is once."""
    karin, noor = story.karin, story.noor_browser
    karin.open(story.bakery_page)
    poster = karin.fetch("^poster")
    assert story.bakery.name in words_of(poster)
    (code,) = codes_in(poster)
    noor.open("/")
    noor.look("student-home-work")
    noor.open(code)
    noor.look("scan")
    noor.press("ik ben er")
    noor.sees("je bent er")
    noor.look("checked-in")
    noor.open(code)
    noor.sees("je bent er al")


def report_absence(story: Story) -> None:
    """Tomorrow at the dentist: company and school read it in the mail at once."""
    noor = story.noor_browser
    noor.open("/aanwezig/afmelden/")
    noor.look("absence")
    noor.tick("afspraak")
    noor.tick("morgen")
    noor.fill("iets bij zeggen", "Tandarts om 9 uur.")
    noor.press("meld het")
    noor.look("week")
    for address in (story.teacher_email, story.supervisor_email):
        story.stack.mailbox.wait_for(address, "afspraak")


def write_report(story: Story) -> None:
    """A few sentences and a picture; the photo only after the school noted consent."""
    karin, noor = story.karin, story.noor_browser
    address = f"/aanwezig/verslag/{story.today.isoformat()}/"
    noor.open(address)
    noor.sees("geen toestemming")
    karin.open("/leerlingen/")
    karin.go(re.escape(story.noor.last))
    karin.look("student")
    karin.press("^wijzig")
    karin.look("student-edit")
    karin.tick("toestemming|foto")
    karin.press("^bewaar")
    noor.open(address)
    noor.fill("wat heb je gedaan", REPORT)
    noor.attach(noor.page.locator("input[type=file]"), photo(story))
    noor.tick("", within=noor.page.locator("main"))
    noor.look("report")
    noor.press("^bewaar")
    noor.sees("twintig broden")
    noor.look("reports")


def hand_out(story: Story) -> None:
    """The teacher makes an assignment and gives it to the student, on a phone."""
    tom = story.tom
    tom.open("/leren/opdrachten/nieuw/")
    tom.fill("titel", ASSIGNMENT)
    tom.fill("^(opdracht|tekst|wat)", "Leg in vijf zinnen uit hoe je een brood bakt.")
    tom.look("assignment-new")
    tom.press("^bewaar|maak")
    tom.choose("^groep", story.group)
    tom.sees(story.noor.last)
    tom.tick(story.noor.first)
    tom.fill("inleveren voor", (story.today + timedelta(days=7)).isoformat())
    tom.look("hand-out")
    tom.press("deel uit")


def hand_in(story: Story) -> None:
    """An answer, a photo as evidence, handed in."""
    noor = story.noor_browser
    noor.open("/leren/mijn/")
    noor.look("my-assignments")
    noor.go(ASSIGNMENT)
    noor.look("assignment")
    noor.fill("wat heb je gedaan", "Eerst meel en water, dan kneden, rijzen en bakken.")
    noor.attach(noor.page.locator("input[type=file]").first, photo(story))
    noor.look("hand-in")
    noor.press("lever in")
    noor.sees("ingeleverd")
    noor.look("handed-in")


def teacher_sees_today(story: Story) -> None:
    """Who is in, and what is remarkable; feedback on the assignment."""
    tom = story.tom
    tom.open("/aanwezig/vandaag/")
    tom.sees(story.noor.last)
    tom.look("today")
    tom.open("/leren/nakijken/")
    tom.look("hand-ins")
    tom.go(story.noor.last)
    tom.sees("meel en water")
    tom.look("review")
    tom.tick("^klaar")
    tom.fill("reactie aan", "Heel duidelijk uitgelegd.")
    tom.press("bewaar|stuur|geef")
    story.noor_browser.open("/leren/mijn/")
    story.noor_browser.go(ASSIGNMENT)
    story.noor_browser.sees("heel duidelijk")
