"""Shipped reference data, and places with their distances."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from stage.core import reference
from stage.core.dutch.geo import distance_km, place_coordinates

PROVINCES = 12


def test_the_ten_profiles_have_distinct_recognition_codes():
    rows = reference.profiles()
    assert len(rows) == 10
    assert len({row.sbb_recognition for row in rows}) == 10
    assert {row.code for row in rows} >= {"PIE", "Z&W", "M&T", "MaT"}


def test_electives_belong_to_a_profile():
    assert len(reference.electives()) == 75
    codes = {row.code for row in reference.profiles()}
    assert {row.profile for row in reference.electives()} <= codes


def test_values_hold_between_their_days_and_name_a_source():
    for row in reference.values():
        assert row.source
        assert row.valid_to is None or row.valid_from <= row.valid_to
    keys = [(row.kind, row.key, row.valid_from) for row in reference.values()]
    assert len(set(keys)) == len(keys)


def test_a_changed_value_holds_from_its_first_day():
    old = reference.value_on(date(2026, 8, 1), "cofinancing", "tariff_per_hour")
    assert old.value == "60.00"
    turn = date(2027, 1, 1)
    rows = [
        replace(old, valid_to=turn - timedelta(days=1)),
        replace(old, value="65.00", valid_from=turn),
    ]
    before = reference.value_on(turn - timedelta(days=1), "cofinancing", "tariff_per_hour", rows)
    after = reference.value_on(turn, "cofinancing", "tariff_per_hour", rows)
    assert (before.value, after.value) == ("60.00", "65.00")
    with pytest.raises(LookupError):
        reference.value_on(date(2000, 1, 1), "cofinancing", "tariff_per_hour")


def test_places_lie_in_the_netherlands():
    rows = reference.places()
    assert len(rows) > 1900
    assert len({row.province for row in rows}) == PROVINCES
    assert all(50.7 < row.latitude < 53.6 and 3.3 < row.longitude < 7.3 for row in rows)


def test_place_is_found_however_it_is_written():
    assert place_coordinates("ede") == (52.0333, 5.6583)
    assert place_coordinates(" 'S-HERTOGENBOSCH ") == place_coordinates("Den Bosch")
    assert place_coordinates("’s-Gravenhage") == place_coordinates("Den Haag") is not None
    assert place_coordinates("Damwald") == place_coordinates("Damwâld") is not None
    assert place_coordinates("Nergenshuizen") is None
    assert place_coordinates("") is None


def test_of_namesakes_the_largest_unless_the_province_tells():
    assert place_coordinates("Hengelo") == place_coordinates("Hengelo", "Overijssel")
    assert place_coordinates("Hengelo", "Gelderland") != place_coordinates("Hengelo")
    assert place_coordinates("Hengelo", "Zeeland") == place_coordinates("Hengelo")


def test_distance():
    ede, utrecht = place_coordinates("Ede"), place_coordinates("Utrecht")
    assert distance_km(ede, utrecht) == pytest.approx(37, abs=2)
    assert distance_km(ede, utrecht) == distance_km(utrecht, ede)
    assert distance_km(ede, ede) == 0
    assert distance_km((0, 0), (0, 180)) == pytest.approx(20015, abs=1)
