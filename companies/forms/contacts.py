"""The form of somebody at a company: shows what the visitor may change of that person."""

from __future__ import annotations

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.enums import ContactRole
from companies.models import Company, Contact, Trust
from companies.services.contacts import may_change_address
from companies.services.trust import COLLEAGUES
from stage.core.ui.forms import Ticks


class ContactForm(forms.ModelForm):
    """Somebody at the company; the address may not be somebody else's there.

    Company people see only the roles they may give, and nobody sees its own; the address of a
    colleague is that colleague's.
    """

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Rollen"), choices=ContactRole, widget=Ticks
    )

    class Meta:
        model = Contact
        fields = ["name", "function", "level", "email", "telephone"]
        widgets = {
            "email": forms.EmailInput({"autocomplete": "off"}),
            "telephone": forms.TextInput({"inputmode": "tel"}),
        }

    def __init__(self, *args, company: Company, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.company, self.actor = company, actor
        if self.instance.pk:
            self.fields["roles"].initial = self._roles_now()
            if not may_change_address(actor, self.instance):
                self.fields["email"].disabled = True
                self.fields["email"].help_text = _(
                    "Een ander adres vult deze persoon zelf in. Of bel de school."
                )
        if actor.is_company:
            # Where somebody stands is what staff make of it.
            del self.fields["level"]
            self._offer_own_roles()

    def _roles_now(self) -> list[str]:
        """What one's own school lets this person be, else what the pool says."""
        rows = Trust.objects.visible_to(self.actor).live().filter(contact=self.instance)
        found = {role for roles in rows.values_list("roles", flat=True) for role in roles}
        return sorted(found) or self.instance.roles

    def _offer_own_roles(self) -> None:
        if self.instance.pk in self.actor.contacts:
            del self.fields["roles"]
            return
        here = [s for s in self.actor.standings if s.company == self.company.pk]
        own = {role for standing in here for role in standing.roles}
        may = set(COLLEAGUES) if ContactRole.CONTACT in own else set()
        may |= {ContactRole.SIGNATORY} & own
        field = self.fields["roles"]
        field.choices = [c for c in ContactRole.choices if c[0] in may]  # type: ignore[attr-defined]
        field.initial = [r for r in field.initial or [] if r in may]
        field.required = not self.instance.pk

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        # Somebody may have a line at each member of a family, but no second one at the same.
        here = Q(company__in=self.company.family)
        if self.instance.pk:
            here = Q(company=self.instance.company_id)
        others = Contact.objects.filter(here, email__iexact=email).exclude(pk=self.instance.pk)
        if email and others.exists():
            raise forms.ValidationError(_("Dit adres is al van een andere contactpersoon hier."))
        return email
