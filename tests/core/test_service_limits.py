"""Limits of codes, cards, mails and files as the services hold them: at it, and past it."""

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from PIL import Image

from stage.core import mail
from stage.core.enums import MailState
from stage.core.files.media import FileRefused, clean_image, clean_pdf, documents, images
from stage.core.mail import delivery
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, school_scope, use
from stage.core.ui.exports import csv_bytes
from stage.core.who import links
from stage.schools.imports import reader
from stage.schools.imports.reader import ImportRefused, read_table
from stage.schools.models import LoginCode, Student
from stage.schools.services import cards
from tests.core.test_delivery import EVENT, _event, put, sink  # noqa: F401 (fixtures)
from tests.web.test_links import code_now

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def check(person, typed):
    return links.check_code(person, purpose="login", browser="b", typed=typed)


@pytest.fixture
def person(world):
    """A contact who was mailed a code at NOW."""
    with use(SYSTEM):
        found = mail.resolve_person("contact", world.noord.contacts[0].pk)
    with time_machine.travel(NOW, tick=False):
        links.ask_code(found, region_id=world.noord.region.pk, purpose="login", browser="b")
    return found


@pytest.mark.parametrize(("early", "right"), [(MOMENT, True), (timedelta(0), False)])
def test_a_code_counts_until_its_ten_minutes_are_over(person, early, right):
    end = NOW + timedelta(minutes=links.CODE_MINUTES)
    with time_machine.travel(end - early, tick=False):
        assert check(person, code_now()).right is right


@pytest.mark.parametrize(("wrong", "right"), [(4, True), (5, False)])
def test_a_code_survives_four_wrong_tries_and_not_five(person, wrong, right):
    code = code_now()
    other = f"{(int(code) + 1) % 10**8:08d}"
    with time_machine.travel(NOW, tick=False):
        assert [check(person, other).tries_left for _n in range(wrong)] == [4, 3, 2, 1, 0][:wrong]
        assert check(person, code).right is right


def issued(world):
    student = world.berk.students[0]
    actor = world.actor(world.berk.coordinator)
    with use(school_scope(world.berk.school)), time_machine.travel(NOW, tick=False):
        return cards.issue_card(Student.objects.get(pk=student.pk), actor)


@pytest.mark.parametrize(("early", "works"), [(MOMENT, True), (timedelta(0), False)])
def test_a_card_works_until_its_sixty_days_are_over(world, early, works):
    code = issued(world)
    with time_machine.travel(NOW + timedelta(days=cards.CARD_DAYS) - early, tick=False):
        assert (cards.redeem(code, 15, 1) is not None) is works


@pytest.mark.parametrize(("wrong", "works"), [(4, True), (5, False)])
def test_a_card_survives_four_wrong_birthdays_and_not_five(world, wrong, works):
    code = issued(world)
    with time_machine.travel(NOW, tick=False):
        for _n in range(wrong):
            assert cards.redeem(code, 16, 1) is None
        assert (cards.redeem(code, 15, 1) is not None) is works
    with use(SYSTEM):
        assert (LoginCode.objects.get().stopped_at is None) is works


@pytest.mark.parametrize(
    ("tried", "state"),
    [(delivery.MAX_ATTEMPTS - 2, MailState.QUEUED), (delivery.MAX_ATTEMPTS - 1, MailState.REFUSED)],
)
def test_a_mail_is_tried_six_times(committed_world, sink, tried, state):  # noqa: F811
    put(committed_world)
    with use(SYSTEM):
        OutboxMail.objects.update(attempts=tried)
    sink.answers = ["451 later please"]
    delivery.deliver()
    with use(SYSTEM):
        row = OutboxMail.objects.get()
    assert (row.state, row.attempts) == (state, tried + 1)


@pytest.mark.parametrize(
    ("name", "lasts"),
    [("claimed", delivery.CLAIM_LASTS), ("handover", delivery.HANDOVER_LASTS)],
)
@pytest.mark.parametrize(("late", "swept"), [(timedelta(0), 0), (MOMENT, 1)])
def test_a_worker_is_gone_after_five_minutes(committed_world, name, lasts, late, swept):
    put(committed_world)
    with use(SYSTEM):
        OutboxMail.objects.update(state=name, changed_at=NOW - lasts - late)
    with time_machine.travel(NOW, tick=False):
        assert sum(delivery.sweep()) == swept


def padded(data: bytes, size: int) -> bytes:
    return data + b"\0" * (size - len(data))


def test_a_photo_may_be_twelve_megabytes_and_no_byte_more():
    out = BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    data, most = out.getvalue(), images.MAX_IMAGE_BYTES
    assert most == 12 * 1024 * 1024
    assert clean_image(padded(data, most)).width == 40
    with pytest.raises(FileRefused, match="12 MB"):
        clean_image(padded(data, most + 1))


def test_a_pdf_may_be_fifteen_megabytes_and_no_byte_more():
    most = documents.MAX_PDF_BYTES
    assert most == 15 * 1024 * 1024
    for size, words in ((most, "beschadigd"), (most + 1, "15 MB")):
        with pytest.raises(FileRefused, match=words):
            clean_pdf(padded(b"%PDF-1.7", size))


def test_a_list_may_be_ten_megabytes_and_no_byte_more():
    data = csv_bytes(["nummer", "naam"], [["1", "Aya"]])
    fits = data + b"\n" * (reader.MAX_BYTES - len(data))
    assert read_table(fits).rows == (("1", "Aya"),)
    with pytest.raises(ImportRefused, match="10 MB"):
        read_table(fits + b"\n")


@pytest.mark.parametrize(("columns", "cell"), [(200, 5000), (201, 5000), (200, 5001)])
def test_columns_and_signs_of_a_list(columns, cell):
    data = csv_bytes([f"k{n}" for n in range(columns)], [["x" * cell, *["y"] * (columns - 1)]])
    if (columns, cell) == (reader.MAX_COLUMNS, reader.MAX_CELL):
        assert len(read_table(data).rows[0][0]) == 5000
    else:
        with pytest.raises(ImportRefused, match="kolommen" if columns > 200 else "tekens"):
            read_table(data)
