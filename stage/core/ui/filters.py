"""What a page's address may say: one form of bounded filters per list, for page, file and API.

A view declares its form with `@reads(SomeFilters)` and finds it bound as `request.filters`. What
is not understood counts as not given, and the page says so in one line (`remark`, shown by the
layouts); the API refuses the same with a 400. Addresses carry public codes, never serial numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LAST_PAGE = 100_000
WORDS = 80  # of a search box
CODE = re.compile(r"[0-9A-Z]{4,20}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Rows = Callable[[Any], QuerySet]


def in_reach(day: date) -> date:
    """The day itself; raises ValueError for one that no address may name."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(day)
    return day


class Given(forms.Field):
    """A value of an address: never required; `what` names it where it was not understood."""

    what: Any = gettext_lazy("de keuze")

    def __init__(self, *, what: Any = None, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        if what is not None:
            self.what = what
        self.actor: Any = None

    def not_understood(self) -> ValidationError:
        return ValidationError(_("Dit begrijpen we niet."), code="invalid")


class Text(Given, forms.CharField):
    """Words to search for, without the spaces around them; "" when not given."""

    what = gettext_lazy("de zoekwoorden")

    def __init__(self, *, max_length: int = WORDS, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)


class Choice(Given, forms.ChoiceField):
    """One of a few words; "" when not given."""

    def __init__(self, *, choices: Iterable | Callable[[], Iterable] = (), **kwargs: Any) -> None:
        super().__init__(choices=choices, **kwargs)


class Flag(Choice):
    """On with "1"; cleans to bool."""

    def __init__(self, *, on: str = "1", **kwargs: Any) -> None:
        super().__init__(choices=[(on, on)], **kwargs)

    def clean(self, value: Any) -> bool:  # type: ignore[override]
        return bool(super().clean(value))


class Sort(Choice):
    """A column to sort by, "-" before it for the other way round; cleans to columns.

    `orders`: key -> columns. Without a value the columns of `default`.
    """

    what = gettext_lazy("de volgorde")

    def __init__(self, orders: Mapping[str, Iterable[str]], *, default: str, **kwargs: Any) -> None:
        self.orders, self.default = orders, default
        super().__init__(choices=[(k, k) for key in orders for k in (key, f"-{key}")], **kwargs)

    def columns(self, key: str) -> list[str]:
        """What to order by for a key of `orders`, maybe with "-"."""
        names = self.orders[(key or self.default).removeprefix("-")]
        return [f"-{name}" if key.startswith("-") else name for name in names]


class Day(Given):
    """A date as 2027-01-31, of this century; None when not given."""

    what = gettext_lazy("de datum")

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return in_reach(date.fromisoformat(value if DAY.fullmatch(value) else ""))
        except ValueError:
            raise self.not_understood() from None


class Number(Given):
    """A whole number in digits, from `low` up to and including `high`; None when not given."""

    what = gettext_lazy("het getal")

    def __init__(self, *, low: int = 1, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        number = int(value) if re.fullmatch(r"[0-9]{1,9}", value) else -1
        if not self.low <= number <= self.high:
            raise self.not_understood()
        return number


class Known(Given):
    """A word that occurs in a column of what the actor sees, as a class or a town; else "".

    `rows`: actor -> the rows it must occur in.
    """

    def __init__(self, rows: Rows, column: str, *, max_length: int = WORDS, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows, self.column, self.max_length = rows, column, max_length

    def to_python(self, value: Any) -> str:
        if value in self.empty_values:
            return ""
        if len(value) > self.max_length or "\0" in value:
            raise self.not_understood()
        if not self.rows(self.actor).filter(**{self.column: value}).exists():
            raise self.not_understood()
        return value


class Thing(Given):
    """A row that the actor sees, by its public code; cleans to the row, or None.

    `rows`: actor -> what can be chosen from.
    """

    def __init__(self, rows: Rows, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rows = rows

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        if not CODE.fullmatch(value):
            raise self.not_understood()
        found = self.rows(self.actor).filter(public_id=value).first()
        if found is None:
            raise self.not_understood()
        return found


class Codes(Given):
    """Public codes of many things, at most `most`; strangers' are for the view to leave out."""

    widget = forms.MultipleHiddenInput

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def to_python(self, value: Any) -> list[str]:
        codes = list(value or [])
        if not all(CODE.fullmatch(code) for code in codes):
            raise self.not_understood()
        return codes[: self.most]


class Filters(forms.Form):
    """What an address may say. `chosen` holds a value per field, `shown` the text of it."""

    instead: ClassVar[Any] = gettext_lazy("Je ziet de lijst zonder dit filter.")
    # Of one visit, not of what the list is narrowed to: its page, the file or the paper made of it.
    PASSING: ClassVar[tuple[str, ...]] = ("page", "format", "export", "afdruk")

    def __init__(self, data: Mapping | None = None, *, actor: Any) -> None:
        super().__init__({} if data is None else data)
        self.actor = actor
        for field in self.fields.values():
            field.actor = actor  # type: ignore[attr-defined]

    @cached_property
    def chosen(self) -> dict[str, Any]:
        """What was understood; a field that was not is as if not given."""
        wrong = self.errors
        return {
            name: field.clean([] if isinstance(field, Codes) else None)
            if name in wrong
            else self.cleaned_data[name]
            for name, field in self.fields.items()
        }

    @cached_property
    def shown(self) -> dict[str, str]:
        """The text of each field as the address has it; "" when not given or not understood."""
        return {
            name: "" if name in self.errors else str(self.data.get(name, "")).strip()
            for name in self.fields
        }

    @property
    def is_on(self) -> bool:
        """Whether anything is filtered: not the page and not the order."""
        named = {n: v for n, v in self.shown.items() if n not in self.PASSING}
        return any(v for n, v in named.items() if not self._sorts(n))

    def _sorts(self, name: str) -> bool:
        return isinstance(self.fields[name], Sort)

    def order(self, name: str = "sort") -> list[str]:
        """The columns to sort by."""
        field = self.fields[name]
        assert isinstance(field, Sort)
        return field.columns(self.chosen[name])

    def query(self, **more: str) -> str:
        """What was understood as the query of an address, with `more` in its place.

        The page number stays only where `more` names it.
        """
        query = QueryDict(mutable=True)
        kept = {n: v for n, v in self.shown.items() if v and n != "page" and n not in more}
        query.update({**kept, **more})  # `more` last: an address may be made longer
        return query.urlencode()

    def to_keep(self) -> str:
        """What was understood of the filter and the order, as what is kept under a name."""
        kept = {n: v for n, v in self.shown.items() if v and n not in self.PASSING}
        return urlencode(kept)

    @property
    def remark(self) -> str:
        """What was not understood, for who looks; "" when all was."""
        # The name of a field may be a lazy translation; together they are one sentence.
        names = [str(self.fields[name].what) for name in self.errors if name in self.fields]  # type: ignore[attr-defined]
        if not names:
            return ""
        told = _("Dit klopt niet in het adres: %(what)s.") % {"what": ", ".join(names)}
        return f"{told} {self.instead}".strip()

    def narrow(self, rows: QuerySet) -> QuerySet:
        """The rows that the filters leave, for page, file and API alike."""
        return rows

    def page_that_says_so(self, name: str, *args: Any) -> HttpResponseRedirect:
        """For a file, that cannot say what was not understood: the page of the same list."""
        # A few signs too many are as strange as ten thousand, and fit into an address.
        asked = {n: str(self.data[n])[: WORDS + 20] for n in self.fields if n in self.data}
        return HttpResponseRedirect(f"{reverse(name, args=args)}?{urlencode(asked)}")


class ListFilters(Filters):
    """Filters of a list in pages."""

    page = Number(high=LAST_PAGE, what=gettext_lazy("de bladzijde"))


def reads(form: type[Filters], *, kept_as: Any = None) -> Callable:
    """The view's address says what `form` declares, and the view reads `request.filters`.

    `kept_as`: what its list is called, where people may keep a filter under a name.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def reading(request, *args, **kwargs):
            request.filters = form(request.GET, actor=request.actor)
            return view(request, *args, **kwargs)

        reading.filters = form  # type: ignore[attr-defined]
        reading.kept_as = kept_as  # type: ignore[attr-defined]
        return reading

    return decorate
