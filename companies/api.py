"""Companies of the region's pool, read by a school."""

from __future__ import annotations

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from companies.enums import ContactRole
from companies.filters import HERE, CompanyFilters
from companies.models import Company, Contact, Location
from stage.core.api.fields import CodeField, Reading
from stage.core.api.views import ApiDetail, ApiList
from stage.core.enums import STAFF
from stage.core.who.access import allow


class CompanyRef(Reading):
    """A company as other things name it."""

    code = CodeField(source="public_id")

    class Meta:
        model = Company
        fields = ["code", "name"]


class CompanyItem(CompanyRef):
    """A company in the list; `city` is that of its first location."""

    city = serializers.SerializerMethodField()

    class Meta:
        model = Company
        fields = [*CompanyRef.Meta.fields, "city", "profiles", "email", "telephone", "website"]

    @extend_schema_field(serializers.CharField())
    def get_city(self, company) -> str:
        return company.first_city or ""


class LocationItem(Reading):
    """Where the work is. The code on its poster is a secret and stays out."""

    code = CodeField(source="public_id")

    class Meta:
        model = Location
        fields = ["code", "name", "street", "postcode", "city"]


class ContactItem(Reading):
    """Somebody at the company."""

    code = CodeField(source="public_id")
    roles = serializers.ListField(child=serializers.ChoiceField(ContactRole.choices))

    class Meta:
        model = Contact
        fields = ["code", "name", "function", "email", "telephone", "roles"]


class CompanyWhole(CompanyItem):
    """A company with its locations and the people who still work there."""

    locations = LocationItem(many=True, source="all_locations")
    contacts = ContactItem(many=True, source="all_contacts")

    class Meta:
        model = Company
        fields = [
            *CompanyItem.Meta.fields,
            *("kvk_number", "description", "tasks", "size", "minimum_age", "clothing"),
            *("needs_vog", "attendance_mode", "day_end", "locations", "contacts"),
        ]


def _companies(actor):
    city = Location.objects.filter(**HERE).order_by("pk").values("city")[:1]
    rows = Company.objects.visible_to(actor).present().order_by("sort_name", "pk")
    return rows.annotate(first_city=Subquery(city))


@allow(*STAFF)
class CompanyList(ApiList):
    """The region's companies."""

    summary = _("De bedrijven van de regio, op naam")
    filters = CompanyFilters
    parameters = {"q": "q", "group": "group", "period": "period"}
    serializer_class = CompanyItem

    def get_queryset(self):
        return _companies(self.actor)


@allow(*STAFF)
class CompanyShow(ApiDetail):
    """One company; by the code of one that was merged, the one that stays."""

    summary = _("Eén bedrijf, met locaties en contactpersonen")
    serializer_class = CompanyWhole

    def get_queryset(self):
        return _companies(self.actor).with_parts()

    def get_object(self):
        rows = Company.objects.visible_to(self.actor).select_related("merged_into")
        found = rows.filter(public_id=self.kwargs["code"]).first()
        if found is not None:
            self.kwargs["code"] = found.stays.public_id
        return super().get_object()
