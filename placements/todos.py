"""What waits for whom in finding and giving places; staff's own stands in `desk_todos`."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements import desk_todos  # noqa: F401 - registers by being read
from placements.company_view import inbox_of
from placements.enums import ApplicationState, OwnState, PutTo
from placements.hunting import Hunt, answer_key, hunts_of
from placements.models import Application, ApplicationQuestion, OwnCompany
from placements.words import student_word
from stage.core.enums import Audience
from stage.core.ui import todo
from stage.core.ui.todo import Todo, Urgency, Weight
from stage.schools.models import Student

NEWS_DAYS = 7  # how long an answer is news
LONG_WAIT_DAYS = 5


@todo.source(Audience.STUDENT, uses="hunts")
def find_a_place(actor, hunts: list[Hunt] | None = None) -> list[Todo]:
    """Per period without a placement: look, send, or read the answer."""
    if hunts is None:
        hunts = hunts_of(actor, Student.objects.visible_to(actor).get(pk=actor.student_id))
    found: list[Todo] = []
    for hunt in hunts:
        found += _news(hunt.applications)
        found += _next_step(hunt)
    return found


def _news(mine: list[Application]) -> list[Todo]:
    after = timezone.now() - timedelta(days=NEWS_DAYS)
    answered = (ApplicationState.ACCEPTED, ApplicationState.DECLINED, ApplicationState.EXPIRED)
    return [
        Todo(
            title=_("Lees het antwoord van %(company)s") % {"company": a.company.name},
            text=str(student_word(a.state).label),
            url=reverse("placements:application_answer", args=[a.public_id]),
            weight=Weight.PERSON,
            button=_("Lees"),
            icon="mail",
            seen_as=answer_key(a),
        )
        for a in mine
        if a.state in answered and a.decided_at and a.decided_at > after
    ]


def _next_step(hunt: Hunt) -> list[Todo]:
    """Nothing more to ask of who was chosen; who waits finishes what is begun, if that can go."""
    if hunt.drafts and (hunt.left or not hunt.is_asking):
        return [
            Todo(
                title=_("Maak je sollicitatie af"),
                text=hunt.drafts[0].company.name,
                url=reverse("placements:application_list"),
                due=hunt.period.starts,
                button=_("Maak af"),
                icon="pen",
            )
        ]
    if hunt.is_asking:
        return []
    return [
        Todo(
            title=_("Zoek een stageplek"),
            text=_("Voor %(period)s") % {"period": hunt.period.name},
            url=reverse("placements:place_browse"),
            due=hunt.period.starts,
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
                weight=Weight.PERSON,
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
            due=q.asked_at.date(),
            weight=Weight.PERSON,
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
            weight=Weight.PERSON,
            button=_("Lees"),
            icon="mail",
        )
        for own in rows
    ]
