"""How many taps the first errand of each role takes, at most.

The figures are what the pages need now: a flow that grows a step fails.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.mailbox import code_in, link_in
from tests.e2e.papers import codes_in
from tests.e2e.people import MONTHS, Person
from tests.e2e.seeds import AS_PLANNED_COMMAND, AT_WORK_COMMAND
from tests.e2e.steps import school
from tests.e2e.steps.choosing import MOTIVATION
from tests.e2e.story import Story, day
from tests.e2e.taps import Taps

MOST = {
    "coordinator": 21,
    "plain_yes": 3,  # the button in the mail, yes, and send it as it stands
    "company": 8,
    "student": 10,
    "supervisor": 4,
    "known_supervisor": 2,  # the mail or the home, and yes: three students, all as planned
    "teacher": 2,
    "applicant": 4,  # the button in the mail, and three on the pages
    "colleague": 2,
}


def settle(taps: Taps, role: str) -> None:
    """Print the count and hold it to the ceiling."""
    sys.stdout.write(f"{taps}\n")
    assert taps.count <= MOST[role], str(taps)


def test_from_an_empty_school_to_a_first_application(stack, person, tmp_path):
    story = Story(stack, person, tmp_path)
    school.open_school(story)
    coordinator_asks(story)
    company_says_a_plain_yes(story)
    company_offers(story)
    student_applies(story)
    company_sees_the_applicant(story)
    company_knows_its_supervisor(story)


def coordinator_asks(story: Story) -> None:
    """From the empty home to a letter that is on its way."""
    karin = story.karin
    karin.open("/")
    karin.press("verberg dit")
    karin.look("home-empty-school")
    taps = Taps(karin, "coordinator")
    starts = story.today + timedelta(days=30)
    taps.press("^maak periode")
    taps.fill("^naam", story.period)
    taps.fill("eerste dag", day(starts))
    taps.fill("laatste dag", day(starts + timedelta(days=18)))
    taps.press("^bewaar")
    taps.press("nieuwe groep")
    taps.fill("^naam", story.group)
    taps.press("^ga verder")
    _import(taps, story.folder_for_files / "leerlingen.csv", _students(story))
    taps.press("verder met groep")
    taps.press("kies bedrijven")
    _import(taps, story.folder_for_files / "bedrijven.csv", _companies(story))
    taps.press("verder met groep")
    taps.press("schrijf brief")
    taps.press("bewaar en bekijk")
    taps.press("naar versturen")
    taps.press("verstuur uitnodigingen")
    story.stack.mailbox.wait_for(story.bakery.email, ".")
    settle(taps, "coordinator")


def _import(taps: Taps, path, content: bytes) -> None:
    path.write_bytes(content)
    taps.press("lees een lijst in")
    taps.upload(path)
    taps.press("controleer de lijst")
    taps.sees("de eerste regels")
    taps.press("^lees in")
    taps.sees("alle regels staan erin")


def _students(story: Story) -> bytes:
    return school.students_csv([story.noor, story.sem])


def _companies(story: Story) -> bytes:
    lines = ["Bedrijfsnaam;Straat;Huisnummer;Postcode;Plaats;Contactpersoon;E-mail contactpersoon"]
    for firm in (story.bakery, story.garage):
        lines.append(f"{firm.name};Dorpsstraat;3;6811 AA;Arnhem;{firm.contact};{firm.email}")
    return "\r\n".join(lines).encode("cp1252")


def company_says_a_plain_yes(story: Story) -> None:
    """Who got the letter guides too: nothing has to be typed or chosen."""
    olaf = story.person("Olaf", phone=True)
    taps = Taps(olaf, "plain_yes")
    taps.follow(link_in(story.stack.mailbox.wait_for(story.garage.email, ".")))
    taps.press("ja, wij doen mee")
    assert not olaf.page.get_by_label("Naam van de begeleider").is_visible()
    olaf.look("answer-plain")
    taps.press("^verstuur: wij doen mee")
    taps.sees("bedankt voor uw antwoord")
    taps.sees(story.garage.contact)
    olaf.look("answer-plain-done")
    settle(taps, "plain_yes")


def company_offers(story: Story) -> None:
    """From the link in the mail to the thank-you: places, days, work and another supervisor."""
    anja = story.anja = story.person("Anja", phone=True)
    anja.open(link_in(story.stack.mailbox.wait_for(story.bakery.email, ".")))
    taps = Taps(anja, "company")
    taps.press("ja, wij doen mee")
    taps.press("eén meer")
    assert anja.page.get_by_label("Hoeveel leerlingen").input_value() == "2"
    taps.untick("^vr")
    taps.fill("wat kan een leerling", "Deeg maken en brood bakken.")
    taps.tick("iemand anders")
    taps.fill("naam van de begeleider", "Sjoerd Deeg")
    taps.fill("e-mailadres van die", story.supervisor_email)
    anja.look("answer-filled")
    taps.press("^verstuur")
    taps.sees("bedankt voor uw antwoord")
    taps.sees("sjoerd deeg")
    settle(taps, "company")


def student_applies(story: Story) -> None:
    """From the printed card to the first application that was sent."""
    noor = story.noor_browser = story.person("Noor", phone=True)
    noor.open(_card_of(story))
    taps = Taps(noor, "student")
    taps.choose("^dag", f"^{story.noor.birthday.day}$")
    taps.choose("^maand", MONTHS.split()[story.noor.birthday.month - 1])
    taps.press("^log in")
    taps.press("nu niet")
    taps.press("^begin")
    taps.press("^zoek")
    taps.press(story.bakery.name)
    taps.press("solliciteer hier")
    taps.fill("jouw motivatie", MOTIVATION)
    taps.press("^verstuur")
    taps.sees("verstuurd")
    settle(taps, "student")


def company_sees_the_applicant(story: Story) -> None:
    """From the mail to a yes: one code, no account, that student at once."""
    anja, mails = story.anja, story.stack.mailbox
    taps = Taps(anja, "applicant")
    taps.follow(link_in(mails.wait_for(story.bakery.email, "stage lopen")))
    before = mails.count(story.bakery.email, "code")
    taps.press("stuur mij een code")
    taps.fill("code uit de mail", code_in(mails.wait_for(story.bakery.email, "code", after=before)))
    taps.press("ga verder")
    taps.sees(MOTIVATION)
    taps.press("^ja, deze leerling")
    taps.sees("de plek is bewaard")
    settle(taps, "applicant")


def company_knows_its_supervisor(story: Story) -> None:
    """Named through the letter's link: in after one press of a contact who proved who she is."""
    anja = story.anja
    anja.open("/")
    taps = Taps(anja, "colleague")
    taps.press("kent u deze mensen")
    taps.sees(story.supervisor_email)
    taps.press("ja, dat is een collega")
    taps.sees("u bent klaar")
    settle(taps, "colleague")


def _card_of(story: Story) -> str:
    karin = story.karin
    karin.open("/leerlingen/")
    row = karin.page.get_by_role("row").filter(has_text=story.noor.last)
    row.get_by_role("checkbox").check()
    karin.press("print inlogkaarten")
    karin.press("maak de kaarten")
    (code,) = codes_in(karin.download("download de pdf"))
    karin.press("de kaarten zijn geprint")
    return code


@pytest.fixture
def at_work(stack) -> dict:
    printed = stack.manage("shell", "-c", AT_WORK_COMMAND)
    return json.loads(printed.split("JSON", 1)[1].splitlines()[0])


def test_a_supervisor_confirms_the_week_of_four(stack, person, at_work):
    sanne = person("Sanne", phone=True)
    sanne.open(at_work["supervisor"])
    taps = Taps(sanne, "supervisor")
    before = stack.mailbox.count(at_work["email"], "code")
    taps.press("stuur mij een code")
    mail = stack.mailbox.wait_for(at_work["email"], "code", after=before)
    taps.fill("code uit de mail", code_in(mail))
    taps.press("ga verder")
    assert sanne.page.locator("main article").count() == 4
    sanne.look("week-of-four")
    # Three were seen every day; the fourth forgot to scan all week.
    taps.tick("was er alle dagen", within=sanne.page.locator("article").filter(has_text="Dina"))
    taps.press("ja, dit klopt")
    taps.sees("de week is bevestigd")
    assert sanne.page.locator("main input[type=checkbox][data-row]:not(:checked)").count() == 0
    settle(taps, "supervisor")
    sanne.page.set_viewport_size({"width": 390, "height": 844})
    sanne.page.reload()
    button = sanne.page.locator(".form-actions.at-hand button").bounding_box()
    assert button is not None
    assert button["y"] + button["height"] <= 844, "in reach without scrolling past the trainees"


@pytest.fixture
def as_planned(stack) -> dict:
    printed = stack.manage("shell", "-c", AS_PLANNED_COMMAND)
    return json.loads(printed.split("JSON", 1)[1].splitlines()[0])


@pytest.mark.parametrize("begins", ["mail", "home"])
def test_a_known_supervisor_confirms_three_students_in_two_taps(stack, person, as_planned, begins):
    sanne = person("Sanne", phone=True)
    assert sanne.page.viewport_size["width"] == 390
    prove(stack, sanne, as_planned)
    taps = Taps(sanne, "known_supervisor")
    if begins == "mail":
        taps.follow(as_planned["supervisor"])
    else:
        sanne.open("/")
        sanne.sees("nog 3 van 3")
        sanne.look("home-week-of-three")
        taps.press("^bevestig")
    assert sanne.page.locator("main article").count() == 3
    button = sanne.page.get_by_role("button", name="Ja, dit klopt")
    expect(button).to_be_in_viewport(ratio=1)
    assert sanne.page.evaluate("window.scrollY") == 0
    sanne.look(f"week-of-three-from-{begins}")
    taps.press("^ja, dit klopt")
    taps.sees("de week is bevestigd")
    settle(taps, "known_supervisor")


def prove(stack, supervisor: Person, seeds: dict) -> None:
    """This phone showed before that it reads the mailbox."""
    supervisor.open(seeds["supervisor"])
    before = stack.mailbox.count(seeds["email"], "code")
    supervisor.press("stuur mij een code")
    mail = stack.mailbox.wait_for(seeds["email"], "code", after=before)
    supervisor.fill("code uit de mail", code_in(mail))
    supervisor.press("ga verder")


def test_a_teacher_settles_a_missing_check_in(stack, person, at_work):
    tess: Person = person("Tess", phone=True)
    tess.context.add_cookies(at_work["teacher"])
    tess.open("/")
    tess.sees("4 leerlingen zijn niet gezien")
    taps = Taps(tess, "teacher")
    taps.press("^toon wie")
    taps.press("^is er")
    taps.sees("staat op aanwezig")
    settle(taps, "teacher")
