"""Reads one cell. Each parser takes a filled text or date and raises `FieldError` in Dutch."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import full_name, sort_key, split_name

Cell = str | date
Parser = Callable[[Cell], Any]

EXCEL_EPOCH = date(1899, 12, 30)
OLDEST_BIRTH_YEAR = 1930
NOBODY = {"geen", "niemand", "onbekend", "niet bekend", "nvt", "nb"}
PUPIL_AGES = range(11, 22)  # who is at a school that runs stages
_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus"]
        + ["september", "oktober", "november", "december"],
        start=1,
    )
} | {"mrt": 3}


class FieldError(Exception):
    """A cell that cannot be read; the message says how to write it."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Understood:
    """A cell that was read, with something that people should know about how."""

    value: Any
    remark: str


def as_text(cell: Cell) -> str:
    """A cell as it is shown; a date as dd-mm-jjjj."""
    return cell.strftime("%d-%m-%Y") if isinstance(cell, date) else cell


def text(max_length: int = 200) -> Parser:
    """Text on one line, of at most so many characters."""

    def parse(cell: Cell) -> str:
        value = " ".join(as_text(cell).split())
        if len(value) > max_length:
            message = _("Dit is langer dan %(max)s tekens. Kort het in.")
            raise FieldError(message % {"max": max_length})
        return value

    return parse


def name(max_length: int) -> Parser:
    """A name; a question mark in it is told, for it often stands where a letter got lost."""
    plain = text(max_length)

    def parse(cell: Cell) -> str | Understood:
        value = plain(cell)
        return Understood(value, _("een vraagteken in een naam")) if "?" in value else value

    return parse


def person(max_length: int) -> Parser:
    """A whole name, as it is said: "Jansen, Piet" is Piet Jansen, "-" and "geen" are nobody."""
    plain = text(max_length)

    def parse(cell: Cell) -> str:
        value = plain(cell)
        letters = re.sub(r"[^\w ]", "", value.casefold()).strip(" _")
        if not letters or letters in NOBODY:
            return ""
        # What is no name may stand behind a comma too: "A. de Wit, eigenaar", "Jansen, HR".
        turned = re.fullmatch(r"[^,]+, ?([A-Z]\.|[^\W\d_a-z][^\W\d_A-Z]+)[^,]*", value)
        return full_name(*split_name(value)) if turned else value

    return parse


def long_text(max_length: int = 4000) -> Parser:
    """Text that keeps its lines."""

    def parse(cell: Cell) -> str:
        value = re.sub(r"\r\n?", "\n", as_text(cell)).strip()
        if len(value) > max_length:
            message = _("Dit is langer dan %(max)s tekens. Kort het in.")
            raise FieldError(message % {"max": max_length})
        return value

    return parse


def day(cell: Cell) -> date:
    """A date: dd-mm-jjjj (also with / . or a space), jjjj-mm-dd, "5 maart 2011", or Excel's own.

    A year of two digits is refused: 11 may be 2011 and 1911.
    """
    if isinstance(cell, date):
        return cell
    value = re.sub(r"[T ]0{1,2}:00(:00(\.0+)?)?(Z|\+00:00)?$", "", cell.strip())
    try:
        found = _day(value.lower())
    except (ValueError, OverflowError):
        raise FieldError(_("Deze datum bestaat niet. Schrijf een datum als 05-03-2011.")) from None
    if found is None:
        if re.fullmatch(r"\d{1,2}[-/. ]\d{1,2}[-/. ]\d{2}", value):
            raise FieldError(_("Schrijf het jaar met vier cijfers, zoals 05-03-2011."))
        raise FieldError(_("Dit is geen datum. Schrijf een datum als 05-03-2011."))
    return found


def _day(value: str) -> date | None:
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", value):
        year, month, number = map(int, match.groups())
        return date(year, month, number)
    if match := re.fullmatch(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})", value):
        number, month, year = map(int, match.groups())
        return date(year, month, number)
    if match := re.fullmatch(r"(\d{2})(\d{2})((?:19|20)\d{2})", value):
        number, month, year = map(int, match.groups())
        return date(year, month, number)
    if match := re.fullmatch(r"(\d{1,2})[- ]([a-z]{3})[a-z]*\.?[- ](\d{4})", value):
        month_name = match.group(2)
        if month_name in _MONTHS:
            return date(int(match.group(3)), _MONTHS[month_name], int(match.group(1)))
    if re.fullmatch(r"[1-5]\d{4}", value):
        return EXCEL_EPOCH + timedelta(days=int(value))
    return None


def birth_date(cell: Cell) -> date | Understood:
    """A date of birth: in the past, and of somebody who can be at a school.

    With a year of two digits only one century makes it a pupil, if any does.
    """
    if isinstance(cell, str) and (born := _pupil_born(cell.strip())):
        return Understood(born, _("een jaar van twee cijfers"))
    born = day(cell)
    if not (born.year >= OLDEST_BIRTH_YEAR and born < school_today()):
        raise FieldError(_("Deze geboortedatum kan niet kloppen. Controleer het jaar."))
    return born


def _pupil_born(value: str) -> date | None:
    """The day in "16/2/12" on which somebody was born who is a pupil today; None for another."""
    match = re.fullmatch(r"(\d{1,2})[-/. ](\d{1,2})[-/. ]'?(\d{2})", value)
    if match is None:
        return None
    number, month, year = map(int, match.groups())
    today = school_today()
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        try:
            born = date(century + year, month, number)
        except ValueError:
            continue
        age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
        if age in PUPIL_AGES:
            return born
    return None


def postcode(cell: Cell) -> str:
    """A Dutch postcode as "1234 AB"; a Belgian or German one with its country, as "D-48599"."""
    value = re.sub(r"\s", "", as_text(cell)).upper()
    if re.fullmatch(r"[1-9]\d{3}[A-Z]{2}", value) and value[4:] not in ("SA", "SD", "SS"):
        return f"{value[:4]} {value[4:]}"
    if match := re.fullmatch(r"(B|BE|D|DE)-?(\d{4,5})", value):
        country, number = match.group(1)[0], match.group(2)
        if len(number) == (4 if country == "B" else 5):
            return f"{country}-{number}"
    raise FieldError(_("Dit is geen postcode. Schrijf een postcode als 1234 AB."))


def email(cell: Cell) -> str:
    """One e-mail address, in lower case."""
    value = re.sub(r"^mailto:", "", as_text(cell).strip(), flags=re.IGNORECASE).lower()
    if re.fullmatch(r".+<[^<>]+>", value):
        value = value.rpartition("<")[2].rstrip(">")
    # "Niet bekend" is no address, and is told as "geen" is: one press leaves both empty.
    if "@" in value and (value.count("@") > 1 or re.search(r"[;,\s]", value)):
        raise FieldError(_("Zet hier één e-mailadres, zonder spaties of komma's."))
    try:
        validate_email(value)
    except ValidationError:
        message = _("Dit is geen e-mailadres. Schrijf het als naam@voorbeeld.nl.")
        raise FieldError(message) from None
    return value


def phone(cell: Cell) -> str:
    """A telephone number without signs between: "0612345678", or with its country "+4930123456".

    Excel drops a leading zero: nine digits of a Dutch number get it back. 0031 becomes +31.
    """
    value = re.sub(r"[\s().\-/\u2010-\u2015]", "", as_text(cell).replace("(0)", ""))
    value = re.sub(r"^00(?=[1-9])", "+", value)
    if value.startswith("+310"):
        value = "+31" + value[4:]
    if re.fullmatch(r"[1-9]\d{8}", value):
        value = "0" + value
    elif re.fullmatch(r"31[1-9]\d{8}", value):
        value = "+" + value
    special = re.fullmatch(r"(0[89]00\d{4,7}|14\d{2,4}|088\d{7})", value)
    if special or re.fullmatch(r"0[1-9]\d{8}|\+31[1-9]\d{8}|\+(?!31)[1-9]\d{7,14}", value):
        return value
    raise FieldError(_("Dit is geen telefoonnummer. Schrijf het als 0612345678 of +31612345678."))


def kvk(cell: Cell) -> str:
    """A KvK number: 8 digits, with the leading zero that Excel drops."""
    value = re.sub(r"[\s.\-]", "", as_text(cell))
    if re.fullmatch(r"\d{7}", value):
        value = "0" + value
    if re.fullmatch(r"\d{8}", value):
        return value
    if re.fullmatch(r"\d{12}", value):
        raise FieldError(_("Dit is een vestigingsnummer. Zet hier het KvK-nummer van 8 cijfers."))
    raise FieldError(_("Een KvK-nummer heeft 8 cijfers."))


def integer(lowest: int, highest: int) -> Parser:
    """A whole number within bounds, both included."""

    def parse(cell: Cell) -> int:
        value = as_text(cell).strip()
        if not re.fullmatch(r"-?\d{1,9}", value) or not lowest <= int(value) <= highest:
            message = _("Schrijf hier een heel getal van %(lowest)s tot en met %(highest)s.")
            raise FieldError(message % {"lowest": lowest, "highest": highest})
        return int(value)

    return parse


def year(cell: Cell) -> int:
    """A year of school, 1 to 6: "3", "leerjaar 3", "3e", or the digit of "vmbo-b3"."""
    digits = re.findall(r"\d+", as_text(cell))
    if len(digits) == 1 and len(digits[0]) == 1 and "1" <= digits[0] <= "6":
        return int(digits[0])
    raise FieldError(_("Schrijf het leerjaar als één cijfer, zoals 3."))


def yes_no(cell: Cell) -> bool:
    """Yes or no in the ways systems write it."""
    value = sort_key(as_text(cell))
    if value in {"ja", "j", "yes", "y", "1", "x", "waar", "true", "wel"}:
        return True
    if value in {"nee", "n", "no", "0", "onwaar", "false", "geen", "niet"}:
        return False
    raise FieldError(_("Schrijf hier ja of nee."))


def website(cell: Cell) -> str:
    """An address of a site, with https:// before it when it has none."""
    value = as_text(cell).strip()
    if not re.match(r"https?://", value, flags=re.IGNORECASE):
        value = "https://" + value
    try:
        URLValidator(schemes=["http", "https"])(value)
    except ValidationError:
        message = _("Dit is geen website. Schrijf het adres als www.voorbeeld.nl.")
        raise FieldError(message) from None
    return value
