"""Tags of the design system; available in every template. See docs/components.md."""

from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from stage.core.ui import dates, pictures, telephone
from stage.core.ui.notices import tone_of, undo_url_of
from stage.core.ui.tones import tone_icon

register = template.Library()
register.filter("dutch_date", dates.day_words)
register.filter("dutch_day_time", dates.day_time_words)
register.filter("dial", telephone.dial)
register.simple_tag(dates.period_words, name="dutch_period")


@register.simple_tag(name="dutch_date")
def dutch_date_tag(value: date | datetime | None) -> str:
    """Give "ma 12 januari"."""
    return dates.day_words(value)


@register.simple_tag(name="dutch_day_time")
def dutch_day_time_tag(value: datetime | None) -> str:
    """Give "ma 12 januari, 08:15"."""
    return dates.day_time_words(value)


@register.simple_tag(takes_context=True)
def section_of(context: Context, section) -> SafeString:
    """A part another app adds (stage.core.ui.sections), with its own names on top of the page's."""
    with context.push(**section.context):
        return Engine.get_default().get_template(section.template).render(context)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon of the sprite. Hidden for screen readers unless it has a label. size: s, l, xl."""
    classes = f"icon icon-{size}" if size else "icon"
    url = f"{static('icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>',
            classes,
            label,
            url,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, url)


@register.simple_tag
def initials(name: str) -> str:
    """First letters of the first and last word of a name: "Noor de Vries" gives "NV"."""
    words = [word for word in str(name).split() if word[0].isalpha()]
    return "".join(word[0] for word in [*words[:1], *words[1:][-1:]]).upper() or "?"


@register.inclusion_tag("ui/badge.html")
def badge(state: Any, label: str = "", icon: str = "") -> dict:
    """A state as colour, icon and word: a tone and a label, or an object with .tone and .label."""
    tone = str(getattr(state, "tone", state if label else "neutral"))
    word = label or str(getattr(state, "label", state))
    shown = icon or getattr(state, "icon", "") or tone_icon(tone)
    return {"tone": tone, "label": word, "icon": shown}


@register.inclusion_tag("ui/button.html")
def button(
    label: str,
    href: str = "",
    kind: str = "",
    icon: str = "",
    icon_end: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    size: str = "",
    busy: bool = False,
    disabled: bool = False,
    formaction: str = "",
    form: str = "",
    extra: str = "",
) -> dict:
    """A button, or with href a link that looks like one. kind: primary, quiet, danger."""
    classes = " ".join(part for part in ("button", kind, size, extra) if part)
    return {**locals(), "classes": classes}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    title: str, text: str = "", icon: str = "inbox", action_label: str = "", action_url: str = ""
) -> dict:
    """An empty list that says what to do first."""
    return locals()


@register.inclusion_tag("ui/status_strip.html")
def status_strip(days: Any, label: str = "", legend: bool = True) -> dict:
    """A strip of days; see pictures.days_of for what may be given."""
    items = pictures.days_of(days, timezone.localdate())
    seen = list(dict.fromkeys((day.state, day.word, day.icon) for day in items))
    return {"days": items, "label": label, "legend": seen if legend else []}


@register.inclusion_tag("ui/ring.html")
def ring(value: float, max: float, label: str, unit: str = "") -> dict:
    """A ring that shows value out of max, with both numbers in words."""
    drawn, length = pictures.ring_dash(value, max)
    return {**locals(), "percent": pictures.percent(value, max)}


@register.inclusion_tag("ui/progress.html")
def progress(value: float, max: float, label: str, text: str = "") -> dict:
    """A bar with its label and the numbers."""
    return {**locals(), "percent": pictures.percent(value, max)}


@register.inclusion_tag("ui/progress_live.html")
def progress_live(url: str, value: float, max: float, label: str, done_url: str = "") -> dict:
    """A bar that asks `url` for {"value", "max", "text", "done"} every two seconds until done."""
    return locals()


@register.inclusion_tag("ui/group_strip.html")
def group_strip(parts: Any, label: str) -> dict:
    """Where everybody of a group is: parts are (label, count, tone[, url])."""
    segments = pictures.segments_of(list(parts))
    return {"segments": segments, "label": label, "total": sum(s.count for s in segments)}


@register.inclusion_tag("ui/stat.html")
def stat(count: Any, label: str, url: str = "", tone: str = "", icon: str = "") -> dict:
    """A number that leads to its list."""
    return locals()


@register.inclusion_tag("ui/todo.html")
def todo(
    title: str,
    why: str = "",
    url: str = "",
    button: str = "",
    tone: str = "neutral",
    count: int | None = None,
    primary: bool = False,
    icon: str = "",
    level: int = 3,
) -> dict:
    """One thing to do: what, why now, one button. Put it in <ul class="rows">.

    level: of its heading, one below what it stands under.
    """
    return {**locals(), "icon": icon or tone_icon(tone)}


@register.inclusion_tag("ui/person.html")
def person(name: str, sub: str = "", url: str = "") -> dict:
    """A person: initials, name, a second line."""
    return locals()


@register.inclusion_tag("ui/tabs.html")
def tabs(items: Any, label: str) -> dict:
    """Tabs as links: items have .label .url .current and may have .count."""
    return locals()


@register.inclusion_tag("ui/steps.html")
def steps(names: Any, current: int) -> dict:
    """Where one is in a form of several pages; `current` counts from 1."""
    return {"names": list(names), "current": int(current)}


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Any) -> dict:
    """What happened: items have .when .title and may have .text .tone."""
    return locals()


@register.inclusion_tag("ui/facts.html")
def facts(pairs: Any) -> dict:
    """Label and value pairs as a description list; empty values show as a dash."""
    return locals()


@register.inclusion_tag("ui/back.html")
def back(url: str, label: str) -> dict:
    """The way back to the page above this one."""
    return locals()


@register.inclusion_tag("ui/chip.html")
def chip(label: str, remove_url: str = "", url: str = "", current: bool = False) -> dict:
    """A filter that is on (with a cross), or one to choose."""
    return locals()


@register.inclusion_tag("ui/field.html")
def field(field: BoundField, label: str = "") -> dict:
    """A form field in our look: label, help, error, control."""
    if label:
        field.label = label
    # The log-in library repeats the label inside the box, where it reads as something filled in.
    attrs = field.field.widget.attrs
    if attrs.get("placeholder") == field.field.label:
        del attrs["placeholder"]
    return {"field": field}


@register.inclusion_tag("ui/form_errors.html")
def form_errors(*forms: BaseForm, focus: bool = True) -> dict:
    """One summary of what is wrong in the forms of a page, with links to the fields.

    It takes the focus unless told not.
    """
    bad = [form[name] for form in forms for name in form.errors if name in form.fields]
    items = [(_focus_id(item), item.label, item.errors) for item in bad]
    general = [error for form in forms for error in form.non_field_errors()]
    return {"items": items, "general": general, "focus": focus}


def _focus_id(item: BoundField) -> str:
    """The id of the first control, also when the field is a set of boxes."""
    if item.use_fieldset and not item.is_hidden:
        first = next(iter(item.subwidgets), None)
        if first is not None and first.id_for_label:
            return first.id_for_label
    return item.id_for_label or item.auto_id


@register.inclusion_tag("ui/notices.html", takes_context=True)
def notices(context: template.Context, here: bool = False) -> dict:
    """Messages of the last action, each with its tone and, if there is one, its undo.

    `here`: beside what was pressed, in a part that htmx swaps; they take the focus.
    """
    stored = context.get("messages") or []
    items = [(m, tone_of(m), tone_icon(tone_of(m)), undo_url_of(m)) for m in stored]
    return {"items": items, "csrf_token": context.get("csrf_token"), "here": here}


@register.simple_tag(takes_context=True)
def swap_results(context: Context, *also: str) -> SafeString:
    """Attributes of a filter form: it swaps `results` and `also` ("#id"); the address follows."""
    return format_html(
        'hx-get="{}" hx-target="#results" hx-select="#results" hx-swap="outerHTML"'
        ' hx-select-oob="{}" hx-push-url="true" hx-sync="this:replace" autocomplete="off"',
        context["request"].path,
        ",".join(("#page-lead", "#page-actions", "#page-remark", *also)),
    )


@register.simple_block_tag
def results(content: str, count: int, css: str = "gap-5") -> SafeString:
    """What a filter form swaps; how much was found is said aloud."""
    if count:
        words = ngettext("%(n)s gevonden", "%(n)s gevonden", count) % {"n": count}
    else:
        words = gettext("Niets gevonden")
    return format_html(
        '<div class="stack {}" id="results" data-said="{}">{}</div>',
        css,
        words,
        mark_safe(content),  # noqa: S308 (the template engine escaped it)
    )


@register.inclusion_tag("ui/remark.html", takes_context=True)
def not_understood(context: Context) -> dict:
    """One line about what the address says and nobody understands; see stage.core.ui.filters."""
    filters = getattr(context.get("request"), "filters", None)
    return {"remark": filters.remark if filters else ""}


def _with_parameter(request: HttpRequest, name: str, value: str) -> str:
    query = request.GET.copy()
    filters = getattr(request, "filters", None)
    for wrong in filters.errors if filters else ():
        query.pop(wrong, None)
    query[name] = value
    if name != "page":
        query.pop("page", None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("ui/pager.html", takes_context=True)
def pager(context: template.Context, page_obj: Page) -> dict:
    """Links to the pages before and after, keeping the filters."""
    request = context["request"]
    before = page_obj.previous_page_number() if page_obj.has_previous() else None
    after = page_obj.next_page_number() if page_obj.has_next() else None
    return {
        "page": page_obj,
        "before": _with_parameter(request, "page", str(before)) if before else "",
        "after": _with_parameter(request, "page", str(after)) if after else "",
    }


def _with_sort(request: HttpRequest) -> str:
    filters = getattr(request, "filters", None)
    return filters.shown.get("sort", "") if filters else request.GET.get("sort", "")


@register.inclusion_tag("ui/sort_head.html", takes_context=True)
def sort_link(
    context: template.Context, key: str, label: str, css: str = "", default: str = ""
) -> dict:
    """A whole <th> that sorts on `key` by ?sort=key and ?sort=-key, and says so."""
    request = context["request"]
    active = _with_sort(request) or default
    direction = {key: "ascending", f"-{key}": "descending"}.get(active, "")
    following = f"-{key}" if direction == "ascending" else key
    url = _with_parameter(request, "sort", following)
    return {"label": label, "url": url, "direction": direction, "css": css}


@register.inclusion_tag("ui/confirm.html", takes_context=True)
def confirm(
    context: template.Context,
    url: str,
    label: str,
    title: str,
    text: str,
    id: str,
    kind: str = "danger",
    icon: str = "",
    confirm_label: str = "",
) -> dict:
    """A link to the confirm page at `url`; with JavaScript a dialog that posts there."""
    arguments = {k: v for k, v in locals().items() if k != "context"}
    return {
        **arguments,
        "confirm_label": confirm_label or label,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_block_tag
def card(content: str, title: str = "", icon: str = "", css: str = "", level: int = 2) -> str:
    """A card with an optional heading."""
    return _render("ui/card.html", locals())


@register.simple_block_tag
def callout(content: str, tone: str = "info", title: str = "") -> str:
    """A remark in one of the tones."""
    return _render("ui/callout.html", {**locals(), "icon": tone_icon(tone)})


@register.simple_block_tag
def disclosure(content: str, title: str, open: bool = False) -> str:
    """More, for who wants it."""
    return _render("ui/disclosure.html", locals())


@register.simple_block_tag
def form_part(
    content: str, title: str, text: str = "", folds: BaseForm | None = None, names: str = ""
) -> str:
    """A part of a long form under a heading of its own.

    With `folds` it is closed as long as the fields of that form, `names` apart by spaces, hold
    nothing but what a new form holds; a field that holds an error opens it.
    """
    is_open = folds is None or any(_holds_something(folds, name) for name in names.split())
    return _render(
        "ui/form_part.html",
        {"content": content, "title": title, "text": text, "folds": folds, "open": is_open},
    )


def _holds_something(form: BaseForm, name: str) -> bool:
    if name not in form.fields:  # who sees the form may have fewer fields
        return False
    value = form[name].value()
    untouched = not value or value == form.fields[name].initial
    return bool(form.errors.get(name)) or not untouched


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> str:
    """A native dialog; open it with <button type="button" data-dialog="id">."""
    return _render("ui/dialog.html", locals())


def _render(name: str, context: dict) -> SafeString:
    # The template engine escaped the content already; render_to_string escapes the rest.
    return mark_safe(render_to_string(name, context))  # noqa: S308
