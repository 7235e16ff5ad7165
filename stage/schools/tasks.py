"""What goes by itself at a school: whose last day is over is gone."""

from __future__ import annotations

from stage.core.dutch.calendar import school_today
from stage.core.who.actors import job_at
from stage.core.work import clearing
from stage.core.work.jobs import each_school, every
from stage.schools.enums import GuideKind
from stage.schools.models import Guides, LoginCode, StandIn, Student
from stage.schools.services import leaving, stand_ins

clearing.clears(LoginCode)


@every(1800)
def follow_leaving() -> int:
    """Students whose day has come leave school; returns how many."""
    today = school_today()
    due = Student.objects.present().filter(leaves_on__lte=today)
    return sum(leaving.finish_leaving(today=today, actor=job_at(s)) for s in each_school(due))


@every(3600)
def follow_stand_ins() -> None:
    """What stand-ins open is as their colleagues' students are, whatever changed those."""
    opened = Guides.objects.filter(kind=GuideKind.STAND_IN)
    for school in each_school(StandIn.objects.open(), opened):
        stand_ins.lay(school.pk)
