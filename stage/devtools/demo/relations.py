"""What a school and its bureau keep of their contact with a few companies."""

from __future__ import annotations

from datetime import timedelta

from companies import services
from companies.enums import NoteKind
from companies.models import Company
from companies.services import Nominated, Said
from placements.enums import PlacementState
from placements.models import Placement
from stage.core.models import Membership
from stage.core.tenants.tenancy import use
from stage.core.who.actors import Actor
from stage.devtools.demo import clock
from stage.devtools.demo.cast import by
from stage.devtools.demo.made import Demo
from stage.devtools.demo.schools import DemoSchool

SAID = (
    (9, NoteKind.VISIT, "Rondleiding gehad. Er is plek voor twee leerlingen tegelijk.", ""),
    (4, NoteKind.PHONE, "Vraagt of leerlingen op dinsdag kunnen beginnen.", "Het rooster mailen"),
)


def keep_contact(demo: Demo, school: DemoSchool, bureau: Actor) -> None:
    """An owner, a few lines of the log, and something to do next week; nothing is due yet."""
    actor = school.coordinator
    with use(school.cast.scope):
        running = Placement.objects.filter(state=PlacementState.RUNNING).order_by("pk")
        company = Company.objects.get(pk=running.values("company")[:1]).stays
        owner = Membership.objects.get(pk=actor.membership)
    for days, kind, text, promised in SAID:
        with clock.at(clock.on(demo.story.back(days), "11:10")):
            said = Said(text, kind=kind, promised=promised)
            by(actor, services.add_note, company, said)
    with clock.at(clock.on(demo.story.back(3), "14:00")):
        by(actor, services.set_owner, company, owner)
        by(
            actor,
            services.add_follow_up,
            company,
            text="Bel over de plekken van het voorjaar",
            due=demo.story.today + timedelta(days=8),
            who=owner,
        )
        shared = Said("Wil volgend jaar ook een mbo-stagiair.", kind=NoteKind.VISIT, shared=True)
        by(bureau, services.add_note, company, shared)
        named = Nominated("Klompenmakerij Van Es", "Elst", why="Mijn buurman werkt er alleen.")
        teacher = school.cast.teacher(school.cast.teachers[0].pk)
        row = by(teacher, services.nominate, named)
        by(actor, services.refuse_nomination, row, answer="Er is geen ruimte om mee te werken.")
