"""How forms look and the controls they are made of."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _


class StageBoundField(forms.BoundField):
    """Renders a lone tick box with its label beside it instead of above."""

    @property
    def template_name(self) -> str:
        if isinstance(self.field.widget, forms.CheckboxInput):
            return "ui/forms/checkbox_field.html"
        return self.field.template_name or self.form.renderer.field_template_name  # type: ignore[attr-defined]


class StageFormRenderer(TemplatesSetting):
    """Renders every form of the site; named by settings.FORM_RENDERER."""

    form_template_name = "ui/forms/form.html"
    field_template_name = "ui/forms/field.html"
    bound_field_class = StageBoundField


class DateInput(forms.DateInput):
    """The browser's own date picker; reads and writes ISO dates."""

    input_type = "date"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own time picker, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class Stepper(forms.NumberInput):
    """A number with big minus and plus buttons beside it, where scripts run (`stepper.js`)."""

    template_name = "ui/forms/stepper.html"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"inputmode": "numeric", "step": "1", **(attrs or {})})


class _Choices:
    """What radio and tick-box lists share: our templates, a class, a hint per answer."""

    template_name = "ui/forms/choices.html"
    option_template_name = "ui/forms/choice.html"
    css = ""

    def __init__(
        self, attrs: dict | None = None, choices: Iterable = (), hints: Mapping | None = None
    ) -> None:
        attrs = {**(attrs or {})}
        attrs["class"] = f"{self.css} {attrs.get('class', '')}".strip()
        super().__init__(attrs, choices)  # type: ignore[call-arg]
        self.hints = hints or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict:
        option = super().create_option(name, value, *args, **kwargs)  # type: ignore[misc]
        option["attrs"].pop("class", None)
        option["hint"] = self.hints.get(str(value), self.hints.get(value, ""))
        return option


class Radios(_Choices, forms.RadioSelect):
    """A plain list of answers, one to choose."""


class ChoiceCards(_Choices, forms.RadioSelect):
    """Big answers, one to choose; `hints` gives a second line per value."""

    css = "cards"


class Ticks(_Choices, forms.CheckboxSelectMultiple):
    """A plain list of answers, more to choose."""


class TickCards(_Choices, forms.CheckboxSelectMultiple):
    """Big answers, more to choose."""

    css = "cards"


class RatingInput(_Choices, forms.RadioSelect):
    """A four-point scale in one row."""

    css = "scale"


class WeekdayInput(_Choices, forms.CheckboxSelectMultiple):
    """Weekdays as tick boxes; values are those of the choices, usually 1 (Monday) to 5."""

    css = "pills"


WEEKDAYS = [
    (1, _("maandag")),
    (2, _("dinsdag")),
    (3, _("woensdag")),
    (4, _("donderdag")),
    (5, _("vrijdag")),
    (6, _("zaterdag")),
    (7, _("zondag")),
]
SCALE = [(1, _("nog niet")), (2, _("beginnend")), (3, _("goed")), (4, _("heel goed"))]


class WeekdaysField(forms.TypedMultipleChoiceField):
    """ISO weekdays, 1 (Monday) to 5, or to 7 with `weekend=True`. Cleans to a list of int."""

    widget = WeekdayInput

    def __init__(self, *, weekend: bool = False, **kwargs: Any) -> None:
        choices = WEEKDAYS if weekend else WEEKDAYS[:5]
        super().__init__(choices=choices, coerce=int, **kwargs)


class RatingField(forms.TypedChoiceField):
    """A judgement from 1 to 4. Cleans to int, or None when left empty."""

    widget = RatingInput

    def __init__(self, *, scale: Iterable = SCALE, **kwargs: Any) -> None:
        super().__init__(choices=list(scale), coerce=int, empty_value=None, **kwargs)


class PhotoInput(forms.ClearableFileInput):
    """One picture, made smaller in the browser before it is sent. Camera or gallery."""

    template_name = "ui/forms/photo.html"
    clear_checkbox_label = _("Foto weghalen")  # type: ignore[assignment]  # lazy, as Django's own

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__({"accept": "image/*", "data-photo": True, **(attrs or {})})


class CodeInput(forms.TextInput):
    """A mailed or printed code of digits; the phone offers it from the message."""

    def __init__(self, attrs: dict | None = None, length: int = 8) -> None:
        defaults = {
            "class": "code-input",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            # Room for spaces and dashes that people type along.
            "maxlength": length + 4,
            "spellcheck": "false",
        }
        super().__init__({**defaults, **(attrs or {})})

    def value_from_datadict(self, data: Mapping, files: MultiValueDict, name: str) -> str | None:
        value = super().value_from_datadict(data, files, name)
        return value if value is None else "".join(value.replace("-", "").split())


class DayPollInput(forms.Widget):
    """A date poll: one row per day with yes and no. Its value is {date: "yes" | "no"}."""

    template_name = "ui/forms/poll.html"
    use_fieldset = True
    days: list[date] = []
    answers = (("yes", _("Kan")), ("no", _("Kan niet")))

    def _name(self, name: str, day: date) -> str:
        return f"{name}_{day.isoformat()}"

    def value_from_datadict(self, data: Mapping, files: Mapping, name: str) -> dict:
        given = {day: data.get(self._name(name, day)) for day in self.days}
        return {day: answer for day, answer in given.items() if answer}

    def value_omitted_from_data(self, data: Mapping, files: Mapping, name: str) -> bool:
        return not self.value_from_datadict(data, files, name)

    def id_for_label(self, id_: str, index: str = "0") -> str:
        first = self.days[0].isoformat() if self.days else ""
        return f"{id_}_{first}_yes"

    def format_value(self, value: Any) -> Any:
        return value or {}

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        chosen = value or {}
        base = context["widget"]["attrs"].get("id", f"id_{name}")
        weeks = groupby(self.days, key=lambda day: day.isocalendar()[:2])
        context["widget"]["weeks"] = [
            {"number": week, "days": [self._row(name, base, day, chosen) for day in days]}
            for (_year, week), days in weeks
        ]
        return context

    def _row(self, name: str, base: str, day: date, chosen: Mapping) -> dict:
        row_id = f"{base}_{day.isoformat()}"
        options = [
            {
                "id": f"{row_id}_{answer}",
                "value": answer,
                "label": label,
                "checked": chosen.get(day) == answer,
            }
            for answer, label in self.answers
        ]
        return {"id": row_id, "name": self._name(name, day), "date": day, "options": options}


class DayPollField(forms.Field):
    """A date poll over `days`. Cleans to {date: bool}; required means an answer for each day."""

    widget = DayPollInput
    default_error_messages = {
        "incomplete": _("Kies bij elke dag of het kan."),
        "invalid": _("Kies alleen uit de antwoorden die er staan."),
    }

    def __init__(self, *, days: Iterable[date], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.days = self.widget.days = sorted(days)

    def clean(self, value: Mapping[date, str]) -> dict[date, bool]:
        if any(answer not in {"yes", "no"} for answer in value.values()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if self.required and len(value) < len(self.days):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        return {day: answer == "yes" for day, answer in value.items()}
