"""A term's worth of turns, by six people: what changes once everything is signed, and what each of
them reads afterwards. And how few presses it takes.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import partial

import pytest
from playwright.sync_api import expect

from tests.e2e import sessions
from tests.e2e.mailbox import code_in, link_in
from tests.e2e.papers import words_of
from tests.e2e.people import Person
from tests.e2e.story import day
from tests.e2e.taps import Taps
from tests.e2e.term import TERM_COMMAND
from tests.e2e.turns import (
    Term,
    a_move,
    address_of,
    an_end,
    carry_out,
    other_times,
    stand_in,
    tick_and_sign,
)

MOST = 4  # presses from the page of a placement until it is done; filling in not counted


@pytest.fixture
def term(stack, person) -> Term:
    made = sessions.cookies_of(stack.manage("shell", "-c", TERM_COMMAND))
    return Term(stack, made, person)


# --- the term


def test_a_term_of_turns_by_six_people(term):
    cor = term.staff("coordinator")
    other_times_are_signed_by_all(term, cor)
    a_company_asks_for_a_day_off_and_the_school_does_it(term, cor)
    a_student_asks_to_stop_and_the_school_says_no(term, cor)
    a_move_is_taken_back_before_anybody_hears(term, cor)
    a_stop_is_so_on_every_screen(term, cor)
    a_colleague_stands_in_and_the_teacher_comes_back(term, cor)
    a_day_of_school_becomes_free_for_all(term, cor)
    a_student_leaves_school(term, cor)
    the_bureau_sees_the_company_and_no_student(term)


def other_times_are_signed_by_all(term: Term, cor: Person) -> None:
    """Student, guardian (with the one code it came in with), company and school."""
    aya, bakery = term.students["Aya"], term.made["bakery"]
    cor.open(term.folder("Aya"))
    carry_out(cor, "andere dagen of tijden", partial(other_times, first=term.monday))
    student = term.student("Aya")
    student.open(term.folder("Aya"))
    student.sees("10:00")
    student.go("teken|wijziging")
    paper = re.search(r"/stages/overeenkomst/\w+/", student.path).group(0)
    student.look("turns-amendment-student")
    tick_and_sign(student, paper)
    els = term.person("Els", phone=True)
    els.open(link_in(term.letter(aya["parent"], "10:00.*14:00(.|\\s)*/l/")))
    els.prove_mailbox(aya["parent"], child_born=date.fromisoformat(aya["born"]))
    els.sees("10:00")
    els.look("turns-amendment-guardian")
    before = term.stack.mailbox.count(aya["parent"], "code")
    els.check(els.page.get_by_role("checkbox").last)
    els.press("^teken$")
    assert term.stack.mailbox.count(aya["parent"], "code") == before
    anja = term.someone("Anja", bakery["contact"])
    anja.open(f"{paper}tekenen/")
    before = term.stack.mailbox.count(bakery["email"], "code")
    anja.press("stuur mij een code")
    mail = term.stack.mailbox.wait_for(bakery["email"], "code", after=before)
    anja.fill("code uit de mail", code_in(mail))
    anja.check(anja.page.get_by_role("checkbox").last)
    anja.press("^teken$")
    tick_and_sign(cor, paper)
    cor.open(paper)
    cor.sees("iedereen heeft getekend")
    cor.look("turns-amendment-signed")
    words = words_of(cor.fetch("pdf"))
    assert "10:00" in words
    assert "09:00" in words  # what it was stands beside what it is


def a_company_asks_for_a_day_off_and_the_school_does_it(term: Term, cor: Person) -> None:
    """From its own page; the school presses and everybody is told."""
    bakery, bram = term.made["bakery"], term.students["Bram"]
    anja = term.someone("Anja", bakery["contact"])
    anja.open("/stages/bedrijf/stagiairs/")
    anja.go("bram")
    anja.press("er verandert iets")
    anja.go("een pauze")
    anja.fill("eerste dag van de pauze", day(term.monday))
    anja.fill("laatste dag van de pauze", day(term.monday))
    anja.choose("^waarom", "geen werk")
    anja.fill("leg kort uit", "Wij doen de inventaris.")
    anja.look("turns-company-asks")
    anja.press("vraag het de school")
    anja.sees("verstuurd")
    cor.open("/stages/veranderingen/")
    cor.look("turns-list")
    cor.go("bram")
    cor.sees("inventaris")
    cor.look("turns-asked")
    cor.press("bekijk en voer door")
    cor.press("bekijk wat dit raakt")
    cor.press("^voer door")
    cor.sees("gedaan")
    for address in (bakery["email"], bram["email"]):
        term.letter(address, "geen stage: ")
    cor.open("/stages/veranderingen/")
    cor.sees("niemand wacht")


def a_student_asks_to_stop_and_the_school_says_no(term: Term, cor: Person) -> None:
    bram = term.student("Bram")
    bram.open(term.folder("Bram"))
    bram.press("er verandert iets")
    bram.go("de stage stopt eerder")
    bram.choose("^waarom", "paste niet")
    bram.fill("leg kort uit", "Ik vind het niet leuk.")
    bram.press("vraag het de school")
    cor.open("/stages/veranderingen/")
    cor.go("bram")
    cor.unfold("nee, dit gaat niet")
    cor.fill("waarom niet", "We praten er morgen samen over.")
    cor.press("stuur dit antwoord")
    cor.sees("verstuurd")
    bram.open(term.folder("Bram"))
    bram.sees("niet gedaan|nee")
    bram.go("de stage stopt")
    bram.sees("we praten er morgen samen over")


def a_move_is_taken_back_before_anybody_hears(term: Term, cor: Person) -> None:
    garage = term.made["garage"]
    cor.open(term.folder("Cem"))
    to_garage = partial(a_move, first=term.monday, to=garage["name"])
    carry_out(cor, "een ander bedrijf", to_garage)
    cor.sees(garage["name"])
    cor.press("ongedaan maken")
    cor.sees("niemand heeft bericht gekregen")
    cor.open(term.folder("Cem"))
    cor.sees("loopt")
    cem_there = term.student("Cem")
    cem_there.open("/")
    cem_there.sees(term.made["bakery"]["name"])
    assert garage["name"] not in cem_there.page.content()


def a_stop_is_so_on_every_screen(term: Term, cor: Person) -> None:
    """Since today: nobody is expected any more, and the place is free."""
    bakery, cem = term.made["bakery"], term.students["Cem"]
    cor.open(term.folder("Cem"))
    heard = ("de leerling", "de praktijkopleider", "de stagebegeleider")
    carry_out(cor, "de stage stopt eerder", partial(an_end, first=term.today, heard=heard))
    cor.sees("eerder gestopt")
    cor.look("turns-stopped")
    for address in (cem["email"], cem["parent"], bakery["supervisor_email"]):
        term.letter(address, "de stage stopt: ")
    # Of the move that was taken back nobody heard, though its mails would have left by now.
    for address in (cem["email"], cem["parent"], bakery["email"], term.made["garage"]["email"]):
        assert term.letters(address, "ander bedrijf|er komt een leerling") == []
    student = term.student("Cem")
    student.open("/")
    student.sees("stopt eerder|gestopt")
    student.look("turns-student-stopped")
    assert student.control("ik ben er").count() == 0
    sanne = term.someone("Sanne", bakery["supervisor"])
    sanne.open("/aanwezig/bedrijf/")
    sanne.sees("aya beurt|bram beurt")
    assert cem["name"] not in sanne.page.locator("main").inner_text()
    tess = term.staff("teacher", phone=True)
    tess.open("/aanwezig/vandaag/")
    tess.sees("bram beurt")
    assert cem["name"] not in tess.page.locator("main").inner_text()
    tess.open(term.folder("Cem"))
    tess.sees("eerder gestopt")
    cor.open("/stages/koppelen/?staat=nothing")
    line = cor.page.locator("article").filter(has_text=cem["name"])
    options = line.locator("select option").all_inner_texts()
    assert any(bakery["name"] in text for text in options), options


def a_colleague_stands_in_and_the_teacher_comes_back(term: Term, cor: Person) -> None:
    cor.open(term.folder("Aya"))
    cor.press("er verandert iets")
    cor.go("een vervanger voor een tijdje")
    stand_in(cor, term)
    cor.press("laat vervangen")
    cor.sees("kees beurt vervangt tess beurt")
    kees = term.staff("colleague", phone=True)
    kees.open("/aanwezig/vandaag/")
    kees.sees("aya beurt")
    aya = term.student("Aya")
    aya.open(term.folder("Aya"))
    aya.sees("kees beurt vervangt")
    term.stack.mailbox.wait_for(address_of(term, "colleague"), "vervang")
    cor.open(f"/collegas/{term.made['codes']['teacher']}/")
    cor.press("is er weer|stop")
    cor.press_if_asked("stop de vervanging")
    cor.sees("begeleidt weer zelf")
    kees.open("/aanwezig/vandaag/")
    assert "Aya Beurt" not in kees.page.locator("main").inner_text()
    aya.open(term.folder("Aya"))
    assert "vervangt" not in aya.page.locator("main").inner_text()


def a_day_of_school_becomes_free_for_all(term: Term, cor: Person) -> None:
    """After the match: two presses, and it is so for who is at work."""
    free = term.monday + timedelta(days=1)
    cor.open(f"/periodes/{term.made['period']}/")
    cor.fill("^eerste dag", day(free))
    cor.fill("^waarom", "Studiedag")
    cor.press("maak vrij")
    cor.look("turns-period-behind")
    cor.press_if_asked("bekijk en pas aan")
    cor.press("pas de gekozen stages aan")
    cor.sees("aangepast")
    aya = term.student("Aya")
    aya.open(term.folder("Aya"))
    aya.sees("periode van school")
    aya.look("turns-free-day")


def a_student_leaves_school(term: Term, cor: Person) -> None:
    """Its placement ends with it, and the company hears that."""
    dina, bakery = term.students["Dina"], term.made["bakery"]
    cor.open(f"/leerlingen/{dina['code']}/van-school/")
    cor.sees(bakery["name"])
    cor.fill("eerste dag niet meer", day(term.today))
    cor.choose("^waarom", "andere school|van school")
    cor.look("turns-leaves")
    cor.press("zet van school")
    cor.open(term.folder("Dina"))
    cor.sees("eerder gestopt")
    term.letter(bakery["supervisor_email"], "de stage stopt: ")
    sanne = term.someone("Sanne", bakery["supervisor"])
    sanne.open("/stages/bedrijf/stagiairs/")


def the_bureau_sees_the_company_and_no_student(term: Term) -> None:
    """What changed at the school is the school's: the region reads about companies alone."""
    bo = term.staff("bureau")
    bo.open("/bedrijven/")
    bo.sees(re.escape(term.made["bakery"]["name"]))
    for name in ("Aya", "Bram", "Cem", "Dina"):
        assert f"{name} Beurt" not in bo.page.content()
    bo.refused(term.folder("Cem"), 403)


# --- presses


@pytest.mark.parametrize("phone", [False, True], ids=["1280", "390"])
def test_four_presses_at_most(term, phone):
    cor = term.staff("coordinator", phone=phone)
    to_garage = partial(a_move, first=term.monday, to=term.made["garage"]["name"])
    errands = [
        ("Aya", "andere dagen of tijden", partial(other_times, first=term.monday)),
        ("Bram", "een ander bedrijf", to_garage),
        ("Cem", "de stage stopt eerder", partial(an_end, first=term.monday)),
    ]
    for name, kind, fill_in in errands:
        cor.open(term.folder(name))
        taps = Taps(cor, kind)
        taps.press("er verandert iets")
        taps.press(kind)
        fill_in(cor)
        taps.press("bekijk wat dit raakt")
        taps.press("^voer door")
        taps.sees("gedaan. over")
        assert taps.count <= MOST, str(taps)
    cor.open(term.folder("Dina"))
    taps = Taps(cor, "a stand-in")
    taps.press("er verandert iets")
    taps.press("een vervanger")
    stand_in(cor, term)
    taps.press("laat vervangen")
    taps.sees("kees beurt vervangt tess beurt")
    assert taps.count <= MOST, str(taps)
    expect(cor.page.locator("main")).to_be_visible()
