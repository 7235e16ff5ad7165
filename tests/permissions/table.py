"""The whole table, out of the apps' files."""

from tests.permissions import agreements, assessments, attendance, companies, placements, web

TABLE = {
    **web.ROUTES,
    **companies.ROUTES,
    **placements.ROUTES,
    **agreements.ROUTES,
    **attendance.ROUTES,
    **assessments.ROUTES,
}
