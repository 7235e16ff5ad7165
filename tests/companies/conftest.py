"""What the tests of companies share."""

from datetime import timedelta

import pytest
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client

from companies import services
from companies.models import Campaign, GroupCompany, Invitation
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who import links
from stage.schools.models import Group, Period
from tests.clients import client_of, client_of_contact


@pytest.fixture
def coordinator(world):
    return client_of(world.berk.coordinator)


@pytest.fixture
def bureau(world):
    return client_of(world.noord.bureau)


@pytest.fixture
def refusing(monkeypatch):
    """A mail server that says no to some addresses and hangs up on others."""
    answers: dict[str, Exception] = {}
    send = EmailBackend.send_messages

    def guarded(self, messages):
        for message in messages:
            if message.to[0] in answers:
                raise answers[message.to[0]]
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", guarded)
    return answers


@pytest.fixture
def baker(world):
    return client_of_contact(world.noord.contacts[0])


@pytest.fixture
def anonymous():
    return Client()


def next_group(sw) -> Group:
    """A group for a period after the one of which companies were asked, with the same companies."""
    old = sw.period
    with use(SYSTEM):
        period = Period.objects.create(
            school=sw.school,
            name=f"Volgende {Period.objects.count()}",
            kind=old.kind,
            starts=old.ends + timedelta(days=24),
            ends=old.ends + timedelta(days=24) + (old.ends - old.starts),
            weekdays=old.weekdays,
            day_from=old.day_from,
            day_to=old.day_to,
        )
        group = Group.objects.create(school=sw.school, period=period, name="Volgende groep")
        GroupCompany.objects.bulk_create(
            GroupCompany(school=sw.school, group=group, company_id=row.company_id)
            for row in GroupCompany.objects.filter(group=sw.group)
        )
    return group


def draft_of(sw, **values) -> Campaign:
    """A new draft for a group of a school, of a period about which nobody was asked yet."""
    if "group" not in values:
        values["group"] = next_group(sw)
    standard = {
        "school": sw.school,
        "period": values["group"].period,
        "subject": "{school} zoekt stageplekken",
        "letter": "Beste {contactpersoon} van {bedrijf}, van {datums}. Groet, {coordinator}",
        "created_by": sw.coordinator,
    }
    with use(SYSTEM):
        return Campaign.objects.create(**{**standard, **values})


def sent_campaign(world, sw, **values) -> Campaign:
    """A campaign that was just sent: invitations and mails stand ready."""
    campaign, actor = draft_of(sw, **values), world.actor(sw.coordinator)
    with use(actor.scope):
        services.send_campaign(campaign, actor=actor)
    return campaign


def path_of(invitation: Invitation, contact) -> str:
    """The path of an invitation's link."""
    with use(SYSTEM):
        address = links.link_for(
            person_kind="contact",
            person_id=contact.pk,
            purpose="invitation",
            target=invitation.public_id,
            region_id=invitation.region_id,
            school_id=invitation.school_id,
        )
    return "/" + address.split("/", 3)[3]


def invitation_of(campaign, company) -> Invitation:
    with use(SYSTEM):
        return Invitation.objects.select_related("period", "company", "campaign").get(
            campaign=campaign, company=company
        )


def yes(**values) -> dict:
    """What a company posts to take part; `supervisor` must be given."""
    return {
        "answer": "yes",
        "seen": "",
        "how_many": "2",
        "weekdays": ["1", "2"],
        "tasks": "Brood bakken",
        **values,
    }


URL = "/bedrijven/campagnes/"


def address_of(campaign, tail="") -> str:
    return f"{URL}{campaign.public_id}/{tail}"


def mails(**filters) -> int:
    with use(SYSTEM):
        return OutboxMail.objects.filter(**filters).count()


def state_of(row) -> str:
    with use(SYSTEM):
        return type(row).objects.values_list("state", flat=True).get(pk=row.pk)
