"""News for higher apps and the other halves of this one, sent inside the transaction."""

from django.dispatch import Signal

# A student got a placement. kwargs: placement, actor. Later changes: `workflow.transitioned`.
placement_made = Signal()
