"""Longer wall rules that several apps name: a policy may look into tables whose own policies

refer to their own columns only, so these sub-selects show a company just its own invitations,
places and placements, and a student just its own placements.
"""

from stage.core.tenants.walls import RULES

# Who acts (`tenancy.actor_mark`) and what day it is, as the scope says.
ACTOR = "current_setting('app.actor', true)"
TODAY = "nullif(current_setting('app.today', true), '')::date"
# What a student does and a guardian, who runs as the same role, does not.
OWN_WORK = f"{RULES['student']} AND starts_with({ACTOR}, 'user:')"
COMPANY_SCHOOLS = (
    "school_id IN (SELECT school_id FROM companies_invitation"
    " UNION SELECT school_id FROM companies_place"
    " UNION SELECT school_id FROM placements_placement)"
)
# The same, and the schools that trust this person; without sight of a row of theirs yet.
COMPANY_SCHOOLS_IN_SCOPE = (
    f"({COMPANY_SCHOOLS}"  # noqa: S608
    " OR school_id IN (SELECT pair >> 32 FROM unnest(app_ids('app.pairs')) AS pair))"
)
COMPANY_PERIODS = (
    "{column} IN (SELECT period_id FROM companies_invitation"
    " UNION SELECT period_id FROM companies_place"
    " UNION SELECT period_id FROM placements_placement)"
)
# A student whose placement this person may see, or was put on.
COMPANY_TRAINEE = (
    "(student_id, company_id) IN (SELECT student_id, company_id FROM placements_placement)"
)
COMPANY_GUIDED = (
    "(student_id, company_id) IN (SELECT student_id, company_id FROM placements_placement"
    " WHERE id = ANY ((SELECT app_ids('app.placements'))::bigint[]))"
)
REGION_SCHOOLS = (
    "school_id IN (SELECT id FROM core_school"
    " WHERE region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
)
