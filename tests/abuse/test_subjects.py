"""A mail's subject shows on a locked phone: no student's full name stands in it."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.utils.html import strip_tags

from stage.core.mail.notices import CHOOSERS, OUTSIDE
from stage.core.tenants.tenancy import SYSTEM, use
from tests import bait
from tests.abuse import mails
from tests.attendance.helpers import TUESDAY, at
from tests.world import build_world

CHOICE = re.compile(r"Kies zelf:\s+(https?://\S+)")
GREETING = re.compile(r"^\s*(Beste|Hoi|Geachte|Hallo)\b", re.MULTILINE)


@pytest.fixture
def letters(db, settings, tmp_path):
    """Every letter, of a world in which each field says which one it is."""
    settings.FILES_ROOT = str(tmp_path)
    with at(TUESDAY, "12:00"), transaction.atomic():
        with use(SYSTEM):
            world = build_world()
            bait.lay(world)
        yield mails.written(world)


def test_no_subject_holds_a_students_last_name(letters):
    subjects = {w.template: w.message.subject for w in letters}
    assert {t: s for t, s in subjects.items() if "last_name" in s} == {}
    # The look-out itself: names are told apart, and do stand in the letters.
    assert sum("first_name" in s for s in subjects.values()) > 5
    assert sum("last_name" in w.message.body for w in letters) > 5


def test_a_letter_is_a_section_of_the_mail_of_a_day(letters):
    """With its own words and button, and without greeting its reader once more."""
    parts = {w.template: w.part.section for w in letters if w.part and w.to.kind in CHOOSERS}
    assert len(parts) > 20
    greeted = {
        name: part.text
        for name, part in parts.items()
        if GREETING.search(part.text) or GREETING.search(strip_tags(part.html))
    }
    assert greeted == {}
    assert all(part.heading and part.text and strip_tags(part.html) for part in parts.values())
    assert all(part.button_url in part.text for part in parts.values())
    days = [w.message.body for w in letters if w.template == "digest"]
    assert [len(GREETING.findall(body)) for body in days] == [1, 1]


def test_a_subject_is_one_line(letters):
    assert all(w.message.subject == " ".join(w.message.subject.split()) for w in letters)


def test_every_mail_to_who_has_no_log_in_leads_to_what_it_may_turn_off(letters):
    """By a link of the reader's own, or the page itself; not under a code, which is waited for.

    Letters that ask for places have a way to stop of their own.
    """
    outside = [w for w in letters if w.to and w.to.kind in OUTSIDE]
    led = {w.template: CHOICE.findall(w.message.body) for w in outside}
    others = {"code", "invitation_for_contact", "invitation_reminder_for_contact"}
    assert {template for template, found in led.items() if not found} == others
    assert len(led) > 20
    by_link = [w for w in outside if "/l/" in w.message.body and w.template not in others]
    assert all("/l/" in CHOICE.findall(w.message.body)[0] for w in by_link)
    html = {w.template: str(w.message.alternatives[0][0]) for w in outside}
    assert all("Kies zelf</a>" in html[t] for t in led if t not in others)
