"""The demo's regions: the one the story is about, and another with one school of its own."""

from __future__ import annotations

from stage.core.models import Region
from stage.core.tenants.tenancy import use
from stage.core.who.actors import Actor
from stage.devtools.demo import clock, schools
from stage.devtools.demo.cast import open_accounts
from stage.devtools.demo.companies import OTHER_REGION, OTHERS, REGION
from stage.devtools.demo.made import Demo
from stage.devtools.demo.pool import fill_pool
from stage.devtools.demo.terms import named
from stage.schools.models import RegionSettings
from stage.schools.services import first_steps
from stage.schools.services.school_settings import change_region_settings

EXPLANATION = (
    "U hoeft niets te installeren. Een leerling kost u een uur per dag en levert u een"
    " paar extra handen op."
)


def first_region() -> tuple[Region, Actor]:
    """The region with its bureau; who runs the platform is written there."""
    region = first_steps.make_region(REGION)
    bureau = first_steps.make_bureau(
        region, name="Corrie Blaauw", email="bureau@gelderland-midden.voorbeeld"
    )
    operator = first_steps.make_operator(
        region, name="Beheer Stage", email="beheer@stage.voorbeeld"
    )
    open_accounts([bureau, operator])
    return region, _with_settings(region, bureau, "026 000 80 00")


def _with_settings(region: Region, bureau, telephone: str) -> Actor:
    actor = first_steps.actor_of(bureau)
    values = {
        "email": bureau.email,
        "telephone": telephone,
        "company_explanation": EXPLANATION,
    }
    with use(actor.scope):
        settings = RegionSettings.objects.of(region.pk)
        change_region_settings(settings, values=values, actor=actor)
    return actor


def other_region(demo: Demo, *, names: list[tuple[str, str, str]]) -> None:
    """A region that began last month: one school, which has chosen companies for a first period.

    Nobody of the other region sees anything of it.
    """
    story = demo.story
    with clock.at(clock.on(story.week(-4), "09:00")):
        region = first_steps.make_region(OTHER_REGION)
        bureau = first_steps.make_bureau(
            region, name="Mieke Wessels", email="bureau@achterhoek.voorbeeld"
        )
        open_accounts([bureau])
        actor = _with_settings(region, bureau, "0543 00 80 00")
        pool = fill_pool(region, bureau=actor, rng=demo.dice(5), of=OTHERS, first=700)
        school = schools.make_school(region, 3)
        schools.enrol(school, names=names, share=1, today=story.today, rng=demo.dice(6))
    with clock.at(clock.on(story.week(-3), "11:00")):
        starts, ends = story.week(10), story.week(11, 5)
        period = schools.plan(
            school, name=named("Blokstage klas 3", starts), starts=starts, ends=ends
        )
        members = [student for rows in school.classes.values() for student in rows]
        companies = [company for rows in pool.values() for company in rows]
        schools.gather(school, period, name="Klas 3", members=members, companies=companies)
    demo.scopes += [actor.scope, school.cast.scope]
    demo.say(f"another region with a school of {len(members)} students")
