"""The letters of a school as its home shows them: what is out, what came back, what still lies."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Sum,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.enums import ANSWERED, CampaignState, PlaceState, Shown
from companies.models import Campaign, GroupCompany, Invitation
from stage.core.dutch.calendar import local_datetime, school_today

MOST = 40  # letters of periods that are not over
CARDS = 6
FORGOTTEN = timedelta(days=14)  # a draft that nobody touched this long
OUT = (CampaignState.SENDING, CampaignState.PAUSED, CampaignState.SENT)

# The bar of a letter: what is shown, its colour. Good news first.
_PARTS = (
    (Shown.YES, gettext_lazy("ja"), "good"),
    (Shown.LATER, gettext_lazy("nu niet"), "info"),
    (Shown.NO, gettext_lazy("nee"), "half"),
    (Shown.SENT, gettext_lazy("nog geen antwoord"), "neutral"),
    (Shown.QUEUED, gettext_lazy("wacht op versturen"), "neutral"),
    (Shown.UNCERTAIN, gettext_lazy("onzeker of het aankwam"), "attention"),
    (Shown.NO_ADDRESS, gettext_lazy("zonder e-mailadres"), "attention"),
    (Shown.BOUNCED, gettext_lazy("niet aangekomen"), "wrong"),
)


@dataclass(frozen=True)
class LetterOut:
    """One letter that went out, in numbers."""

    campaign: Campaign
    counts: Counter = field(default_factory=Counter)  # per `Shown`
    places: int = 0  # on offer, of those that said yes
    new: int = 0  # answers of today

    @property
    def asked(self) -> int:
        """Companies of the letter; one that was asked before, by another, is not."""
        return sum(n for shown, n in self.counts.items() if shown != Shown.HELD)

    @property
    def answered(self) -> int:
        return sum(self.counts[state] for state in ANSWERED)

    @property
    def yes(self) -> int:
        return self.counts[Shown.YES]

    @property
    def url(self) -> str:
        return reverse("companies:campaign_show", args=[self.campaign.public_id])

    @property
    def new_url(self) -> str:
        return f"{self.url}?nieuw=1"

    @property
    def parts(self) -> list[tuple]:
        """For `{% group_strip %}`; each number leads to those companies."""
        return [
            (str(label), self.counts[shown], tone, f"{self.url}?show={shown.value}")
            for shown, label, tone in _PARTS
            if self.counts[shown]
        ]


@dataclass(frozen=True)
class Letters:
    """All letters of periods that are not over, newest first."""

    campaigns: list[Campaign]
    out: list[LetterOut]

    @property
    def any_sent(self) -> bool:
        return any(c.state != CampaignState.DRAFT for c in self.campaigns)

    @property
    def cards(self) -> list[LetterOut]:
        """Those to show: until the period begins, and after while answers still come in."""
        today = school_today()
        rows = [row for row in self.out if row.new or row.campaign.period.starts > today]
        return sorted(rows, key=lambda row: (row.campaign.period.starts, -row.campaign.pk))[:CARDS]

    def forgotten(self, draft: Campaign) -> str:
        """Why a draft can go on lying there, in words; "" for one that waits to be sent."""
        again = any(r.campaign.group_id == draft.group_id and r.counts.total() for r in self.out)
        if again or draft.all_asked:  # type: ignore[attr-defined]
            return _("Deze bedrijven zijn al gevraagd.")
        if draft.created_at < _start_of(school_today() - FORGOTTEN):
            return _("Het concept ligt er al langer dan twee weken.")
        return ""


def of_school(actor) -> Letters:
    """Everything about the letters of the actor's school; two queries."""
    rows = Campaign.objects.visible_to(actor).filter(period__ends__gte=school_today())
    rows = rows.select_related("group", "period").defer("letter", "wanted").order_by("-pk")
    campaigns = list(rows.annotate(all_asked=_nobody_is_left())[:MOST])
    out = [c for c in campaigns if c.state in OUT]
    counts, places, new = _counted(actor, out)
    found = [LetterOut(c, counts[c.pk], places[c.pk], new[c.pk]) for c in out]
    return Letters(campaigns, found)


def _nobody_is_left() -> ExpressionWrapper:
    """Whether each company of the campaign's group was asked about its period, by any letter."""
    chosen = GroupCompany.objects.filter(group=OuterRef("group"))
    asked = Invitation.objects.filter(
        school=OuterRef("school"),
        period=OuterRef("group__period"),
        company__family_id=OuterRef("company__family_id"),
    ).exclude(state=Shown.HELD)
    return ExpressionWrapper(
        Exists(chosen) & ~Exists(chosen.exclude(Exists(asked))), output_field=BooleanField()
    )


def _counted(actor, campaigns: list[Campaign]) -> tuple[dict, Counter, Counter]:
    counts: dict[int, Counter] = defaultdict(Counter)
    places: Counter = Counter()
    new: Counter = Counter()
    if not campaigns:
        return counts, places, new
    rows = Invitation.objects.visible_to(actor).filter(campaign__in=campaigns).with_delivery()
    own = Q(place__state=PlaceState.OPEN)
    # A letter that asks once more offers what its question does.
    asked = Q(question__place__state=PlaceState.OPEN)
    grouped = rows.order_by("campaign_id", "shown").values("campaign_id", "shown")
    grouped = grouped.annotate(
        n=Count("pk"),
        new=Count("pk", filter=answered_since(school_today())),
        own=Sum("place__how_many", filter=own),
        asked=Sum("question__place__how_many", filter=asked),
    )
    for row in grouped:
        key = row["campaign_id"]
        counts[key][row["shown"]] += row["n"]
        if row["shown"] in ANSWERED:
            new[key] += row["new"]
        if row["shown"] == Shown.YES:
            places[key] += (row["own"] or 0) + (row["asked"] or 0)
    return counts, places, new


def answered_since(day: date) -> Q:
    """Answers that came in from the beginning of a day on the Dutch clock."""
    start = _start_of(day)
    return Q(answered_at__gte=start) | Q(question__answered_at__gte=start)


def _start_of(day: date):
    return local_datetime(day, time.min)
