"""The whole table, out of the apps' files."""

from tests.permissions import assessments, attendance, companies, placements, web

TABLE = {
    **web.ROUTES,
    **companies.ROUTES,
    **placements.ROUTES,
    **attendance.ROUTES,
    **assessments.ROUTES,
}
