"""Students, read; who is not one's own is a name and a class."""

from __future__ import annotations

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from stage.core.api.fields import CodeField, Reading
from stage.core.api.views import ApiDetail, ApiList
from stage.core.enums import STAFF
from stage.core.record import audit
from stage.core.who.access import allow
from stage.schools import student_list
from stage.schools.api.people import ColleagueRef, StudentRef
from stage.schools.models import GroupStudent, Student


class StudentDetails(Reading):
    """What only who guides the student and the coordinator may know."""

    profile = serializers.CharField(source="profile.code", allow_null=True, default=None)
    mentor = ColleagueRef(allow_null=True)
    groups = serializers.SerializerMethodField()

    class Meta:
        model = Student
        fields = [
            *("number", "first_name", "infix", "last_name", "birth_date", "year", "leerweg"),
            *("profile", "email", "telephone", "mentor", "groups", "left_on"),
        ]

    @extend_schema_field(serializers.ListField(child=CodeField()))
    def get_groups(self, student) -> list[str]:
        members = GroupStudent.objects.visible_to(self.context["request"].user)
        rows = members.filter(student=student).order_by("group__public_id")
        return list(rows.values_list("group__public_id", flat=True))


class StudentWhole(StudentRef):
    """A student; `details` is null for a colleague who does not guide it."""

    details = serializers.SerializerMethodField()

    class Meta:
        model = Student
        fields = [*StudentRef.Meta.fields, "details"]

    @extend_schema_field(StudentDetails(allow_null=True))
    def get_details(self, student) -> dict | None:
        return StudentDetails(student, context=self.context).data if student.is_own else None


@allow(*STAFF)
class StudentList(ApiList):
    """The students who are at school now."""

    summary = _("De leerlingen van de school, op naam")
    filters = student_list.StudentFilters
    parameters = {"q": "q", "school_class": "klas", "group": "group", "period": "period"}
    serializer_class = StudentRef

    def get_queryset(self):
        rows = Student.objects.by_name(self.actor).present()
        return rows.order_by("sort_name", "pk")


@allow(*STAFF)
class StudentShow(ApiDetail):
    """One student."""

    summary = _("Eén leerling")
    description = _("details is null bij een leerling die je niet begeleidt.")
    serializer_class = StudentWhole

    def get_queryset(self):
        actor = self.actor
        own = Student.objects.visible_to(actor).filter(pk=OuterRef("pk"))
        rows = Student.objects.by_name(actor).annotate(is_own=Exists(own))
        return rows.select_related("profile", "mentor")

    def saw(self, row):
        if row.is_own:
            audit.saw(self.actor, row)
