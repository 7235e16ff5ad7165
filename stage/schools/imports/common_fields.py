"""Fields that several lists share: names, addresses, guardians, and how they complete a row."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stage.core.dutch.names import search_key, split_name
from stage.schools.imports import parsers
from stage.schools.imports.fields import Field

EMAIL = ("email", "emailadres", "mail", "mailadres", "emailaddress", "schoolemail", "emailschool")
PHONE = ("telefoonnummer", "telefoon", "tel", "telnr", "telefoonnr", "phone", "phonenumber")
REMARKS = ("opmerking", "opmerkingen", "bijzonderheden", "notitie", "notities", "memo")
MOBILE = ("mobiel", "mobielnummer", "mobieltelefoonnummer", "telefoonmobiel", "mobieletelefoon")


def complete_name(row: dict[str, Any]) -> None:
    """First name, tussenvoegsel and surname out of what is there.

    Knows one cell with all of it, a surname that is called "Naam", and "Vries, de".
    """
    whole, first = row.pop("full_name", ""), row.get("first_name", "")
    last = row.get("last_name", "")
    if last and "," in last and not row.get("infix"):
        _first, row["infix"], row["last_name"] = split_name(f"{last}, {first}")
    elif whole and not last:
        if first and not f" {search_key(whole)} ".count(f" {search_key(first)} "):
            whole = f"{whole}, {first}" if "," in whole else f"{first} {whole}"
        found_first, infix, row["last_name"] = split_name(whole)
        row["first_name"] = first or found_first
        row["infix"] = row.get("infix") or infix
    if not row.get("first_name"):
        raise parsers.FieldError(_("Vul de roepnaam in."), "first_name")


def complete_address(row: dict[str, Any]) -> None:
    """One line of address; a street without number gets the number and its addition."""
    street, number = row.pop("street", ""), row.pop("house_number", "")
    addition = row.pop("house_addition", "")
    joint = "-" if addition[:1].isdigit() and number[-1:].isdigit() else ""
    parts = " ".join(part for part in (street, number + joint + addition) if part)
    if not row.get("address"):
        row["address"] = parts
    elif number and not re.search(r"\d", row["address"]):
        row["address"] = f"{row['address']} {number}{joint}{addition}"


NAME_FIELDS = (
    Field(
        "first_name",
        gettext_lazy("Roepnaam"),
        ("roepnaam", "voornaam", "firstname", "givenname", "roepnaamleerling", "voornaamleerling")
        + ("leerlingroepnaam", "leerlingvoornaam", "voornamen", "preferredfirstname"),
        required=True,
        parse=parsers.name(80),
    ),
    Field(
        "infix",
        gettext_lazy("Tussenvoegsel"),
        ("tussenvoegsel", "tussenvoegsels", "tussenv", "tv", "tvg", "tsnv", "voorvoegsel")
        + ("voorvoegsels", "prefix", "infix", "leerlingtussenvoegsel", "voorvoegselachternaam"),
        parse=parsers.text(30),
    ),
    Field(
        "last_name",
        gettext_lazy("Achternaam"),
        ("achternaam", "familienaam", "lastname", "surname", "familyname", "achternaamleerling")
        + ("leerlingachternaam", "officieleachternaam", "geslachtsnaam", "achternaamofficieel"),
        parse=parsers.name(80),
    ),
    Field(
        "full_name",
        gettext_lazy("Volledige naam"),
        ("volledigenaam", "naam", "leerling", "naamleerling", "leerlingnaam", "student", "name")
        + ("volledigenaamleerling", "medewerker", "docent", "naamdocent", "naammedewerker"),
        parse=parsers.name(160),
    ),
)


ADDRESS_FIELDS = (
    Field(
        "address",
        gettext_lazy("Adres"),
        ("adres", "adresregel", "adresregel1", "bezoekadres", "woonadres", "straatenhuisnummer")
        + ("straathuisnummer", "straatnummer", "straatennummer", "address", "vestigingsadres"),
        parse=parsers.text(150),
    ),
    Field(
        "street",
        gettext_lazy("Straat"),
        ("straat", "straatnaam", "street", "bezoekadresstraat", "woonadresstraat"),
        parse=parsers.text(150),
    ),
    Field(
        "house_number",
        gettext_lazy("Huisnummer"),
        ("huisnummer", "huisnr", "nr", "hnr", "housenumber"),
        parse=parsers.text(20),
    ),
    Field(
        "house_addition",
        gettext_lazy("Toevoeging"),
        (
            "toevoeging",
            "huisnummertoevoeging",
            "huisnrtoevoeging",
            "huisnrtoev",
            "huisnummertoev",
        )
        + ("huisletter", "toev", "toevoeginghuisnummer"),
        parse=parsers.text(20),
    ),
    Field(
        "postcode",
        gettext_lazy("Postcode"),
        ("postcode", "pc", "zip", "postalcode", "zipcode", "bezoekpostcode", "postcodewoon")
        + ("woonadrespostcode", "vestigingspostcode"),
        parse=parsers.postcode,
    ),
    Field(
        "city",
        gettext_lazy("Plaats"),
        ("woonplaats", "plaats", "plaatsnaam", "stad", "city", "vestigingsplaats")
        + ("woonadresplaats", "bezoekplaats", "woonplaatsnaam"),
        parse=parsers.text(80),
    ),
)


_GUARDIAN_LABELS_1 = (
    gettext_lazy("Ouder/verzorger 1"),
    gettext_lazy("Voornaam ouder/verzorger 1"),
    gettext_lazy("Tussenvoegsel ouder/verzorger 1"),
    gettext_lazy("Achternaam ouder/verzorger 1"),
    gettext_lazy("E-mail ouder/verzorger 1"),
    gettext_lazy("Telefoon ouder/verzorger 1"),
)
_GUARDIAN_LABELS_2 = (
    gettext_lazy("Ouder/verzorger 2"),
    gettext_lazy("Voornaam ouder/verzorger 2"),
    gettext_lazy("Tussenvoegsel ouder/verzorger 2"),
    gettext_lazy("Achternaam ouder/verzorger 2"),
    gettext_lazy("E-mail ouder/verzorger 2"),
    gettext_lazy("Telefoon ouder/verzorger 2"),
)


def guardian_fields(number: str) -> tuple[Field, ...]:
    """The fields of the first or second guardian, under every word systems have for them."""
    bases = [
        base + number
        for base in ("ouder", "verzorger", "ouderverzorger", "ov", "contact", "contactpersoon")
        + ("gezagdrager", "guardian", "parent", "vz", "relatie")
    ]
    if number == "1":
        bases += ["ouder", "verzorger", "ouderverzorger", "ouders", "guardian", "parent", "moeder"]
        bases += ["eersteverzorger", "ouders verzorgers"]
    else:
        bases += ["vader", "tweedeverzorger"]

    def under(*endings: str) -> tuple[str, ...]:
        both = [(base + end, end + base) for base in bases for end in endings]
        return tuple(spelling for pair in both for spelling in dict.fromkeys(pair))

    label = {"1": _GUARDIAN_LABELS_1, "2": _GUARDIAN_LABELS_2}[number]
    mails = ("email", "emailadres", "mail", "mailadres", "mailprive", "emailprive")
    phones = (
        "mobiel",
        "mobielnummer",
        "telefoonmobiel",
        "telefoon",
        "telefoonnummer",
        "tel",
        "gsm",
    )
    return (
        Field(f"guardian{number}_name", label[0], under("naam", "", "volledigenaam"),
              parse=parsers.person(160)),
        Field(f"guardian{number}_first", label[1], under("voornaam", "roepnaam", "voorletters"),
              parse=parsers.text(80)),
        Field(f"guardian{number}_infix", label[2], under("tussenvoegsel", "voorvoegsel", "tv"),
              parse=parsers.text(30)),
        Field(f"guardian{number}_last", label[3], under("achternaam", "familienaam"),
              parse=parsers.text(80)),
        Field(f"guardian{number}_email", label[4], under(*mails), parse=parsers.email),
        Field(f"guardian{number}_phone", label[5], under(*phones), parse=parsers.phone),
    )  # fmt: skip
