"""What the law says about an agreement, and what still misses before its text can be frozen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from placements import unsigned
from placements.agreements.enums import Party
from placements.agreements.facts import COMPANY, SCHOOL, facts_of
from placements.agreements.models import AgreementSettings
from stage.core.dutch.calendar import age_on, minutes_of
from stage.core.dutch.worktime import DayPlan, check_working_time
from stage.schools.models import Guardian, SchoolSettings
from stage.schools.school_data import gaps


@dataclass(frozen=True)
class Point:
    """One rule that is not met: `key` names it among the answers of the coordinator."""

    rule: str
    text: str
    source: str
    blocks: bool = False

    @property
    def key(self) -> str:
        return f"reason_{self.rule}"


def points_of(agreement, document: dict) -> list[Point]:
    """Every rule the agreement does not meet, one point per rule."""
    born = document["student"].get("birth_date")
    if not born:
        return []
    birth_date = date.fromisoformat(born)
    return [
        *_household(agreement, birth_date),
        *_working_time(agreement, document, birth_date),
        *_kind_of_work(agreement, document["company"], birth_date),
        *_to_explain(COMPANY, document),
        *_hours(agreement, document),
        *_to_explain(SCHOOL, document),
    ]


def _household(agreement, birth_date: date) -> list[Point]:
    """Under sixteen the coordinator is asked whose house the child lives in, if nobody said so."""
    if age_on(birth_date, agreement.placement.starts) >= unsigned.AGE:
        return []
    at_home = Guardian.objects.filter(student_id=agreement.student_id, lives_here=True)
    if at_home.exists():
        return []
    text = _(
        "Bij wie woont de leerling? Van geen ouder of verzorger staat dat het kind daar woont. Zet"
        " dat erbij op de pagina van de leerling, of leg uit wie er tekent."
    )
    return [Point("household", text, _("Nadere regeling kinderarbeid, artikel 3:1"))]


def planned(agreement, company: dict) -> list[DayPlan]:
    """The planned days; those on the placement's usual times at the times the company gave."""
    placement = agreement.placement
    usual = (placement.day_from, placement.day_to)
    asked = _asked_times(company)
    plans = []
    for day in placement.planned_days.all():
        times = (day.day_from, day.day_to, day.break_minutes)
        if asked and (day.day_from, day.day_to) == usual:
            times = asked
        plans.append(DayPlan(day.date, *times))
    return plans


def _asked_times(company: dict) -> tuple[time, time, int] | None:
    if not (company.get("day_from") and company.get("day_to")):
        return None
    begin, end = time.fromisoformat(company["day_from"]), time.fromisoformat(company["day_to"])
    return (begin, end, int(company.get("break_minutes") or 0)) if begin < end else None


def _working_time(agreement, document: dict, birth_date: date) -> list[Point]:
    days = planned(agreement, document["company"])
    by_rule = defaultdict(list)
    for finding in check_working_time(birth_date, days):
        by_rule[finding.rule].append(finding)
    points = []
    for rule, found in by_rule.items():
        first = found[0]
        text = first.message_nl
        if len(found) > 1:
            text = _("%(text)s (%(count)s keer, voor het eerst op %(date)s)") % {
                "text": text,
                "count": len(found),
                "date": f"{first.date:%d-%m-%Y}",
            }
        points.append(Point(rule, text, first.source, first.severity == "block"))
    return points


def _kind_of_work(agreement, company: dict, birth_date: date) -> list[Point]:
    age = age_on(birth_date, agreement.placement.starts)
    source = _("Arbeidsomstandighedenbesluit; laat het bij twijfel nakijken")
    points = []
    if company.get("work_kind") == "risk" and age < 16:
        text = _("Werk met bijzonder risico mag niet onder de 16 jaar.")
        points.append(Point("risk_under_16", text, source))
    elif company.get("work_kind") == "risk" and age < 18:
        text = _("Werk met bijzonder risico mag alleen onder toezicht van een deskundige.")
        points.append(Point("risk_under_18", text, source))
    return points


def _to_explain(party: str, document: dict) -> list[Point]:
    """Single answers of a party that ask for an explanation."""
    return [
        Point(fact.explain.rule, str(fact.explain.text), str(fact.explain.source))
        for fact in facts_of(party)
        if fact.explain and (document[party].get(fact.key) or "") == fact.explain.answer
    ]


def _hours(agreement, document: dict) -> list[Point]:
    total = int(document["school"].get("total_hours") or 0)
    minutes = sum(
        minutes_of(plan.date, plan.start, plan.end, plan.break_minutes)
        for plan in planned(agreement, document["company"])
    )
    if not minutes or abs(total * 60 - minutes) <= 60:
        return []
    text = _("In de overeenkomst staan %(total)s uur; in de planning %(planned)s uur.") % {
        "total": total,
        "planned": round(minutes / 60),
    }
    return [Point("hours_differ", text, _("planning van de stage"))]


def impossible_times(answers: dict) -> dict[str, str]:
    """By answer what cannot be: an end before the begin, a break as long as the whole day.

    `answers` as a form gives them; what was not asked or not understood is not judged.
    """
    begin, end = answers.get("day_from"), answers.get("day_to")
    if not (begin and end):
        return {}
    if end <= begin:
        return {"day_to": _("De eindtijd is na de begintijd.")}
    if not minutes_of(None, begin, end, answers.get("break_minutes") or 0):
        return {"break_minutes": _("Zo lang kan de pauze niet duren.")}
    return {}


def school_gaps(school_id: int) -> list[str]:
    """What every agreement of a school takes from its settings and does not find there.

    Said before agreements begin; they may begin all the same. The law asks for it in what people
    sign, and nobody signs without: the text is not fixed before the school's part was checked, in
    which these are required (`facts.OF_SCHOOL`), and a missing insurance has to be explained.
    """
    of_agreements = AgreementSettings.objects.filter(school=OuterRef("school"))
    rows = SchoolSettings.objects.annotate(
        insurance=Subquery(of_agreements.values("insurance_text")[:1])
    )
    settings = rows.of(school_id)
    found = gaps(settings)
    if not settings.insurance.strip():
        found.append(_("wie waarvoor verzekerd is"))
    return found


def missing_for(agreement, slots) -> list[str]:
    """What stands in the way of freezing the text, as sentences; empty when nothing does."""
    missing = [
        _("%(party)s heeft nog niet gezegd dat alles klopt.") % {"party": Party(row.party).label}
        for row in agreement.answers.all()
        if row.checked_at is None
    ]
    for slot in slots:
        if not slot.people:
            missing.append(slot.nobody)
    return missing
