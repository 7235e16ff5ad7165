"""News of the core for the apps above it; receivers stand in `<app>/receivers.py`."""

from django.dispatch import Signal

# A member of staff hands everything over to a colleague. Sent inside the transaction, in the
# school's scope; sender=Membership, kwargs: membership, to (both Membership), actor. Receivers move
# what they hold of `membership` and answer how many rows that was.
staff_handed_over = Signal()

# What does somebody hold that a colleague must take over before that person goes? Asked in the
# scope of the school or region; sender=Membership, kwargs: membership. Receivers answer how many
# things that is, and stay as they are.
staff_holding = Signal()

# Somebody typed the code mailed to an address. Sent without a scope, inside the transaction;
# sender=Device, kwargs: person (mail.Person).
mailbox_proven = Signal()

# A mail server says that an address does not exist. In the system's scope; sender=OutboxMail,
# kwargs: kind (of person), address.
mailbox_missing = Signal()

# The worker is done with mails: sent, refused, uncertain or cancelled. Told once that is kept, for
# those of the same moments together, in a transaction of its own in the system's scope, so that no
# receiver can hold up a mail; one that fails is logged, and a worker that dies in between tells
# nothing: receivers need a net. sender=OutboxMail, kwargs: mails.
mail_state_changed = Signal()
