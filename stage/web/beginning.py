"""The steps of a school that starts: from nothing to its first letter to companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.enums import CampaignState
from companies.models import Campaign, GroupCompany
from stage.core.models import Group, GroupStudent, Period

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


def steps_of(actor) -> list[Step]:
    """What a coordinator does before companies are asked; nothing once a letter went out."""
    letters = Campaign.objects.visible_to(actor)
    if letters.exclude(state=CampaignState.DRAFT).exists():
        return []
    period = Period.objects.visible_to(actor).order_by("-starts", "pk").first()
    group = Group.objects.visible_to(actor).order_by("-period__starts", "-pk").first()
    steps = [_period(period), _group(period, group), *_fill(actor, group), _letter(actor, group)]
    first = next((step for step in steps if not step.done), None)
    if first is not None:
        first.now = True
    return steps


def _period(period: Period | None) -> Step:
    return Step(
        _("Maak een stageperiode"),
        _("Wanneer zijn leerlingen op stage?"),
        _("Maak periode"),
        reverse("web:period_add"),
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


def _fill(actor, group: Group | None) -> list[Step]:
    code = [group.public_id] if group else []
    students = GroupStudent.objects.visible_to(actor).filter(group=group)
    companies = GroupCompany.objects.visible_to(actor).filter(group=group)
    return [
        Step(
            _("Zet de leerlingen erin"),
            _("Lees een lijst in, of kies een klas."),
            _("Kies leerlingen"),
            reverse("web:group_students", args=code) if code else "",
            bool(code) and students.exists(),
        ),
        Step(
            _("Kies de bedrijven"),
            _("Lees een lijst in, of kies uit de bedrijven van de regio."),
            _("Kies bedrijven"),
            reverse("companies:group_companies", args=code) if code else "",
            bool(code) and companies.exists(),
        ),
    ]


def _letter(actor, group: Group | None) -> Step:
    draft = Campaign.objects.visible_to(actor).order_by("-pk").first()
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
