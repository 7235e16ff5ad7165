"""News for higher apps, sent inside the transaction."""

from django.dispatch import Signal

# A company took its offer back. kwargs: place, actor.
place_withdrawn = Signal()
