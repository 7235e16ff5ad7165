"""Mails about what changes in a placement; handlers read anew and answer None when outdated."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from placements import teachers
from placements.changes.shown import done_sides, title_of
from placements.enums import ChangeKind
from placements.models import PlacementChange
from placements.notifications.parts import about, button, link, page
from stage.core import mail
from stage.core.enums import NoticeKind, Pace, PersonKind
from stage.core.ui.dates import day_words
from stage.core.who import links

# To a guardian: the placement of its child; proven first, as everywhere.
links.purpose("placement", page="placements:placement_show", needs_code=True)

LETTERS = {
    PersonKind.STUDENT: "placement_changed_for_student",
    PersonKind.GUARDIAN: "placement_changed_for_guardian",
    PersonKind.CONTACT: "placement_changed_for_contact",
    PersonKind.MEMBERSHIP: "placement_changed_for_membership",
}
REFUSALS = {
    PersonKind.STUDENT: "change_refused_for_student",
    PersonKind.GUARDIAN: "change_refused_for_guardian",
    PersonKind.CONTACT: "change_refused_for_contact",
}


def _change(row) -> PlacementChange | None:
    rows = PlacementChange.objects.filter(pk=row.about_id)
    return rows.select_related(
        "placement__company",
        "placement__period",
        "placement__school",
        "placement__student",
        "placement__teacher",
        "moved_to__company",
    ).first()


def _letter(row, change: PlacementChange, template: str, label: str, **context) -> mail.Letter:
    placement = change.placement
    # A move is read at the new company, where the student goes on.
    shown = change.moved_to or placement if row.person_kind == PersonKind.STUDENT else placement
    facts = {
        **about(placement),
        "placement": placement,
        "student": placement.student,
        "title": title_of(change),
        "sides": done_sides(change),
        "first": day_words(change.from_on),
        "is_move": change.kind == ChangeKind.MOVE,
        "is_off": change.kind == ChangeKind.OFF,
        "goes_to": change.moved_to.company.name if change.moved_to else "",
        "goes_from": day_words(change.moved_to.starts) if change.moved_to else "",
        **button(_address(row, shown), label),
    }
    return mail.Letter(
        template,
        {**facts, **context},
        reply_to=teachers.answers_to(placement),
    )


def _address(row, placement) -> str:
    if row.person_kind == PersonKind.CONTACT:
        return link(row, "trainee")
    if row.person_kind == PersonKind.GUARDIAN:
        return link(row, "placement", target=placement.public_id)
    return page("placements:placement_show", placement.public_id)


def _from_when(row) -> date | None:
    """The day from which it changes."""
    return PlacementChange.objects.filter(pk=row.about_id).values_list("from_on", flat=True).first()


@mail.event(
    "placement_changed",
    mail.Notice(NoticeKind.PLACEMENT, staff=Pace.DAILY, student=Pace.AT_ONCE, known_by=_from_when),
)
def placement_changed(row) -> mail.Letter | None:
    """To everybody concerned: what changed, from when; not when it was undone meanwhile."""
    change = _change(row)
    if change is None or not change.is_done:
        return None
    template = LETTERS[PersonKind(row.person_kind)]
    return _letter(row, change, template, _("Bekijk de stage"), also=_also(row, change))


def _also(row, change: PlacementChange) -> list[dict]:
    """What else was changed for this student in the same step; a company reads of itself alone."""
    rows = PlacementChange.objects.done().filter(
        student=change.student_id, decided_at=change.decided_at
    )
    if row.person_kind == PersonKind.CONTACT:
        rows = rows.filter(company=change.company_id)
    others = rows.exclude(pk=change.pk).select_related("company", "placement").order_by("pk")
    return [{"company": other.company.name, "title": title_of(other)} for other in others]


@mail.event(
    "change_asked", mail.Notice(NoticeKind.PLACEMENT, staff=Pace.DAILY, known_by=_from_when)
)
def change_asked(row) -> mail.Letter | None:
    """To the coordinators: somebody asks for a change."""
    change = _change(row)
    if change is None or not change.is_asked:
        return None
    letter = {
        "asked_by": change.asked_by_name or change.placement.student.full_name,
        "words": change.words,
        **button(page("placements:change_show", change.public_id), _("Bekijk en beslis")),
    }
    return _letter(row, change, "change_asked_for_membership", _("Bekijk en beslis"), **letter)


@mail.event("change_refused", mail.Notice(NoticeKind.PLACEMENT, student=Pace.AT_ONCE))
def change_refused(row) -> mail.Letter | None:
    """To who asked: the school says no, and why."""
    change = _change(row)
    if change is None or not change.is_refused:
        return None
    template = REFUSALS[PersonKind(row.person_kind)]
    return _letter(row, change, template, _("Bekijk de stage"), answer=change.answer)
