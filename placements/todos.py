"""What waits for students, companies and coordinators in finding and giving places."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies import leaving
from companies.models import Place
from placements import queries
from placements.company_view import inbox_of
from placements.enums import LIVE_PLACEMENTS, ApplicationState, OwnState, PlacementState, PutTo
from placements.filters import MANY
from placements.models import (
    Application,
    ApplicationQuestion,
    OwnCompany,
    Placement,
    PlacementChange,
)
from placements.words import student_word
from stage.core.dutch.calendar import school_today
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.counting import count_all
from stage.core.ui.todo import Todo, Urgency
from stage.schools.models import GroupStudent, Student

NEWS_DAYS = 7  # how long an answer is news
LONG_WAIT_DAYS = 5
# Sent, and not at an end.
_ASKING = {ApplicationState.WITH_COMPANY, ApplicationState.PARKED, ApplicationState.ACCEPTED}


@todo.source(Audience.STUDENT, uses="student")
def find_a_place(actor, student: Student | None = None) -> list[Todo]:
    """Per period without a placement: look, send, or read the answer."""
    student = student or Student.objects.visible_to(actor).get(pk=actor.student_id)
    periods = queries.open_periods(student, actor)
    placed = set(Placement.objects.visible_to(actor).live().values_list("period_id", flat=True))
    sent = list(
        Application.objects.visible_to(actor)
        .filter(period__in=periods)
        .select_related("company")
        .order_by("rank", "pk")
    )
    found: list[Todo] = []
    for period in periods:
        if period.pk in placed:
            continue
        mine = [a for a in sent if a.period_id == period.pk]
        found += _news(mine)
        found += _next_step(period, mine)
    return found


def _news(mine: list[Application]) -> list[Todo]:
    after = timezone.now() - timedelta(days=NEWS_DAYS)
    answered = (ApplicationState.ACCEPTED, ApplicationState.DECLINED, ApplicationState.EXPIRED)
    return [
        Todo(
            title=_("Lees het antwoord van %(company)s") % {"company": a.company.name},
            text=str(student_word(a.state).label),
            url=reverse("placements:application_list"),
            button=_("Lees"),
            icon="mail",
        )
        for a in mine
        if a.state in answered and a.decided_at and a.decided_at > after
    ]


def _next_step(period, mine: list[Application]) -> list[Todo]:
    running = {a.state for a in mine}
    if running & _ASKING:
        return []
    drafts = [a for a in mine if a.state == ApplicationState.DRAFT]
    if drafts:
        return [
            Todo(
                title=_("Maak je sollicitatie af"),
                text=drafts[0].company.name,
                url=reverse("placements:application_list"),
                due=period.starts,
                button=_("Maak af"),
                icon="pen",
            )
        ]
    return [
        Todo(
            title=_("Zoek een stageplek"),
            text=_("Voor %(period)s") % {"period": period.name},
            url=reverse("placements:place_browse"),
            due=period.starts,
            button=_("Zoek"),
            icon="search",
        )
    ]


def _waits(days: int) -> str:
    if days == 0:
        return _("vandaag gestuurd")
    return ngettext("wacht %(days)s dag", "wacht %(days)s dagen", days) % {"days": days}


@todo.source(Audience.COMPANY)
def waiting_applications(actor) -> list[Todo]:
    """Each application that waits for an answer, the oldest first, with how long it waits."""
    if not actor.proven:
        return []
    found = []
    for item in inbox_of(actor).waiting:
        text = _waits(item.days)
        found.append(
            Todo(
                title=_("Beantwoord de sollicitatie van %(name)s") % {"name": item.card.first_name},
                text=f"{item.application.school.name}, {text}",
                url=reverse("placements:application_decide", args=[item.application.public_id]),
                urgency=Urgency.NOW if item.days >= LONG_WAIT_DAYS else Urgency.SOON,
                due=item.since,
                button=_("Lees en kies"),
                icon="inbox",
            )
        )
    return found


@todo.source(Audience.STUDENT, Audience.COORDINATOR)
def questions_of_companies(actor) -> list[Todo]:
    """What companies want to know before they say yes or no."""
    put_to = PutTo.STUDENT if actor.is_student else PutTo.SCHOOL
    rows = ApplicationQuestion.objects.visible_to(actor).open().filter(put_to=put_to)
    return [
        Todo(
            title=_("Beantwoord de vraag van %(company)s") % {"company": q.company.name},
            text=q.student.full_name if actor.is_coordinator else "",
            url=reverse("placements:question_answer", args=[q.public_id]),
            urgency=Urgency.NOW,
            button=_("Geef antwoord"),
            icon="help",
        )
        for q in rows.select_related("company", "student")[:20]
    ]


@todo.source(Audience.STUDENT)
def own_company_news(actor) -> list[Todo]:
    """What the school said of the company a student brought, while it is news."""
    after = timezone.now() - timedelta(days=NEWS_DAYS)
    rows = OwnCompany.objects.visible_to(actor).filter(state=OwnState.REFUSED, checked_at__gt=after)
    return [
        Todo(
            title=_("Lees wat je school zegt over %(name)s") % {"name": own.name},
            text=own.reason,
            url=reverse("placements:own_company"),
            button=_("Lees"),
            icon="mail",
        )
        for own in rows
    ]


@todo.source(Audience.TEACHER)
def own_companies_to_check(actor) -> list[Todo]:
    """Companies that students brought, the oldest first; a coordinator's: `matching_to_do`."""
    return _to_check(_own_companies(actor, school_today()))


def _own_companies(actor, today):
    rows = OwnCompany.objects.visible_to(actor).named()
    return rows.filter(period__ends__gte=today, student__left_on=None, student__leaves_on=None)


def _to_check(rows) -> list[Todo]:
    return [
        Todo(
            title=_("Kijk naar het eigen bedrijf van %(name)s") % {"name": own.student.full_name},
            text=f"{own.name}, {own.city}",
            url=reverse("placements:own_check", args=[own.public_id]),
            due=own.period.starts,
            button=_("Kijk"),
            icon="building",
        )
        for own in rows.select_related("student", "period").order_by("named_at", "pk")[:20]
    ]


@todo.source(Audience.COORDINATOR)
def matching_to_do(actor) -> list[Todo]:
    """Yeses to match, students without any application, placements without teacher or brief.

    And companies that students brought, read only where there are any.
    """
    today = school_today()
    board = reverse("placements:board")
    listed = reverse("placements:placement_list")
    live = Placement.objects.visible_to(actor).live().filter(ends__gte=today)
    has_place = Placement.objects.filter(
        student_id=OuterRef("student_id"),
        period_id=OuterRef("period_id"),
        state__in=LIVE_PLACEMENTS,
    )
    accepted = (
        Application.objects.visible_to(actor)
        .filter(~Exists(has_place), state=ApplicationState.ACCEPTED, period__ends__gte=today)
        .distinct("student_id", "period_id")
    )
    own = _own_companies(actor, today)
    left = live.filter(leaving.has_left(actor.school_id, "supervisor"))
    coming = live.exclude(state=PlacementState.FINISHED)
    asked = PlacementChange.objects.visible_to(actor).asked()
    wanted, said_yes, idle, named, gone, guideless, silent = count_all(
        asked,
        accepted,
        _without_application(actor, today),
        own,
        left,
        coming.filter(teacher=None),
        coming.filter(briefed_at=None),
    )
    rows = [
        (
            said_yes,
            _("Koppel leerlingen met een ja"),
            _("Een bedrijf houdt een plek voor ze vrij."),
            f"{board}?staat=accepted",
            "handshake",
            _("Koppel"),
        ),
        (
            idle,
            _("Help leerlingen die nog niets verstuurden"),
            _("Ze hebben geen plek en geen sollicitatie."),
            f"{board}?staat=nothing",
            "user-x",
            _("Toon wie"),
        ),
        (
            guideless,
            _("Kies een begeleider"),
            _("Deze stages hebben nog geen stagebegeleider."),
            f"{listed}?mist=teacher",
            "users",
            _("Kies"),
        ),
        (
            silent,
            _("Stuur de plaatsingsbrief"),
            _("Het bedrijf weet nog niet wie er komt."),
            f"{listed}?mist=brief",
            "send",
            _("Stuur"),
        ),
    ]
    found = [
        Todo(title=title, text=text, url=url, count=count, icon=icon, button=button)
        for count, title, text, url, icon, button in rows
        if count
    ]
    return [
        *(_to_decide(asked, wanted) if wanted else ()),
        *_guides_who_left(left, gone),
        *found,
        *(_to_check(own) if named else ()),
    ]


def _to_decide(rows, count: int) -> list[Todo]:
    """A company or student asked for a change: one goes straight to it, more to the list."""
    first = rows.order_by("asked_at", "pk")[:1]
    code = first.values_list("public_id", flat=True).get() if count == 1 else ""
    url = reverse("placements:change_list")
    return [
        Todo(
            title=_("Antwoord: er moet iets veranderen"),
            text=_("Een bedrijf, leerling of ouder vraagt het. Zij wachten op jou."),
            url=reverse("placements:change_show", args=[code]) if code else url,
            urgency=Urgency.NOW,
            count=count,
            icon="refresh",
            button=_("Bekijk"),
        )
    ]


def _guides_who_left(rows, count: int) -> list[Todo]:
    """Students whose supervisor does not work there any more: the school chooses another."""
    if not count:
        return []
    chosen = urlencode([("row", code) for code in rows.values_list("public_id", flat=True)[:MANY]])
    return [
        Todo(
            title=_("Kies een andere praktijkopleider"),
            text=_("Wie daar begeleidde, werkt er niet meer."),
            url=f"{reverse('placements:assign')}?{chosen}",
            urgency=Urgency.NOW,
            count=count,
            icon="users",
            button=_("Kies"),
        )
    ]


def _without_application(actor, today):
    period = OuterRef("group__period_id")
    student = OuterRef("student_id")
    placed = Placement.objects.filter(
        student_id=student, period_id=period, state__in=LIVE_PLACEMENTS
    )
    asked = Application.objects.filter(
        student_id=student,
        period_id=period,
        state__in=_ASKING,
    )
    # Before any company offered a place there is nothing to apply for.
    offered = Place.objects.open().for_all().filter(period_id=period)
    return GroupStudent.objects.visible_to(actor).filter(
        ~Exists(placed),
        ~Exists(asked),
        Exists(offered),
        group__period__ends__gte=today,
        student__left_on__isnull=True,
        student__leaves_on__isnull=True,
    )
