"""Regions, schools, their people, and the pool of companies they share.

s: a school, r: a region, j: a student (1 to 333 of this year, then last year's, then those before),
k: a company of a region, or one of the 400 that a school knows; q: a period of a school.
"""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from attendance.models import AttendanceSettings, Screen
from companies.models import (
    Campaign,
    Company,
    Contact,
    GroupCompany,
    Invitation,
    Location,
    Offer,
    Place,
    Trust,
)
from placements.agreements.models import AgreementSettings
from placements.models import PlacementSettings
from stage.core.models import Membership, Region, School, User
from stage.schools.models import (
    Group,
    GroupStudent,
    Guardian,
    Period,
    RegionSettings,
    SchoolSettings,
    Student,
)
from tests.bench.country.loading import Rows

WORDS = "translate(lpad({}::text, 9, '0'), '0123456789', 'CDFGHJKMNP')"  # like a public code
STUDENTS = "(SELECT s, j, {student} i FROM {schools}, {people}) x"
STAFF = "(SELECT s, t, {desk} + t i FROM {schools}, generate_series(0, 14) t) x"
BUREAUS = "(SELECT r, 6000000 + r i FROM {regions}) x"
COMPANIES = "(SELECT r, k, (r - 1) * {per_region} + k i FROM {regions}, {slots}) x"
KNOWN = "(SELECT s, k, {company} c FROM {schools}, generate_series(1, 400) k) x"
PERIODS = """{schools}, (VALUES (1, current_date - 60, 120), (2, current_date + 90, 60),
    (3, current_date - 400, 60), (4, current_date - 260, 60), (5, current_date - 765, 60),
    (6, current_date - 625, 60)) p(q, d, n)"""
ASKED = """(SELECT s, q, k, (s - 1) * 6 + q p, {company} c
    FROM {schools}, generate_series(1, 6) q, generate_series(1, 400) k) x"""
NAMES = "(ARRAY['Sanne','Daan','Emma','Sem','Noor','Levi','Fatima','Mees','Lotte'])[1 + j % 9]"
FAMILY = "((ARRAY['Jansen','Bakker','Visser','Smit','Yilmaz','Kaya'])[1 + j % 6] || (j % 97))"
TOWN = "(ARRAY['Groningen','Assen','Emmen','Zwolle','Meppel'])[1 + k % 5]"
CAME = "now() - interval '300 days'"
# Every tenth company of a region keeps attendance in another way than by the poster.
WAY = "CASE k % 10 WHEN 7 THEN 'student' WHEN 8 THEN 'supervisor' WHEN 9 THEN 'screen' ELSE '' END"


def code(number: str) -> str:
    return WORDS.format(f"({number})")


def user(source: str, name: str, email: str = "NULL") -> Rows:
    fields = {"id": "i", "username": name, "email": email, "password": "'!'", "date_joined": CAME}
    return Rows(User, source, fields)


ROWS = [
    Rows(Region, "{regions}", {"id": "r", "name": "'Regio ' || r", "public_id": code("r")}),
    Rows(
        School,
        "{schools}",
        {
            "id": "s",
            "region_id": "{region}",
            "name": "'School ' || s",
            "brin": "lpad(s::text,6,'0')",
        },
    ),
    Rows(RegionSettings, "{regions}", {"region_id": "r"}),
    *(
        Rows(model, "{schools}", {"school_id": "s"})
        for model in (SchoolSettings, PlacementSettings, AgreementSettings, AttendanceSettings)
    ),
    user(STUDENTS, "'land-s' || i"),
    user(STAFF, "'land-t' || i", "'t' || i || '@school.test'"),
    user(BUREAUS, "'land-b' || i", "'b' || i || '@regio.test'"),
    Rows(
        Student,
        STUDENTS,
        {
            "id": "i",
            "public_id": code("i"),
            "school_id": "s",
            "number": "'N' || lpad(j::text, 5, '0')",
            "first_name": NAMES,
            "last_name": FAMILY,
            "sort_name": f"lower({FAMILY} || ' ' || {NAMES})",
            "search_name": f"lower({NAMES} || ' ' || {FAMILY})",
            "school_class": "CASE WHEN j <= {cohort} THEN '4' ELSE '5' END || chr(97 + j % 12)",
            "year": "4",
            "leerweg": "(ARRAY['BB','KB','GL','TL'])[1 + j % 4]",
            "birth_date": "date '2010-01-01' + (j % 700)",
            "profile_id": "(SELECT min(id) FROM schools_profile) + j % 10",
            "mentor_id": "{teacher}",
            "left_on": "CASE WHEN j > {cohort} THEN current_date - 60 END",
        },
    ),
    Rows(
        Membership,
        STUDENTS,
        {
            "id": "i",
            "public_id": code("i"),
            "role": "'student'",
            "user_id": "i",
            "region_id": "{region}",
            "school_id": "s",
            "student_id": "i",
            "ended_at": "CASE WHEN j > {cohort} THEN now() - interval '60 days' END",
        },
    ),
    Rows(
        Membership,
        STAFF,
        {
            "id": "i",
            "public_id": code("i"),
            "role": "CASE WHEN t = 0 THEN 'coordinator' ELSE 'teacher' END",
            "name": "'Docent ' || t",
            "email": "'t' || i || '@school.test'",
            "user_id": "i",
            "region_id": "{region}",
            "school_id": "s",
        },
    ),
    Rows(
        Membership,
        BUREAUS,
        {
            "id": "i",
            "public_id": code("i"),
            "role": "'bureau'",
            "name": "'Bureau ' || r",
            "email": "'b' || i || '@regio.test'",
            "user_id": "i",
            "region_id": "r",
        },
    ),
    *(
        Rows(
            Authenticator,
            source,
            {
                "type": "'totp'",
                "user_id": "i",
                "data": """'{"secret": "JBSWY3DPEHPK3PXP"}'::jsonb""",
                "created_at": "now()",
            },
        )
        for source in (STAFF, BUREAUS)
    ),
    Rows(
        Guardian,
        STUDENTS,
        {
            "public_id": code("i"),
            "school_id": "s",
            "student_id": "i",
            "name": "'Ouder ' || i",
            "email": "'o' || i || '@thuis.test'",
            "may_sign": "true",
        },
    ),
    Rows(
        Period,
        PERIODS,
        {
            "id": "(s - 1) * 6 + q",
            "public_id": code("(s - 1) * 6 + q"),
            "school_id": "s",
            "name": "'Periode ' || q",
            "kind": "'weekdays'",
            "starts": "d",
            "ends": "d + n",
            "weekdays": "{days}",
            "day_from": "'08:30'::time",
            "day_to": "'15:30'::time",
            "break_minutes": "30",
        },
    ),
    Rows(
        Group,
        PERIODS,
        {
            "id": "(s - 1) * 6 + q",
            "public_id": code("(s - 1) * 6 + q"),
            "school_id": "s",
            "period_id": "(s - 1) * 6 + q",
            "name": "'Groep ' || q",
        },
    ),
    Rows(
        GroupStudent,
        STUDENTS,
        {
            "school_id": "s",
            "student_id": "i",
            "group_id": "(s - 1) * 6 + CASE WHEN j <= {at_work} THEN 1 WHEN j <= {cohort} THEN 2"
            " WHEN j <= 2 * {cohort} THEN 3 ELSE 5 END",
        },
    ),
    Rows(
        Company,
        COMPANIES,
        {
            "id": "i",
            "public_id": code("i"),
            "region_id": "r",
            "name": "'Bedrijf ' || k",
            "sort_name": "'bedrijf ' || k",
            "search_name": "'bedrijf ' || k",
            "kvk_number": "lpad(k::text, 8, '0')",
            "tasks": "'Helpen in de werkplaats.'",
            "profiles": "ARRAY[(ARRAY['BWI','HBR','MVI','M&T','PIE','Z&W'])[1 + k % 6]]",
        },
    ),
    Rows(
        Location,
        COMPANIES,
        {
            "id": "i",
            "public_id": code("i"),
            "region_id": "r",
            "company_id": "i",
            "street": "'Weg ' || k",
            "city": TOWN,
            "latitude": "53.2 + (k % 100) * 0.001",
            "longitude": "6.5 + (k % 90) * 0.001",
            "attendance_mode": WAY,
            "poster_code": code("i"),
        },
    ),
    Rows(
        Contact,
        COMPANIES,
        {
            "id": "i",
            "public_id": code("i"),
            "region_id": "r",
            "company_id": "i",
            "name": "'Kim ' || i",
            "email": "'kim' || i || '@bedrijf.test'",
            "roles": "ARRAY['supervisor', 'contact']",
        },
    ),
    Rows(
        Screen,
        f"{COMPANIES} WHERE k % 10 = 9",
        {
            "public_id": code("i"),
            "region_id": "r",
            "company_id": "i",
            "location_id": "i",
            "name": "'Ingang'",
            "secret": "md5('scherm' || i)",
            "key": "md5('sleutel' || i)",
        },
    ),
    Rows(
        Trust,
        KNOWN,
        {
            "school_id": "s",
            "company_id": "c",
            "contact_id": "c",
            "address": "'kim' || c || '@bedrijf.test'",
            "roles": "ARRAY['supervisor', 'contact']",
            "source": "'typed'",
            "proven_at": "now()",
        },
    ),
    Rows(
        GroupCompany,
        f"{KNOWN}, generate_series(1, 2) q",
        {"company_id": "c", "group_id": "(s - 1) * 6 + q", "school_id": "s"},
    ),
    Rows(
        Campaign,
        PERIODS,
        {
            "id": "(s - 1) * 6 + q",
            "public_id": code("(s - 1) * 6 + q"),
            "school_id": "s",
            "group_id": "(s - 1) * 6 + q",
            "period_id": "(s - 1) * 6 + q",
            "subject": "'Stageplek?'",
            "letter": "'Beste mensen'",
            "state": "'sent'",
            "created_by_id": "{desk}",
        },
    ),
    Rows(
        Invitation,
        ASKED,
        {
            "id": "(p - 1) * 400 + k",
            "public_id": code("(p - 1) * 400 + k"),
            "school_id": "s",
            "region_id": "{region}",
            "campaign_id": "p",
            "period_id": "p",
            "company_id": "c",
            "contact_id": "c",
            "state": "CASE WHEN k <= 200 THEN 'yes' WHEN k <= 280 THEN 'no' ELSE 'sent' END",
            "created_at": "now() - q * interval '80 days'",
            "sent_at": "now() - q * interval '80 days'",
            "answered_at": "CASE WHEN k <= 280 THEN now() - q * interval '79 days' END",
        },
    ),
    Rows(
        Offer,
        f"{ASKED} WHERE k <= 200",
        {
            "id": "(p - 1) * 200 + k",
            "public_id": code("(p - 1) * 200 + k"),
            "region_id": "{region}",
            "company_id": "c",
            "location_id": "c",
            "starts": "current_date - 60",
            "ends": "current_date + 160",
            "how_many": "2",
            "tasks": "'Helpen waar het nodig is.'",
        },
    ),
    Rows(
        Place,
        f"{ASKED} WHERE k <= 200",
        {
            "id": "(p - 1) * 200 + k",
            "public_id": code("(p - 1) * 200 + k"),
            "school_id": "s",
            "region_id": "{region}",
            "company_id": "c",
            "offer_id": "(p - 1) * 200 + k",
            "invitation_id": "(p - 1) * 400 + k",
            "period_id": "p",
            "supervisor_id": "c",
            "how_many": "2",
            "weekdays": "{days}",
            "state": "'open'",
        },
    ),
]
