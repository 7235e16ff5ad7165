"""Companies are asked by mail and answer on one page, on a phone, without an account."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.mailbox import link_in, text_of
from tests.e2e.story import Firm, Story

TASKS = "Deeg maken, brood bakken en de winkel helpen."


def add_companies(story: Story) -> None:
    """Two from a list, one typed in by hand; all three in the group."""
    karin = story.karin
    lines = ["Bedrijfsnaam;Straat;Huisnummer;Postcode;Plaats;Contactpersoon;E-mail contactpersoon"]
    for firm in (story.garage, story.shop):
        lines.append(f"{firm.name};Dorpsstraat;3;6811 AA;Arnhem;{firm.contact};{firm.email}")
    path = story.folder_for_files / "bedrijven.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    karin.open("/inlezen/companies/")
    karin.upload("bestand|lijst", path)
    karin.press("controleer de lijst")
    karin.sees("de eerste regels")
    karin.press("^lees in")
    karin.sees("alle regels staan erin")
    _add_by_hand(story, story.bakery)
    karin.open(story.group_page)
    karin.press("kies bedrijven")
    karin.look("group-companies")
    karin.press("voeg alle gevonden bedrijven toe")
    karin.sees("3 bedrijven gekozen")


def _add_by_hand(story: Story, firm: Firm) -> None:
    karin = story.karin
    karin.open("/bedrijven/nieuw/")
    karin.fill("^bedrijfsnaam|^naam", firm.name)
    karin.fill("straat", "Ovenstraat 1")
    karin.fill("postcode", "6811 AB")
    karin.fill("plaats", "Arnhem")
    karin.type_in(karin.page.locator("input[name$=name]").nth(1), firm.contact)
    karin.type_in(karin.page.locator("input[type=email]").first, firm.email)
    karin.tick("horeca")
    karin.look("company-add")
    karin.press("bewaar bedrijf")
    karin.sees(firm.name)
    karin.sees(firm.email)
    karin.look("company")
    story.bakery_page = karin.path


def send_campaign(story: Story) -> None:
    """Letter, preview, send, and the bar that says when all have gone."""
    karin = story.karin
    karin.open(story.group_page)
    karin.press("nieuwe brief|schrijf brief")
    karin.look("campaign-write")
    if karin.page.get_by_label("Groep").count():
        karin.choose("^groep", re.escape(story.period))
    karin.press("bewaar en bekijk")
    karin.sees(story.school)
    karin.look("campaign-preview")
    karin.press("naar versturen")
    karin.look("campaign-send")
    karin.press("verstuur uitnodigingen")
    for firm in (story.bakery, story.garage, story.shop):
        story.stack.mailbox.wait_for(firm.email, ".")
    karin.page.reload()
    karin.sees("3")
    karin.look("campaign-sent")
    story.campaign_page = karin.path


def company_says_yes(story: Story) -> None:
    """The link, one page, thanks; then a change of mind: two places, one, two."""
    anja = story.anja = story.person("Anja", phone=True)
    mail = story.stack.mailbox.wait_for(story.bakery.email, ".")
    assert story.school in text_of(mail)
    anja.open(link_in(mail))
    anja.look("answer")
    anja.press("ja, wij doen mee")
    anja.look("answer-yes")
    anja.fill("hoeveel leerlingen", "2")
    for name in ("ma", "di", "wo", "do", "vr", "za", "zo"):
        anja.tick(f"^{name}")
    anja.fill("wat kan een leerling", TASKS)
    anja.tick("iemand anders")
    anja.press("verstuur")
    anja.sees("vul dit in voor de nieuwe begeleider")
    anja.look("answer-wrong")
    anja.fill("naam van de begeleider", "Sjoerd Deeg")
    anja.fill("e-mailadres van die", story.supervisor_email)
    anja.press("verstuur")
    anja.sees("bedankt voor uw antwoord")
    anja.sees("sjoerd deeg")
    anja.look("answer-thanks")
    for places in ("1", "2"):
        anja.press("verander wat u opgaf")
        anja.fill("hoeveel leerlingen", places)
        anja.press("verstuur")
        expect(anja.page.locator(".facts").first).to_contain_text(places)


def others_answer(story: Story) -> None:
    """One no with its reason, one not now with the month to ask again."""
    gijs = story.person("Gijs", phone=True)
    gijs.follow_mail(story.garage.email, ".")
    gijs.press("nee, wij doen niet mee")
    gijs.tick("", within=gijs.page.locator("main"))
    gijs.look("answer-no")
    gijs.press("verstuur")
    gijs.sees("u doet niet mee")
    wil = story.person("Wil", phone=True)
    wil.follow_mail(story.shop.email, ".")
    wil.press("nu niet, misschien later")
    wil.look("answer-later")
    wil.press("verstuur")
    wil.sees("nu niet")
    karin = story.karin
    karin.open(story.campaign_page)
    for word in ("doet mee", "nee|niet mee", "later|nu niet"):
        karin.sees(word)
    karin.look("campaign-answers")
