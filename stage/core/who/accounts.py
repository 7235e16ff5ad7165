"""Log-ins: how allauth behaves here, how a session starts and ends, a student's own password."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_reset
from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stage.core.enums import Role
from stage.core.models import Membership, User
from stage.core.record import audit
from stage.core.tenants.tenancy import NOBODY, use
from stage.core.who.allauth_seams import record_authentication
from stage.core.who.identities import SESSION_KEY, membership_numbered, memberships_of
from stage.core.who.limits import Limit, Try, give_back_all, source_of, take_all

STUDENT_SESSION = timedelta(days=180)
FRESH_CARD_KEY = "fresh_card"  # a card was just used: a new password needs no old one
WELCOME_KEY = "welcome"
WELCOME_SECONDS = 15 * 60
WRONG_HERE = Limit("password-here", amount=5, seconds=300)
WRONG_ANYWHERE = Limit("password-anywhere", amount=100, seconds=3600)
WRONG_OF_SOURCE = Limit("password-source", amount=20, seconds=60)
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{3,29}")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation and by login card only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Er is te vaak een verkeerd wachtwoord ingevuld. Wacht vijf minuten, of kies een nieuw"
            " wachtwoord met een mail van ons."
        )
    }
    _tries: tuple[Try, ...] = ()

    def is_open_for_signup(self, request) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The page where a new password is chosen, at our own address.

        Never at that of the request: its Host header is the visitor's, the mail somebody else's.
        """
        path = reverse("account_reset_password_from_key", args=["UID", "KEY"])
        return settings.SITE_URL + path.replace("UID-KEY", quote(key))

    def pre_authenticate(self, request, **credentials) -> None:
        """Count a try at the password; raises ValidationError where there were too many.

        Per address *and* source, so that nobody keeps somebody else out by guessing wrong; the
        ceiling over all sources stops who guesses from many, and a reset by mail lifts it.
        """
        who, source = _name_in(credentials), source_of(request)
        tries = ((WRONG_HERE, who, source), (WRONG_ANYWHERE, who), (WRONG_OF_SOURCE, source))
        if not take_all(*tries):
            raise self.validation_error("too_many_login_attempts")
        self._tries = tries

    def authenticate(self, request, **credentials):
        """Whose password it is, if anybody's; a right one was no try at guessing."""
        user = super().authenticate(request, **credentials)
        if user is not None:
            give_back_all(*self._tries)
        return user

    def send_mail(self, template_prefix, email, context):
        """Send after the commit: a mail about something that was rolled back helps nobody.

        Robust: a mail server that is away must not tell known addresses from unknown ones.
        """
        message = self.render_mail(template_prefix, email, context)
        transaction.on_commit(message.send, robust=True)


def _name_in(credentials: dict) -> str:
    return credentials.get("email") or credentials.get("username") or ""


@receiver(password_reset)
def let_in_again(sender, user, **_kwargs) -> None:
    """Who chose a new password by mail is no longer kept out by wrong tries at the old one."""
    for limit in (WRONG_HERE, WRONG_ANYWHERE):
        limit.clear(user.email or "")


def log_in(request, membership: Membership, *, method: str, just_proved: bool = False) -> None:
    """Start a session as this membership, under a new session key.

    `just_proved`: no need to ask the password again before setting up a second factor.
    Sessions belong to the log-in role, so this leaves the visitor's earlier scope.
    """
    with use(NOBODY), transaction.atomic():
        from allauth.usersessions.models import UserSession

        login(request, membership.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        request.session[SESSION_KEY] = membership.pk
        if membership.role == Role.STUDENT:
            request.session.set_expiry(STUDENT_SESSION)
        record_authentication(
            request, membership.user, method=method, reauthenticated=just_proved or None
        )
        UserSession.objects.create_from_request(request)


def log_out(request) -> None:
    """End the session."""
    with use(NOBODY):
        logout(request)


# --- students ---------------------------------------------------------------------------------


def student_with_password(username: str, password: str) -> Membership | None:
    """The student's log-in of a right username and password.

    Students only: staff log in with their second factor. Takes as long for an unknown name.
    """
    with use(NOBODY):
        user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
        if user is None:
            make_password(password)
            return None
        if not user.check_password(password):
            return None
    roles = memberships_of(user.pk)
    if not roles or any(m.role != Role.STUDENT for m in roles):
        return None
    return roles[0]


def is_password(actor, password: str) -> bool:
    """Whether this is the actor's own password now."""
    with use(NOBODY):
        return User.objects.get(pk=actor.id).check_password(password)


def choose_password(request, *, username: str, password: str, actor) -> None:
    """A student's own username and password; other sessions end, this one goes on.

    Raises ValidationError for a name that is taken or cannot be typed.
    """
    from allauth.usersessions.models import UserSession

    name = username.strip().lower()
    if not USERNAME.fullmatch(name):
        raise ValidationError(_("Gebruik 4 tot 30 kleine letters, cijfers, punten of streepjes."))
    taken = _("Deze gebruikersnaam is al van iemand anders. Kies een andere.")
    with use(NOBODY):
        user = User.objects.get(pk=actor.id)
        user.username = name
        user.set_password(password)
        try:
            with transaction.atomic():
                user.save(update_fields=["username", "password"])
        except IntegrityError:
            raise ValidationError(taken) from None
        update_session_auth_hash(request, user)
        request.session.pop(FRESH_CARD_KEY, None)
        UserSession.objects.create_from_request(request)
    audit.record(actor, "password_chosen")


# --- staff who were invited -------------------------------------------------------------------


def welcome(request, membership_id: int) -> None:
    """Note in the session that this browser proved the mailbox of an invited member of staff."""
    with use(NOBODY):
        request.session.cycle_key()
        request.session[WELCOME_KEY] = [membership_id, time.time() + WELCOME_SECONDS]


def welcomed(request) -> Membership | None:
    """The membership whose mailbox this browser proved less than fifteen minutes ago."""
    pk, until = request.session.get(WELCOME_KEY, (None, 0))
    if pk is None or until < time.time():
        return None
    row = membership_numbered(pk)
    return row if row is not None and row.role != Role.STUDENT else None


@transaction.atomic
def set_first_password(request, membership: Membership, password: str) -> bool:
    """The first password of somebody who was invited, and log in; False when there is one already.

    An account that has a password is never changed by an invitation: that would be a way around
    its second factor.
    """
    with use(NOBODY):
        user = User.objects.select_for_update().get(pk=membership.user_id)
        if user.has_usable_password():
            return False
        user.set_password(password)
        user.save(update_fields=["password"])
    membership.user = user
    request.session.pop(WELCOME_KEY, None)
    log_in(request, membership, method="password", just_proved=True)
    with use(NOBODY):
        audit.record(None, "account_opened", membership)
    return True
