"""News of the core for the apps above it; receivers stand in `<app>/receivers.py`."""

from django.dispatch import Signal

# A member of staff hands all students over to a colleague. Sent inside the transaction, in the
# school's scope; sender=Membership, kwargs: membership, to (both Membership), actor. Receivers move
# what they hold of `membership` and answer how many rows that was.
staff_handed_over = Signal()

# Somebody typed the code mailed to an address. Sent without a scope, inside the transaction;
# sender=Device, kwargs: person (mail.Person).
mailbox_proven = Signal()

# A mail server says that an address does not exist. In the system's scope; sender=OutboxMail,
# kwargs: kind (of person), address.
mailbox_missing = Signal()
