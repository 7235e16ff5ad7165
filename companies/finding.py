"""What of companies can be found from every page: the companies, and the letters to them."""

from __future__ import annotations

from django.db.models import Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy

from companies.enums import CampaignState
from companies.filters import HERE, named
from companies.models import Campaign, Company, LetterText, Location
from stage.core.enums import Audience
from stage.core.ui import finding
from stage.core.ui.finding import Finding, Found


@finding.source(
    "companies",
    gettext_lazy("Bedrijven"),
    *(Audience.COORDINATOR, Audience.TEACHER, Audience.BUREAU),
    order=20,
    icon="building",
)
def companies(actor, text: str) -> Finding:
    """As the list finds them."""
    town = Location.objects.filter(**HERE).order_by("pk").values("city")[:1]
    rows = Company.objects.visible_to(actor).present().annotate(town=Subquery(town))
    rows = named(rows, text).order_by("sort_name", "pk")
    rows = rows.values("public_id", "name", "town")
    return Finding(rows, _company, reverse("companies:company_list"))


def _company(row: dict) -> Found:
    url = reverse("companies:company_show", args=[row["public_id"]])
    return Found(row["name"], url, row["town"] or "")


@finding.source("letters", gettext_lazy("Brieven"), Audience.COORDINATOR, order=40, icon="send")
def letters(actor, text: str) -> Finding:
    """Letters to companies, by subject, group or period."""
    about = Q(subject__icontains=text) | Q(group__name__icontains=text)
    rows = Campaign.objects.visible_to(actor).filter(about | Q(period__name__icontains=text))
    rows = rows.order_by("-created_at", "pk")
    return Finding(rows.values("public_id", "state", "group__name", "period__name"), _letter)


def _letter(row: dict) -> Found:
    url = reverse("companies:campaign_show", args=[row["public_id"]])
    state = CampaignState(row["state"]).label
    return Found(row["group__name"], url, f"{row['period__name']} · {state}")


@finding.source(
    "letter_texts",
    gettext_lazy("Voorbeeldbrieven"),
    *(Audience.COORDINATOR, Audience.BUREAU),
    order=45,
    icon="file-text",
)
def letter_texts(actor, text: str) -> Finding:
    """Example letters, as their list finds them."""
    about = Q(name__icontains=text) | Q(school__name__icontains=text)
    rows = LetterText.objects.visible_to(actor).filter(about).order_by("name", "pk")
    rows = rows.values("public_id", "name", "school__name")
    return Finding(rows, _text, reverse("companies:letter_text_list"))


def _text(row: dict) -> Found:
    url = reverse("companies:letter_text_show", args=[row["public_id"]])
    return Found(row["name"], url, row["school__name"])
