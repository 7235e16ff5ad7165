"""What placements tell the apps below, and what they do at news from there."""

from __future__ import annotations

from collections.abc import Collection

from django.dispatch import receiver
from django.utils.translation import gettext as _

from companies.capacity import register_counter
from companies.enums import ContactRole
from companies.models import Company, Place
from companies.signals import handed_over, place_withdrawn, trusted
from placements import mails, stand_ins, vetoes
from placements.changes import following  # noqa: F401 - says what does not follow a period
from placements.enums import OPEN_PLACEMENTS, ApplicationState, PlacementState
from placements.models import Application, Placement, PlacementSettings
from placements.queries import used_places
from placements.services import (
    leaving,
    periods,  # noqa: F401 - the long job of a period
)
from placements.services.decisions import decline_for_lack_of_place
from placements.services.guiding import write_guides
from stage.core.record import audit
from stage.core.record.workflow import transitioned
from stage.core.signals import staff_handed_over
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict
from stage.schools.enums import PeriodKind
from stage.schools.signals import (
    leaving_undone,
    period_kind_changing,
    school_made,
    stand_in_began,
    stand_in_ended,
    student_left,
)


@register_counter
def in_use(place: Place) -> int:
    """Placements and kept places; runs in the place's school."""
    return used_places([place.pk]).get(place.pk, 0)


@receiver(place_withdrawn)
def answer_who_waits(sender, *, place, actor, **kwargs) -> int:
    """A place that is taken back leaves nobody waiting for an answer."""
    return decline_for_lack_of_place(place, actor=actor)


@receiver(trusted)
def mail_what_waited(sender, *, trusts, actor, **kwargs) -> None:
    """Applications that nobody at the company could be told of: their mail goes out now, once."""
    companies = [t.company_id for t in trusts if ContactRole.CONTACT in t.roles]
    with tenancy.as_school_of(trusts[0]):
        waiting = Application.objects.filter(
            school_id=trusts[0].school_id,
            company__in=Company.objects.of_family(companies),
            state=ApplicationState.WITH_COMPANY,
        )
        for application in waiting.select_related("place__invitation").order_by("pk"):
            mails.application_sent(application)


@receiver(handed_over)
def mail_successor(sender, *, to, school_id, ended, **kwargs) -> None:
    """Who takes over from a company's contact reads which applications wait; in that scope."""
    if not any(ContactRole.CONTACT in row.roles for row in ended):
        return
    waiting = Application.objects.filter(
        school_id=school_id,
        company__in=Company.objects.of_family([to.company_id]),
        state=ApplicationState.WITH_COMPANY,
    )
    for application in waiting.order_by("pk"):
        mails.application_handed(application, to)


@receiver(staff_handed_over)
def move_placements(sender, *, membership, to, actor, **kwargs) -> int:
    """Who takes over a leaving colleague's students guides their open placements too.

    One that is over keeps who guided it then.
    """
    rows = Placement.objects.filter(teacher=membership, state__in=OPEN_PLACEMENTS)
    moved = list(rows.order_by("pk"))
    Placement.objects.filter(pk__in=[p.pk for p in moved]).update(teacher=to)
    for placement in moved:
        placement.teacher = to
    write_guides(moved)
    audit.record_all(
        audit.entry_of(actor, "placement_teacher_changed", p, fields=("teacher",)) for p in moved
    )
    return len(moved)


@receiver(student_left)
def end_what_is_open(sender, *, student, on, reason, words, at, actor, **kwargs) -> None:
    leaving.leave(student, on=on, reason=reason, words=words, at=at, actor=actor)


@receiver(leaving_undone)
def put_back_what_ended(sender, *, student, at, actor, **kwargs) -> None:
    leaving.undo(student, at=at, actor=actor)


@receiver(stand_in_began)
def tell_who_guides(sender, *, stand_in, **kwargs) -> None:
    stand_ins.tell_began(stand_in)


@receiver(stand_in_ended)
def tell_who_is_back(sender, *, stand_in, **kwargs) -> None:
    stand_ins.tell_over(stand_in)


@receiver(transitioned, sender=Placement)
def guide_as_it_stands(obj, transition, **kwargs) -> None:
    """A placement that is undone is guided by nobody; one that is over, until its last day."""
    if transition.target not in OPEN_PLACEMENTS:
        write_guides([obj])


@vetoes.against("cancel")
def keep_what_is_ready(placement_ids: Collection[int]) -> dict[int, str]:
    """Of what is signed only a snuffelstage can be undone: it is ready without signatures."""
    why = _("De overeenkomst is al getekend. Losmaken kan niet meer. Beëindig de stage.")
    rows = Placement.objects.filter(pk__in=placement_ids, state=PlacementState.SIGNED)
    rows = rows.exclude(period__kind=PeriodKind.TASTER).order_by()
    return dict.fromkeys(rows.values_list("pk", flat=True), why)


@receiver(period_kind_changing)
def keep_the_kind(sender, *, period, **kwargs) -> None:
    """Placements were made by the rules of the kind that the period has."""
    if Placement.objects.live().filter(period=period).exists():
        raise Conflict(
            _("Er zijn al leerlingen geplaatst. De soort stage kan niet meer veranderen.")
        )


@receiver(school_made)
def make_settings(sender, *, school, **kwargs) -> None:
    PlacementSettings.objects.create(school=school)
