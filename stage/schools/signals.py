"""News of a school for the apps above it; receivers stand in `<app>/receivers.py`."""

from django.dispatch import Signal

# A school was made. Sent inside the transaction, in the system's scope; sender=School, kwargs:
# school. Every app makes its row of settings of the school.
school_made = Signal()

# A period becomes a snuffelstage, or is one no longer. Sent before it is stored; sender=Period,
# kwargs: period, as it was. Who cannot have that raises Conflict.
period_kind_changing = Signal()
