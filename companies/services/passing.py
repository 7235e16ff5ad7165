"""A letter is for a colleague: its reader says to whom it goes on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from companies import policies
from companies.enums import ContactRole, InvitationState, NamedVia, Standing
from companies.models import Company, Contact, Invitation, LetterStop, PassedOn, Trust
from companies.models.pool import ContactQuerySet
from companies.services.campaigns import post_of
from companies.services.contacts import name_colleague
from companies.workflow import INVITATION
from stage.core import mail
from stage.core.dutch.calendar import school_today
from stage.core.record import audit, workflow
from stage.core.tenants.tenancy import as_school_of
from stage.core.who.actors import job_at
from stage.core.who.policies import Conflict, require


def colleagues_at(invitation: Invitation) -> ContactQuerySet:
    """Who else may be written to about this letter at once; in the school's scope.

    Whom the school knows, or whom a school, the bureau or a known colleague put in the pool: not
    who was merely named through a link, nor who wants no letters of this school.
    """
    here = {"school_id": invitation.school_id, "company_id": invitation.company_id}
    known = Trust.objects.live().filter(**here).values("contact")
    stops = LetterStop.objects.filter(
        school_id=invitation.school_id,
        company__in=Company.objects.of_family([invitation.company_id]),
    )
    rows: ContactQuerySet = Contact.objects.not_put_away(invitation.school_id)
    rows = rows.filter(~Q(named_via=NamedVia.LINK) | Q(pk__in=known))
    rows = rows.filter(company_id=invitation.company_id).exclude(email="")
    return rows.annotate(to=Lower("email")).exclude(to__in=stops.values("address"))


@transaction.atomic
def pass_on(
    invitation: Invitation, colleague: Contact | None, *, name: str = "", email: str = "", actor
) -> PassedOn:
    """Send a letter on to a colleague: one who is known by name, or a new one.

    With a link alone a new one is only named: the letter goes there when the school or a known
    colleague says yes to the address. A second time changes nothing. Raises Conflict when there is
    nothing to answer any more, or when that person cannot be written to.
    """
    require(policies.may_pass_on, actor, invitation)
    _check_open(invitation)
    if colleague is None:
        colleague = name_colleague(
            invitation=invitation, name=name, email=email, role=ContactRole.CONTACT, actor=actor
        )
    with as_school_of(invitation):
        fresh = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        _check_open(fresh)
        _check_colleague(fresh, colleague, actor)
        by_id = actor.contact_at(fresh) or actor.id
        row = _passed_on(fresh, colleague, by_id=by_id, actor=actor)
        if row.mailed_at is None and colleagues_at(fresh).filter(pk=colleague.pk).exists():
            _mail_on(fresh, row, actor=actor)
    return row


def _passed_on(invitation: Invitation, to: Contact, *, by_id: int, actor) -> PassedOn:
    row, made = PassedOn.objects.get_or_create(
        invitation=invitation,
        to=to,
        defaults={
            "school_id": invitation.school_id,
            "region_id": invitation.region_id,
            "company_id": invitation.company_id,
            "by_id": by_id,
        },
    )
    if made:
        audit.record(actor, "letter_passed_on", row)
    return row


def why_not(invitation: Invitation) -> str:
    """Why nobody has to answer this letter any more; empty while somebody does."""
    if not Invitation.objects.unanswered().filter(pk=invitation.pk).exists():
        return _("Er is al geantwoord op deze vraag. Doorgeven hoeft niet meer.")
    if invitation.period.ends < school_today():
        return _("Deze stageperiode is voorbij.")
    company = Company.objects.get(pk=invitation.company_id)
    held = invitation.campaign_id is None or invitation.state == InvitationState.HELD
    return _("Deze vraag loopt niet meer.") if held or company.standing != Standing.OPEN else ""


def _check_open(invitation: Invitation) -> None:
    if why := why_not(invitation):
        raise Conflict(why)


def _check_colleague(invitation: Invitation, colleague: Contact, actor) -> None:
    """Raises Conflict for whom this letter cannot go to."""
    if colleague.company_id != invitation.company_id:
        raise Conflict(_("%(name)s hoort niet bij dit bedrijf.") % {"name": colleague.name})
    own = {actor.email.lower(), colleague.email.lower()}
    if len(own) == 1:
        raise Conflict(_("Dat bent u zelf. Vul het adres van uw collega in."))
    stops = LetterStop.objects.filter(
        school_id=invitation.school_id,
        company__in=Company.objects.of_family([invitation.company_id]),
        address=colleague.email.lower(),
    )
    if stops.exists():
        words = _("%(name)s wil geen brieven van deze school. Kies iemand anders.")
        raise Conflict(words % {"name": colleague.name})


def _mail_on(invitation: Invitation, row: PassedOn, *, actor) -> None:
    """The letter goes to the colleague, whose it is from now on; in the school's scope."""
    mail.withdraw(f"invitation:{invitation.pk}:{invitation.resent}")
    workflow.apply(
        invitation,
        INVITATION["pass_on"],
        actor=actor,
        contact_id=row.to_id,
        resent=invitation.resent + 1,
    )
    PassedOn.objects.filter(pk=row.pk).update(mailed_at=timezone.now())
    row.refresh_from_db(fields=["mailed_at"])
    mail.queue_many([post_of(invitation)])


def hand_question(invitation: Invitation, contact: Contact, heir: Contact, *, actor) -> None:
    """A letter of somebody who left is the successor's; in the school's scope.

    An open one is mailed there, at once or when the school knows the address; of what was answered
    the successor is whom later mails go to.
    """
    may_be_mailed = colleagues_at(invitation).filter(pk=heir.pk).exists()
    if why_not(invitation):
        if may_be_mailed:
            Invitation.objects.filter(pk=invitation.pk).update(contact=heir)
        return
    row = _passed_on(invitation, heir, by_id=contact.pk, actor=actor)
    if row.mailed_at is None and may_be_mailed:
        _mail_on(invitation, row, actor=job_at(invitation.school))


def mail_passed_on(contacts: Iterable[int], school_id: int) -> int:
    """Letters that waited until the school knew an address: they go out; returns how many.

    In the school's scope. What was answered meanwhile stays where it is.
    """
    waiting = PassedOn.objects.filter(
        school_id=school_id, to__in=list(contacts), mailed_at__isnull=True
    )
    done = 0
    for row in waiting.select_related("school").order_by("pk"):
        rows = Invitation.objects.select_for_update(of=("self",))
        invitation = rows.get(pk=row.invitation_id)
        try:
            _check_open(invitation)
        except Conflict:
            continue
        _mail_on(invitation, row, actor=job_at(row.school))
        done += 1
    return done


def passed_on_of(invitation: Invitation) -> list[PassedOn]:
    """To whom this letter was sent on, the newest first; in the school's scope."""
    rows = PassedOn.objects.filter(invitation=invitation, company_id=invitation.company_id)
    return list(rows.select_related("to", "by"))
