"""The second factor at log-in: allauth's page, for who has an app and recovery codes only."""

from __future__ import annotations

from allauth.mfa.base.views import AuthenticateView


class CodeView(AuthenticateView):
    """Asks for the six digits; a POST without them is a form that was left empty.

    Allauth takes such a POST for a passkey, which this product does not have, and is left with no
    form at all.
    """

    def _build_forms(self):
        data = self.request.POST if self.request.method == "POST" else None
        self.auth_form = self.get_form_class()(user=self.stage.login.user, data=data)
        self.webauthn_form = None
        return self.auth_form


authenticate = CodeView.as_view()
