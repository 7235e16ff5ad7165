"""The core: organisations, log-ins, and the mechanisms every app shares."""

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

        unseen.guard_forms()
        # Sent when every app's tables exist. weak=False: a function nobody holds would vanish.
        post_migrate.connect(lay_walls, sender=self, weak=False, dispatch_uid="stage.walls")


def lay_walls(sender, using, **kwargs) -> None:
    """After migrating: the walls as declared.

    Emptying the tables, as tests do with the log-in of the product, sends this signal too; only the
    owner of the tables can lay walls.
    """
    from django.db import connections

    from stage.core.tenants import laying

    if laying.may_lay(connections[using]):
        for line in laying.lay(connections[using]):
            logger.warning("walls: closed until a migration comes: %s", line)
