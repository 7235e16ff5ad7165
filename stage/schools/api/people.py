"""People as other things name them."""

from __future__ import annotations

from rest_framework import serializers

from stage.core.api.fields import CodeField, Reading
from stage.core.models import Membership
from stage.schools.models import Student


class StudentRef(Reading):
    """What everybody who works at the school may know of a student."""

    code = CodeField(source="public_id")
    name = serializers.CharField(source="full_name")

    class Meta:
        model = Student
        fields = ["code", "name", "school_class"]


class ColleagueRef(Reading):
    """Somebody who works at the school."""

    code = CodeField(source="public_id")

    class Meta:
        model = Membership
        fields = ["code", "name"]
