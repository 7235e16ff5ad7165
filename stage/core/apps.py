"""The core: schools, people, curriculum, and the mechanisms every app shares."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "stage.core"
    label = "core"
    verbose_name = "Kern"

    def ready(self) -> None:
        from stage.core.ui import unseen

        unseen.guard_forms()
        # Sent when every app's tables exist. weak=False: a function nobody holds would vanish.
        post_migrate.connect(lay_walls, sender=self, weak=False, dispatch_uid="stage.walls")


def lay_walls(sender, using, **kwargs) -> None:
    """After migrating: the walls as declared, and behind them the shipped reference data."""
    from django.db import connections

    from stage.core.tenants import walls as tenant_walls
    from stage.schools import reference_data

    tenant_walls.lay(connections[using])
    reference_data.load()
