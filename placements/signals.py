"""News for higher apps and the other halves of this one, sent inside the transaction."""

from django.dispatch import Signal

# A student got a placement. kwargs: placement, actor. Later changes: `workflow.transitioned`.
placement_made = Signal()

# A match is about to be undone; the placement's row is held. kwargs: placement, actor. Who knows of
# something that stands in the way raises Conflict, with a sentence for the coordinator.
placement_undoing = Signal()
