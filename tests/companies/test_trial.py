"""The page behind the test mail's button: what the company sees, and nothing happens."""

from django.core import mail as django_mail

from companies.models import Company, Contact, GroupCompany, Invitation, Place
from stage.core.mail import delivery
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of
from tests.companies.conftest import address_of, draft_of, yes


def trial_of(campaign, company) -> str:
    return address_of(campaign, f"proef/{company.public_id}/")


def link_in_the_test_mail(coordinator, campaign, company) -> str:
    coordinator.post(address_of(campaign, "proefmail/"), {"company": company.public_id})
    delivery.deliver()
    body = django_mail.outbox[-1].body
    return next(word for word in body.split() if "://" in word).partition("://")[2]


def test_the_test_mail_leads_to_the_page_the_company_sees(world, coordinator):
    campaign, company = draft_of(world.berk), world.noord.companies[1]
    address = link_in_the_test_mail(coordinator, campaign, company)
    page = coordinator.get("/" + address.partition("/")[2]).content.decode()
    assert "Proef: zo ziet het bedrijf dit" in page
    assert "Kan er een leerling bij u stage lopen?" in page
    assert "Garage Noord" in page
    preview = coordinator.get(address_of(campaign, f"bekijken/?company={company.public_id}"))
    assert trial_of(campaign, company) in preview.content.decode()


def test_every_answer_of_the_trial_opens_its_form_and_is_not_kept(world, coordinator):
    campaign, company = draft_of(world.berk), world.noord.companies[0]
    here = trial_of(campaign, company)
    with use(SYSTEM):
        before = [rows.objects.count() for rows in (Invitation, Place, Contact)]
    for answer, said in (("yes", "Hoeveel leerlingen"), ("no", "Waarom"), ("later", "Vanaf welke")):
        form = coordinator.get(f"{here}?antwoord={answer}").content.decode()
        assert said in form
        assert "Proef: zo ziet het bedrijf dit" in form
        assert f'action="{here}"' in form
    sent = coordinator.post(here, yes(supervisor="new", new_name="Jo", new_email="jo@x.test"))
    assert sent["Location"] == here
    assert "Er is niets verstuurd" in coordinator.get(here).content.decode()
    with use(SYSTEM):
        assert [rows.objects.count() for rows in (Invitation, Place, Contact)] == before


def test_only_the_schools_coordinator_opens_the_trial(world, baker, anonymous):
    campaign, company = draft_of(world.berk), world.noord.companies[0]
    here = trial_of(campaign, company)
    assert client_of(world.els.coordinator).get(here).status_code == 404
    assert baker.get(here).status_code in (403, 404)
    assert "/inloggen" in anonymous.get(here).headers.get("Location", "")


def test_a_company_that_is_not_in_the_group_has_no_trial(world, coordinator):
    with use(SYSTEM):
        far = Company.objects.create(region=world.noord.region, name="Elders")
    assert coordinator.get(trial_of(draft_of(world.berk), far)).status_code == 404


def test_one_reads_the_letter_company_by_company_and_first_one_that_gets_it(world, coordinator):
    campaign, second = draft_of(world.berk), world.noord.companies[0]
    here = address_of(campaign, "bekijken/")
    with use(SYSTEM):
        first = Company.objects.create(region=world.noord.region, name="Aannemer zonder adres")
        GroupCompany.objects.create(school=world.berk.school, group=campaign.group, company=first)
    page = coordinator.get(here)
    assert page.context["company"] == second
    assert f'href="?company={first.public_id}"' in page.content.decode()
    other = coordinator.get(f"{here}?company={first.public_id}")
    assert (other.context["company"], other.context["after"]) == (first, second)
