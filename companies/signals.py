"""News for higher apps, sent inside the transaction."""

from django.dispatch import Signal

# A company took its offer back. kwargs: place, actor.
place_withdrawn = Signal()

# A school trusts an address now, or in more roles. kwargs: trust, actor. Possibly sent as company.
trusted = Signal()
