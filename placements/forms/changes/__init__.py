"""What changes in a placement: one form per kind, for who decides and for who asks."""

from placements.enums import ChangeKind
from placements.forms.changes.base import ChangeForm
from placements.forms.changes.days import DatesForm, PauseForm, ScheduleForm
from placements.forms.changes.endings import MoveForm, OffForm, RefuseChangeForm, StopForm
from placements.forms.changes.people import SupervisorForm, TeacherForm

__all__ = ["FORMS", "ChangeForm", "RefuseChangeForm"]

FORMS: dict[ChangeKind, type[ChangeForm]] = {
    form.kind: form
    for form in (
        ScheduleForm,
        DatesForm,
        PauseForm,
        SupervisorForm,
        TeacherForm,
        MoveForm,
        OffForm,
        StopForm,
    )
}
