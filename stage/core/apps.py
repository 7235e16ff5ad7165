"""The core: schools, people, curriculum, and the mechanisms every app shares."""

import logging

from django.apps import AppConfig
from django.db.models.signals import post_migrate

logger = logging.getLogger(__name__)


class CoreConfig(AppConfig):
    name = "stage.core"
    label = "core"
    verbose_name = "Kern"

    def ready(self) -> None:
        from stage.core import checks, verbs  # noqa: F401
        from stage.core.ui import language, unseen  # noqa: F401
        from stage.core.who import links  # noqa: F401
        from stage.schools.imports import jobs as import_jobs  # noqa: F401

        unseen.guard_forms()
        # Sent when every app's tables exist. weak=False: a function nobody holds would vanish.
        post_migrate.connect(lay_walls, sender=self, weak=False, dispatch_uid="stage.walls")


def lay_walls(sender, using, **kwargs) -> None:
    """After migrating: the walls as declared, and behind them the shipped reference data.

    Emptying the tables, as tests do with the product's own log-in, sends this signal too; only the
    owner of the tables can lay walls.
    """
    from django.db import connections

    from stage.core import wall_laying
    from stage.schools import reference_data

    if wall_laying.may_lay(connections[using]):
        for line in wall_laying.lay(connections[using]):
            logger.warning("walls: closed until a migration comes: %s", line)
    reference_data.load()
