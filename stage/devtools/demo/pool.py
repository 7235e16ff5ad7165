"""Sixty companies in the region's pool, each with a place of work and people."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from companies import services
from companies.enums import AttendanceMode, ContactRole, DayEnd
from companies.models import Company, Contact, Location
from stage.core.dutch.geo import place_coordinates
from stage.core.dutch.names import search_key
from stage.core.models import Region
from stage.devtools.demo.cast import by
from stage.devtools.demo.companies import BY_PROFILE, CITIES
from stage.devtools.demo.facades import facade
from stage.devtools.demo.names import CONTACT_NAMES, STREETS

# Companies that fit a second profile as well.
ALSO = {"Z&W": "D&P", "E&O": "D&P", "HBR": "D&P", "BWI": "PIE", "MVI": "E&O", "MaT": "PIE"}
# One owner of two businesses, with one mailbox: (company, where the owner is known).
SAME_OWNER = {"Banketbakkerij Suikerzoet": "Bakkerij Van Diepen"}
# One in three shows its first letters.
WITHOUT_PICTURE = 2
FUNCTIONS = ("eigenaar", "bedrijfsleider", "personeelszaken", "vestigingsmanager")
CLOTHING = {
    "BWI": "Werkschoenen met stalen neus; die krijg je van ons.",
    "PIE": "Lange broek en dichte schoenen.",
    "M&T": "Overall van ons, eigen dichte schoenen.",
    "HBR": "Witte koksbuis van ons, haren vast.",
    "Z&W": "Nette kleding, geen sieraden aan de handen.",
    "Groen": "Laarzen en kleding die vies mag worden.",
    "MaT": "Zwemvest van ons, schoenen met een goede zool.",
}
POSTCODES = {
    "Arnhem": "6811", "Nijmegen": "6511", "Wageningen": "6701", "Ede": "6711",
    "Zevenaar": "6901", "Doetinchem": "7001", "Elst": "6661", "Duiven": "6921",
}  # fmt: skip
OLDER_ONLY = ("Zorgcentrum De Wilgenhof", "Beveiliging Wachter")


def slug(name: str) -> str:
    """A name as part of an address."""
    return search_key(name).replace(" ", "").replace("&", "")


def telephone(number: int) -> str:
    """A number in a range that is not given out."""
    return f"026 000 {number // 100:02d} {number % 100:02d}"


def fill_pool(
    region: Region,
    *,
    bureau,
    rng: Random,
    of: Mapping[str, tuple[tuple[str, str], ...]] = BY_PROFILE,
    first: int = 0,
) -> dict[str, list[Company]]:
    """Bring in all companies as the bureau; answers them by their first profile.

    `first`: from where their numbers count.
    """
    made: dict[str, list[Company]] = {}
    owners: dict[str, Contact] = {}
    number = first
    for profile, rows in of.items():
        for name, task in rows:
            company = _company(region, profile, name, task, number, rng)
            contact = _contact(region, company, number, owners.get(SAME_OWNER.get(name, "")))
            owners[name] = contact
            location = _location(region, number, rng)
            by(bureau, services.add_company, company, location=location, contact=contact)
            if number % 3 != WITHOUT_PICTURE:
                words = f"De voorkant van {name}, getekend."
                by(bureau, services.set_picture, company, facade(number), words=words)
            by(bureau, services.add_contact, _supervisor(region, company, number))
            made.setdefault(profile, []).append(company)
            number += 1
    return made


def without_email(region: Region, *, actor) -> Company:
    """A company that a school knows by telephone only."""
    name, number = "Klompenmakerij Van de Grotendorst-Wijnbergen", 900
    company = Company(
        region=region,
        name=name,
        telephone=telephone(number),
        tasks="Hout zagen en klompen afwerken",
        profiles=["BWI"],
        size=2,
    )
    point = place_coordinates("Arnhem", "Gelderland")
    latitude, longitude = point if point else (None, None)
    place = Location(
        region=region,
        street="Dorpsstraat 4",
        postcode="6811 AB",
        city="Arnhem",
        latitude=latitude,
        longitude=longitude,
    )
    return by(actor, services.add_company, company, location=place, contact=None)


def _company(region, profile, name, task, number, rng: Random) -> Company:
    profiles = [profile, ALSO[profile]] if profile in ALSO and number % 3 == 0 else [profile]
    modes = (AttendanceMode.SUPERVISOR, AttendanceMode.STUDENT)
    site = f"{slug(name)}.voorbeeld"
    return Company(
        region=region,
        name=name,
        kvk_number=f"{90000000 + number * 137}",
        email=f"info@{site}",
        telephone=telephone(number),
        website=f"https://{site}",
        description=(
            f"{name} is een bedrijf met mensen die hun vak graag laten zien."
            " Leerlingen krijgen een vaste begeleider en doen echt mee."
        ),
        tasks=task,
        profiles=profiles,
        size=rng.choice((3, 6, 9, 14, 22, 40, 85)),
        minimum_age=16 if name in OLDER_ONLY else None,
        clothing=CLOTHING.get(profile, ""),
        needs_vog=name in ("Kinderopvang Dikkie", "Basisschool De Regenboog"),
        day_end=DayEnd.TOLD if number % 5 == 3 else DayEnd.PLANNED,
        attendance_mode=modes[number % 2] if number % 5 == 4 else AttendanceMode.QR,
    )


def _location(region, number: int, rng: Random) -> Location:
    city = CITIES[0] if number % 3 == 0 else CITIES[number % len(CITIES)]
    point = place_coordinates(city, "Gelderland")
    latitude, longitude = point if point else (None, None)
    letters = "ABCDEGHJKLMNPRTVXZ"
    return Location(
        region=region,
        street=f"{rng.choice(STREETS)} {rng.randint(1, 180)}",
        postcode=f"{POSTCODES[city]} {rng.choice(letters)}{rng.choice(letters)}",
        city=city,
        latitude=latitude,
        longitude=longitude,
    )


def _contact(region, company: Company, number: int, owner: Contact | None) -> Contact:
    name = owner.name if owner else CONTACT_NAMES[number % len(CONTACT_NAMES)]
    return Contact(
        region=region,
        name=name,
        function=FUNCTIONS[number % len(FUNCTIONS)],
        email=owner.email if owner else _address(name, company),
        telephone=telephone(100 + number),
        roles=[ContactRole.CONTACT, ContactRole.SIGNATORY],
    )


def _supervisor(region, company: Company, number: int) -> Contact:
    # Another first name with another surname than the contact's.
    first = CONTACT_NAMES[(number * 5 + 7) % len(CONTACT_NAMES)].split()[0]
    last = CONTACT_NAMES[(number * 7 + 3) % len(CONTACT_NAMES)].split()[1]
    name = f"{first} {last}"
    return Contact(
        region=region,
        company=company,
        name=name,
        function="praktijkopleider",
        email=f"werkvloer.{slug(first)}@{slug(company.name)}.voorbeeld",
        telephone=telephone(200 + number),
        roles=[ContactRole.SUPERVISOR],
    )


def _address(name: str, company: Company) -> str:
    return f"{slug(name.split()[0])}@{slug(company.name)}.voorbeeld"
