"""The whole table, out of the apps' files."""

from tests.permissions import agreements, api, assessments, attendance, companies, placements, web

TABLE = {
    **api.ROUTES,
    **web.ROUTES,
    **companies.ROUTES,
    **placements.ROUTES,
    **agreements.ROUTES,
    **attendance.ROUTES,
    **assessments.ROUTES,
}
