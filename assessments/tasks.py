"""What the assessments do by themselves."""

from django.utils import timezone

from assessments.queries import ending_soon_without_assessment
from assessments.services.asking import ask_for_assessments
from stage.core.dutch.calendar import local_minutes, school_today
from stage.core.work.jobs import each_school, every

OFFICE_OPENS = 8 * 60  # minutes after midnight: nobody is asked for anything at night


@every(3600)
def ask_supervisors() -> None:
    """Ask for assessments of placements that end, and remind."""
    if local_minutes(timezone.now()) < OFFICE_OPENS:
        return
    today = school_today()
    for school in each_school(ending_soon_without_assessment(today)):
        ask_for_assessments(school, today)
