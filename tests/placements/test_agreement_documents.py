"""The agreement on paper, read back; the mails; the reminders; the to-do's."""

from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdfium2
import time_machine
from django.core import mail as django_mail

from placements.agreements import documents
from placements.agreements.tasks import remind_signers
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from tests import papers
from tests.notices import deliver_all
from tests.placements.agreements import (
    actors,
    fill,
    filled,
    fresh,
    frozen,
    sign_as,
    signed_by_all,
    started,
)


def text_of(data):
    return " ".join(" ".join(papers.text_of(data)).split())


def test_three_copies_with_boxes_to_sign_in(world):
    agreement = fresh(frozen(world))
    who = actors(world)["school"]
    with use(who.scope):
        data = documents.agreement_pdf(agreement)
    text = text_of(data)
    for copy in ("school", "het bedrijf", "leerling"):
        assert text.count(f"Exemplaar voor {'' if 'het' in copy else 'de '}{copy}") == 1
    assert text.count("Plaats en datum:") == 12
    assert text.count("Artikel 21. In drievoud") == 3
    assert "Aya Berk loopt stage bij Bakkerij Noord" in text
    assert "Bewijs van de handtekeningen" not in text
    with pikepdf.open(BytesIO(data)) as opened:
        assert bool(opened.Root.MarkInfo.Marked)
        assert "/StructTreeRoot" in opened.Root


def test_each_copy_counts_its_own_pages_and_keeps_its_parts_whole(world):
    agreement = fresh(signed_by_all(world))
    with use(actors(world)["school"].scope):
        data = documents.agreement_pdf(agreement)
    opened = pypdfium2.PdfDocument(data)
    pages = [page.get_textpage().get_text_range() for page in opened]
    opened.close()
    each = len(pages) // 3
    assert len(pages) == 3 * each
    for number, copy in enumerate(documents.COPIES):
        for at in range(each):
            assert f"exemplaar {copy} · {at + 1} / {each}" in pages[number * each + at]
    # The first copy: a heading stands with what it is above, signatures and evidence together.
    (school,) = (p for p in pages[:each] if "Hoogste bedrag" in p)
    assert school.startswith("School")
    (signed,) = (p for p in pages[:each] if "Handtekeningen" in p)
    assert "Bewijs van de handtekeningen" in signed


def test_the_signed_copy_carries_its_evidence(world):
    agreement = fresh(signed_by_all(world))
    with use(actors(world)["company"].scope):
        text = text_of(documents.agreement_pdf(agreement, only="bedrijf"))
    assert "Exemplaar voor het bedrijf" in text
    assert "Exemplaar voor de school" not in text
    assert agreement.whole_hash in text.replace(" ", "")
    for name in ("Aya Berk", "Ouder van Aya Berk", "Contact Bakkerij Noord", "Coordinator Berk"):
        assert name in text
    assert "Op het scherm, met een code uit de mail" in text
    assert "1 / " in text


def test_an_unfinished_text_says_it_is_a_draft(world):
    agreement = fresh(started(world))
    with use(actors(world)["school"].scope):
        assert "Concept: de tekst staat nog niet vast." in text_of(
            documents.agreement_pdf(agreement, only="school")
        )


def letters():
    deliver_all()
    return {(m.to[0], m.subject): m for m in django_mail.outbox}


def test_mails_lead_each_person_to_its_own_page(world, settings):
    agreement = signed_by_all(world)
    found = letters()
    signing = [subject for _to, subject in found if "Teken" in subject]
    assert signing == []  # everybody signed before it was delivered: no longer needed
    complete = {to for to, subject in found if "is rond" in subject or "Getekend" in subject}
    assert complete == {
        "aya@berk.test",
        "ouder.aya@berk.test",
        "contact@bakkerij-noord.test",
        "coordinator.berk@voorbeeld.test",
    }
    student = next(m for (to, _s), m in found.items() if to == "aya@berk.test")
    assert f"/overeenkomst/{agreement.public_id}/" in student.body
    company = next(m for (to, _s), m in found.items() if to == "contact@bakkerij-noord.test")
    assert agreement.public_id not in company.body  # by a personal link


def test_who_must_sign_gets_a_mail(world):
    frozen(world)
    found = letters()
    assert {to for to, subject in found if "Teken" in subject} == {
        "aya@berk.test",
        "ouder.aya@berk.test",
        "contact@bakkerij-noord.test",
    }
    guardian = next(m for (to, _s), m in found.items() if to == "ouder.aya@berk.test")
    assert "Aya is nog geen achttien. Daarom tekent" in guardian.body


def test_reminders_after_three_and_ten_days_to_who_has_not_signed(world):
    agreement = frozen(world)
    sign_as(agreement, actors(world)["company"])
    counts = []
    for days in (1, 3, 3, 5, 10):
        with use(SYSTEM):
            OutboxMail.objects.filter(event="agreement_reminder").exclude(key="").update(
                state="sent"
            )
        with time_machine.travel(agreement.frozen_at + timedelta(days=days, hours=1)):
            remind_signers()
        with use(SYSTEM):
            counts.append(OutboxMail.objects.filter(event="agreement_reminder").count())
    assert counts == [0, 2, 2, 2, 4]  # student and guardian; a day's letter goes once


def titles(who):
    with use(who.scope):
        return [t.title for t in todo.for_actor(who) if "vereenkomst" in t.title]


def test_todos_follow_the_agreement(world):
    who = actors(world)
    agreement = started(world)
    assert titles(who["student"]) == ["Vul jouw deel van de stageovereenkomst in"]
    assert titles(who["company"]) == ["Vul de stageovereenkomst van Aya Berk in"]
    assert titles(who["guardian"]) == []
    assert titles(who["school"]) == ["Controleer het deel van de school in een overeenkomst"]
    fill(agreement, "student", who["student"])
    assert titles(who["student"]) == []


def test_todos_while_signing(world):
    who = actors(world)
    agreement = frozen(world)
    assert titles(who["guardian"]) == ["Teken de stageovereenkomst van Aya"]
    assert titles(who["company"]) == ["Teken de stageovereenkomst van Aya Berk"]
    assert titles(world.company_actor(world.noord.contacts[1])) == []
    assert titles(who["school"]) == ["Teken een overeenkomst namens de school"]
    for actor in who.values():
        sign_as(agreement, actor)
        assert titles(actor) == []


def test_the_coordinator_hears_when_a_text_can_be_fixed(world):
    filled(world)
    assert titles(actors(world)["school"]) == ["Stel de tekst van een overeenkomst vast"]
