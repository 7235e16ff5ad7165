"""The steps of a school that starts: from nothing to its first letter to companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.enums import CampaignState
from companies.letters_out import Letters
from companies.models import Campaign, GroupCompany
from placements.agreements.queries.checking import school_gaps
from stage.schools.models import Group, GroupStudent, Period

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass
class Step:
    """One step of the beginning; `now` is the first that is not done."""

    title: StrPromise
    text: StrPromise
    button: StrPromise
    url: str
    done: bool
    now: bool = False
    # The step after the school's own data: nobody has to wait for a text about insurance.
    also: bool = False


def steps_of(actor, letters: Letters | None = None) -> list[Step]:
    """What a coordinator does before companies are asked; nothing once a letter went out.

    `letters`, where the page has read them: a sent one among them answers it.
    """
    if letters is not None and letters.any_sent:
        return []
    sent = ~Q(state=CampaignState.DRAFT)
    rows = Campaign.objects.visible_to(actor).annotate(sent=sent)
    letter = rows.order_by("-sent", "-pk").first()
    if letter is not None and letter.sent:
        return []
    group = _newest_group(actor)
    period = group.period if group else _newest_period(actor)
    work = [_period(period), _group(period, group), *_fill(group), _letter(letter, group)]
    # Once a letter is written, its own page says what it misses of the school.
    school = [] if letter is not None else [_school(actor)]
    steps = [*school, *work]
    first = next(step for step in steps if not step.done)  # the letter is not
    first.now = True
    if first in school:
        next(step for step in work if not step.done).also = True
    return steps


def _school(actor) -> Step:
    return Step(
        _("Vul de gegevens van de school in"),
        _("Telefoon, adres, wie tekent en de verzekering: voor brieven en overeenkomsten."),
        _("Vul in"),
        reverse("schools:settings_school") + "?" + urlencode({"next": reverse("web:home")}),
        not school_gaps(actor.school_id),
    )


def _newest_period(actor) -> Period | None:
    return Period.objects.visible_to(actor).order_by("-starts", "pk").first()


def _newest_group(actor) -> Group | None:
    """With its period, and whether it has students and companies."""
    mine = {"group": OuterRef("pk")}
    return (
        Group.objects.visible_to(actor)
        .select_related("period")
        .annotate(
            has_students=Exists(GroupStudent.objects.visible_to(actor).filter(**mine)),
            has_companies=Exists(GroupCompany.objects.visible_to(actor).filter(**mine)),
        )
        .order_by("-period__starts", "-pk")
        .first()
    )


def _period(period: Period | None) -> Step:
    return Step(
        _("Maak een stageperiode"),
        _("Wanneer zijn leerlingen op stage?"),
        _("Maak periode"),
        reverse("schools:period_add"),
        period is not None,
    )


def _group(period: Period | None, group: Group | None) -> Step:
    url = reverse("web:group_add") + (f"?period={period.public_id}" if period else "")
    return Step(
        _("Maak een groep"),
        _("Leerlingen die in dezelfde periode gaan, zoals een klas."),
        _("Maak groep"),
        url,
        group is not None,
    )


def _fill(group: Group | None) -> list[Step]:
    code = [group.public_id] if group else []
    return [
        Step(
            _("Zet de leerlingen erin"),
            _("Lees een lijst in, of kies een klas."),
            _("Kies leerlingen"),
            reverse("web:group_students", args=code) if code else "",
            group is not None and group.has_students,  # type: ignore[attr-defined]
        ),
        Step(
            _("Kies de bedrijven"),
            _("Lees een lijst in, of kies uit de bedrijven van de regio."),
            _("Kies bedrijven"),
            reverse("companies:group_companies", args=code) if code else "",
            group is not None and group.has_companies,  # type: ignore[attr-defined]
        ),
    ]


def _letter(draft: Campaign | None, group: Group | None) -> Step:
    url = reverse("companies:campaign_add") + (f"?group={group.public_id}" if group else "")
    if draft is not None:
        url = reverse("companies:campaign_preview", args=[draft.public_id])
    return Step(
        _("Verstuur de brief"),
        _("Er staat al een goede brief klaar. Bedrijven antwoorden op één pagina."),
        _("Bekijk de brief") if draft else _("Schrijf de brief"),
        url,
        False,
    )
