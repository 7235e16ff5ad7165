"""Longer wall rules that several apps name: a policy may look into tables whose own policies

refer to their own columns only, so these sub-selects show a company just its own invitations,
places and placements, and a student just its own placements.
"""

COMPANY_SCHOOLS = (
    "school_id IN (SELECT school_id FROM companies_invitation"
    " UNION SELECT school_id FROM companies_place"
    " UNION SELECT school_id FROM placements_placement)"
)
COMPANY_PERIODS = (
    "{column} IN (SELECT period_id FROM companies_invitation"
    " UNION SELECT period_id FROM companies_place"
    " UNION SELECT period_id FROM placements_placement)"
)
REGION_SCHOOLS = (
    "school_id IN (SELECT id FROM core_school"
    " WHERE region_id = ANY ((SELECT app_ids('app.regions'))::bigint[]))"
)
