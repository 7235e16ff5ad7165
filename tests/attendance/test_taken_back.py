"""A word about somebody is taken back: within two minutes unheard, later told; each hears once."""

import pytest
from django.core import mail as sent_mail
from django.db import transaction
from django.db.utils import DatabaseError
from django.urls import reverse
from django.utils import timezone

from attendance import services
from attendance.models import Absence
from stage.core.mail import delivery
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from tests.attendance.helpers import MONDAY, TUESDAY, at, everything, ill
from tests.clients import client_of, client_of_contact, client_of_guardian

HOME = "/"
REPORT = reverse("attendance:absence_report")
UNDO = reverse("attendance:absence_undo")
BACK = reverse("attendance:absence_back")
ILL = {"kind": "ill", "when": "today"}
LATE = {"kind": "late", "when": "today", "at_time": "10:00"}


def mailed(clock: str) -> list[tuple[str, str]]:
    """What everybody was sent until then: subject and address."""
    with at(MONDAY, clock):
        delivery.deliver()
    return sorted((m.subject, m.to[0]) for m in sent_mail.outbox)


def standing() -> list[str]:
    with use(SYSTEM):
        return list(Absence.objects.standing().values_list("kind", flat=True))


def test_within_two_minutes_nobody_hears_of_it(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
    with at(MONDAY, "07:31"):
        assert "Toch niet ziek" in client.get(HOME).content.decode()
        page = client.post(UNDO, follow=True).content.decode()
        assert "Ongedaan gemaakt" in page
        assert "Meld dat je er bent" in page
    assert standing() == []
    assert mailed("08:00") == []
    with use(SYSTEM):
        assert AuditEntry.objects.filter(verb="absence_undone").count() == 1


def test_better_within_two_minutes_is_never_said(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
        client.post(BACK)
    assert standing() == []
    assert mailed("08:00") == []


def test_later_then_ill_then_better_is_one_mail_each(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, LATE)
        client.post(REPORT, ILL)
    assert standing() == ["ill"]
    told = mailed("07:33")
    assert len(told) == 3
    assert all("ziek" in subject for subject, _address in told)
    assert len({address for _subject, address in told}) == 3


def test_another_time_takes_the_place_of_the_first(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, LATE)
        client.post(REPORT, {**LATE, "at_time": "11:00"})
        assert "Je komt later: 11:00" in client.get(HOME).content.decode()
    told = mailed("07:33")
    assert len(told) == 3
    assert all("11:00" in subject for subject, _address in told)


def test_after_two_minutes_the_others_hear_that_it_is_not_so(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, LATE)
    assert len(mailed("07:33")) == 3
    sent_mail.outbox.clear()
    with at(MONDAY, "07:40"):
        assert "Toch gewoon op tijd" in client.get(HOME).content.decode()
        assert "Wie dit wist" in client.post(UNDO, follow=True).content.decode()
    told = mailed("07:43")
    assert len(told) == 3
    assert all("toch niet" in subject for subject, _address in told)
    with at(MONDAY, "08:50"):  # and so the alarm is on again
        assert "Je bent te laat" in client.get(HOME).content.decode()


def test_ill_that_was_told_ends_by_being_better(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
    mailed("07:33")
    with at(MONDAY, "07:40"):
        assert "Toch niet ziek" not in client.get(HOME).content.decode()
        page = client.post(UNDO, follow=True).content.decode()
    assert "Ongedaan maken kan niet meer" in page
    assert standing() == ["ill"]


def test_better_is_taken_back_too(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, ILL)
    mailed("07:33")
    sent_mail.outbox.clear()
    with at(MONDAY, "07:40"):
        assert "Ga je vandaag nog?" in client.post(BACK, follow=True).content.decode()
        assert "Beterschap" in client.post(UNDO, follow=True).content.decode()
    assert mailed("08:00") == []
    assert everything(Absence)[0].ends is None


def test_somebody_elses_word_is_theirs(world):
    with at(MONDAY, "07:30"):
        client_of_guardian(world.berk.guardians[0]).post(
            reverse("attendance:guardian_absence"), ILL
        )
        page = client_of(world.berk.logins[0]).post(UNDO, follow=True).content.decode()
        assert "Iemand anders heeft dit gemeld" in page
        assert standing() == ["ill"]
        client_of_guardian(world.berk.guardians[0]).post(
            reverse("attendance:guardian_absence"), {"action": "undo"}
        )
    assert standing() == []


def test_a_company_takes_back_what_it_said(world):
    placement = world.berk.placement.public_id
    with at(MONDAY, "09:00"):
        client = client_of_contact(world.noord.supervisors[0])
        report = reverse("attendance:company_absence", args=[placement])
        page = client.post(report, {"kind": "other", "when": "today"}, follow=True)
        undo = reverse("attendance:company_undo", args=[placement])
        assert undo in page.content.decode()
        client.post(undo)
    assert standing() == []
    assert mailed("09:30") == []


def test_nothing_to_undo_is_said(world):
    with at(MONDAY):
        page = client_of(world.berk.logins[0]).post(UNDO, follow=True).content.decode()
    assert "niets om ongedaan te maken" in page


@pytest.mark.parametrize("reported_by", ["company", "guardian", "teacher"])
def test_the_wall_keeps_somebody_elses_word(world, reported_by):
    row = ill(world.berk.placement, MONDAY, reported_kind=reported_by)
    actor = world.actor(world.berk.logins[0])
    with at(MONDAY), use(actor.scope), pytest.raises(DatabaseError), transaction.atomic():
        Absence.objects.filter(pk=row.pk).update(withdrawn_at=timezone.now())


def test_what_was_taken_back_counts_nowhere(world):
    with at(MONDAY, "07:30"):
        client = client_of(world.berk.logins[0])
        client.post(REPORT, {"kind": "appointment", "when": "today"})
        client.post(UNDO)
        week = client.get(reverse("attendance:week")).content.decode()
    assert "vrij met reden" not in week
    with at(TUESDAY, "10:00"):
        missed = client_of(world.berk.coordinator).get(reverse("attendance:missed_list"))
    assert "Aya Berk" in missed.content.decode()


def test_a_second_press_of_undo_changes_nothing(world):
    actor = world.actor(world.berk.logins[0])
    with at(MONDAY, "07:30"):
        client_of(world.berk.logins[0]).post(REPORT, ILL)
        (row,) = everything(Absence)
        with use(actor.scope):
            services.take_back_absence(row, actor=actor)
            again = Absence.objects.get(pk=row.pk)
            with pytest.raises(Conflict):
                services.take_back_absence(again, actor=actor)
