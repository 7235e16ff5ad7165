"""Placements, their days, arrivals, reports and papers. A placement has its student's number.

The first 200 of a school are at work, three days a week of which today is one; nobody is in yet.
The others of this year look for a place; those of before are done.
"""

from __future__ import annotations

from assessments.models import Assessment, Criterion, Form, Score
from attendance.models import Absence, CheckIn, ConfirmedDay, DayReport, WeekConfirmation
from placements.agreements.models import Agreement, AgreementArticle, Signature
from placements.models import Application, Placement, PlannedDay, StudentCard
from stage.schools.models import Guides
from tests.bench.country.loading import Rows
from tests.bench.country.places import code

PLACED = """(
    SELECT s, j, {student} i, k, st, runs, p, {company} c FROM (
        SELECT s, j, 1 + (j - 1) % 200 k, j <= {at_work} runs,
            (s - 1) * 6 + CASE WHEN j <= {at_work} THEN 1
                WHEN j <= 2 * {cohort} THEN 3 ELSE 5 END p,
            CASE WHEN j <= {at_work} THEN current_date - 60
                WHEN j <= 2 * {cohort} THEN current_date - 400 ELSE current_date - 765 END st
        FROM {schools}, {people} WHERE j <= {at_work} OR j > {cohort}
    ) y
) x"""
# Of a placement that runs every day of it, of one that is done twelve; n: the number of the day.
DAYS = f"""(SELECT x.*, n, date FROM {PLACED}, LATERAL (
    SELECT n, current_date - 56 + (n / 3) * 7 + (n % 3) * 2 FROM generate_series(0, 48) n
    WHERE x.runs
    UNION ALL SELECT n, x.st + n * 3 FROM generate_series(0, 11) n WHERE NOT x.runs
) d(n, date)) z"""
BEFORE = f"{DAYS} WHERE date < current_date"
WISHES = """(
    SELECT s, j, n, i, k, {company} c FROM (
        SELECT s, j, n, {student} i, 1 + (j * 3 + n) % 200 k
        FROM {schools}, generate_series({at_work} + 1, {cohort}) j, generate_series(1, 3) n
    ) y
) x"""
ABOUT = {"school_id": "s", "student_id": "i", "company_id": "c"}
OF_IT = ABOUT | {"placement_id": "i"}
HOURS = {
    "day_from": "'08:30'::time",
    "day_to": "'15:30'::time",
    "break_minutes": "30",
}
CARD = ABOUT | {"first_name": "'Kind'", "age_band": "'16-17'"}

ROWS = [
    Rows(
        Placement,
        PLACED,
        ABOUT
        | HOURS
        | {
            "id": "i",
            "public_id": code("i"),
            "period_id": "p",
            "place_id": "(p - 1) * 200 + k",
            "location_id": "c",
            "supervisor_id": "c",
            "teacher_id": "{teacher}",
            "starts": "st",
            "ends": "st + CASE WHEN runs THEN 120 ELSE 60 END",
            "weekdays": "{days}",
            "state": "CASE WHEN runs THEN 'running' ELSE 'finished' END",
            "briefed_at": "now()",
            "created_at": "st - interval '30 days'",
        },
    ),
    Rows(
        Guides,
        PLACED,
        {
            "school_id": "s",
            "student_id": "i",
            "who_id": "{teacher}",
            "kind": "'teacher'",
            "source": "'placement'",
            "number": "i",
            "until": "CASE WHEN NOT runs THEN st + 60 END",
        },
    ),
    Rows(
        PlannedDay,
        DAYS,
        OF_IT
        | {
            "id": "i::bigint * 64 + n",
            "date": "date",
            # Today lasts all day, at whichever hour the bench runs.
            "day_from": "CASE WHEN date = current_date THEN '00:01'::time ELSE '08:30' END",
            "day_to": "CASE WHEN date = current_date THEN '23:59'::time ELSE '15:30' END",
            "break_minutes": "30",
        },
    ),
    Rows(
        CheckIn,
        f"{BEFORE} AND (i + n * 3) % 23 <> 0",
        OF_IT
        | {
            "id": "i::bigint * 64 + n",
            "date": "date",
            "at": "(date + time '08:20' + ((i * 31 + n * 7) % 30) * interval '1 minute')"
            " AT TIME ZONE 'Europe/Amsterdam'",
            "nonce": "'land' || (i::bigint * 64 + n)",
            "method": "'poster'",
            "flags": "CASE WHEN (i + n) % 20 = 0 THEN ARRAY['late'] ELSE '{}' END",
            "flags_seen_at": "now()",
        },
    ),
    Rows(
        DayReport,
        f"{BEFORE} AND (runs OR n < 5)",
        OF_IT
        | {
            "id": "i::bigint * 64 + n",
            "date": "date",
            "text": "'Vandaag hielp ik mee in de werkplaats en leerde ik iets nieuws.'",
            "mood": "'good'",
            "written_at": "date + interval '16 hours'",
        },
    ),
    Rows(
        Absence,
        f"{PLACED} WHERE j % 2 = 0",
        OF_IT
        | {
            "public_id": code("i"),
            "kind": "'ill'",
            "starts": "st + 7",
            "ends": "st + 8",
            "reported_kind": "'student'",
            "reported_at": "st + interval '7 days'",
            "back_at": "st + interval '8 days'",
            "excused": "true",
        },
    ),
    Rows(
        WeekConfirmation,
        f"{PLACED}, generate_series(2, 6) w WHERE runs",
        OF_IT
        | {
            "iso_year": "extract(isoyear from current_date - 7 * w)",
            "iso_week": "extract(week from current_date - 7 * w)",
            "contact_id": "c",
        },
    ),
    Rows(
        ConfirmedDay,
        f"{DAYS} WHERE runs AND date BETWEEN current_date - 42 AND current_date - 14",
        OF_IT | {"date": "date", "minutes": "390", "by_id": "c"},
    ),
    Rows(
        Agreement,
        PLACED,
        OF_IT
        | {
            "id": "i",
            "public_id": code("i"),
            "version": "1",
            "state": "'complete'",
            "document": "'{}'::jsonb",
            "whole_hash": "md5(i::text) || md5(i::text)",
            "frozen_at": "now()",
            "completed_at": "now()",
        },
    ),
    Rows(
        Signature,
        f"{PLACED}, (VALUES ('student', 'student'), ('company', 'contact'),"
        " ('school', 'membership')) t(party, person)",
        ABOUT
        | {
            "agreement_id": "i",
            "party": "party",
            "person_kind": "person",
            "person_id": "CASE person WHEN 'contact' THEN c ELSE i END",
            "name": "'Naam'",
            "whole_hash": "md5(i::text) || md5(i::text)",
            "method": "'code'",
            "statement": "'Ik ga akkoord.'",
            "at": "now()",
        },
    ),
    Rows(
        AgreementArticle,
        f"{PLACED}, generate_series(1, 6) n WHERE runs",
        ABOUT
        | {
            "agreement_id": "i",
            "number": "n",
            "title": "'Artikel ' || n",
            "text": "repeat('De leerling houdt zich aan de regels van het bedrijf. ', 6)",
            "parties": "ARRAY['student', 'company', 'school']",
        },
    ),
    Rows(
        Application,
        PLACED,
        ABOUT
        | {
            "id": "i * 4",
            "public_id": code("i * 4"),
            "period_id": "p",
            "place_id": "(p - 1) * 200 + k",
            "state": "'accepted'",
        },
    ),
    Rows(
        Application,
        WISHES,
        ABOUT
        | {
            "id": "i * 4 + n",
            "public_id": code("i * 4 + n"),
            "rank": "n",
            "period_id": "(s - 1) * 6 + 2",
            "place_id": "((s - 1) * 6 + 1) * 200 + k",
            "motivation": "'Ik wil dit graag leren.'",
            "state": "'with_company'",
            "submitted_at": "now() - interval '3 days'",
        },
    ),
    Rows(StudentCard, PLACED, CARD | {"revoked_at": "CASE WHEN NOT runs THEN now() END"}),
    Rows(StudentCard, WISHES, CARD),
    Rows(
        Form,
        "{schools}",
        {"id": "s", "school_id": "s", "name": "'Standaard'", "is_default": "true"},
    ),
    Rows(
        Criterion,
        "{schools}, generate_series(1, 8) n",
        {
            "id": "(s - 1) * 8 + n",
            "school_id": "s",
            "form_id": "s",
            "order": "n",
            "name": "'Criterium ' || n",
        },
    ),
    Rows(
        Assessment,
        f"{PLACED} WHERE NOT runs",
        OF_IT
        | {
            "id": "i",
            "public_id": code("i"),
            "form_id": "s",
            "contact_id": "c",
            "outcome": "'normal'",
            "state": "'given'",
            "given_at": "now()",
        },
    ),
    Rows(
        Score,
        f"{PLACED}, generate_series(1, 3) n WHERE NOT runs",
        ABOUT | {"assessment_id": "i", "criterion_id": "(s - 1) * 8 + n", "points": "3"},
    ),
]
