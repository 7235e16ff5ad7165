"""The bureau's numbers: each letter is read once, however many companies and schools there are."""

import pytest
from django.urls import reverse

from companies.asks import CompaniesByAsks
from companies.models import Company, Invitation
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.growth import as_if_large, counted

pytestmark = pytest.mark.django_db
MORE = 60


def letters(world, companies, *, state="sent") -> None:
    """One letter of Berk and one of Els to each of these."""
    with use(SYSTEM):
        for sw in (world.berk, world.els):
            Invitation.objects.bulk_create(
                Invitation(
                    school=sw.school,
                    region=world.noord.region,
                    period=sw.period,
                    company=company,
                    state=state,
                )
                for company in companies
            )


def more_companies(world, count: int) -> list[Company]:
    with use(SYSTEM):
        rows = [Company(region=world.noord.region, name=f"Zaak {n:03}") for n in range(count)]
        for row in rows:
            row.set_keys()
        return Company.objects.bulk_create(rows)


def test_companies_stand_in_order_of_how_often_they_were_asked(world):
    few, many, never = more_companies(world, 3)
    with use(SYSTEM):
        Invitation.objects.filter(region=world.noord.region).update(state="queued")
    letters(world, [many])
    letters(world, [few], state="queued")  # nothing reached it
    with use(SYSTEM):
        own = Invitation.objects.filter(company=few, school=world.berk.school)
        own.update(state="yes")
    bureau = world.actor(world.noord.bureau)
    with use(bureau.scope):
        rows = CompaniesByAsks(bureau)
        found = [(c.name, c.asked, c.asked_by, c.said_yes) for c in rows][:2]
        assert found == [("Zaak 001", 2, 2, 0), ("Zaak 000", 1, 1, 1)]
        assert len(rows) == Company.objects.visible_to(bureau).present().count()
        assert {c.asked for c in rows[2:]} == {0}
        assert rows[-1].pk == list(rows)[-1].pk
        assert never in list(rows)


def test_another_region_is_not_counted(world):
    bureau = world.actor(world.zuid.bureau)
    with use(bureau.scope):
        before = [(c.pk, c.asked) for c in CompaniesByAsks(bureau)]
    letters(world, more_companies(world, 2))
    with use(bureau.scope):
        assert [(c.pk, c.asked) for c in CompaniesByAsks(bureau)] == before


def test_each_letter_is_read_once_for_the_numbers_of_a_region(world):
    client = client_of(world.noord.bureau)
    address = reverse("companies:region_numbers")
    with as_if_large():
        client.get(address)
        with counted() as small:
            assert client.get(address).status_code == 200
        letters(world, more_companies(world, MORE))
        with counted() as large:
            assert client.get(address).status_code == 200
    rows, sql = large.grown(small)
    # Two letters for each company that was added, or the company itself and its letters.
    assert rows <= 3 * MORE, sql
