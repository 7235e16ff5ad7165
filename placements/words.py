"""States as people read them: a tone, a word and, for students, what comes next."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from placements.enums import (
    UNANSWERED_DAYS,
    ApplicationState,
    ChangeState,
    OwnState,
    PlacementState,
)
from placements.models import Placement
from stage.core.ui.tones import Word

STUDENT_WORDS: dict[str, Word] = {
    ApplicationState.DRAFT: Word(
        "neutral", _("Nog niet verstuurd"), _("Alleen jij ziet dit. Maak het af en verstuur het.")
    ),
    ApplicationState.WITH_COMPANY: Word(
        "info",
        _("Wacht op antwoord"),
        _("Het bedrijf leest je sollicitatie. Na %(days)s dagen zonder antwoord kun je verder."),
    ),
    ApplicationState.ACCEPTED: Word(
        "good",
        _("Het bedrijf zegt ja"),
        _("Er is een plek voor je vrij. Je stagecoördinator beslist en laat het je weten."),
    ),
    ApplicationState.PARKED: Word(
        "neutral",
        _("Staat even stil"),
        _("Een ander bedrijf zei ja. Gaat dat niet door, dan loopt deze vanzelf weer."),
    ),
    ApplicationState.DECLINED: Word(
        "wrong", _("Het bedrijf zegt nee"), _("Jammer. Kies een andere plek en probeer het weer.")
    ),
    ApplicationState.EXPIRED: Word(
        "attention",
        _("Geen antwoord gekregen"),
        _("Het bedrijf gaf geen antwoord. Dat ligt niet aan jou. Kies een andere plek."),
    ),
    ApplicationState.WITHDRAWN: Word(
        "neutral", _("Ingetrokken"), _("Deze sollicitatie is ingetrokken.")
    ),
    ApplicationState.CLOSED: Word(
        "neutral", _("Gesloten"), _("Een andere plek ging voor. Deze sollicitatie is gestopt.")
    ),
}

OWN_WORDS: dict[str, Word] = {
    OwnState.NAMED: Word(
        "info",
        _("Je school kijkt ernaar"),
        _("Je school kijkt of het kan en vraagt dan het bedrijf. Je hoeft niets te doen."),
    ),
    OwnState.ASKED: Word("info", _("Het bedrijf is gevraagd"), _("Wacht op antwoord.")),
    OwnState.REFUSED: Word(
        "attention", _("Je school zegt nee"), _("Zoek een andere plek, of noem een ander bedrijf.")
    ),
    OwnState.WITHDRAWN: Word("neutral", _("Ingetrokken"), _("Je trok dit bedrijf zelf in.")),
}

COMPANY_WORDS: dict[str, Word] = {
    ApplicationState.WITH_COMPANY: Word("attention", _("Wacht op uw antwoord")),
    ApplicationState.PARKED: Word("neutral", _("Wacht even, u hoeft niets te doen")),
    ApplicationState.ACCEPTED: Word("good", _("U zei ja")),
    ApplicationState.DECLINED: Word("neutral", _("U zei nee")),
    ApplicationState.EXPIRED: Word("neutral", _("Niet beantwoord")),
}

SCHOOL_WORDS: dict[str, Word] = {
    ApplicationState.DRAFT: Word("neutral", _("Concept")),
    ApplicationState.WITH_COMPANY: Word("info", _("Bij het bedrijf")),
    ApplicationState.PARKED: Word("neutral", _("Geparkeerd")),
    ApplicationState.ACCEPTED: Word("good", _("Bedrijf zegt ja")),
    ApplicationState.DECLINED: Word("wrong", _("Bedrijf zegt nee")),
    ApplicationState.EXPIRED: Word("attention", _("Geen antwoord")),
    ApplicationState.WITHDRAWN: Word("neutral", _("Ingetrokken")),
    ApplicationState.CLOSED: Word("neutral", _("Gesloten")),
}

PLACEMENT_WORDS: dict[str, Word] = {
    PlacementState.CONCEPT: Word("info", _("Geplaatst")),
    PlacementState.AGREEMENT: Word("attention", _("Overeenkomst loopt")),
    PlacementState.SIGNED: Word("good", _("Getekend")),
    PlacementState.RUNNING: Word("good", _("Loopt")),
    PlacementState.FINISHED: Word("neutral", _("Klaar")),
    PlacementState.STOPPED: Word("neutral", _("Eerder gestopt")),
    PlacementState.CANCELLED: Word("neutral", _("Gaat niet door")),
}


# A snuffelstage is ready without signatures.
READY = Word("good", _("Staat klaar"))


def placement_word(placement: Placement) -> Word:
    """A placement's state in words; reads its period."""
    if placement.state == PlacementState.SIGNED and placement.period.is_taster:
        return READY
    return PLACEMENT_WORDS[placement.state]


CHANGE_WORDS: dict[str, Word] = {
    ChangeState.ASKED: Word("attention", _("Gevraagd")),
    ChangeState.DONE: Word("good", _("Gedaan")),
    ChangeState.REFUSED: Word("neutral", _("School zei nee")),
    ChangeState.WITHDRAWN: Word("neutral", _("Ingetrokken")),
    ChangeState.UNDONE: Word("neutral", _("Ongedaan gemaakt")),
}


def student_word(state: str) -> Word:
    """An application's state in a student's words."""
    word = STUDENT_WORDS[ApplicationState(state)]
    text = str(word.text)
    return Word(word.tone, word.label, text % {"days": UNANSWERED_DAYS} if "%(" in text else text)
