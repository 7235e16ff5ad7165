"""Longer wall rules that several apps name: a policy may look into tables whose own policies
refer to their own columns only. What a company sees of a school follows from its invitations,
places and placements, which stand higher: the apps that know those tables answer.
"""

from stage.core.tenants.walls import RULES, others

# Who acts (`tenancy.actor_mark`) and what day it is, as the scope says.
ACTOR = "current_setting('app.actor', true)"
TODAY = "nullif(current_setting('app.today', true), '')::date"
# What a student does and a guardian, who runs as the same role, does not.
OWN_WORK = f"{RULES['student']} AND starts_with({ACTOR}, 'user:')"
# Settings come with their school or region: the operator makes the row and reads only its number.
MADE_ALONG = {"operator.r": ("id",)}
# Schools that somebody of a company deals with.
COMPANY_SCHOOLS = others("company_schools")
# The same, and the schools that trust this person; without sight of a row of theirs yet.
COMPANY_SCHOOLS_IN_SCOPE = (
    f"({COMPANY_SCHOOLS}"  # noqa: S608
    " OR school_id IN (SELECT pair >> 32 FROM unnest(app_ids('app.pairs')) AS pair))"
)
COMPANY_PERIODS = others("company_periods", "{column}")
# Staff that somebody of a company deals with.
COMPANY_STAFF = others("company_staff", "id")
# A student whose placement this person may see, or was put on.
COMPANY_TRAINEE = others("company_trainees")
COMPANY_GUIDED = others("company_guided")
# The people at companies who guide a student.
STUDENT_SUPERVISORS = others("student_supervisors", "id")
REGION_SCHOOLS = (
    "school_id IN (SELECT id FROM core_school"
    " WHERE region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
)
