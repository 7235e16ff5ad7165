"""Periods: when students are at companies, and on which days not."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stage.core.dutch.calendar import iso_week, week_days
from stage.core.enums import Audience
from stage.core.models import School
from stage.core.ui import sections
from stage.core.ui.confirm import confirm_removal
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.schools import following, holidays
from stage.schools.forms.people import ExceptionForm, PeriodForm
from stage.schools.models import Period, SchoolSettings
from stage.schools.services import periods


@allow(Audience.COORDINATOR, Audience.TEACHER)
def period_list(request):
    """All periods, the newest first."""
    rows = list(_periods(request.actor).prefetch_related("groups"))
    for period in rows:
        period.day_count = len(period.days())
    return render(request, "schools/period_list.html", {"periods": rows})


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def period_add(request):
    """A new period."""
    form = PeriodForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        school = School.objects.get(pk=request.actor.school_id)
        try:
            period = periods.add_period(school, values=form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            notice(request, _("De periode staat erin. Zijn er vrije dagen? Voeg ze hier toe."))
            return redirect("schools:period_show", period.public_id)
    context = {"form": form, "back_url": reverse("schools:period_list")}
    return form_page(request, "schools/period_form.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def period_edit(request, public_id):
    """Change a period; then what does not follow it any more is shown."""
    period = _period(request.actor, public_id)
    form = PeriodForm(request.POST or None, instance=period)
    if request.method == "POST" and form.is_valid():
        try:
            periods.change_period(period, values=form.cleaned_data, actor=request.actor)
        except Conflict as error:
            form.add_error("name", str(error))
        else:
            notice(request, _("De periode is bewaard."))
            return _on(request, public_id)
    context = {
        "form": form,
        "period": period,
        "back_url": reverse("schools:period_show", args=[public_id]),
    }
    return form_page(request, "schools/period_form.html", context)


@allow(Audience.COORDINATOR, Audience.TEACHER)
def period_show(request, public_id):
    """The days of a period, its exceptions and what it overlaps with."""
    period = _period(request.actor, public_id)
    return _show(request, period, ExceptionForm(period=period))


def _show(request, period: Period, form: ExceptionForm):
    others = _periods(request.actor).exclude(pk=period.pk)
    region = SchoolSettings.objects.of(period.school_id).holiday_region
    context = {
        "period": period,
        "weeks": _weeks(period),
        "day_count": len(period.days()),
        "free": holidays.free_spans(period),
        "overlaps": periods.overlapping(period, others),
        "holidays": holidays.offered(period, region),
        "region": region,
        "behind": following.behind(request.actor, period),
        "sections": sections.fill("period", request.actor, period),
        "groups": period.groups.all(),
        "form": form,
    }
    return form_page(request, "schools/period_show.html", context)


def _weeks(period: Period) -> list[dict]:
    """Rows of the calendar: the week's number and per weekday what that day is."""
    days = set(period.days())
    off = {e.date: e.reason for e in period.exceptions.all()}
    weeks, week = [], iso_week(period.starts)
    shown = 7 if {6, 7} & set(period.weekdays) else 5
    day = date.fromisocalendar(*week, 1)
    while day <= period.ends:
        cells = [
            {"date": d, "works": d in days, "off": d in off, "reason": off.get(d, "")}
            for d in week_days(*iso_week(day))[:shown]
        ]
        weeks.append({"number": iso_week(day)[1], "days": cells})
        day = date.fromordinal(day.toordinal() + 7)
    return weeks


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def period_remove(request, public_id):
    """Remove a period that is not in use."""
    period = _period(request.actor, public_id)
    if request.method == "POST":
        periods.remove_period(period, actor=request.actor)
        notice(request, _("De periode is verwijderd."))
        return redirect("schools:period_list")
    return confirm_removal(
        request,
        title=_("%(name)s verwijderen?") % {"name": period.name},
        text=_("Dit kan alleen als er nog geen groepen of stageplekken bij horen."),
        back_url=reverse("schools:period_show", args=[public_id]),
    )


@allow(Audience.COORDINATOR, methods=("POST",))
def exception_add(request, public_id):
    """Days on which nobody is at a company."""
    period = _period(request.actor, public_id)
    form = ExceptionForm(request.POST, period=period)
    if not form.is_valid():
        return _show(request, period, form)
    count = periods.add_exceptions(period, **form.cleaned_data, actor=request.actor)
    notice(request, _free_now(count))
    return _on(request, public_id)


def _free_now(count: int) -> str:
    words = ngettext("%(count)s dag is nu vrij.", "%(count)s dagen zijn nu vrij.", count)
    return words % {"count": count}


@allow(Audience.COORDINATOR, methods=("POST",))
def holidays_add(request, public_id):
    """The holidays that were ticked, at once."""
    period = _period(request.actor, public_id)
    chosen = request.POST.getlist("holiday")
    if not chosen:
        notice(request, _("Kies eerst een vakantie of feestdag."), tone="info")
        return redirect("schools:period_show", public_id)
    notice(request, _free_now(periods.add_holidays(period, chosen, actor=request.actor)))
    return _on(request, public_id)


@allow(Audience.COORDINATOR, methods=("POST",))
def exception_remove(request, public_id, day):
    """Make a day a placement day again, or all days up to the one that came along."""
    period = _period(request.actor, public_id)
    try:
        first = date.fromisoformat(day)
        last = date.fromisoformat(request.POST.get("last") or day)
    except ValueError:
        raise Http404 from None
    count = periods.remove_exception(period, first, last, actor=request.actor)
    words = ngettext("%(count)s dag telt weer mee.", "%(count)s dagen tellen weer mee.", count)
    notice(request, words % {"count": count})
    return _on(request, public_id)


def _on(request, public_id: str):
    """To what does not follow the period any more, else to the period."""
    period = _period(request.actor, public_id)
    left = following.behind(request.actor, period)
    return redirect(left.url) if left else redirect("schools:period_show", public_id)


def _periods(actor):
    return Period.objects.visible_to(actor).prefetch_related("exceptions")


def _period(actor, public_id: str) -> Period:
    return get_object_or_404(_periods(actor), public_id=public_id)
