"""The table of what an agreement says holds together."""

from collections import Counter

from placements.agreements import merge_fields
from placements.agreements.facts import FACTS, PARTIES, PLACEMENT, facts_of
from placements.agreements.forms import PARTS
from placements.models import Placement, PlannedDay


def twice(names) -> list:
    return [name for name, count in Counter(names).items() if count > 1]


def test_no_fact_and_no_merge_name_stands_twice():
    assert twice((fact.party, fact.key) for fact in FACTS) == []
    assert twice(merge.name for fact in FACTS for merge in fact.merges) == []
    assert all(merge_fields.FIELD.fullmatch("{" + name + "}") for name in merge_fields.FIELDS)


def test_what_is_asked_stands_in_the_form_of_its_party_alone():
    assert {fact.party for fact in FACTS} == {*PARTIES, PLACEMENT}
    for party in PARTIES:
        asked = [fact.key for fact in facts_of(party) if fact.field]
        assert list(PARTS[party].base_fields) == asked
    assert not [fact.key for fact in facts_of(PLACEMENT) if fact.field]


def test_a_fact_names_what_there_is():
    for fact in FACTS:
        own = {other.key: other for other in facts_of(fact.party)}
        assert set(fact.concerns) <= set(PARTIES) - {fact.party}, fact.key
        if fact.only:
            assert own[fact.only.key].field, fact.key
        if fact.plans:
            assert Placement._meta.get_field(fact.key), fact.key
            assert PlannedDay._meta.get_field(fact.key), fact.key


def test_nothing_filled_in_yet_can_be_written():
    empty = {fact.party: {} for fact in FACTS}
    assert set(merge_fields.values_of(empty)) == set(merge_fields.FIELDS)
    for fact in FACTS:
        for row in fact.rows:
            assert isinstance(row.write({}, fact.key), str)
