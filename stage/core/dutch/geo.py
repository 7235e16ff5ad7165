"""Distances between places, from our own list: no address ever leaves for a map service."""

from functools import cache, lru_cache
from math import asin, cos, radians, sin, sqrt

from stage.core import reference
from stage.core.dutch.names import sort_key

EARTH_RADIUS_KM = 6371.0088
# Names in daily use for places that the list knows under another one.
_ALSO_CALLED = {
    "s gravenhage": "den haag",
    "den bosch": "s hertogenbosch",
    "hertogenbosch": "s hertogenbosch",
}

Point = tuple[float, float]


def distance_km(a: Point, b: Point) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude) pairs in degrees."""
    lat_a, lon_a, lat_b, lon_b = map(radians, (*a, *b))
    half_chord = (
        sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half_chord)))


@lru_cache(maxsize=10_000)  # more than there are places
def place_coordinates(name: str, province: str = "") -> Point | None:
    """Latitude and longitude of a Dutch place, however its name is written; None when unknown.

    Of namesakes the largest, unless the province tells them apart.
    """
    key = sort_key(name)
    key = _ALSO_CALLED.get(key, key)
    found = _places_by_key().get(key, ())
    wanted = sort_key(province)
    named = [place for place in found if sort_key(place.province) == wanted] if wanted else found
    place = next(iter(named or found), None)
    return (place.latitude, place.longitude) if place else None


@cache
def _places_by_key() -> dict[str, list[reference.PlaceRow]]:
    by_key: dict[str, list[reference.PlaceRow]] = {}
    for place in reference.places():
        by_key.setdefault(sort_key(place.name), []).append(place)
    return by_key
