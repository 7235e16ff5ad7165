"""Who signs at home: who has the child in the house, and who became known later."""

import pytest
from django.urls import reverse

from placements.agreements.models import AgreementSettings, LateGuardian
from placements.agreements.queries import signers
from placements.agreements.services import freezing, late
from placements.models import RuleOverride
from stage.core.models import OutboxMail
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.ui import todo
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guardian
from stage.schools.services import students
from tests.clients import client_of
from tests.placements.agreements import (
    actors,
    filled,
    fresh,
    frozen,
    of_age,
    sign_as,
    signed_by_all,
)
from tests.placements.test_agreement_pages import body, url


def set_guardian(world, **values):
    with use(SYSTEM):
        Guardian.objects.filter(pk=world.berk.guardians[0].pk).update(**values)


def people_at_home(agreement) -> list[list[str]]:
    return [
        [p.name for p in s.people] for s in signers.slots_of(agreement) if s.party == "guardian"
    ]


def add(world, name="Oma Berk", **values):
    """The coordinator adds somebody, as on the student's page."""
    actor = world.actor(world.berk.coordinator)
    values = {"name": name, "email": "oma@berk.test", "telephone": "", "may_sign": True, **values}
    with use(actor.scope):
        return students.add_guardian(world.berk.students[0], values=values, actor=actor)


def asked() -> set[int]:
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event="agreement_sign", person_kind="guardian")
        return set(rows.values_list("person_id", flat=True))


def test_under_sixteen_who_has_the_child_at_home_may_sign(world):
    set_guardian(world, may_sign=False)
    agreement = frozen(world)
    assert people_at_home(agreement) == [["Ouder van Aya Berk"]]
    sign_as(agreement, actors(world)["guardian"])
    of_age(world.berk.students[0])
    assert people_at_home(agreement) == [[]]


def test_nobody_known_at_home_is_asked_of_the_coordinator(world):
    set_guardian(world, lives_here=None)
    agreement, who = filled(world), actors(world)["school"]
    client = client_of(world.berk.coordinator)
    assert "Bij wie woont de leerling?" in body(client.get(url("agreement_freeze", agreement)))
    with use(who.scope), pytest.raises(Conflict, match="woont"):
        freezing.freeze(agreement, reasons={}, actor=who)
    client.post(url("agreement_freeze", agreement), {"reason_household": "Woont bij tante."})
    assert fresh(agreement).state == "signing"
    with use(SYSTEM):
        assert RuleOverride.objects.get(rule="household").reason == "Woont bij tante."


def test_from_sixteen_on_nobody_asks_where_the_child_lives(world):
    set_guardian(world, lives_here=None)
    of_age(world.berk.students[0])
    assert fresh(frozen(world)).state == "signing"


def test_the_flag_is_set_on_the_guardians_page(world):
    guardian = world.berk.guardians[0]
    set_guardian(world, lives_here=None)
    edit = reverse("schools:guardian_edit", args=[guardian.public_id])
    client = client_of(world.berk.coordinator)
    data = {"name": guardian.name, "email": guardian.email, "may_sign": "on"}
    for sent, stored in (("true", True), ("false", False), ("unknown", None)):
        client.post(edit, {**data, "lives_here": sent})
        with use(SYSTEM):
            assert Guardian.objects.get(pk=guardian.pk).lives_here is stored


# --- became known later -----------------------------------------------------------------------


def decide(world, answer):
    with use(SYSTEM):
        row = LateGuardian.objects.get()
    page = reverse("agreements:late_guardian", args=[row.public_id])
    return client_of(world.berk.coordinator).post(page, {"answer": answer})


def titles(world) -> list[str]:
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        return [item.title for item in todo.for_actor(actor)]


@pytest.mark.parametrize("needed", ["one", "all"])
def test_somebody_added_while_it_is_signed_is_asked_nothing_yet(world, needed):
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(guardians_needed=needed)
    agreement = frozen(world)
    oma = add(world)
    assert people_at_home(agreement) == [["Ouder van Aya Berk"]]
    assert oma.pk not in asked()
    assert "Kies of Oma Berk ook tekent" in titles(world)
    page = body(client_of(world.berk.coordinator).get(url("agreement_show", agreement)))
    assert "Tekent Oma Berk ook?" in page


def test_somebody_added_while_it_is_filled_in_needs_no_question(world):
    agreement = filled(world)
    add(world)
    assert people_at_home(agreement) == [["Ouder van Aya Berk", "Oma Berk"]]
    with use(SYSTEM):
        assert LateGuardian.objects.count() == 0


@pytest.mark.parametrize(
    ("answer", "slots"),
    [
        ("must", [["Ouder van Aya Berk"], ["Oma Berk"]]),
        ("may", [["Ouder van Aya Berk", "Oma Berk"]]),
        ("not", [["Ouder van Aya Berk"]]),
    ],
)
def test_the_coordinator_says_whether_that_one_signs(world, answer, slots):
    agreement = frozen(world)
    oma = add(world)
    assert decide(world, answer).status_code == 302
    assert people_at_home(agreement) == slots
    assert (oma.pk in asked()) is (answer != "not")
    assert "Kies of Oma Berk ook tekent" not in titles(world)
    decide(world, "not")  # said once
    assert people_at_home(agreement) == slots


def test_each_signs_the_own_place(world):
    agreement = frozen(world)
    oma = add(world)
    decide(world, "must")
    sign_as(agreement, world.guardian_actor(oma, world.noord.region))
    for who in ("student", "company", "school"):
        sign_as(agreement, actors(world)[who])
    assert fresh(agreement).state == "signing"
    sign_as(agreement, actors(world)["guardian"])
    assert fresh(agreement).state == "complete"


def test_a_signed_agreement_waits_for_the_new_signature_alone(world):
    agreement = signed_by_all(world)
    oma = add(world)
    assert fresh(agreement).state == "complete"
    assert decide(world, "may").status_code == 422  # instead of whom?
    before = fresh(agreement).whole_hash
    decide(world, "must")
    waiting = fresh(agreement)
    assert (waiting.state, waiting.completed_at, waiting.whole_hash) == ("signing", None, before)
    assert [s.key for s in signers.slots_of(waiting) if not s.done] == [f"guardian-{oma.public_id}"]
    assert asked() == {world.berk.guardians[0].pk, oma.pk}
    sign_as(waiting, world.guardian_actor(oma, world.noord.region))
    assert fresh(agreement).state == "complete"


def test_a_signed_agreement_stays_when_that_one_need_not(world):
    agreement = signed_by_all(world)
    add(world)
    decide(world, "not")
    assert fresh(agreement).state == "complete"
    assert all(slot.done for slot in signers.slots_of(agreement))


def test_who_had_to_sign_and_is_removed_holds_nothing_up(world):
    agreement = signed_by_all(world)
    oma = add(world)
    decide(world, "must")
    actor = world.actor(world.berk.coordinator)
    with use(actor.scope):
        students.remove_guardian(oma, actor=actor)
    assert fresh(agreement).state == "complete"


def test_another_school_or_a_teacher_decides_nothing(world):
    frozen(world)
    add(world)
    with use(SYSTEM):
        row = LateGuardian.objects.get()
    page = reverse("agreements:late_guardian", args=[row.public_id])
    assert client_of(world.els.coordinator).get(page).status_code == 404
    assert client_of(world.berk.teacher).get(page).status_code == 403
    teacher = world.actor(world.berk.teacher)
    with use(teacher.scope), pytest.raises(NotAllowed):
        late.decide(row, answer="must", actor=teacher)
