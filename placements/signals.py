"""News for higher apps and the other halves of this one, sent inside the transaction."""

from django.dispatch import Signal

# A student got a placement. kwargs: placement, actor. Other states: `workflow.transitioned`.
placement_made = Signal()

# A change was done. kwargs: change, plan, actor. And taken back before anybody was told: change,
# actor.
placement_changed = Signal()
change_undone = Signal()
