"""News of a school for the apps above it; receivers stand in `<app>/receivers.py`."""

from django.dispatch import Signal

# A school was made. Sent inside the transaction, in the system's scope; sender=School, kwargs:
# school. Every app makes its row of settings of the school.
school_made = Signal()

# A student leaves school, today or on a day to come (`on`: the first day away). Sent inside the
# transaction, in the school's scope, with mails held; sender=Student, kwargs: student, on, reason
# and words (both may be empty), at (the moment, the same for all that is done), actor.
student_left = Signal()

# The same was pressed by mistake: what was done at that moment is put back, nobody was told. A
# Conflict of a receiver refuses it. sender=Student, kwargs: student, at, actor.
leaving_undone = Signal()
