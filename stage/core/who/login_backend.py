"""How a session becomes a user: with the roles that every page asks for next, in one query."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from stage.core.models import User
from stage.core.who.identities import memberships_of


class LoginBackend(AuthenticationBackend):
    """allauth's, which asks for one user at a time."""

    def get_user(self, user_id) -> User | None:
        """The user of a session, None when they may not come in (any more)."""
        memberships = memberships_of(user_id)
        if not memberships:
            return super().get_user(user_id)
        user = memberships[0].user
        user.memberships_now = memberships
        return user if self.user_can_authenticate(user) else None
