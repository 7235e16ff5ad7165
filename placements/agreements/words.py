"""How the facts of an agreement are written: out of one party's answers, and which one it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from stage.core.ui.forms import WEEKDAYS

Write = Callable[[dict, str], str]

WORK_KINDS = [
    ("light", gettext_lazy("licht werk, niet in een fabriek of werkplaats")),
    ("light_industrial", gettext_lazy("licht werk in een fabriek of werkplaats")),
    ("risk", gettext_lazy("werk met bijzonder risico, onder toezicht van een deskundige")),
]
YES_NO = [("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nee"))]
YES_NO_IN_TEXT = [("yes", gettext_lazy("ja")), ("no", gettext_lazy("nee"))]
ALLOWANCE_TO = [
    ("", gettext_lazy("Kies als u een vergoeding geeft")),
    ("student", gettext_lazy("de leerling")),
    ("fund", gettext_lazy("het stagefonds van de school")),
]


def dutch(write: Write) -> Write:
    """The same words whatever the reader chose: as they stand in the articles."""

    def written(answers: dict, key: str) -> str:
        with override("nl"):
            return write(answers, key)

    return written


def as_is(answers: dict, key: str) -> str:
    """The answer itself."""
    return answers.get(key, "")


def number_of(answers: dict, key: str) -> str:
    """A number; nothing for none."""
    return str(answers.get(key) or "")


def minutes_of(answers: dict, key: str) -> str:
    """A number that may well be 0."""
    return str(answers.get(key, ""))


def day_of(answers: dict, key: str) -> str:
    """A date that was kept as ISO."""
    return day(answers.get(key, ""))


def days_of(answers: dict, key: str) -> str:
    """Days of the week that were kept as numbers."""
    return weekdays(answers.get(key, []))


def euros_of(answers: dict, key: str) -> str:
    """A whole number of euros."""
    return euros(answers.get(key))


def choice_of(choices: list[tuple]) -> Write:
    """The word for a choice; nothing for none."""
    labels = dict(choices)
    return lambda answers, key: str(labels.get(answers.get(key) or "", ""))


def joined(*keys: str, by: str) -> Write:
    """Those of some answers that are there, in one line."""
    return lambda answers, _key: by.join(filter(None, map(answers.get, keys)))


def address(answers: dict, key: str) -> str:
    """ "Dorpsstraat 1, 9711 AC Noord"."""
    town = joined("postcode", "city", by=" ")(answers, key)
    return ", ".join(filter(None, [answers.get("street"), town]))


def from_to(answers: dict, _key: str) -> str:
    """Begin and end of the working day, with the dash also while one is unknown."""
    return f"{answers.get('day_from', '')} – {answers.get('day_to', '')}"


def break_length(answers: dict, key: str) -> str:
    """ "30 minuten"."""
    return _("%(n)s minuten") % {"n": answers.get(key, 0)}


def allowance_if_known(answers: dict, key: str) -> str:
    """The sentence about an allowance, once it was answered."""
    return allowance(answers, key) if answers.get(key) else ""


def allowance(answers: dict, key: str) -> str:
    """A sentence: whether there is an allowance, how much and for whom."""
    if answers.get(key) != "yes":
        return _("Er is geen vergoeding afgesproken.")
    whom = _("het stagefonds van de school")
    if answers.get("allowance_to") == "student":
        whom = _("de leerling")
    return _("Het bedrijf betaalt een vergoeding van %(amount)s aan %(whom)s.") % {
        "amount": answers.get("allowance_amount", ""),
        "whom": whom,
    }


def wishes(answers: dict, key: str) -> str:
    """What the student wants to learn, or that it will be talked about."""
    return answers.get(key) or _("dat bespreken leerling en praktijkopleider in de eerste week.")


def safety(answers: dict, key: str) -> str:
    """What was agreed about clothing and safety, or that there is nothing to say."""
    return answers.get(key) or _("geen bijzonderheden.")


def day(iso: str) -> str:
    """ "11 januari 2027" for an ISO date; nothing for nothing."""
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


def weekdays(numbers: list[int]) -> str:
    """ "maandag, dinsdag en vrijdag"."""
    words = [str(label) for number, label in WEEKDAYS if number in numbers]
    if len(words) < 2:
        return "".join(words)
    return _("%(days)s en %(last)s") % {"days": ", ".join(words[:-1]), "last": words[-1]}


def euros(amount) -> str:
    """ "€ 1.000.000" for a whole number of euros."""
    return f"€ {int(amount):,}".replace(",", ".") if amount else ""
