"""What stands in the navigation of each role, and what the top of a page says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from stage.core.enums import Audience
from stage.core.tenants.statements import Joined
from stage.core.ui import finding
from stage.schools.models import Profile, RegionSettings, SchoolSettings, Student
from stage.schools.trades import trade_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Entry:
    """One entry as declared: `under` are URL names (or their beginnings) that belong to it too.

    `children` show while the entry or one of them is the page that is open.
    """

    label: StrOrPromise
    name: str
    icon: str
    under: tuple[str, ...] = ()
    children: tuple[Entry, ...] = ()


@dataclass
class Item:
    """One entry as shown."""

    label: StrOrPromise
    url: str
    icon: str
    current: bool = False
    count: int = 0
    children: list[Item] = field(default_factory=list)


# Every page of a school shows them.
_OF_SCHOOL = '"row".school_id = %s'
_SCHOOL_LOOKS = Joined(SchoolSettings, "logo", where=_OF_SCHOOL)
_TRADE = (
    f'SELECT p.code FROM "{Profile._meta.db_table}" p'  # noqa: S608
    f' JOIN "{Student._meta.db_table}" s ON s.profile_id = p.id WHERE s.id = %s'
)
_STUDENTS_LOOKS = Joined(SchoolSettings, "logo", where=_OF_SCHOOL, also={"trade": _TRADE})
HOME = Entry(_("Start"), "web:home", "home")

# The steps of the year, in their order; what is beside a step stands under it.
COORDINATOR = (
    HOME,
    Entry(
        _("Periode"),
        "schools:period_list",
        "calendar",
        ("schools:period_", "schools:exception_", "schools:holidays_", "placements:period_"),
    ),
    Entry(
        _("Bedrijven"),
        "companies:company_list",
        "building",
        ("companies:",),
        (
            Entry(
                _("Brieven aan bedrijven"),
                "companies:campaign_list",
                "send",
                ("companies:campaign_",),
            ),
            Entry(
                _("Opvolgen"),
                "companies:follow_up_list",
                "phone",
                ("companies:follow_up_", "companies:hand_over"),
            ),
            Entry(
                _("Genoemde bedrijven"),
                "companies:nomination_list",
                "inbox",
                ("companies:nomination_",),
            ),
        ),
    ),
    Entry(
        _("Leerlingen"),
        "schools:student_list",
        "users",
        ("schools:student_", "schools:import_", "schools:card_print", "schools:guardian_"),
        (Entry(_("Groepen"), "web:group_list", "list", ("web:group_", "companies:group_")),),
    ),
    Entry(_("Matchen"), "web:match_start", "handshake", ("placements:board", "placements:match")),
    Entry(
        _("Overeenkomsten"), "agreements:agreement_list", "file-text", ("agreements:agreement_",)
    ),
    Entry(
        _("Tijdens stage"),
        "attendance:today",
        "clock",
        ("attendance:",),
        (
            Entry(
                _("Verslagen"),
                "attendance:reports_read",
                "book-open",
                ("attendance:report_",),
            ),
            Entry(
                _("Gemiste dagen"),
                "attendance:missed_list",
                "calendar-x",
                ("attendance:missed_",),
            ),
            Entry(
                _("Valt op"),
                "attendance:pattern_list",
                "eye",
                ("attendance:pattern_",),
            ),
            Entry(
                _("Alle stages"),
                "placements:placement_list",
                "briefcase",
                ("placements:placement_", "placements:assign"),
            ),
            Entry(
                _("Opdrachten"),
                "assessments:assignment_list",
                "clipboard-list",
                ("assessments:assignment_", "assessments:hand_in_"),
            ),
        ),
    ),
    Entry(_("Afronden"), "assessments:mark_list", "award", ("assessments:mark_",)),
    Entry(
        _("Instellingen"),
        "schools:settings_school",
        "settings",
        ("schools:settings_", "agreements:template_", "assessments:form_"),
        (
            Entry(_("Collega's"), "schools:staff_list", "user", ("schools:staff_",)),
            Entry(_("Inzage"), "web:audit_list", "history", ("web:audit_",)),
        ),
    ),
)
TEACHER = (
    HOME,
    Entry(
        _("Vandaag"),
        "attendance:today",
        "clock",
        ("attendance:",),
        (
            Entry(
                _("Verslagen"),
                "attendance:reports_read",
                "book-open",
                ("attendance:report_",),
            ),
            Entry(
                _("Gemiste dagen"),
                "attendance:missed_list",
                "calendar-x",
                ("attendance:missed_",),
            ),
            Entry(
                _("Valt op"),
                "attendance:pattern_list",
                "eye",
                ("attendance:pattern_",),
            ),
        ),
    ),
    Entry(
        _("Leerlingen"),
        "schools:student_list",
        "users",
        ("schools:student_", "placements:", "agreements:"),
    ),
    Entry(
        _("Opdrachten"),
        "assessments:assignment_list",
        "clipboard-list",
        ("assessments:assignment_",),
    ),
    Entry(_("Nakijken"), "assessments:hand_in_list", "clipboard-check", ("assessments:hand_in_",)),
    Entry(_("Cijfers"), "assessments:mark_list", "award", ("assessments:mark_",)),
    Entry(
        _("Bedrijven"),
        "companies:company_list",
        "building",
        ("companies:",),
        (
            Entry(_("Opvolgen"), "companies:follow_up_list", "phone", ("companies:follow_up_",)),
            Entry(_("Ik weet een bedrijf"), "companies:nominate", "lightbulb"),
        ),
    ),
)
STUDENT = (
    Entry(_("Vandaag"), "web:home", "home", ("attendance:",)),
    Entry(
        pgettext_lazy("van de leerling", "Stage"),
        "web:student_stage",
        "briefcase",
        ("placements:", "agreements:", "companies:"),
    ),
    Entry(_("Opdrachten"), "assessments:my_assignments", "clipboard-list", ("assessments:",)),
    Entry(
        _("Ik"),
        "web:me",
        "user",
        ("web:password_", "web:explanation", "web:agenda", "web:notices", "web:push_"),
    ),
)
BUREAU = (
    HOME,
    Entry(_("Bedrijven"), "companies:company_list", "building", ("companies:",)),
    Entry(_("Bellen"), "companies:region_calls", "phone"),
    Entry(
        _("Opvolgen"),
        "companies:follow_up_list",
        "calendar-check",
        ("companies:follow_up_", "companies:hand_over"),
    ),
    Entry(_("Cijfers van de regio"), "companies:region_numbers", "list"),
    Entry(
        _("Instellingen"),
        "schools:settings_region",
        "settings",
        (),
        (Entry(_("Collega's"), "schools:bureau_colleagues", "user", ("schools:bureau_",)),),
    ),
)
OPERATOR = (
    HOME,
    Entry(
        _("Regio's en scholen"),
        "schools:region_list",
        "building",
        ("schools:region_", "schools:school_", "schools:bureau_", "schools:coordinator_"),
    ),
    Entry(_("Hoe het met Stage gaat"), "web:health", "monitor"),
)
ENTRIES: dict[str, tuple[Entry, ...]] = {
    Audience.COORDINATOR: COORDINATOR,
    Audience.TEACHER: TEACHER,
    Audience.STUDENT: STUDENT,
    Audience.BUREAU: BUREAU,
    Audience.OPERATOR: OPERATOR,
}


def navigation(request) -> list[Item]:
    """The entries of the actor's role; company people and guardians have no navigation."""
    actor = getattr(request, "actor", None)
    entries = ENTRIES.get(actor.role, ()) if actor else ()
    current = _current([e for entry in entries for e in (entry, *entry.children)], request)
    return [_item(entry, current) for entry in entries]


def _item(entry: Entry, current: Entry | None) -> Item:
    opened = current is not None and current in (entry, *entry.children)
    children = [_item(child, current) for child in entry.children] if opened else []
    return Item(str(entry.label), reverse(entry.name), entry.icon, entry is current, 0, children)


def _current(entries: list[Entry], request) -> Entry | None:
    """The entry of this page: by its own name, else by the longest beginning that fits.

    A view that serves several entries names its own in `request.shown_under`.
    """
    match = request.resolver_match
    if match is None:
        return None
    page = getattr(request, "shown_under", match.view_name)
    best, length = None, 0
    for entry in entries:
        for name in (entry.name, *entry.under):
            exact = name == page
            if exact or (name.endswith((":", "_")) and page.startswith(name)):
                fit = 1000 if exact else len(name)
                if fit > length:
                    best, length = entry, fit
    return best


def site(request) -> dict:
    """What the top and foot of a page show: school, person, other roles, account and log-out."""
    actor = getattr(request, "actor", None)
    about = {
        "privacy_url": reverse("web:privacy"),
        "accessibility_url": reverse("web:accessibility"),
        "language_url": reverse("web:language"),
    }
    if actor is None:
        return about
    found = {
        **about,
        "home_url": reverse("web:home"),
        "logout_url": reverse("web:log_out"),
        "person": actor.name,
    }
    if actor.role != Audience.OPERATOR:
        found["help_url"] = reverse("web:explanation")
    if finding.sources_of(actor):
        found["search_url"] = reverse("web:search")
    memberships = getattr(request, "memberships", [])
    chosen = next((m for m in memberships if m.pk == actor.membership), None)
    if chosen is not None:
        # The operator is of no region: the row only has to stand somewhere.
        of_all = actor.role == Audience.OPERATOR
        found["school"] = _("Platform") if of_all else str(chosen.school or chosen.region)
        found["region"] = "" if of_all else str(chosen.region)
        found |= _looks(chosen)
        if not actor.is_student:
            found["account_url"] = reverse("web:me")
    if len(memberships) > 1:
        found["switches"] = [
            Item(f"{m.get_role_display()} – {m.school or m.region}", reverse("web:role_switch"), "")
            for m in memberships
            if m is not chosen
        ]
    return found


def _looks(membership) -> dict:
    """The logo and colour a school chose; where a page is of the region only, the region's."""
    if membership.role == Audience.OPERATOR:
        return {}
    found: dict = {}
    row: SchoolSettings | RegionSettings
    if membership.school_id is not None:
        if membership.student_id is None:
            [row] = _SCHOOL_LOOKS(membership.school_id)
        else:
            [row] = _STUDENTS_LOOKS(membership.student_id, membership.school_id)
        found["trade"] = trade_of(getattr(row, "trade", None))
    else:
        row = of_region = RegionSettings.objects.select_related("logo").of(membership.region_id)
        found["school"] = of_region.shown_name or str(membership.region)
    if row.logo is not None:
        found["logo_url"] = reverse("web:file_open", args=[row.logo.public_id])
    if row.colour:
        found["stylesheet"] = reverse("web:colour_css", args=[row.colour.removeprefix("#")])
    return found
