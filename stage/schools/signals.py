"""News of a school for the apps above it; receivers stand in `<app>/receivers.py`."""

from django.dispatch import Signal

# A school was made. Sent inside the transaction, in the system's scope; sender=School, kwargs:
# school. Every app makes its row of settings of the school.
school_made = Signal()

# Parents or carers became known, one or a list. In the school's scope; sender=Guardian, kwargs:
# added (guardians), actor.
guardians_added = Signal()

# The school looked at a guardian: its address is right (`how` is "confirmed"), is another one
# ("changed"), or the guardian is going ("removed", sent before the row is). In the school's scope;
# sender=Guardian, kwargs: ids, how, actor.
guardian_settled = Signal()

# A guardian is no longer there. In the school's scope; sender=Guardian, kwargs: guardian, actor.
guardian_removed = Signal()

# A period becomes a snuffelstage, or is one no longer. Sent before it is stored; sender=Period,
# kwargs: period, as it was. Who cannot have that raises Conflict.
period_kind_changing = Signal()

# A student leaves school, today or on a day to come (`on`: the first day away). Sent inside the
# transaction, in the school's scope, with mails held; sender=Student, kwargs: student, on, reason
# and words (both may be empty), at (the moment, the same for all that is done), actor.
student_left = Signal()

# The same was pressed by mistake: what was done at that moment is put back, nobody was told. A
# Conflict of a receiver refuses it. sender=Student, kwargs: student, at, actor.
leaving_undone = Signal()

# A colleague stands in for another, does so until another day, or in the place of who did. Sent
# inside the transaction, in the school's scope, with mails held where it can be undone;
# sender=StandIn, kwargs: stand_in.
stand_in_began = Signal()

# It ended early, and somebody was told that it began. Sent likewise; the same kwargs.
stand_in_ended = Signal()
