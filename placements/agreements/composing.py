"""The document everybody signs, composed of the parties' answers, the placement and the articles.

Also what each party's answers start with: whatever is known already.
"""

from __future__ import annotations

from datetime import time

from companies import trust
from companies.enums import ContactRole
from companies.models import Location
from placements.agreements import hashing, merging
from placements.enums import Party
from stage.schools.models import Guardian, SchoolSettings


def compose(agreement) -> dict:
    """The agreement as it reads now: facts per party, and the articles with their fields filled in.

    Plain JSON. Once frozen it is what was frozen, whatever changed since.
    """
    if agreement.document is not None:
        return agreement.document
    answers = {row.party: row.fields for row in agreement.answers.all()}
    document = {
        "agreement": agreement.public_id,
        "version": agreement.version,
        "student": answers.get(Party.STUDENT, {}),
        "company": answers.get(Party.COMPANY, {}),
        "school": answers.get(Party.SCHOOL, {}),
        "placement": _placement_facts(agreement.placement),
    }
    values = merging.values_of(document)
    document["articles"] = [_article(row, values) for row in agreement.articles.all()]
    return document


def _placement_facts(placement) -> dict:
    return {
        "starts": placement.starts.isoformat(),
        "ends": placement.ends.isoformat(),
        "weekdays": list(placement.weekdays),
    }


def _article(row, values: dict[str, str]) -> dict:
    article = {
        "number": row.number,
        "title": merging.fill_in(row.title, values),
        "text": merging.fill_in(row.text, values),
        "parties": list(row.parties),
    }
    return {**article, "digest": hashing.digest(article)}


def known_answers(placement) -> dict[str, dict]:
    """What is known of each party before it has filled in anything; read in the school's scope."""
    return {
        Party.STUDENT.value: _of_student(placement),
        Party.COMPANY.value: _of_company(placement),
        Party.SCHOOL.value: _of_school(placement),
    }


def _of_student(placement) -> dict:
    student = placement.student
    guardian = Guardian.objects.filter(student=student).exclude(telephone="").first()
    return {
        "name": student.full_name,
        "birth_date": student.birth_date.isoformat(),
        "school_class": student.school_class,
        "street": student.street,
        "postcode": student.postcode,
        "city": student.city,
        "telephone": student.telephone,
        "emergency_telephone": guardian.telephone if guardian else "",
        "wishes": "",
    }


def _of_company(placement) -> dict:
    company, supervisor = placement.company, placement.supervisor
    location = placement.location or Location.objects.filter(company=company).first()
    signing = trust.who_signs(placement.school_id, [company.pk]).get(company.pk, [])
    signatory = next((c for c in signing if ContactRole.SIGNATORY in c.may), None)
    return {
        "name": company.name,
        "street": location.street if location else "",
        "postcode": location.postcode if location else "",
        "city": location.city if location else "",
        "telephone": company.telephone,
        "representative": signatory.name if signatory else "",
        "function": signatory.function if signatory else "",
        "supervisor": supervisor.name if supervisor else "",
        "day_from": _clock(placement.day_from),
        "day_to": _clock(placement.day_to),
        "break_minutes": placement.break_minutes,
        "tasks": placement.tasks or (placement.place.tasks if placement.place else company.tasks),
        "work_kind": "",
        "risk_assessment": "",
        "clothing": company.clothing,
        "allowance": "",
        "allowance_amount": "",
        "allowance_to": "",
    }


def _of_school(placement) -> dict:
    school = placement.school
    known = SchoolSettings.objects.filter(school=school).first() or SchoolSettings(school=school)
    return {
        "name": school.name,
        "street": known.street,
        "postcode": known.postcode,
        "city": known.city,
        "telephone": known.telephone,
        "representative": known.represented_by,
        "function": known.representative_function,
        "teacher": placement.teacher.name if placement.teacher else "",
        "total_hours": planned_hours(placement),
        "insurance": known.insurance_text,
        "liability_maximum": known.liability_maximum,
    }


def planned_hours(placement) -> int:
    """Whole hours of all planned days, breaks left out; 0 when no day is planned."""
    return sum(day.minutes for day in placement.planned_days.all()) // 60


def _clock(value: time) -> str:
    return f"{value:%H:%M}"
