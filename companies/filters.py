"""What the lists of companies and of asking them can be narrowed to."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from companies.enums import ANSWERED, FollowUpState, PlaceState, Standing
from companies.letters_out import answered_since
from companies.models import (
    Campaign,
    Company,
    Contact,
    GroupCompany,
    Invitation,
    LetterText,
    Location,
    Place,
)
from stage.core.dutch.calendar import school_today
from stage.core.dutch.names import search_key
from stage.core.ui.filters import Choice, Filters, Flag, Known, ListFilters, Sort, Text, Thing
from stage.schools.filters import group, period
from stage.schools.models import Profile

STATUSES = [
    ("yes", _("Doet mee")),
    ("asked", _("Gevraagd, geen antwoord")),
    ("later", _("Nu niet")),
    ("no", _("Doet niet mee")),
    ("never", _("Nog nooit gevraagd")),
    ("no_address", _("Geen e-mailadres")),
    ("unwilling", _("Wil niet gevraagd worden")),
    ("away", _("Niet meer in gebruik")),
]
SORTS = {
    "name": ("sort_name", "pk"),
    "city": ("first_city", "sort_name", "pk"),
}
FILES = [("xlsx", "xlsx"), ("csv", "csv")]
SHOWN = (
    *("yes", "no", "later", "sent", "bounced", "uncertain", "queued"),
    *("no_address", "held"),
)
# What hangs on any member of the family of the company outside.
HERE = {"company__family_id": OuterRef("family_id")}


def company() -> Thing:
    """A company that the actor sees."""
    return Thing(lambda actor: Company.objects.visible_to(actor), what=_("het bedrijf"))


def named(rows, text: str):
    """Companies by name, also of one that was merged into them, by town or by number."""
    in_city = Location.objects.filter(**HERE, city__icontains=text)
    by_name = Q(search_name__contains=search_key(text)) | Q(kvk_number=text)
    merged = Company.objects.filter(by_name, merged_into=OuterRef("pk"))
    return rows.filter(by_name | Exists(in_city) | Exists(merged))


class CompanyFilters(ListFilters):
    """By name, town or number, by profile, town, last answer, group or period of its places."""

    q = Text()
    profile = Known(lambda actor: Profile.objects.all(), "code", what=_("het profiel"))
    city = Known(lambda actor: Location.objects.visible_to(actor), "city", what=_("de plaats"))
    status = Choice(choices=STATUSES, what=_("de status"))
    group = group()
    period = period()
    alleen = Flag()
    sort = Sort(SORTS, default="name")
    format = Choice(choices=FILES)  # of the file

    def narrow(self, rows):
        """Companies asked for; `group`: those it asks, `period`: those with an open place in it."""
        chosen, actor = self.chosen, self.actor
        if q := chosen["q"]:
            rows = named(rows, q)
        if chosen["profile"]:
            rows = rows.filter(profiles__contains=[chosen["profile"]])
        if town := chosen["city"]:
            rows = rows.filter(Exists(Location.objects.filter(**HERE, city=town)))
        if chosen["group"]:
            asked = GroupCompany.objects.visible_to(actor).filter(group=chosen["group"])
            rows = rows.filter(Exists(asked.filter(**HERE)))
        if chosen["period"]:
            offered = Place.objects.visible_to(actor).filter(**HERE)
            offered = offered.filter(state=PlaceState.OPEN, period=chosen["period"])
            rows = rows.filter(Exists(offered))
        return self._with_status(rows)

    def _with_status(self, rows):
        """With `last_state`, what the company last answered this actor's school.

        Companies that are gone or put away stand there only where they are asked for.
        """
        status = self.chosen["status"]
        if status == "away":
            rows = rows.exclude(pk__in=Company.objects.in_use().values("pk"))
        elif not self.chosen["q"]:
            rows = rows.in_use()
        asked = Invitation.objects.visible_to(self.actor).questions().filter(**HERE)
        latest = asked.order_by("-pk")
        rows = rows.annotate(last_state=Subquery(latest.values("state")[:1]))
        if status in ("yes", "no", "later"):
            return rows.filter(last_state=status)
        if status == "asked":
            return rows.filter(last_state__in=["queued", "sent", "bounced", "no_address"])
        if status == "unwilling":
            return rows.filter(standing=Standing.NEVER)
        if status == "never":
            return rows.filter(last_state__isnull=True)
        if status == "no_address":
            known = Contact.objects.active().filter(**HERE).exclude(email="")
            return rows.filter(~Exists(known), email="")
        return rows


class InvitationFilters(ListFilters):
    """The invitations of one campaign, by what became of them and by company or address."""

    show = Choice(choices=[(name, name) for name in SHOWN], what=_("de status"))
    nieuw = Flag()  # answered today
    q = Text()

    def narrow(self, rows):
        q = self.chosen["q"]
        if self.chosen["nieuw"]:
            rows = rows.filter(answered_since(school_today()), shown__in=ANSWERED)
        if not q:
            return rows
        return rows.filter(Q(company__name__icontains=q) | Q(contact__email__icontains=q))


class RegionCallFilters(ListFilters):
    """Questions of the region's schools to call about, by company or school."""

    q = Text()

    def narrow(self, rows):
        q = self.chosen["q"]
        if not q:
            return rows
        named = Q(company__search_name__contains=search_key(q))
        return rows.filter(named | Q(school__name__icontains=q))


class FollowUpFilters(ListFilters):
    """What is to be done: of oneself unless all is asked for; what is done only where asked for."""

    q = Text()
    wie = Choice(choices=[("ik", "ik"), ("iedereen", "iedereen")], what=_("van wie"))
    toon = Choice(choices=[("gedaan", "gedaan")], what=_("de status"))

    def narrow(self, rows):
        if self.chosen["wie"] != "iedereen":
            rows = rows.filter(who=self.actor.membership)
        if self.chosen["toon"]:
            rows = rows.exclude(state=FollowUpState.OPEN).order_by("-closed_at", "-pk")
        else:
            rows = rows.open().order_by("due", "pk")
        if q := self.chosen["q"]:
            rows = rows.filter(
                Q(company__search_name__contains=search_key(q)) | Q(text__icontains=q)
            )
        return rows


class PhoneListFilters(Filters):
    """The list to call by, as a file."""

    instead = _("Je ziet de lijst om te printen.")
    format = Choice(choices=[("csv", "csv")])


class TextFilters(ListFilters):
    """Example letters: of the school itself, or of others in the region."""

    q = Text()
    van = Choice(choices=[("ons", "ons"), ("regio", "regio")], what=_("van wie"))

    def narrow(self, rows):
        own = Q(school_id=self.actor.school_id)
        if self.chosen["van"]:
            rows = rows.filter(own if self.chosen["van"] == "ons" else ~own)
        if q := self.chosen["q"]:
            rows = rows.filter(Q(name__icontains=q) | Q(school__name__icontains=q))
        return rows


class NewCampaignFilters(Filters):
    """The group of a new campaign, and which words it begins with."""

    instead = _("Kies hieronder de groep.")
    group = group()
    voorbeeld = Thing(
        lambda actor: LetterText.objects.visible_to(actor), what=_("de voorbeeldbrief")
    )
    kopie = Thing(lambda actor: Campaign.objects.visible_to(actor), what=_("de brief"))


class PreviewFilters(Filters):
    """As which company a letter is read, and how."""

    instead = _("Je ziet de brief voor het eerste bedrijf.")
    company = company()
    vorm = Choice(choices=[("html", "html")])


class CallFilters(Filters):
    """What a company said when it was called."""

    instead = _("Kies hieronder wat het bedrijf zei.")
    antwoord = Choice(choices=[(n, n) for n in ("yes", "no", "later")], what=_("het antwoord"))


class AnswerFilters(Filters):
    """The answer a company chose to give, or that it gives another one."""

    instead = _("Kies hieronder uw antwoord.")
    antwoord = Choice(choices=[(n, n) for n in ("yes", "no", "later")], what=_("het antwoord"))
    opnieuw = Flag()
