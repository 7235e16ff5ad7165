"""A school: its people, students, periods, groups, settings, lists and curriculum."""

from importlib import import_module

from django.db.models.signals import post_migrate

from stage.core.registering import RegisteringConfig


class SchoolsConfig(RegisteringConfig):
    default = True
    name = "stage.schools"
    label = "schools"
    verbose_name = "Scholen"

    def ready(self) -> None:
        super().ready()
        for name in (
            "guidance",
            "imports.jobs",
            "imports.runs",
            "imports.load_students",
            "imports.load_teachers",
        ):
            import_module(f"{self.name}.{name}")

        # After the core's own receiver, which lays the walls: apps are told in their order.
        post_migrate.connect(
            load_reference, sender=self, weak=False, dispatch_uid="stage.reference"
        )


def load_reference(sender, **kwargs) -> None:
    """After migrating: the shipped reference data."""
    from stage.schools import reference_data

    reference_data.load()
