"""The lists we read, with the headings that Magister, Somtoday and spreadsheets give them.

A synonym is compared by its letters and digits only, so "E-mail adres" is "emailadres". Of two
columns for one field the one whose synonym stands first is used.
"""

from typing import Any

from django.utils.translation import gettext_lazy

from stage.schools.imports import parsers, vmbo
from stage.schools.imports.common_fields import (
    ADDRESS_FIELDS,
    EMAIL,
    MOBILE,
    NAME_FIELDS,
    PHONE,
    REMARKS,
    complete_address,
    complete_name,
    guardian_fields,
)
from stage.schools.imports.fields import Field, Sheet


def _complete_student(row: dict[str, Any]) -> None:
    """Names from one cell, the address from its parts, leerweg and year from the study."""
    complete_name(row)
    complete_address(row)
    for name, value in (row.pop("study", None) or {}).items():
        if row.get(name) in ("", None):
            row[name] = value
    for number in ("1", "2"):
        parts = [row.pop(f"guardian{number}_{part}", "") for part in ("first", "infix", "last")]
        row[f"guardian{number}_name"] = row.get(f"guardian{number}_name") or " ".join(
            part for part in parts if part
        )


STUDENTS = Sheet(
    name="students",
    label=gettext_lazy("Leerlingen"),
    fields=(
        Field(
            "number",
            gettext_lazy("Leerlingnummer"),
            ("leerlingnummer", "stamnummer", "stamnr", "leerlingnr", "llnr", "lnr", "leerlnr")
            + ("leerlingid", "studentnummer", "nummer", "studentnumber", "identifier", "llnummer"),
            required=True,
            parse=parsers.text(20),
        ),
        *NAME_FIELDS,
        Field(
            "class_name",
            gettext_lazy("Klas"),
            (
                "klas",
                "stamklas",
                "klascode",
                "groep",
                "stamgroep",
                "lesgroep",
                "basisgroep",
                "class",
            )
            + ("klasgroep", "stamklasnaam", "huidigeklas", "klasnaam"),
            parse=parsers.text(30),
        ),
        Field(
            "year",
            gettext_lazy("Leerjaar"),
            ("leerjaar", "jaar", "jaargroep", "leerjaarnummer", "ljr", "grade", "grades", "lj"),
            parse=parsers.year,
            empty=None,
        ),
        Field(
            "track",
            gettext_lazy("Leerweg"),
            ("leerweg", "niveau", "onderwijsniveau", "schooltype", "leerniveau", "afdeling"),
            parse=vmbo.track,
        ),
        Field(
            "study",
            gettext_lazy("Studie"),
            ("studie", "opleiding", "studieopleiding", "onderwijssoort", "studienaam")
            + ("opleidingsnaam", "studiecode", "elementcode", "leerfase"),
            parse=vmbo.study,
            empty=None,
        ),
        Field(
            "profile",
            gettext_lazy("Profiel"),
            (
                "profiel",
                "profielcode",
                "profielnaam",
                "beroepsgerichtprofiel",
                "sector",
                "vakprofiel",
            ),
            parse=vmbo.profile,
        ),
        Field(
            "birth_date",
            gettext_lazy("Geboortedatum"),
            ("geboortedatum", "gebdatum", "gebdat", "geboren", "birthdate", "dateofbirth")
            + ("geboortedat", "geborenop"),
            parse=parsers.birth_date,
            empty=None,
            spares=False,  # a new student needs one
        ),
        Field(
            "email",
            gettext_lazy("E-mail"),
            EMAIL + ("emailleerling", "leerlingemail", "emailadresleerling", "emailprive"),
            parse=parsers.email,
        ),
        Field(
            "phone",
            gettext_lazy("Telefoon"),
            MOBILE + PHONE + ("telefoonleerling", "mobielleerling", "leerlingmobiel"),
            parse=parsers.phone,
        ),
        *ADDRESS_FIELDS,
        *guardian_fields("1"),
        *guardian_fields("2"),
        Field(
            "mentor",
            gettext_lazy("Mentor"),
            ("mentor", "mentorcode", "mentorafkorting", "mentornaam", "coach", "mentor1", "tutor")
            + ("stagebegeleider", "afkortingmentor", "naammentor"),
            parse=parsers.text(160),
        ),
    ),
    unique=(("number",),),
    instead={"first_name": "full_name"},
    complete=_complete_student,
    who=("first_name", "infix", "last_name", "full_name", "class_name"),
    no_place=dict.fromkeys(
        REMARKS,
        gettext_lazy("Opmerkingen over leerlingen bewaren we niet. Die blijven in je lijst."),
    ),
)

TEACHERS = Sheet(
    name="teachers",
    label=gettext_lazy("Docenten"),
    fields=(
        *NAME_FIELDS,
        Field(
            "email",
            gettext_lazy("E-mail"),
            EMAIL + ("emailwerk", "werkemail", "emailmedewerker", "emaildocent", "gebruikersnaam"),
            required=True,
            parse=parsers.email,
        ),
        Field(
            "code",
            gettext_lazy("Afkorting"),
            ("afkorting", "docentcode", "code", "medewerkercode", "afk", "docentafkorting")
            + ("personeelscode", "initialen", "afkortingdocent", "roostercode"),
            parse=parsers.text(20),
        ),
    ),
    unique=(("email",), ("code",)),
    instead={"first_name": "full_name"},
    complete=complete_name,
    who=("first_name", "infix", "last_name", "full_name"),
)
