"""The school in which a term of turns happens, and what is pressed and filled in there."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, timedelta

from tests.e2e.mailbox import text_of
from tests.e2e.people import Person
from tests.e2e.story import day


@dataclass
class Term:
    """The school of `term.py`, its people with a browser each, and the day it is."""

    stack: object
    made: dict
    person: object

    def __post_init__(self):
        self.today = date.today()
        self.students = self.made["students"]
        self.monday = self.today + timedelta(days=7 - self.today.weekday())

    def someone(self, name: str, cookies: list, *, phone: bool = True) -> Person:
        who = self.person(name, phone=phone)
        who.context.add_cookies(cookies)
        return who

    def staff(self, role: str, *, phone: bool = False) -> Person:
        return self.someone(role, self.made["people"][role], phone=phone)

    def student(self, name: str) -> Person:
        return self.someone(name, self.students[name]["login"])

    def folder(self, name: str) -> str:
        """The page of this student's placement at the bakery."""
        return f"/stages/plaatsingen/{self.students[name]['placement']}/"

    def letters(self, address: str, words: str) -> list:
        """What somebody was mailed with these words in it."""
        sent = [m for m in self.stack.mailbox.all() if address in str(m["To"])]
        return [m for m in sent if re.search(words, text_of(m), re.I)]

    def letter(self, address: str, words: str):
        """The mail with these words, once it came."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            if found := self.letters(address, words):
                return found[-1]
            time.sleep(0.3)
        raise AssertionError(f"no mail to {address} says {words!r}")


def carry_out(who: Person, kind: str, fill_in) -> None:
    """From the page of a placement: what changes, what it touches, done."""
    who.press("er verandert iets")
    who.go(kind)
    fill_in(who)
    who.press("bekijk wat dit raakt")
    who.sees("dit gebeurt er")
    who.press("^voer door")
    who.sees("gedaan")


# --- what is filled in


def other_times(who, first: date) -> None:
    who.fill("vanaf welke dag", day(first))
    who.fill("begintijd", "10:00")
    who.fill("eindtijd", "14:00")


def an_end(
    who, first: date, heard: tuple[str, ...] = ("de leerling", "de praktijkopleider")
) -> None:
    who.fill("eerste dag", day(first))
    who.choose("^waarom", "paste niet")
    for name in heard:
        who.tick(name)


def a_move(who, first: date, to: str) -> None:
    who.choose("naar welk bedrijf", re.escape(to))
    an_end(who, first)


def tick_and_sign(who: Person, paper: str) -> None:
    who.open(f"{paper}tekenen/")
    who.check(who.page.get_by_role("checkbox").last)
    who.press("^teken$")


def stand_in(who: Person, term: Term) -> None:
    who.choose("wie vervangt", "kees")
    who.fill("tot en met", day(term.today + timedelta(days=14)))


def address_of(term: Term, role: str) -> str:
    return term.made["addresses"][role]
