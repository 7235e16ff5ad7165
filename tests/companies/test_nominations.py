"""A company that a teacher, student or parent knows: said, taken on, or refused and why (B3)."""

import pytest
from django.core import mail as sent
from django.db import ProgrammingError, connection, transaction

from companies.models import Company, CompanyNote, CompanyOwner, Nomination
from stage.core.models import AuditEntry
from stage.core.tenants.tenancy import SYSTEM, use
from tests.clients import client_of, client_of_guardian
from tests.companies.test_contact_log import words
from tests.notices import deliver_all

URL = "/bedrijven/ik-weet-een-bedrijf/"
DESK = "/bedrijven/genoemd/"
SAID = {
    "name": "Kaasboerderij De Wei",
    "city": "Noord",
    "why": "Mijn oom werkt er.",
    "who": "Joop",
    "telephone": "0612345678",
}


def clients(world) -> dict:
    return {
        "teacher": client_of(world.berk.teacher),
        "student": client_of(world.berk.logins[0]),
        "guardian": client_of_guardian(world.berk.guardians[0]),
    }


def named() -> Nomination:
    with use(SYSTEM):
        return Nomination.objects.get()


@pytest.mark.parametrize("who", ["teacher", "student", "guardian"])
def test_it_is_taken_on_as_a_new_company_and_who_said_it_hears(world, who):
    client = clients(world)[who]
    assert client.post(URL, SAID).status_code == 302
    assert "Kaasboerderij De Wei, Noord Wacht op de school" in words(client.get(URL))

    desk = client_of(world.berk.coordinator)
    assert "Kijk naar bedrijven die mensen noemden" in words(desk.get("/"))
    assert "Kaasboerderij De Wei, Noord" in words(desk.get(DESK))
    page = f"{DESK}{named().public_id}/"
    by = {
        "teacher": world.berk.teacher.name,
        "student": world.berk.students[0].full_name,
        "guardian": world.berk.guardians[0].name,
    }
    shown = words(desk.get(page))
    assert f"Genoemd door {by[who]}, " in shown
    assert "Mijn oom werkt er." in shown
    sent_ = {"do": "take", "company": "nieuw", "owner": world.berk.teacher.public_id}
    desk.post(page, sent_)
    with use(SYSTEM):
        company = Company.objects.get(name="Kaasboerderij De Wei")
        assert (named().state, named().known_as) == ("taken", company)
        assert [place.city for place in company.locations.all()] == ["Noord"]
        assert CompanyOwner.objects.get(company=company).who == world.berk.teacher
        note = CompanyNote.objects.get(company=company)
        assert "Mijn oom werkt er.\nJoop, 0612345678" in note.text
        # What a student or parent said is not on a company's page under their name.
        assert (world.berk.teacher.name in note.text) == (who == "teacher")
        assert world.berk.students[0].first_name not in note.text
        assert not note.shared

    assert "Opgepakt" in words(client.get(URL))
    deliver_all()
    [letter] = [m for m in sent.outbox if "opgepakt" in m.subject]
    assert letter.subject == "De school heeft Kaasboerderij De Wei opgepakt"
    to = {
        "teacher": world.berk.teacher.email,
        "student": world.berk.students[0].email,
        "guardian": world.berk.guardians[0].email,
    }
    assert letter.to == [to[who]]


def test_it_may_be_a_company_that_is_there_already(world):
    bakery = world.noord.companies[0]
    client_of(world.berk.teacher).post(URL, {"name": "Bakkerij Noord BV", "city": "Noord"})
    desk = client_of(world.berk.coordinator)
    page = f"{DESK}{named().public_id}/"
    assert f'value="{bakery.public_id}"' in desk.get(page).content.decode()
    with use(SYSTEM):
        before = Company.objects.count()
    desk.post(page, {"do": "take", "company": bakery.public_id, "owner": ""})
    with use(SYSTEM):
        assert Company.objects.count() == before
        assert CompanyNote.objects.get().company == bakery
        assert not CompanyOwner.objects.exists()


def test_it_is_refused_with_a_word_that_the_student_reads(world):
    client = clients(world)["student"]
    client.post(URL, SAID)
    desk, page = client_of(world.berk.coordinator), f"{DESK}{named().public_id}/"
    assert desk.post(page, {"do": "refuse", "answer": " "}).status_code == 422
    assert named().is_named
    desk.post(page, {"do": "refuse", "answer": "Het is te ver weg."})
    assert "“Het is te ver weg.”" in words(client.get(URL))
    deliver_all()
    [letter] = [m for m in sent.outbox if "niet op" in m.subject]
    assert "Het is te ver weg." in letter.body
    # A colleague was first: the second one reads what the first did.
    again = desk.post(page, {"do": "take", "company": "nieuw"})
    assert again.status_code == 422
    assert "Hier is al naar gekeken: niet opgepakt." in words(again)
    with use(SYSTEM):
        rows = AuditEntry.objects.filter(object_type="companies.Nomination")
        assert sorted(rows.values_list("verb", flat=True)) == [
            "nomination_made",
            "nomination_refused",
        ]


def test_nobody_else_reads_what_somebody_said(world):
    everybody = clients(world)
    for who, client in everybody.items():
        client.post(URL, {**SAID, "name": f"Genoemd door {who}"})
    everybody["classmate"] = client_of(world.berk.logins[1])
    everybody["colleague"] = client_of(world.berk.colleague)
    for who, client in everybody.items():
        text = words(client.get(URL))
        found = {one for one in ("teacher", "student", "guardian") if f"door {one}" in text}
        assert found == {who} & {"teacher", "student", "guardian"}, who
    assert "Genoemd door" not in words(client_of(world.els.coordinator).get(DESK))
    assert client_of(world.noord.bureau).get(DESK).status_code == 403


def test_it_is_taken_back_while_the_school_has_not_looked(world):
    client = clients(world)["guardian"]
    client.post(URL, SAID)
    back = f"{URL}{named().public_id}/terug/"
    assert clients(world)["student"].post(back).status_code == 404
    assert client.post(back).status_code == 302
    assert named().state == "withdrawn"
    assert "Kaasboerderij" not in words(client_of(world.berk.coordinator).get(DESK))
    assert client.post(back).status_code == 409


def test_a_student_names_no_more_than_the_school_can_look_at(world):
    client = clients(world)["student"]
    answers = [client.post(URL, {**SAID, "name": f"Bedrijf {n}"}).status_code for n in range(6)]
    assert answers == [302] * 5 + [422]
    with use(SYSTEM):
        assert Nomination.objects.count() == 5


@pytest.mark.parametrize(
    "change",
    ["state = 'taken', known_as_id = %s", "state = 'refused'", "name = 'Ander'", "state = 'named'"],
)
def test_the_database_lets_a_student_do_no_more_than_take_it_back(world, change):
    clients(world)["student"].post(URL, SAID)
    actor = world.actor(world.berk.logins[0])
    values = [world.noord.companies[0].pk] if "%s" in change else []
    sql = f"UPDATE companies_nomination SET {change}"  # noqa: S608
    refused = pytest.raises(ProgrammingError)
    with use(actor.scope), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_the_database_shows_a_student_and_a_parent_only_their_own(world):
    everybody = clients(world)
    for who, client in everybody.items():
        client.post(URL, {**SAID, "name": who})
    student = world.actor(world.berk.logins[0])
    parent = world.guardian_actor(world.berk.guardians[0], world.noord.region)
    strangers = (world.actor(world.noord.bureau), world.actor(world.els.coordinator))
    found = []
    for actor in (student, parent, *strangers):
        with use(actor.scope), transaction.atomic(), connection.cursor() as cursor:
            try:
                with transaction.atomic():
                    cursor.execute("SELECT name FROM companies_nomination")
                    found.append(cursor.fetchall())
            except ProgrammingError:
                found.append("refused")
    assert found == [[("student",)], [("guardian",)], "refused", []]
