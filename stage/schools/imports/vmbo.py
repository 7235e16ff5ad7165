"""The words of the vmbo in the spellings of Magister, Somtoday and busy people."""

import re
from contextlib import suppress
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from stage.core import reference
from stage.core.dutch.names import sort_key
from stage.schools.imports.parsers import Cell, FieldError, as_text

_TRACK_WORDS = {
    "BB": "b bb bbl bl basis basisberoeps basisberoepsgericht basisberoepsgerichte lwt"
    " leerwerktraject bbllwt blwt basislwt",
    "KB": "k kb kbl kl kader kaderberoeps kaderberoepsgericht kaderberoepsgerichte",
    "GL": "g gl gemengd gemengde",
    "TL": "t tl mavo theoretisch theoretische",
}
_TRACKS = {word: code for code, words in _TRACK_WORDS.items() for word in words.split(" ")}


def track(cell: Cell) -> str:
    """The leerweg as BB, KB, GL or TL: "vmbo-b", "basis", "3 BBL lwoo"."""
    compact = re.sub(r"[^a-z]", "", sort_key(as_text(cell)))
    for part in ("voorbereidendmiddelbaarberoepsonderwijs", "leerweg", "leerjaar", "vmbo", "lwoo"):
        compact = compact.replace(part, "")
    if compact in _TRACKS:
        return _TRACKS[compact]
    if any(compact[:at] in _TRACKS and compact[at:] in _TRACKS for at in range(1, len(compact))):
        raise FieldError(_("Hier staan twee leerwegen. Kies er één: BB, KB, GL of TL."))
    raise FieldError(_("Deze leerweg kennen we niet. Schrijf BB, KB, GL of TL."))


def study(cell: Cell) -> dict[str, Any]:
    """What a study like "vmbo-b 3" or "VB3" tells: `track` and `year`, each where it can be read.

    It only fills what other columns leave open, so what cannot be read is no error.
    """
    found: dict[str, Any] = {}
    with suppress(FieldError):
        found["track"] = track(cell)
    digits = re.findall(r"\d", as_text(cell))
    if len(digits) == 1 and "1" <= digits[0] <= "4":
        found["year"] = int(digits[0])
    return found


def profile(cell: Cell) -> str:
    """The code of one of the ten profiles, from its code or name: "PIE", "Zorg & Welzijn"."""
    value = as_text(cell)
    for attempt in (value, re.sub(r"\(.*?\)", "", value), *re.findall(r"\((.*?)\)", value)):
        code = _profile_words().get(_profile_key(attempt))
        if code:
            return code
    codes = ", ".join(row.code for row in reference.profiles())
    message = _("Dit profiel kennen we niet. Schrijf een van deze: %(codes)s.")
    raise FieldError(message % {"codes": codes})


def profiles(cell: Cell) -> tuple[str, ...]:
    """Codes of several profiles, separated by ; / | or a new line; commas are part of names."""
    value = as_text(cell)
    key = _profile_key(value)
    if key in _profile_words():
        return (_profile_words()[key],)
    parts = [part for part in re.split(r"[;/|\n]", value) if part.strip()]
    if len(parts) == 1 and "," in value:
        parts = [part for part in value.split(",") if part.strip()]
    return tuple(dict.fromkeys(profile(part) for part in parts))


def _profile_key(value: str) -> str:
    """The letters, without "en", "&" and the words that stand before a profile."""
    return "".join(
        word for word in sort_key(value).split() if word not in ("en", "profiel", "vmbo")
    )


@cache
def _profile_words() -> dict[str, str]:
    words = {"zorg": "Z&W", "horeca": "HBR", "bouw": "BWI", "mobiliteit": "M&T"}
    for row in reference.profiles():
        for spelling in (row.code, row.name, row.code.replace("&", "en")):
            words[_profile_key(spelling)] = row.code
    return words
