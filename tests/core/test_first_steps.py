"""The first school and its first coordinator: made by the operator, before anybody has a scope."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stage.core.models import AuditEntry, Membership, OutboxMail, Region, School
from stage.core.tenants.tenancy import SYSTEM, use
from stage.core.who.policies import Conflict
from stage.schools.models import RegionSettings, SettingsRow
from stage.schools.services import first_steps

pytestmark = pytest.mark.django_db
OPTIONS = {
    "region": "Regio Oost",
    "name": "De Linde",
    "brin": "26ab00",
    "coordinator": "Petra Lammers",
    "email": "Petra@Linde.voorbeeld",
}


def add_school(**changes):
    out = StringIO()
    call_command("add_school", **(OPTIONS | changes), stdout=out)
    return out.getvalue()


def test_a_school_comes_with_settings_and_an_invited_coordinator():
    assert "De Linde (26AB00) is ready" in add_school()
    with use(SYSTEM):
        school = School.objects.get(brin="26AB00")
        member = Membership.objects.select_related("user").get(school=school)
        models = SettingsRow.__subclasses__()
        assert len(models) == 4
        for model in models:
            assert model.objects.of(school.pk).school_id == school.pk
        assert RegionSettings.objects.filter(region=school.region).exists()
        assert (member.role, member.email) == ("coordinator", "petra@linde.voorbeeld")
        assert not member.user.has_usable_password()
        assert OutboxMail.objects.get(event="staff_invited").person_id == member.pk
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
        assert {"region_made", "school_made", "staff_invited"} <= verbs


def test_a_second_school_joins_the_region_of_the_first():
    add_school()
    add_school(name="De Eik", brin="27CD00", email="hassan@eik.voorbeeld")
    with use(SYSTEM):
        assert Region.objects.count() == 1
        assert School.objects.count() == 2


@pytest.mark.parametrize("changes", [{"brin": "abc"}, {"email": "geen adres"}, {}])
def test_what_is_wrong_or_there_already_changes_nothing(changes):
    if not changes:
        add_school()
    with use(SYSTEM):
        before = School.objects.count(), Membership.objects.count()
    with pytest.raises(CommandError):
        add_school(**changes)
    with use(SYSTEM):
        assert (School.objects.count(), Membership.objects.count()) == before


def test_nobody_has_the_same_role_twice():
    region = first_steps.make_region("Regio Oost")
    first_steps.make_bureau(region, name="Corrie", email="bureau@oost.voorbeeld")
    with pytest.raises(Conflict):
        first_steps.make_bureau(region, name="Corrie", email="bureau@oost.voorbeeld")
