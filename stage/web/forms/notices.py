"""How somebody wants to hear by mail."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from stage.core.enums import NoticeKind, PersonKind
from stage.core.mail import choosing
from stage.core.mail.pace import Rhythm
from stage.core.ui.forms import Radios, TimeInput

# What a kind of mail says, to who is asked how to get it.
HINTS = {
    PersonKind.MEMBERSHIP: {
        NoticeKind.COMPANY: _(
            "Wat je je voornam bij bedrijven, op de dag zelf. Wat er kwam van een bedrijf dat je"
            " noemde."
        ),
        NoticeKind.APPLICATION: _("Een bedrijf vraagt de school iets over een sollicitatie."),
        NoticeKind.PLACEMENT: _(
            "Een stage verandert, of iemand vraagt daarom. Geldt het al voor de volgende dagelijkse"
            " mail, dan komt het meteen."
        ),
        NoticeKind.AGREEMENT: _(
            "Iedereen heeft getekend, iemand tekent niet, of er klopt iets niet."
        ),
        NoticeKind.GUIDANCE: _("Je vervangt een collega, of dat is klaar."),
    },
    PersonKind.STUDENT: {
        NoticeKind.ATTENDANCE: _("Het bedrijf zegt dat een dag anders was."),
        NoticeKind.COMPANY: _("De school keek naar een bedrijf dat je noemde."),
        NoticeKind.APPLICATION: _("Een bedrijf antwoordt of vraagt iets."),
        NoticeKind.PLACEMENT: _("Je hebt een stage, of er verandert iets."),
        NoticeKind.AGREEMENT: _("Iedereen heeft getekend."),
        NoticeKind.ASSESSMENT: _("Je beoordeling staat klaar."),
        NoticeKind.GUIDANCE: _("Iemand anders begeleidt je een tijdje."),
    },
}


# What a kind holds that need not come, to who comes by a mailed link.
REFUSABLE = {
    PersonKind.CONTACT: {
        NoticeKind.APPLICATION: _("Een sollicitatie die vervalt of even wacht."),
        NoticeKind.AGREEMENT: _("Iedereen heeft getekend. U vindt de overeenkomst op uw pagina."),
        NoticeKind.GUIDANCE: _("Een ander begeleidt de leerling een tijdje."),
    },
    PersonKind.GUARDIAN: {
        NoticeKind.ATTENDANCE: _("Uw kind is ziek, later of weer beter."),
        NoticeKind.AGREEMENT: _("Iedereen heeft getekend. U vindt de overeenkomst op uw pagina."),
    },
}


class RefusalsForm(forms.Form):
    """Which kinds of mail come, to who comes by a mailed link."""

    def __init__(self, *args, actor, **kwargs):
        super().__init__(*args, **kwargs)
        off = choosing.kinds_off(actor)
        for kind, words in REFUSABLE[choosing.kind_of(actor)].items():
            self.fields[kind.value] = forms.BooleanField(
                label=words, required=False, initial=kind not in off
            )

    @property
    def kinds(self) -> list:
        return list(self)

    def keep(self, *, actor) -> None:
        """Save what was chosen: what is not ticked is not mailed."""
        choosing.refuse(
            {kind for kind, wanted in self.cleaned_data.items() if not wanted}, actor=actor
        )


class NoticesForm(forms.Form):
    """A pace for each kind of mail, the time of the daily one, and the quiet hours."""

    digest_at = forms.TimeField(label=_("Hoe laat komt de dagelijkse mail?"), widget=TimeInput())
    quiet_from = forms.TimeField(label=_("Stil vanaf"), required=False, widget=TimeInput())
    quiet_until = forms.TimeField(label=_("Stil tot"), required=False, widget=TimeInput())

    def __init__(self, *args, actor, **kwargs):
        self.paces = choosing.paces_of(actor)
        rhythm = choosing.rhythm_of(actor)
        hints = HINTS[choosing.kind_of(actor)]
        initial = {
            "digest_at": rhythm.digest_at,
            "quiet_from": rhythm.quiet_from,
            "quiet_until": rhythm.quiet_until,
        }
        super().__init__(*args, initial=initial, **kwargs)
        for kind, pace in self.paces.items():
            self.fields[kind.value] = forms.ChoiceField(
                label=kind.label,
                help_text=hints.get(kind, ""),
                choices=[(offered.value, offered.label) for offered in choosing.OFFERED],
                initial=pace.value,
                widget=Radios(),
            )
        if choosing.kind_of(actor) == PersonKind.MEMBERSHIP:
            self.fields["digest_at"].help_text = _("Van maandag tot en met vrijdag.")
        else:
            self.fields["digest_at"].help_text = _("Elke dag, als er iets is.")

    @property
    def kinds(self) -> list:
        """The fields of the kinds of mail."""
        return [self[kind.value] for kind in self.paces]

    def clean(self) -> dict:
        super().clean()
        data = self.cleaned_data
        if {"digest_at", "quiet_from", "quiet_until"} <= set(data):
            self._clean_times(data)
        return data

    def _clean_times(self, data: dict) -> None:
        begin, end = data["quiet_from"], data["quiet_until"]
        if (begin is None) != (end is None):
            empty = "quiet_from" if begin is None else "quiet_until"
            self.add_error(empty, _("Vul beide tijden in, of laat ze allebei leeg."))
        elif begin is not None and begin == end:
            self.add_error("quiet_until", _("Kies een andere tijd dan de tijd waarop het begint."))
        elif Rhythm(quiet_from=begin, quiet_until=end).is_quiet(data["digest_at"]):
            self.add_error("digest_at", _("Dan zijn het stille uren. Kies een tijd daarbuiten."))

    def keep(self, *, actor) -> None:
        """Save what was chosen."""
        data = self.cleaned_data
        choosing.choose(
            {kind.value: data[kind.value] for kind in self.paces},
            digest_at=data["digest_at"],
            quiet_from=data["quiet_from"],
            quiet_until=data["quiet_until"],
            actor=actor,
        )
