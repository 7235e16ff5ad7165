"""What waits for the coordinator about people and periods."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stage.core.dutch.names import full_name
from stage.core.enums import Audience
from stage.core.models import Membership
from stage.core.ui import todo
from stage.core.ui.counting import read_all, totals
from stage.core.ui.dates import day_time_words
from stage.core.ui.todo import Todo, Urgency, Weight
from stage.schools import student_list
from stage.schools.enums import ImportState
from stage.schools.first_people import missing_people, page_of_first, places_of
from stage.schools.imports import loaders
from stage.schools.models import ImportJob, LogInHelp
from stage.schools.services import people

MOST_STOPPED = 100
MOST_LOCKED_OUT = 5  # lines of one's home


@todo.source(Audience.COORDINATOR)
def students_and_guardians(actor) -> list[Todo]:
    """Students who cannot log in, said so or never got a card; guardians whose address stopped."""
    stopped = student_list.with_stopped_guardian(actor)
    without, codes, locked_out = read_all(
        totals(student_list.without_log_in(actor)),
        stopped.values("public_id")[:MOST_STOPPED],
        _locked_out(actor),
    )
    count, found = sum(row["n"] for row in without), [_help(row) for row in locked_out]
    if codes:
        found.append(
            Todo(
                title=_("Kijk het e-mailadres van een ouder na"),
                text=_("De verjaardag klopte vijf keer niet. Er gaat geen mail meer heen."),
                url=reverse("schools:student_show", args=[codes[0]["public_id"]]),
                urgency=Urgency.NOW,
                count=len(codes),
                weight=Weight.BROKEN,
                button=_("Kijk"),
                icon="mail",
            )
        )
    if not count:
        return found
    return [
        *found,
        Todo(
            title=_("Print inlogkaarten"),
            text=ngettext(
                "%(count)s leerling kan nog niet inloggen.",
                "%(count)s leerlingen kunnen nog niet inloggen.",
                count,
            )
            % {"count": count},
            url=reverse("schools:student_list") + "?login=none",
            count=count,
            button=_("Kies leerlingen"),
            icon="id-card",
        ),
    ]


@todo.source(Audience.TEACHER)
def who_cannot_log_in(actor) -> list[Todo]:
    """Students who said that they cannot log in: a new card, made where the student stands."""
    return [_help(row) for row in read_all(_locked_out(actor))[0]]


def _locked_out(actor) -> QuerySet:
    rows = LogInHelp.objects.visible_to(actor).waiting().filter(student__left_on=None)
    names = [f"student__{part}" for part in ("public_id", "first_name", "infix", "last_name")]
    return rows.order_by("-asked_at").values("asked_at", *names)[:MOST_LOCKED_OUT]


def _help(row: dict) -> Todo:
    name = full_name(*(row[f"student__{part}"] for part in ("first_name", "infix", "last_name")))
    return Todo(
        title=_("Help %(name)s met inloggen") % {"name": name},
        text=_("Gemeld op %(moment)s. Laat een nieuwe kaart zien op je telefoon.")
        % {"moment": day_time_words(datetime.fromisoformat(row["asked_at"]))},
        url=f"{reverse('schools:card_print')}?row={row['student__public_id']}",
        urgency=Urgency.NOW,
        weight=Weight.PERSON,
        button=_("Maak een kaart"),
        icon="key",
    )


@todo.source(Audience.COORDINATOR, Audience.BUREAU)
def waiting_imports(actor) -> list[Todo]:
    """Lists that were chosen and can be brought in; a newer list of the same kind replaces one."""
    newest = ImportJob.objects.visible_to(actor).order_by("sheet", "group_id", "-created_at")
    return [
        Todo(
            title=_("Maak het inlezen af: %(list)s")
            % {"list": loaders.sheet_named(job.sheet).label},
            text=_("Het bestand wacht op je akkoord."),
            url=reverse("schools:import_show", args=[job.public_id]),
            weight=Weight.TIDY,
            button=_("Ga verder"),
            icon="upload",
        )
        for job in newest.distinct("sheet", "group_id")
        if job.state in (ImportState.MAPPING, ImportState.CHECKED)
        and not job.result.get("error_count")
    ][:5]


@todo.source(Audience.OPERATOR)
def first_people_missing(actor) -> list[Todo]:
    """Schools and bureaus whose first person never got the invitation."""
    return [
        Todo(
            title=_("Nodig iemand anders uit: %(place)s") % {"place": places_of(found.membership)},
            text=_("De uitnodiging aan %(email)s kwam niet aan.")
            % {"email": found.membership.email},
            url=page_of_first(found.membership),
            urgency=Urgency.NOW,
            button=_("Kijk"),
            icon="mail",
        )
        for found in missing_people(actor)[:10]
    ]


@todo.source(Audience.COORDINATOR)
def staff_not_accepted(actor) -> list[Todo]:
    """Colleagues who did not open their account."""
    members = list(Membership.objects.visible_to(actor).active().staff())
    count = len(people.not_accepted(members))
    if not count:
        return []
    return [
        Todo(
            title=_("Collega's die nog niet inlogden"),
            text=_("Stuur de uitnodiging nog een keer of vraag het even."),
            url=reverse("schools:staff_list"),
            urgency=Urgency.WHENEVER,
            count=count,
            weight=Weight.TIDY,
            button=_("Nodig uit"),
            icon="users",
        )
    ]
