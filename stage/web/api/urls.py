"""Addresses of the API, version 1: reading."""

from django.urls import path, register_converter

from attendance.api import DayList
from companies.api import CompanyList, CompanyShow
from placements.api import PlacementList, PlacementShow
from stage.core.api.fields import CodeConverter
from stage.schools.api.periods import GroupList, GroupShow, PeriodList, PeriodShow
from stage.schools.api.students import StudentList, StudentShow
from stage.web.api.description import SchemaShow, api_read

register_converter(CodeConverter, "code")

app_name = "api"
urlpatterns = [
    path("", api_read, name="read"),
    path("schema/", SchemaShow.as_view(), name="schema_show"),
    path("periods/", PeriodList.as_view(), name="period_list"),
    path("periods/<code:code>/", PeriodShow.as_view(), name="period_show"),
    path("groups/", GroupList.as_view(), name="group_list"),
    path("groups/<code:code>/", GroupShow.as_view(), name="group_show"),
    path("students/", StudentList.as_view(), name="student_list"),
    path("students/<code:code>/", StudentShow.as_view(), name="student_show"),
    path("companies/", CompanyList.as_view(), name="company_list"),
    path("companies/<code:code>/", CompanyShow.as_view(), name="company_show"),
    path("placements/", PlacementList.as_view(), name="placement_list"),
    path("placements/<code:code>/", PlacementShow.as_view(), name="placement_show"),
    path("placements/<code:code>/days/", DayList.as_view(), name="day_list"),
]
