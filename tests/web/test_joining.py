"""An invitation to who has an account already; colleagues of the bureau."""

from django.core import mail as sent_mail
from django.urls import reverse

from stage.core.mail import delivery
from stage.core.models import AuditEntry, Membership, User
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of


def url(name, *args):
    return reverse(f"schools:{name}", args=args)


def invite(world, email):
    data = {"name": "Docent Els", "email": email, "role": "teacher"}
    client_of(world.berk.coordinator).post(url("staff_invite"), data)
    delivery.deliver()
    (letter,) = [m for m in sent_mail.outbox if m.to == [email]]
    return letter


def test_who_has_an_account_elsewhere_hears_where_and_as_what(world):
    letter = invite(world, world.els.teacher.email)
    assert "Berk" in letter.subject
    assert "Stagebegeleider" in letter.subject
    assert world.els.teacher.email in letter.body
    assert "Een nieuw wachtwoord is niet nodig" in letter.body
    assert reverse("account_login") in letter.body
    assert "/l/" not in letter.body
    html = letter.alternatives[0][0]
    assert "Berk" in html
    # With that account the role is there.
    client = client_of(world.els.teacher)
    assert "Berk" in client.get(reverse("web:role_switch")).content.decode()


def test_who_never_opened_the_account_gets_the_invitation_with_a_link(world):
    with use(SYSTEM):
        User.objects.filter(pk=world.els.teacher.user_id).update(password="!x", last_login=None)
    assert "/l/" in invite(world, world.els.teacher.email).body


def test_the_bureau_invites_its_own_colleague(world):
    client = client_of(world.noord.bureau)
    given = {"name": "Corrie", "email": "Corrie@noord.test"}
    assert client.post(url("bureau_colleague_invite"), given).status_code == 302
    with use(SYSTEM):
        member = Membership.objects.get(email="corrie@noord.test")
        assert (member.role, member.region) == ("bureau", world.noord.region)
        assert AuditEntry.objects.filter(verb="staff_invited", actor_role="bureau").exists()
    delivery.deliver()
    (letter,) = [m for m in sent_mail.outbox if m.to == ["corrie@noord.test"]]
    assert "/l/" in letter.body
    text = client.get(url("bureau_colleagues")).content.decode()
    assert "Corrie" in text
    assert "Nog niet geopend" in text
    assert client.post(url("bureau_colleague_invite"), given).status_code == 422
    assert client.post(url("bureau_colleague_resend", member.public_id)).status_code == 302
    assert client.post(url("bureau_colleague_end", member.public_id)).status_code == 302
    client.get(url("bureau_colleagues"))  # shows the notices once
    assert "Corrie" not in client.get(url("bureau_colleagues")).content.decode()


def test_the_bureau_keeps_somebody_who_can_log_in(world):
    client = client_of(world.noord.bureau)
    client.post(url("bureau_colleague_invite"), {"name": "Corrie", "email": "c@noord.test"})
    own = world.noord.bureau.public_id
    assert "Haal weg" in client.get(url("bureau_colleague_end", own)).content.decode()
    refused = client.post(url("bureau_colleague_end", own))
    assert "Er blijft altijd iemand" in refused.content.decode()
    with use(SYSTEM):
        world.noord.bureau.refresh_from_db()
        assert world.noord.bureau.ended_at is None


def test_another_regions_bureau_is_out_of_sight(world):
    client = client_of(world.noord.bureau)
    far = world.zuid.bureau.public_id
    assert client.post(url("bureau_colleague_end", far)).status_code == 404
    assert world.zuid.bureau.name not in client.get(url("bureau_colleagues")).content.decode()
