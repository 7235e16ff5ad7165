"""Fills a database with the tests' world and some private files; prints how to get in."""

from __future__ import annotations

import json


def main() -> None:
    from django.db import transaction

    from stage.core.files.store import Owner, store_upload
    from stage.core.tenants.tenancy import SYSTEM, use
    from stage.schools.enums import FileKind
    from tests.assessments import things
    from tests.clients import client_of
    from tests.world import build_world

    with transaction.atomic(), use(SYSTEM):
        world = build_world()
        for sw, home in ((world.berk, world.noord), (world.iep, world.zuid)):
            actor = world.actor(sw.coordinator)
            for student in sw.students:
                owner = Owner(home.region.pk, sw.school.pk, student.pk)
                upload = things.photo()
                store_upload(upload, kind=FileKind.LOGO, owner=owner, actor=actor)
    berk, session = world.berk, client_of(world.berk.coordinator).cookies["sessionid"].value
    codes = {
        "periods": berk.period,
        "groups": berk.group,
        "students": berk.students[0],
        "companies": world.noord.companies[0],
        "placements": berk.placement,
    }
    told = {"session": session, "codes": {name: row.public_id for name, row in codes.items()}}
    print(json.dumps(told))  # noqa: T201


if __name__ == "__main__":
    import django

    django.setup()
    main()
