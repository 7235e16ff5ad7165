"""News for higher apps, sent inside the transaction."""

from django.dispatch import Signal

# A company took its offer back. kwargs: place, actor.
place_withdrawn = Signal()

# Somebody left a company and a colleague takes over, at one school; sent in that school's scope.
# kwargs: contact, to, school_id, ended (the rows of trust that ended), actor.
handed_over = Signal()

# A school trusts addresses now, or in other roles. kwargs: trusts (all of one school), actor. A
# company person may have said so: receivers go on in the school of the rows.
trusted = Signal()
