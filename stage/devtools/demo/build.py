"""Builds the whole demo, in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from companies import services
from companies.models import Company, Contact, Place
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.tenants.tenancy import use
from stage.core.who.identities import mail_way_in
from stage.core.work import wake
from stage.devtools.demo import asking, clock, schools, terms
from stage.devtools.demo.cast import by
from stage.devtools.demo.made import SEED, Demo
from stage.devtools.demo.pool import fill_pool
from stage.devtools.demo.regions import first_region, other_region
from stage.devtools.demo.relations import keep_contact
from stage.devtools.demo.schools import DemoSchool
from stage.devtools.showing import refuse_in_production
from stage.schools import reference_data
from stage.schools.kept_filters import list_at
from stage.schools.services import kept_filters

# Letters older than this have left long ago; younger ones the worker sends after the start.
FRESH = timedelta(days=6)
SHARES = {"full": 1, "small": 3}  # one student in so many
# What the first coordinator keeps: list, name, filter.
KEPT = (
    ("schools:student_list", "Klas 4, nog zonder plek", "year=4&stage=none"),
    ("placements:placement_list", "Nog geen begeleider", "mist=teacher"),
)


def build(*, size: str = "full", say: Callable[[str], object] = lambda line: None) -> None:
    """Fill an empty database. Raises RuntimeError where real people's data could be."""
    refuse_in_production()
    with wake.once(), override("nl"), transaction.atomic():
        _build(SHARES[size], say)


def _build(share: int, say) -> None:
    reference_data.load()
    story, rng = clock.Story.now(), Random(SEED)  # noqa: S311 - the same story each time
    with clock.at(clock.on(story.week(-16), "09:00")):
        region, bureau = first_region()
        pool = fill_pool(region, bureau=bureau, rng=rng)
        demo = Demo(story, rng, share, say, pool, [bureau.scope])
        say(f"region with {sum(map(len, pool.values()))} companies")
        made = [schools.make_school(region, number) for number in range(3)]
        names = schools.full_names(rng)
        for school in made:
            schools.enrol(school, names=names, share=share, today=story.today, rng=rng)
            demo.scopes.append(school.cast.scope)
    say(f"three schools with {sum(len(s) for m in made for s in m.classes.values())} students")
    terms.running(demo, made[0])
    terms.preparing(demo, made[0])
    terms.answering(demo, made[1])
    terms.finished(demo, made[2])
    terms.beginning(demo, made[2])
    _changed_by_others(demo, made[0], made[1])
    keep_contact(demo, made[0], bureau)
    terms.looking(demo, made[0])
    _keep_filters(made[0])
    other_region(demo, names=names)
    for scope in demo.scopes:
        asking.was_posted(scope, timezone.now() - FRESH)
    _links(made[0])


def _changed_by_others(demo: Demo, school: DemoSchool, other: DemoSchool) -> None:
    """Somebody was named through a forwarded letter; another school changed a company's number."""
    with use(school.cast.scope):
        asked = Place.objects.filter(invitation__isnull=False)
        coming = asked.filter(period__starts__gt=demo.story.today).order_by("-pk")
        place = coming.select_related("period", "offer")[0]
    with clock.at(clock.on(demo.story.back(2), "16:20")):
        asking.name_through_link(
            school, place, name="Mirjam Slot", email="mirjam.slot@postvak.voorbeeld"
        )
    with use(school.cast.scope):
        running = Placement.objects.filter(state=PlacementState.RUNNING).order_by("pk")
        company = Company.objects.get(pk=running.values("company")[:1])
    with clock.at(clock.on(demo.story.back(1), "15:10")):
        by(other.coordinator, services.update_company, company, telephone="026 555 01 23")


def _links(school: DemoSchool) -> None:
    """The bakery, its supervisor and a guardian just asked for their link on the log-in page."""
    with use(school.cast.scope):
        people = Contact.objects.filter(company__name="Bakkerij Van Diepen").order_by("pk")
        addresses = [*people.values_list("email", flat=True)]
    addresses.append(school.cast.guardian(school.classes["3HBR"][0]).email)
    for address in addresses:
        mail_way_in(address)


def _keep_filters(school: DemoSchool) -> None:
    """The coordinator keeps what is looked at every week."""
    actor = school.coordinator
    for name, title, query in KEPT:
        page = list_at(name, actor)
        assert page is not None  # the coordinator's own lists
        with use(school.cast.scope):
            filters = page.read(query, actor)
            assert not filters.errors, filters.errors
        by(actor, kept_filters.keep, page, filters, name=title)
