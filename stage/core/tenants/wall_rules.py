"""Longer wall rules that several apps name: a policy may look into tables whose own policies
refer to their own columns only. What a company sees of a school follows from its invitations,
places and placements, which stand higher: the apps that know those tables answer.
"""

from stage.core.tenants.walls import others

# Schools that somebody of a company deals with.
COMPANY_SCHOOLS = others("company_schools")
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
