"""A period changes, or days of it do not go through: what that touches, and doing it."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from placements import services
from placements.changes import following
from placements.changes.plan import plans_of
from placements.changes.shown import title_of
from placements.changes.wanted import Wanted
from placements.forms.periods import CalledOffForm, ReasonForm
from placements.models import Placement, PlacementChange
from placements.services.periods import KIND
from stage.core.enums import Audience
from stage.core.models import Job
from stage.core.models.base import new_public_id
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict
from stage.core.work import long_jobs
from stage.schools.models import Period

CODE = 40  # the longest code of a press that a form brings back


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def period_follow(request, public_id: str) -> HttpResponse:
    """The placements that do not follow the period, with what changes; ticked ones follow it."""
    period = _period(request.actor, public_id)
    lines = following.lines_of(following.behind(request.actor, period), _ticked(request))
    form = ReasonForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        wanted = following.as_the_period(run=_run(request), rule_reason=form.reason)
        return _do(request, period, wanted)
    return form_page(request, "placements/period_follow.html", _page(period, lines, form))


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def period_off(request, public_id: str) -> HttpResponse:
    """Days that do not go through, for one, a class, a group or all; moved, if so wanted."""
    period = _period(request.actor, public_id)
    rows = following.open_in(request.actor, period)
    form = CalledOffForm(
        request.POST or None,
        period=period,
        placements=rows,
        groups=list(period.groups.order_by("name", "pk")),
    )
    lines, doing = None, "do" in request.POST
    reason = ReasonForm()
    if request.method == "POST" and form.is_valid() and "edit" not in request.POST:
        wanted = form.wanted(_run(request))
        plans = [p for p in plans_of(form.chosen, wanted) if not p.is_nothing]
        lines = following.lines_of(plans, _ticked(request) if doing else None)
        reason = ReasonForm(request.POST if doing else None, lines=lines)
        if doing and reason.is_valid():
            return _do(request, period, replace(wanted, rule_reason=reason.reason))
        if not lines:
            form.add_error("from_on", _("Niemand heeft stage op deze dagen."))
            lines = None
    context = {**_page(period, lines or [], reason), "form": form, "asked": lines is not None}
    if lines is not None:
        kind, first, last = wanted.kind, wanted.from_on, wanted.until_on
        context["heading"] = title_of(PlacementChange(kind=kind, from_on=first, until_on=last))
    return form_page(
        request, "placements/period_off.html", context, refused=bool(form.errors or reason.errors)
    )


@allow(Audience.COORDINATOR)
def period_job(request, public_id: str, job: str) -> HttpResponse:
    """How far a worker is with many placements, and what became of them."""
    period, found = _period(request.actor, public_id), _job(request.actor, job)
    run = found.arguments["wanted"]["run"]
    context = {
        "period": period,
        "job": found,
        "result": found.result,
        "refused": _refused(request.actor, found.result.get("refused", [])),
        "progress_url": reverse("placements:period_progress", args=[public_id, job]),
        "self_url": request.path,
        "back_url": _back(period),
        "undo_url": _undo_url(period, run) if services.undoable(period, run) else "",
    }
    return render(request, "placements/period_job.html", context)


@allow(Audience.COORDINATOR)
def period_progress(request, public_id: str, job: str) -> HttpResponse:
    """How far the worker is, for the progress bar."""
    _period(request.actor, public_id)
    found = _job(request.actor, job)
    text = _("%(done)s van %(total)s stages") % {"done": found.done, "total": found.total}
    return JsonResponse(long_jobs.told(found, text))


@allow(Audience.COORDINATOR, methods=("POST",))
def period_undo(request, public_id: str, run: str) -> HttpResponse:
    """All that one press changed is as it was before."""
    period = _period(request.actor, public_id)
    try:
        count = services.undo_many(period, run, actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    else:
        said = ngettext(
            "%(n)s stage is weer zoals die was. Niemand krijgt bericht.",
            "%(n)s stages zijn weer zoals ze waren. Niemand krijgt bericht.",
            count,
        )
        notice(request, said % {"n": count})
    return redirect(_back(period))


def _undo_url(period: Period, run: str) -> str:
    return reverse("placements:period_undo", args=[period.public_id, run])


def _do(request, period: Period, wanted: Wanted) -> HttpResponse:
    """What was ticked; said afterwards, with those that could not."""
    codes = request.POST.getlist("placement")
    rows = following.open_in(request.actor, period).filter(public_id__in=codes)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        notice(request, _("Kies eerst een stage."), tone="info")
        return redirect(_back(period))
    outcome = services.change_many(period, ids, wanted, actor=request.actor)
    if isinstance(outcome, Job):
        return redirect("placements:period_job", period.public_id, outcome.public_id)
    said = ngettext(
        "%(n)s stage is aangepast. Over twee minuten krijgt iedereen bericht.",
        "%(n)s stages zijn aangepast. Over twee minuten krijgt iedereen bericht.",
        outcome.done,
    )
    if outcome.done:
        notice(request, said % {"n": outcome.done}, undo_url=_undo_url(period, wanted.run))
    elif not outcome.refused:
        notice(request, _("Dit was al gedaan."), tone="info")
    for name, reason in _refused(request.actor, outcome.refused[:5]):
        words = {"name": name, "reason": reason}
        notice(request, _("%(name)s: %(reason)s") % words, tone="wrong")
    return redirect(_back(period))


def _refused(actor, refused) -> list[tuple[str, str]]:
    """Who could not, by name, and why."""
    rows = Placement.objects.visible_to(actor).filter(public_id__in=[code for code, _r in refused])
    names = {p.public_id: p.student.full_name for p in rows.select_related("student")}
    return [(names[code], reason) for code, reason in refused if code in names]


def _ticked(request) -> set[str] | None:
    """What was ticked on a page that was sent."""
    return set(request.POST.getlist("placement")) if request.method == "POST" else None


def _page(period: Period, lines, reason: ReasonForm) -> dict:
    return {
        "reason": reason,
        "rules": sum(bool(line.rules) for line in lines),
        "period": period,
        "lines": lines,
        "summary": following.summary(lines) if lines else "",
        "can": sum(not line.obstacle for line in lines),
        "papers": sum(line.touches_paper for line in lines),
        # Sent back with what is missing it is the same press.
        "run": reason.data.get("run", "")[:CODE] or new_public_id(),
        "back_url": _back(period),
    }


def _back(period: Period) -> str:
    return reverse("schools:period_show", args=[period.public_id])


def _run(request) -> str:
    sent = request.POST.get("run", "")[:CODE]
    return sent if sent.isalnum() and sent.isascii() else new_public_id()


def _period(actor, public_id: str) -> Period:
    return get_object_or_404(Period.objects.visible_to(actor), public_id=public_id)


def _job(actor, public_id: str) -> Job:
    rows = Job.objects.visible_to(actor).filter(kind=KIND)
    return get_object_or_404(rows, public_id=public_id)
