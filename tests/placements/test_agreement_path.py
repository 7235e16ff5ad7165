"""From a placement to an agreement signed by everybody, and what stops it on the way."""

import pytest

from placements.agreements.enums import Party
from placements.agreements.facts import facts_of
from placements.agreements.models import Agreement, AgreementAnswer, AgreementSettings, Signature
from placements.agreements.queries import signers
from placements.agreements.services import freezing, papers, signing, starting
from placements.models import Placement, PlannedDay
from stage.core.models import AuditEntry, OutboxMail
from stage.core.record.frozen import digest
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict, NotAllowed
from stage.schools.models import Guardian
from tests.placements.agreements import (
    actors,
    fill,
    filled,
    fresh,
    frozen,
    make_adult,
    of_age,
    sign_as,
    signed_by_all,
    started,
)


def mailed(event):
    with use(SYSTEM):
        rows = OutboxMail.objects.filter(event=event)
        return sorted((row.person_kind, row.person_id) for row in rows)


def parts(agreement):
    with use(SYSTEM):
        rows = AgreementAnswer.objects.filter(agreement=agreement)
        return {row.party: row.checked_at is not None for row in rows}


def test_start_takes_what_is_known_and_asks_student_and_company(world):
    agreement = started(world)
    with use(SYSTEM):
        fields = {a.party: a.fields for a in AgreementAnswer.objects.filter(agreement=agreement)}
        assert agreement.articles.count() == 21
        assert Placement.objects.get(pk=world.berk.placement.pk).state == "agreement"
    assert fields["student"]["name"] == "Aya Berk"
    assert fields["company"]["tasks"] == "Brood bakken"
    assert fields["school"]["total_hours"] == 65
    assert mailed("agreement_fill") == [
        ("contact", world.noord.contacts[0].pk),
        ("student", world.berk.students[0].pk),
    ]


def test_a_placement_gets_one_agreement(world):
    started(world)
    who = actors(world)["school"]
    with use(who.scope), pytest.raises(Conflict):
        starting.start_agreements([Placement.objects.get(pk=world.berk.placement.pk)], actor=who)


def test_everybody_signs_and_the_placement_is_signed(world):
    agreement = signed_by_all(world)
    with use(SYSTEM):
        stored = {s.party: (s.method, s.whole_hash) for s in Signature.objects.all()}
        assert Placement.objects.get(pk=world.berk.placement.pk).state == "signed"
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    whole = fresh(agreement).whole_hash
    assert fresh(agreement).state == "complete"
    assert stored == {
        "student": ("login", whole),
        "guardian": ("code", whole),
        "company": ("code", whole),
        "school": ("login", whole),
    }
    assert {"agreement_frozen", "agreement_signed", "agreement_completed"} <= verbs
    assert len(mailed("agreement_complete")) == 4


def test_the_hash_is_that_of_the_frozen_text(world):
    agreement = fresh(frozen(world))
    assert agreement.is_intact
    article = agreement.document["articles"][0]
    body = {key: value for key, value in article.items() if key != "digest"}
    assert digest(body) == article["digest"]
    assert "Aya Berk loopt stage bij Bakkerij Noord" in article["text"]


def test_freezing_needs_every_part_checked(world):
    agreement = started(world)
    who = actors(world)
    fill(agreement, "student", who["student"])
    with use(who["school"].scope), pytest.raises(Conflict, match="Bedrijf"):
        freezing.freeze(agreement, reasons={}, actor=who["school"])
    assert fresh(agreement).state == "filling"


def test_freezing_needs_a_guardian_for_a_minor(world):
    agreement = filled(world)
    with use(SYSTEM):
        Guardian.objects.filter(student=world.berk.students[0]).update(
            may_sign=False, lives_here=False
        )
    who = actors(world)["school"]
    with use(who.scope), pytest.raises(Conflict, match="ouder of verzorger"):
        freezing.freeze(agreement, reasons={}, actor=who)


def test_an_adult_needs_no_guardian(world):
    make_adult(world.berk.students[0])
    agreement = frozen(world)
    assert [slot.party for slot in signers.slots_of(agreement)] == ["student", "company", "school"]
    with pytest.raises(NotAllowed):
        sign_as(agreement, actors(world)["guardian"])


@pytest.mark.parametrize(("needed", "complete"), [("one", True), ("all", False)])
def test_one_or_all_guardians(world, needed, complete):
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(guardians_needed=needed)
        second = Guardian.objects.create(
            school=world.berk.school,
            student=world.berk.students[0],
            name="Tweede ouder",
            email="tweede@berk.test",
        )
    agreement = signed_by_all(world)
    assert (fresh(agreement).state == "complete") is complete
    if not complete:
        sign_as(agreement, world.guardian_actor(second, world.noord.region))
        assert fresh(agreement).state == "complete"


def test_a_changed_answer_reopens_whom_it_concerns(world):
    agreement = filled(world)
    who = actors(world)["company"]
    assert fill(agreement, "company", who, telephone="0509999999") == ()
    assert fill(agreement, "company", who, telephone="0509999999", day_to="15:00") == (
        "school",
        "student",
    )
    assert parts(agreement) == {"student": False, "company": True, "school": False}


def test_agreed_times_become_the_plan(world):
    agreement = started(world)
    who = actors(world)
    fill(agreement, "company", who["company"], check=False, day_to="15:00")
    fill(agreement, "school", who["school"], check=False, total_hours=60)
    fill(agreement, "student", who["student"])
    fill(agreement, "company", who["company"], day_to="15:00")
    fill(agreement, "school", who["school"], total_hours=60)
    with use(who["school"].scope):
        freezing.freeze(agreement, reasons={}, actor=who["school"])
    with use(SYSTEM):
        days = PlannedDay.objects.filter(placement_id=world.berk.placement.pk)
        assert {f"{day.day_to:%H:%M}" for day in days} == {"15:00"}


@pytest.mark.parametrize("party", ["student", "school"])
def test_a_company_fills_its_own_part_only(world, party):
    agreement = started(world)
    with pytest.raises(NotAllowed):
        fill(agreement, party, actors(world)["company"])


def test_nothing_is_filled_once_frozen(world):
    agreement = frozen(world)
    with pytest.raises(Conflict):
        fill(agreement, "student", actors(world)["student"], city="Elders")


def test_who_is_no_signer_cannot_sign(world):
    agreement = frozen(world)
    outsiders = [
        world.actor(world.berk.logins[1]),
        world.guardian_actor(world.berk.guardians[1], world.noord.region),
        world.company_actor(world.noord.contacts[1]),
        world.company_actor(world.noord.supervisors[0]),
        world.actor(world.berk.teacher),
        world.actor(world.els.coordinator),
    ]
    for who in outsiders:
        with pytest.raises(NotAllowed):
            sign_as(agreement, who)
    with use(SYSTEM):
        assert Signature.objects.count() == 0


def test_signing_with_another_proof_than_ones_own_is_refused(world):
    agreement, who = frozen(world), actors(world)["guardian"]
    with use(who.scope), pytest.raises(NotAllowed):
        signing.sign(
            agreement,
            whole_hash=agreement.whole_hash,
            evidence=signing.Evidence("login", "Ik teken."),
            actor=who,
        )


def test_signing_twice_stores_one(world):
    agreement, who = frozen(world), actors(world)["student"]
    sign_as(agreement, who)
    with pytest.raises(Conflict):
        sign_as(agreement, who)
    with use(SYSTEM):
        assert Signature.objects.count() == 1


def test_signing_another_text_stores_nothing(world, monkeypatch):
    agreement = frozen(world)
    with pytest.raises(Conflict):
        sign_as(agreement, actors(world)["student"], whole_hash="0" * 64)

    def lock_altered(row):
        # What no role of the product could write, as if an administrator had.
        held = Agreement.objects.select_for_update().get(pk=row.pk)
        held.document = {"articles": []}
        return held

    monkeypatch.setattr(signing, "lock", lock_altered)
    with pytest.raises(Conflict):
        sign_as(agreement, actors(world)["student"])
    with use(SYSTEM):
        assert Signature.objects.count() == 0


def test_an_objection_makes_a_new_version_that_all_sign_anew(world):
    agreement, who = frozen(world), actors(world)
    sign_as(agreement, who["student"])
    with use(who["company"].scope):
        newer = starting.object_to(agreement, text="Het adres is oud.", actor=who["company"])
    assert (newer.version, newer.objection_by) == (2, Party.COMPANY)
    assert fresh(agreement).state == "superseded"
    assert parts(newer) == {"student": False, "company": False, "school": False}
    for slot in signers.slots_of(newer):
        assert not slot.done
    assert mailed("agreement_objected") == [("membership", world.berk.coordinator.pk)]
    with pytest.raises(Conflict):
        sign_as(agreement, who["school"])


def test_only_the_school_opens_a_complete_agreement(world):
    agreement, who = signed_by_all(world), actors(world)
    with use(who["student"].scope), pytest.raises(Conflict):
        starting.object_to(agreement, text="Toch anders.", actor=who["student"])
    with use(who["school"].scope):
        newer = starting.revise(agreement, text="Andere tijden.", actor=who["school"])
    assert newer.version == 2


def test_paper_counts_without_a_scan_only_where_the_school_says_so(world):
    from datetime import date

    of_age(world.berk.students[0])
    agreement, who = frozen(world), actors(world)["school"]
    note = {"key": "guardian", "name": "Oma Berk", "seen_on": date(2026, 11, 2), "actor": who}
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(paper_counts=False)
    with use(who.scope), pytest.raises(Conflict, match="scan"):
        papers.sign_on_paper(agreement, **note)
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(paper_counts=True)
    with use(who.scope):
        signature = papers.sign_on_paper(agreement, **note)
    assert (signature.method, signature.name) == ("paper", "Oma Berk")
    assert signature.statement == "Getekend op papier; gezien op 02-11-2026 door Coordinator Berk."
    assert signature.seen_by_id == world.berk.coordinator.pk


def test_under_sixteen_a_form_in_the_file_never_counts(world):
    from datetime import date

    agreement, who = frozen(world), actors(world)["school"]
    with use(SYSTEM):
        AgreementSettings.objects.filter(school=world.berk.school).update(paper_counts=True)
    note = {"name": "Oma Berk", "seen_on": date(2026, 11, 2), "actor": who}
    for key in ("guardian", "student", "company"):
        with use(who.scope), pytest.raises(Conflict, match="scan"):
            papers.sign_on_paper(agreement, key=key, **note)
    with use(SYSTEM):
        assert Signature.objects.count() == 0


def test_filling_is_recorded_without_values(world):
    agreement = started(world)
    fill(agreement, "student", actors(world)["student"])
    with use(SYSTEM):
        entry = AuditEntry.objects.filter(verb="agreement_part_checked").get()
        part = AgreementAnswer.objects.get(agreement=agreement, party="student")
    assert part.checked_by == "Aya Berk"
    assert "street" in entry.fields
    assert not any("Berkenlaan" in name for name in entry.fields)
    concerned = {fact.key: fact.concerns for fact in facts_of("student") if fact.concerns}
    assert concerned == {"wishes": ("company",)}


def test_a_cancelled_placement_takes_its_agreement_along(world):
    from placements.workflow import PLACEMENTS
    from stage.core.record import workflow

    agreement, who = frozen(world), actors(world)
    with use(who["school"].scope):
        placement = Placement.objects.get(pk=agreement.placement_id)
        workflow.apply(placement, PLACEMENTS["cancel"], actor=who["school"])
    assert fresh(agreement).state == "superseded"
    with pytest.raises(Conflict):
        sign_as(agreement, who["student"])
