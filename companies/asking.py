"""Whom a letter asks: what each company said before, and whether it goes along.

A company is asked once and what it said holds: a yes or a no for its window of time, "not now"
until the day it named, "no more trainees" for every letter of that school, and what the pool says
of it for every school. A person may ask all the same, one company at a time; never one that the
pool bars.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.enums import ANSWERED, InvitationState, NoReason, PlaceState, Standing
from companies.models import Campaign, Company, Contact, Invitation, LetterStop
from companies.queries import mail_contacts
from stage.core.dutch.calendar import school_today
from stage.core.ui.dates import day_words, month_words

# A company that was asked this lately and is silent is not asked again by another letter.
PATIENCE = timedelta(days=14)


class Said(TextChoices):
    """What a company said about this window of time, in the order of the page that sends."""

    NEVER = "never", gettext_lazy("Nog niet gevraagd")
    SILENT = "silent", gettext_lazy("Gevraagd, geen antwoord")
    YES = "yes", gettext_lazy("Zei al ja")
    NO = "no", gettext_lazy("Zei nee of nu niet")


@dataclass(frozen=True)
class Candidate:
    """One company that a letter could ask."""

    company: Company
    said: Said
    why: str = ""  # what it said and when, in words; empty where there is nothing to say
    usual: bool = True  # goes along unless a person says otherwise
    barred: bool = False  # nobody can ask it: the pool says so, or there is nobody to write to
    contact: Contact | None = None  # whom to write to; None: it can only be called
    question: Invitation | None = None  # what it was asked about this very period
    changed_at: datetime | None = None  # when it answered last

    @property
    def number(self) -> int:
        """By which a choice is kept: of the family, that does not change with a merge."""
        return self.company.family_id

    @property
    def by_phone(self) -> bool:
        """Whether it has no address at all to write to."""
        return self.contact is None and not self.company.email


def candidates(school_id: int, companies: Iterable[Company], period) -> list[Candidate]:
    """These companies as a letter of the school about this period finds them, in their order.

    In the school's scope; a fixed number of queries.
    """
    rows = list(companies)
    families = [c.family_id for c in rows]
    asked = _asked(school_id, families)
    contacts = mail_contacts(school_id, [c.pk for c in rows])
    stopped = _stopped(school_id, families)
    found = []
    for company in rows:
        one = _judge(company, asked[company.family_id], period)
        contact, stops = contacts.get(company.pk), stopped[company.family_id]
        if contact is None and stops and (not company.email or company.email.lower() in stops):
            words = _("wil geen brieven meer van jullie; bellen mag")
            one = replace(one, said=Said.NO, why=words, usual=False, barred=True)
        found.append(replace(one, contact=contact))
    return found


def candidates_of(campaign: Campaign) -> list[Candidate]:
    """The companies of a campaign's group that it has not asked yet."""
    chosen = campaign.group.companies.values("company__family_id")
    done = Invitation.objects.filter(campaign=campaign).values("company__family_id")
    rows = Company.objects.present().filter(pk__in=chosen).exclude(pk__in=done)
    return candidates(campaign.school_id, rows.order_by("sort_name", "pk"), campaign.period)


def goes(campaign: Campaign, one: Candidate) -> bool:
    """Whether the campaign asks this company, as a person chose; what came since counts more."""
    if one.barred:
        return False
    if one.number in campaign.asked_too:
        chosen = campaign.chosen_at
        return not (chosen and one.changed_at and one.changed_at > chosen)
    return one.usual and one.number not in campaign.left_out


def choice(found: Iterable[Candidate], ticked: Collection[int]) -> dict:
    """What of this choice differs from the usual one: fields of the campaign."""
    rows = [one for one in found if not one.barred]
    return {
        "asked_too": sorted(r.number for r in rows if not r.usual and r.number in ticked),
        "left_out": sorted(r.number for r in rows if r.usual and r.number not in ticked),
        "chosen_at": timezone.now(),
    }


def promised(school_id: int):
    """Questions whose "not now until" has come: nothing newer was asked or said since."""
    due = Invitation.objects.questions().filter(
        school_id=school_id,
        state=InvitationState.LATER,
        ask_again_on__lte=school_today(),
        let_be_at__isnull=True,
        company__standing=Standing.OPEN,
    )
    families = list(due.values_list("company__family_id", flat=True))
    newest: dict[int, tuple[datetime, int]] = {}
    for family, rows in _asked(school_id, families).items():
        newest[family] = max((_moment(row), row.pk) for row in rows)
    last = {pk for _at, pk in newest.values()}
    return due.filter(pk__in=last)


def _asked(school_id: int, families: Collection[int]) -> dict[int, list[Invitation]]:
    """What the school asked each family, oldest first; rows that asked nothing are left out."""
    rows = (
        Invitation.objects.filter(school_id=school_id, company__family_id__in=families)
        .exclude(state=InvitationState.HELD)
        .select_related("period", "company", "place")
    )
    found: dict[int, list[Invitation]] = defaultdict(list)
    for row in rows.order_by("pk"):
        found[row.company.family_id].append(row)
    return found


def _stopped(school_id: int, families: Collection[int]) -> dict[int, set[str]]:
    rows = LetterStop.objects.filter(school_id=school_id, company__family_id__in=families)
    found: dict[int, set[str]] = defaultdict(set)
    for family, address in rows.values_list("company__family_id", "address").order_by("pk"):
        found[family].add(address)
    return found


def _moment(row: Invitation) -> datetime:
    return max(filter(None, [row.created_at, row.sent_at, row.answered_at]))


def _judge(company: Company, rows: list[Invitation], period) -> Candidate:
    same = next((r for r in rows if r.period_id == period.pk and r.question_id is None), None)
    answered = [r for r in rows if r.state in ANSWERED and r.question_id is None]
    newest = max(answered, key=_moment, default=None)
    one = Candidate(
        company, Said.NEVER, question=same, changed_at=newest.answered_at if newest else None
    )
    if company.standing != Standing.OPEN:
        return _no(one, str(Standing(company.standing).label).lower(), barred=True)
    if newest is not None and _holds_always(newest):
        return _no(one, _told(newest))
    for row in sorted(answered, key=_moment, reverse=True):
        if _overlap(row.period, period) and row.state == InvitationState.YES:
            return replace(one, said=Said.YES, why=_told(row), usual=False)
        if _overlap(row.period, period) and row.state == InvitationState.NO:
            return _no(one, _told(row))
    return _silent(one, rows, newest)


def _silent(one: Candidate, rows: list[Invitation], newest: Invitation | None) -> Candidate:
    """Asked since it last said something, or never."""
    mailed = [r for r in rows if _was_mailed(r) and r.state not in ANSWERED]
    last = max(mailed, key=_moment, default=None)
    if last is None or (newest is not None and _moment(newest) > _moment(last)):
        return replace(one, why=_told(newest) if newest else "")
    if last.state == InvitationState.BOUNCED:
        words = _("de brief kwam niet aan: kijk naar het adres")
        return replace(one, said=Said.SILENT, why=words, usual=False)
    words = _("gevraagd op %(day)s") % {"day": day_words(timezone.localdate(_moment(last)))}
    return replace(
        one, said=Said.SILENT, why=words, usual=_moment(last) <= timezone.now() - PATIENCE
    )


def _was_mailed(row: Invitation) -> bool:
    return row.sent_at is not None or row.state in (InvitationState.QUEUED, InvitationState.BOUNCED)


def _no(one: Candidate, why: str, *, barred: bool = False) -> Candidate:
    return replace(one, said=Said.NO, why=why, usual=False, barred=barred)


def _holds_always(row: Invitation) -> bool:
    """For every letter of the school, whatever its window."""
    if row.state == InvitationState.LATER and row.ask_again_on:
        return row.ask_again_on > school_today()
    return row.state == InvitationState.NO and row.no_reason == NoReason.STOPPED


def _overlap(one, other) -> bool:
    return one.pk == other.pk or (one.starts <= other.ends and other.starts <= one.ends)


def _told(row: Invitation) -> str:
    """What a company answered, in words beside its name."""
    day = timezone.localdate(row.answered_at) if row.answered_at else None
    words = {"day": day_words(day), "period": row.period.name}
    if row.state == InvitationState.YES:
        place = getattr(row, "place", None)
        many = place.how_many if place and place.state == PlaceState.OPEN else 0
        places = ngettext("%(n)s plek", "%(n)s plekken", many) % {"n": many}
        return _("ja, %(places)s in %(period)s") % {**words, "places": places}
    if row.state == InvitationState.LATER and row.ask_again_on:
        month = {**words, "month": month_words(row.ask_again_on)}
        if row.ask_again_on > school_today():
            return _("nu niet; vraag weer vanaf %(month)s") % month
        return _("mag weer gevraagd worden sinds %(month)s") % month
    reason = NoReason(row.no_reason).label if row.no_reason else _("nee")
    return _("%(reason)s (%(day)s)") % {**words, "reason": str(reason)}


def counts(found: Iterable[Candidate]) -> dict[Said, list[Candidate]]:
    """The candidates per list, every list named."""
    lists: dict[Said, list[Candidate]] = {said: [] for said in Said}
    for one in found:
        lists[one.said].append(one)
    return lists


def waiting_number(campaign: Campaign) -> int:
    """How many companies of the group this letter has not asked."""
    chosen = campaign.group.companies.values("company__family_id")
    done = Invitation.objects.filter(campaign=campaign).values("company__family_id")
    rows = Company.objects.in_use().filter(pk__in=chosen).exclude(pk__in=done)
    return rows.aggregate(n=Count("pk"))["n"]
