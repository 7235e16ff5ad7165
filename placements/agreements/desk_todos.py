"""What waits for coordinators and teachers about agreements; loaded by `todos`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements import unsigned
from placements.agreements.enums import AgreementState, Party, RefusalKind
from placements.agreements.models import Agreement, LateGuardian, SigningRefusal
from placements.agreements.queries import signers
from placements.agreements.queries.listing import without_agreement
from placements.agreements.queries.waiting import (
    FILLING_TAKES,
    SIGNING_TAKES,
    to_fill,
    unchecked,
    unsigned_by,
)
from placements.models import Placement
from stage.core.dutch import names
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import read_all, totals
from stage.core.ui.todo import Todo, Urgency, Weight, urgency_by

SHOWN = 10  # of a kind, one by one
_WHO = ("student__first_name", "student__infix", "student__last_name")


@todo.source(Audience.COORDINATOR)
def for_coordinator(actor) -> Iterable[Todo]:
    """Agreements to begin, check, fix and sign; who does not sign, and who must sign first."""
    filling = Agreement.objects.visible_to(actor).filter(state=AgreementState.FILLING)
    signing = Agreement.objects.visible_to(actor).filter(state=AgreementState.SIGNING)
    anybody = [Party.STUDENT, Party.COMPANY, Party.SCHOOL]
    waiting = {
        "start": without_agreement(actor).filter(state="concept"),
        "school": to_fill(actor, Party.SCHOOL),
        "ready": filling.exclude(unchecked(*anybody)),
        "mine": unsigned_by(signing, Party.SCHOOL),
    }
    starts = {"first": Min("starts")}
    later = {"first": Min("placement__starts")}
    counted = read_all(
        _refused(actor),
        _young(actor),
        _late(actor),
        *(totals(rows, **(starts if what == "start" else later)) for what, rows in waiting.items()),
    )
    refused, young, late, *papers = counted
    yield from map(_refusal, refused)
    yield from map(_to_sign_first, young)
    yield from map(_to_choose, late)
    for what, found in zip(waiting, papers, strict=True):
        for row in found:
            count = row["n"]
            if what == "mine":  # whose turn it is, is asked only where something waits
                count = signers.in_turn(waiting[what], Party.SCHOOL).count()
            if count:
                yield _coordinators(count, what, date.fromisoformat(row["first"]))


@todo.source(Audience.TEACHER)
def who_does_not_sign(actor) -> Iterable[Todo]:
    """Somebody at home said not to sign, or that this is not the own child."""
    [rows] = read_all(_refused(actor))
    return map(_refusal, rows)


def _refused(actor):
    rows = SigningRefusal.objects.visible_to(actor).open().order_by("at", "pk")
    return rows.values("public_id", "kind", "name", *_WHO)[:SHOWN]


def _young(actor):
    """Students under sixteen who begin soon, or should have, and not everybody signed."""
    rows = unsigned.waiting(Placement.objects.visible_to(actor), school_today())
    return rows.order_by("starts", "pk").values("public_id", "starts", "company__name", *_WHO)[
        :SHOWN
    ]


def _late(actor):
    """Parents or carers added while an agreement was open or signed: do they sign as well?"""
    rows = LateGuardian.objects.visible_to(actor).filter(answer="")
    rows = rows.filter(agreement__state__in=(AgreementState.SIGNING, AgreementState.COMPLETE))
    return rows.order_by("pk").values("public_id", "guardian__name", *_WHO)[:SHOWN]


def _name(row: dict[str, Any]) -> str:
    return names.full_name(*(row[column] for column in _WHO))


def _refusal(row: dict[str, Any]) -> Todo:
    if row["kind"] == RefusalKind.STRANGER:
        title = _('Kijk het adres na: "dit is niet mijn kind"')
        text = _("%(name)s, bij %(student)s. Er gaat geen mail meer heen.")
    else:
        title = _("Bel: iemand wil niet tekenen")
        text = _("%(name)s, voor de stage van %(student)s.")
    return Todo(
        title,
        reverse("agreements:refusal_settle", args=[row["public_id"]]),
        text % {"name": row["name"], "student": _name(row)},
        urgency=Urgency.NOW,
        weight=Weight.PERSON,
        button=_("Bekijk"),
        icon="phone",
    )


def _to_sign_first(row: dict[str, Any]) -> Todo:
    starts = date.fromisoformat(row["starts"])
    words = {"student": _name(row), "company": row["company__name"]}
    return Todo(
        _("Laat eerst tekenen: %(student)s is nog geen 16") % words,
        reverse("agreements:unsigned_start", args=[row["public_id"]]),
        _("De stage bij %(company)s kan nog niet beginnen.") % words,
        urgency=Urgency.NOW if starts <= school_today() else Urgency.SOON,
        due=starts,
        weight=Weight.SAFETY,
        button=_("Bekijk"),
        icon="signature",
    )


def _to_choose(row: dict[str, Any]) -> Todo:
    return Todo(
        _("Kies of %(name)s ook tekent") % {"name": row["guardian__name"]},
        reverse("agreements:late_guardian", args=[row["public_id"]]),
        _("Kwam erbij toen de overeenkomst van %(student)s er al was.") % {"student": _name(row)},
        button=_("Kies"),
        icon="user-plus",
    )


def _coordinators(count: int, what: str, first_day: date) -> Todo:
    titles = {
        "start": ngettext("Begin een stageovereenkomst", "Begin %(n)s stageovereenkomsten", count),
        "school": ngettext(
            "Controleer het deel van de school in een overeenkomst",
            "Controleer het deel van de school in %(n)s overeenkomsten",
            count,
        ),
        "ready": ngettext(
            "Stel de tekst van een overeenkomst vast",
            "Stel de tekst van %(n)s overeenkomsten vast",
            count,
        ),
        "mine": ngettext(
            "Teken een overeenkomst namens de school",
            "Teken %(n)s overeenkomsten namens de school",
            count,
        ),
    }
    text = {
        "start": _("De koppeling is gemaakt; de overeenkomst nog niet."),
        "school": _("Zeg dat de gegevens van de school kloppen."),
        "ready": _("Iedereen heeft gezegd dat het klopt."),
        "mine": _("De tekst staat vast."),
    }[what]
    button = {
        "start": _("Begin"),
        "school": _("Controleer"),
        "ready": _("Stel vast"),
        "mine": _("Teken"),
    }[what]
    url = reverse("agreements:agreement_list") + f"?staat={what}"
    if what == "start":
        url = reverse("agreements:agreement_start")
    title = titles[what] % {"n": count} if count > 1 else titles[what]
    due = first_day - (SIGNING_TAKES if what == "mine" else FILLING_TAKES)
    urgency = urgency_by(due)
    return Todo(*(title, url, text, urgency), count=count, due=due, icon="file-text", button=button)
