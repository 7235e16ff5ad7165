"""Rows of this app for tests; run in the system scope."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from assessments.enums import AssessmentState, FileKind
from assessments.models import Assessment, Assignment, Criterion, Evidence, HandIn, Score
from assessments.services.form import ensure_default_form
from placements.models import Placement
from placements.services.guiding import write_guides
from stage.core.dutch.calendar import school_today
from stage.core.files.store import Owner
from stage.core.models import StoredFile


def assignment(sw, title="Een brood bakken", **values) -> Assignment:
    found = Assignment.objects.filter(school=sw.school, title=title).first()
    return found or Assignment.objects.create(
        school=sw.school, title=title, text="Bak een brood.", created_by=sw.coordinator, **values
    )


def hand_in(sw, title="Een brood bakken", placement=None, **values) -> HandIn:
    placement = placement or sw.placement
    task = assignment(sw, title)
    found = HandIn.objects.filter(placement=placement, assignment=task).first()
    return found or HandIn.objects.create_about(placement, assignment=task, **values)


def evidence(row: HandIn, sw) -> Evidence:
    found = row.evidence.first()
    if found:
        return found
    file = StoredFile.objects.create(
        **vars(Owner.about(row)),
        kind=FileKind.EVIDENCE,
        name="brood.jpg",
        path="aa/niets.jpg",
        content_type="image/jpeg",
        size=10,
        digest="0" * 64,
    )
    return Evidence.objects.create_about(row, file=file, caption="Mijn brood")


def given(sw, contact, points=3, placement=None) -> Assessment:
    """A given assessment with the same points for everything."""
    placement = placement or sw.placement
    found = Assessment.objects.filter(placement=placement).first()
    if found:
        return found
    form = ensure_default_form(sw.school)
    row = Assessment.objects.create_about(
        placement,
        form=form,
        contact=contact,
        version=1,
        state=AssessmentState.GIVEN,
        given_at=timezone.now(),
    )
    for criterion in Criterion.objects.filter(form=form, is_open=False):
        Score.objects.create_about(row, criterion=criterion, points=points)
    return row


def started(placement: Placement, *, ends_in=5) -> Placement:
    """Move a placement so that it began ten days ago."""
    placement.starts = school_today() - timedelta(days=10 + max(0, -ends_in))
    placement.ends = school_today() + timedelta(days=ends_in)
    placement.save()
    return placement


def another_placement(sw, n: int, company, **values) -> Placement:
    """A placement of the school's n-th student at the company of the first."""
    old = sw.placement
    placement = Placement.objects.create(
        school=sw.school,
        student=sw.students[n],
        company=company,
        period=sw.period,
        teacher=sw.teacher,
        supervisor=old.supervisor,
        starts=old.starts,
        ends=old.ends,
        weekdays=[1, 2, 3, 4, 5],
        day_from=old.day_from,
        day_to=old.day_to,
        state=old.state,
        **values,
    )
    write_guides([placement])
    return placement


def photo(name="brood.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), "brown").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def filled(form_criteria, points=3, **values) -> dict:
    """What the supervisor's page posts, everything judged the same."""
    data = {"outcome": "normal", "note": "", "version": "0", "give": "1", **values}
    for criterion in form_criteria:
        if not criterion.is_open:
            data[f"points_{criterion.pk}"] = str(points)
    return data
