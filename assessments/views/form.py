"""The school's assessment form, kept by the coordinator."""

from __future__ import annotations

from django import forms
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Criterion
from assessments.services import form as services
from stage.core.enums import Audience
from stage.core.models import School
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict


class CriteriaForm(forms.Form):
    """Name and explanation per line; a new line and ticks to remove while nobody used the form."""

    def __init__(self, *args, lines: list[Criterion], in_use: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines, self.in_use = lines, in_use
        for line in lines:
            self._add(f"name_{line.pk}", gettext_lazy("Naam"), 120, line.name, required=True)
            label = gettext_lazy("Uitleg")
            self._add(f"explanation_{line.pk}", label, 200, line.explanation)
            if not in_use:
                remove = forms.BooleanField(label=gettext_lazy("Haal weg"), required=False)
                self.fields[f"remove_{line.pk}"] = remove
        if not in_use:
            self._add("new_name", gettext_lazy("Naam"), 120)
            self._add("new_explanation", gettext_lazy("Uitleg"), 200)
            self.fields["new_is_open"] = forms.BooleanField(
                label=gettext_lazy("Dit is een open vraag"), required=False
            )

    def _add(self, name: str, label, length: int, initial: str = "", required: bool = False):
        self.fields[name] = forms.CharField(
            label=label, max_length=length, initial=initial, required=required
        )

    @property
    def blocks(self) -> list[tuple]:
        """(line, its bound fields) for the page."""
        names = ("name", "explanation") if self.in_use else ("name", "explanation", "remove")
        return [(c, [self[f"{n}_{c.pk}"] for n in names]) for c in self.lines]

    @property
    def new_fields(self) -> list:
        names = () if self.in_use else ("new_name", "new_explanation", "new_is_open")
        return [self[n] for n in names]

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        left = [c for c in self.lines if not c.is_open and not cleaned.get(f"remove_{c.pk}")]
        adds = cleaned.get("new_name") and not cleaned.get("new_is_open")
        if not left and not adds:
            raise forms.ValidationError(_("Houd minstens één punt over om te beoordelen."))
        return cleaned

    def changes(self) -> dict:
        """What `services.change_form` takes."""
        data = self.cleaned_data
        new = None
        if data.get("new_name"):
            new = services.NewLine(data["new_name"], data["new_explanation"], data["new_is_open"])
        return {
            "words": {
                c.pk: (data[f"name_{c.pk}"], data[f"explanation_{c.pk}"]) for c in self.lines
            },
            "remove": [c.pk for c in self.lines if data.get(f"remove_{c.pk}")],
            "add": new,
        }


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def form_edit(request):
    """Names and explanations of the criteria; lines come and go while nobody used the form."""
    row = services.ensure_default_form(School.objects.get(pk=request.actor.school_id))
    lines = list(Criterion.objects.visible_to(request.actor).filter(form=row))
    in_use = services.is_in_use(row)
    form = CriteriaForm(request.POST or None, lines=lines, in_use=in_use)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_form(row, **form.changes(), actor=request.actor)
            notice(request, _("Het formulier is gewijzigd."))
        except Conflict as error:
            notice(request, str(error), tone="attention")
        return redirect("assessments:form_edit")
    context = {"form": form, "in_use": in_use}
    return form_page(request, "assessments/form_edit.html", context)
