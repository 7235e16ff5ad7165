"""What waits for coordinators and teachers in finding and giving places; loaded by `todos`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from companies import leaving
from companies.models import Invitation, Place
from placements import standings
from placements.enums import LIVE_PLACEMENTS, ApplicationState, PlacementState
from placements.filters import MANY
from placements.models import Application, OwnCompany, Placement, PlacementChange
from stage.core.dutch import names
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import day_of, read_all, totals
from stage.core.ui.dates import day_words
from stage.core.ui.todo import Todo, Urgency, Weight, urgency_by

YES_WAITS = timedelta(days=7)  # a company that said yes hears of the school by then
# So long before the first day a student needs help, a company hears who comes, and somebody of the
# school is chosen to guide.
CALLED_BEFORE, HELPED_BEFORE = timedelta(days=35), timedelta(days=28)
TOLD_BEFORE, GUIDED_BEFORE = timedelta(days=14), timedelta(days=10)
# After a letter companies need some days before there is anything to choose from.
FIRST_ANSWERS = timedelta(days=10)
PERIODS = 12  # of which it is said who has no place
OWN = 20  # companies of students that are named one by one


@todo.source(Audience.TEACHER)
def own_companies_to_check(actor) -> list[Todo]:
    """Companies that students brought, the oldest first; a coordinator's: `matching_to_do`."""
    [rows] = read_all(_own_companies(actor))
    return _to_check(rows)


def _own_companies(actor):
    rows = OwnCompany.objects.visible_to(actor).named()
    rows = rows.filter(period__ends__gte=school_today(), student__left_on__isnull=True).filter(
        student__leaves_on__isnull=True
    )
    who = ("student__first_name", "student__infix", "student__last_name")
    return rows.order_by("named_at", "pk").values("public_id", "name", "city", "named_at", *who)[
        :OWN
    ]


def _to_check(rows: Iterable[dict[str, Any]]) -> list[Todo]:
    return [
        Todo(
            title=_("Kijk naar het eigen bedrijf van %(name)s")
            % {
                "name": names.full_name(
                    row["student__first_name"], row["student__infix"], row["student__last_name"]
                )
            },
            text=f"{row['name']}, {row['city']}",
            url=reverse("placements:own_check", args=[row["public_id"]]),
            due=day_of(row["named_at"]),
            weight=Weight.PERSON,
            button=_("Kijk"),
            icon="building",
        )
        for row in rows
    ]


@todo.source(Audience.COORDINATOR)
def matching_to_do(actor) -> list[Todo]:
    """Yeses to match, students to help, placements without teacher or brief, in one query.

    And companies that students brought.
    """
    live = Placement.objects.visible_to(actor).live().filter(ends__gte=school_today())
    left = live.filter(leaving.has_left(actor.school_id, "supervisor"))
    away = live.filter(leaving.has_left(actor.school_id, "stand_in")).filter(
        stand_in_until__gte=school_today()
    )
    unguided, untold = Q(teacher=None), Q(briefed_at=None)
    coming = live.exclude(state=PlacementState.FINISHED).filter(unguided | untold)
    asked = PlacementChange.objects.visible_to(actor).asked()
    wanted, yeses, gone, codes, nobody, missing, searching, own = read_all(
        totals(asked, since=Min("asked_at"), code=Min("public_id")),
        totals(_yeses(actor), since=Min("decided_at")),
        totals(left, starts=Min("starts")),
        left.order_by("starts", "pk").values("public_id")[:MANY],
        away.order_by("stand_in_from", "pk").values("public_id", "stand_in_from")[:MANY],
        totals(
            coming,
            unguided=Count("pk", filter=unguided),
            unguided_from=Min("starts", filter=unguided),
            untold=Count("pk", filter=untold),
            untold_from=Min("starts", filter=untold),
        ),
        _searching(actor),
        _own_companies(actor),
    )
    return [
        *_to_decide(wanted),
        *_guides_who_left(gone, codes),
        *_stand_ins_who_left(nobody),
        *_to_match(yeses),
        *_to_help(searching),
        *_incomplete(missing),
        *_to_check(own),
    ]


def _yeses(actor):
    """Applications with a yes, one per student and period, of who has no place yet."""
    has_place = Placement.objects.filter(
        student_id=OuterRef("student_id"),
        period_id=OuterRef("period_id"),
        state__in=LIVE_PLACEMENTS,
    )
    rows = Application.objects.visible_to(actor).filter(
        ~Exists(has_place),
        state=ApplicationState.ACCEPTED,
        period__ends__gte=school_today(),
    )
    return rows.distinct("student_id", "period_id")


def _to_match(rows: Iterable[dict[str, Any]]) -> Iterable[Todo]:
    for row in rows:
        due = (day_of(row["since"]) or school_today()) + YES_WAITS
        yield Todo(
            title=_("Koppel leerlingen met een ja"),
            text=_("Een bedrijf houdt een plek voor ze vrij."),
            url=f"{reverse('placements:board')}?staat=accepted",
            urgency=urgency_by(due, at_least=Urgency.SOON),
            count=row["n"],
            due=due,
            icon="handshake",
            weight=Weight.PERSON,
            button=_("Koppel"),
        )


def _searching(actor):
    """Per period that is not over: who has no place and what became of their applications."""
    seekers = standings.seekers(actor).exclude(standing=standings.PLACED)
    period = "group__period"
    here = {"period": OuterRef(f"{period}_id")}
    offered = Place.objects.visible_to(actor).open().for_all().filter(**here).order_by()
    asked = Invitation.objects.visible_to(actor).filter(campaign__isnull=False, **here)
    asked = asked.mailed().order_by()
    many = lambda key: Count("student_id", distinct=True, filter=Q(standing=key))  # noqa: E731
    rows = seekers.order_by().values(
        f"{period}__public_id", f"{period}__name", f"{period}__starts", f"{period}_id"
    )
    rows = rows.annotate(
        all=Count("student_id", distinct=True),
        refused=many(standings.REFUSED),
        nothing=many(standings.NOTHING),
        places=Subquery(offered.values("period").annotate(n=Sum("how_many")).values("n")),
        asked_at=Subquery(asked.values("period").annotate(at=Min("created_at")).values("at")),
    )
    return rows.order_by(f"{period}__starts", f"{period}_id")[:PERIODS]


def _to_help(rows: Iterable[dict[str, Any]]) -> Iterable[Todo]:
    """Students to telephone, and students who have to begin."""
    for row in rows:
        code, name = row["group__period__public_id"], row["group__period__name"]
        starts = date.fromisoformat(row["group__period__starts"])
        listed = f"{reverse('schools:student_list')}?period={code}&stage="
        if row["refused"]:
            due = starts - CALLED_BEFORE
            yield Todo(
                title=_("Bel leerlingen die nergens een plek kregen"),
                text=_("%(period)s. Overal nee, geen antwoord of ingetrokken.") % {"period": name},
                url=listed + standings.REFUSED,
                urgency=urgency_by(due, at_least=Urgency.SOON),
                count=row["refused"],
                due=due,
                icon="phone",
                weight=Weight.PERSON,
                button=_("Toon wie"),
            )
        if row["nothing"] and _can_choose(row, starts):
            due = starts - HELPED_BEFORE
            yield Todo(
                title=_("Help leerlingen die nog niets verstuurden"),
                text=_("%(period)s, vanaf %(day)s. Er zijn plekken om te kiezen.")
                % {"period": name, "day": day_words(starts)},
                url=listed + standings.NOTHING,
                urgency=urgency_by(due),
                count=row["nothing"],
                due=due,
                icon="user-x",
                button=_("Toon wie"),
            )


def _can_choose(row: dict[str, Any], starts: date) -> bool:
    """Whether a student who sent nothing can be blamed for it.

    Without any place there is nothing to apply for; and in the first days after the first letter a
    place for every second student is what they all wait for.
    """
    if not row["places"]:
        return False
    today, asked = school_today(), day_of(row["asked_at"])
    answered = asked is None or today >= asked + FIRST_ANSWERS
    return answered or today >= starts - HELPED_BEFORE or row["places"] * 2 >= row["all"]


def _incomplete(rows: Iterable[dict[str, Any]]) -> Iterable[Todo]:
    """Placements of which the company knows nothing, or that nobody guides."""
    listed = reverse("placements:placement_list")
    for row in rows:
        if row["untold"]:
            first = date.fromisoformat(row["untold_from"])
            due = first - TOLD_BEFORE
            yield Todo(
                title=_("Stuur de plaatsingsbrief"),
                text=_("Het bedrijf weet nog niet wie er komt. De eerste dag is %(day)s.")
                % {"day": day_words(first)},
                url=f"{listed}?mist=brief",
                urgency=urgency_by(due),
                count=row["untold"],
                due=due,
                icon="send",
                weight=Weight.BROKEN if due <= school_today() else Weight.STEP,
                button=_("Stuur"),
            )
        if row["unguided"]:
            due = date.fromisoformat(row["unguided_from"]) - GUIDED_BEFORE
            yield Todo(
                title=_("Kies een begeleider"),
                text=_("Deze stages hebben nog geen stagebegeleider."),
                url=f"{listed}?mist=teacher",
                urgency=urgency_by(due),
                count=row["unguided"],
                due=due,
                icon="users",
                button=_("Kies"),
            )


def _to_decide(rows: Iterable[dict[str, Any]]) -> Iterable[Todo]:
    """A company, student or guardian asked for a change: one leads to it, more to the list."""
    for row in rows:
        url = reverse("placements:change_list")
        if row["n"] == 1:
            url = reverse("placements:change_show", args=[row["code"]])
        yield Todo(
            title=_("Antwoord: er moet iets veranderen"),
            text=_("Een bedrijf, leerling of ouder vraagt het. Zij wachten op jou."),
            url=url,
            urgency=Urgency.NOW,
            count=row["n"],
            due=day_of(row["since"]),
            icon="refresh",
            weight=Weight.PERSON,
            button=_("Bekijk"),
        )


def _guides_who_left(rows: Iterable[dict[str, Any]], codes: list[dict[str, Any]]) -> Iterable[Todo]:
    """Students whose supervisor does not work there any more: the school chooses another."""
    chosen = urlencode([("row", row["public_id"]) for row in codes])
    for row in rows:
        yield Todo(
            title=_("Kies een andere praktijkopleider"),
            text=_("Wie daar begeleidde, werkt er niet meer."),
            url=f"{reverse('placements:assign')}?{chosen}",
            urgency=Urgency.NOW,
            count=row["n"],
            due=date.fromisoformat(row["starts"]),
            icon="users",
            weight=Weight.BROKEN,
            button=_("Kies"),
        )


def _stand_ins_who_left(rows: list[dict[str, Any]]) -> Iterable[Todo]:
    """The same of who stands in for one: the page of the first student, then of the next."""
    if rows:
        yield Todo(
            title=_("Kies een andere vervanger bij het bedrijf"),
            text=_("Wie de praktijkopleider vervangt, werkt er niet meer."),
            url=reverse("placements:change_make", args=[rows[0]["public_id"], "supervisor"]),
            urgency=Urgency.NOW,
            count=len(rows),
            due=date.fromisoformat(rows[0]["stand_in_from"]),
            icon="users",
            weight=Weight.BROKEN,
            button=_("Kies"),
        )
