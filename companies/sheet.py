"""The list of companies: the columns we read, by the headings that people give them."""

from django.utils.translation import gettext_lazy

from stage.schools.imports import parsers, vmbo
from stage.schools.imports.common_fields import (
    ADDRESS_FIELDS,
    EMAIL,
    MOBILE,
    PHONE,
    REMARKS,
    complete_address,
)
from stage.schools.imports.fields import Field, Sheet
from stage.schools.imports.loaders import Sample

COMPANIES = Sheet(
    name="companies",
    label=gettext_lazy("Bedrijven"),
    fields=(
        Field(
            "name",
            gettext_lazy("Bedrijfsnaam"),
            ("bedrijfsnaam", "naambedrijf", "bedrijf", "naam", "organisatie", "handelsnaam")
            + ("stagebedrijf", "leerbedrijf", "naamleerbedrijf", "organisatienaam", "company")
            + ("companyname", "stageadres", "naamorganisatie", "instelling", "firma"),
            required=True,
            parse=parsers.text(160),
        ),
        Field(
            "kvk",
            gettext_lazy("KvK-nummer"),
            ("kvknummer", "kvk", "kvknr", "kamervankoophandel", "kamervankoophandelnummer")
            + ("handelsregisternummer", "coc", "kvknummerbedrijf"),
            parse=parsers.kvk,
        ),
        *ADDRESS_FIELDS,
        Field(
            "phone",
            gettext_lazy("Telefoon"),
            PHONE + MOBILE + ("telefoonbedrijf", "bedrijfstelefoon", "telefoonalgemeen"),
            parse=parsers.phone,
        ),
        Field(
            "email",
            gettext_lazy("E-mail"),
            EMAIL + ("emailbedrijf", "bedrijfsemail", "emailalgemeen", "algemeenemailadres"),
            parse=parsers.email,
        ),
        Field(
            "website",
            gettext_lazy("Website"),
            ("website", "site", "url", "web", "internet", "www", "internetadres", "webadres"),
            parse=parsers.website,
        ),
        Field(
            "contact_name",
            gettext_lazy("Contactpersoon"),
            ("contactpersoon", "naamcontactpersoon", "contactpersoonnaam", "contact", "contactnaam")
            + ("praktijkopleider", "tav", "stagebegeleider", "naamcontact", "aanspreekpunt"),
            parse=parsers.person(160),
        ),
        Field(
            "contact_function",
            gettext_lazy("Functie contactpersoon"),
            ("functie", "functiecontactpersoon", "contactpersoonfunctie", "rol", "contactfunctie"),
            parse=parsers.text(80),
        ),
        Field(
            "contact_email",
            gettext_lazy("E-mail contactpersoon"),
            ("emailcontactpersoon", "contactpersoonemail", "emailadrescontactpersoon")
            + ("contactemail", "emailcontact", "contactpersoonemailadres", "mailcontactpersoon")
            + ("emailpraktijkopleider", "mailcontact"),
            parse=parsers.email,
        ),
        Field(
            "contact_phone",
            gettext_lazy("Telefoon contactpersoon"),
            ("telefooncontactpersoon", "contactpersoontelefoon", "telefoonnummercontactpersoon")
            + ("mobielcontactpersoon", "contacttelefoon", "telefooncontact", "telcontactpersoon")
            + ("contactpersoontelefoonnummer", "contactpersoonmobiel"),
            parse=parsers.phone,
        ),
        Field(
            "profiles",
            gettext_lazy("Profielen"),
            ("profielen", "profiel", "vmboprofielen", "vmboprofiel", "sector", "sectoren"),
            parse=vmbo.profiles,
            empty=(),
        ),
        Field(
            "description",
            gettext_lazy("Omschrijving"),
            ("omschrijving", "beschrijving", "werkzaamheden", "taken", "description", "toelichting")
            + ("bedrijfsomschrijving", "watdoethetbedrijf"),
            parse=parsers.long_text(4000),
        ),
        Field(
            "note",
            gettext_lazy("Notitie van jullie school"),
            ("notitieschool", "notitievanonzeschool", "notitievanjullieschool"),
            parse=parsers.long_text(2000),
            hints=REMARKS,
            of_school=True,
        ),
    ),
    # One company has a row per contact and may have more places of work under one KvK number, so
    # only a row that says nothing new is a mistake; the rest is brought together afterwards.
    unique=(("name", "postcode", "address", "contact_name", "contact_email"),),
    complete=complete_address,
    who=("name", "city"),
    no_place=dict.fromkeys(
        (
            "sbb",
            "sbberkend",
            "erkendsbb",
            "sbberkenning",
            "erkend",
            "erkenning",
            "erkendleerbedrijf",
        )
        + ("erkenddoorsbb", "leerbedrijfsbb"),
        gettext_lazy("Of een bedrijf erkend is, bewaren we niet. Dat verandert te vaak."),
    ),
)

SAMPLE: Sample = (
    [
        *("Bedrijfsnaam", "KvK-nummer", "Straat", "Huisnummer", "Postcode", "Plaats"),
        *("Telefoon", "E-mail", "Website", "Contactpersoon", "E-mail contactpersoon"),
        *("Profielen", "Omschrijving"),
    ],
    [
        [
            *("Bakkerij Voorbeeld", "12345678", "Marktplein", "1", "6711 AB", "Ede"),
            *("0318123456", "info@voorbeeld.test", "https://voorbeeld.test", "Jan Bakker"),
            *("jan@voorbeeld.test", "HBR", "Brood en gebak."),
        ]
    ],
)
