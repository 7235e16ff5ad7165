"""What the core tells: a mailbox was proven, or does not exist; what became of a mail."""

from __future__ import annotations

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.enums import FileKind, TrustEnd
from companies.models import Invitation, Trust
from companies.services.campaigns import EVENTS
from companies.services.contacts import finish_move
from companies.services.deliveries import note_mails
from companies.services.passing import mail_passed_on
from companies.services.relations import held_by, move_all
from companies.services.trust import end_rows
from companies.signals import trusted
from stage.core.enums import PersonKind
from stage.core.files import kinds
from stage.core.models import School
from stage.core.signals import (
    mail_state_changed,
    mailbox_missing,
    mailbox_proven,
    staff_handed_over,
    staff_holding,
)
from stage.core.tenants.statements import ask
from stage.core.tenants.tenancy import as_school_of, school_scope, scope_at, use
from stage.core.who.actors import job, job_at
from stage.core.who.policies import ALLOWED, Answer, Denied


@kinds.register(FileKind.ATTACHMENT, takes=("image", "pdf"))
def see_attachment(actor, file) -> Answer:
    """Staff of the school; companies get it in their mail."""
    if actor.is_staff and actor.school_id == file.school_id:
        return ALLOWED
    return Denied(_("Dit kan alleen een medewerker van de school."))


@kinds.register(FileKind.PICTURE, takes=("image",), of_pool=True)
def see_picture(actor, file) -> Answer:
    """Whoever sees the company: it shows itself to the region."""
    return ALLOWED


@receiver(mailbox_proven)
def note_proof(sender, *, person, **kwargs) -> None:
    """Somebody typed a code mailed to this address: the year begins anew, and a move is done."""
    if person.kind == PersonKind.CONTACT:
        finish_move(person.id, person.email)
        for school_id in sorted({t["school_id"] for t in ask("trusts_at", person.email)}):
            with use(scope_at(school_id, 0)):
                known = Trust.objects.live().at_address(person.email)
                known.update(proven_at=timezone.now())


@receiver(mailbox_missing)
def stop_trusting(sender, *, kind, address, **kwargs) -> None:
    """An address that does not exist may be somebody else's tomorrow."""
    if kind == PersonKind.CONTACT:
        rows = Trust.objects.live().at_address(address)
        end_rows(rows, TrustEnd.BOUNCED, actor=job("mailbox_missing"))


@receiver(staff_holding)
def count_companies(sender, *, membership, **kwargs) -> int:
    """Companies of which somebody keeps the contact, and what is still to be done there."""
    return sum(rows.count() for rows in held_by(membership))


@receiver(staff_handed_over)
def hand_over_companies(sender, *, membership, to, actor, **kwargs) -> int:
    """Who takes over a leaving colleague's work takes the companies too."""
    return move_all(membership, to, actor=actor)


@receiver(trusted)
def send_on_what_waited(sender, *, trusts, **kwargs) -> None:
    """Letters that somebody passed on to an address that only now is known: they go there."""
    with as_school_of(trusts[0]):
        mail_passed_on([t.contact_id for t in trusts], trusts[0].school_id)


@receiver(mail_state_changed)
def take_over_mails(sender, *, mails, **kwargs) -> None:
    """Letters or reminders left, were refused or are not needed: their invitations move on."""
    label = Invitation._meta.label_lower
    about: dict[int, list[int]] = {}
    for mail in mails:
        if mail.about_type == label and mail.event in EVENTS:
            about.setdefault(mail.school_id, []).append(mail.about_id)
    for school in School.objects.filter(pk__in=about).order_by("pk"):
        with use(school_scope(school)):
            note_mails(about[school.pk], actor=job_at(school))
