"""Checks that refuse to start a house with a hole in its walls."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connection
from django.db.models import Model

from stage.core.dutch.calendar import school_today
from stage.core.record import publication
from stage.core.record.frozen import FIXED, FIXED_WHEN, Frozen
from stage.core.tenants.laying import may_lay
from stage.core.tenants.retention import Models, table_of_retention
from stage.core.tenants.retention_faults import faults_of, faults_of_order
from stage.core.tenants.walls import TENANT_COLUMNS, table_of_walls, unasked
from stage.core.who.access import registry

# Packages whose models stand behind walls.
OURS = ("stage.", "companies.", "placements.", "attendance.", "assessments.")


@register(Tags.urls)
def every_route_declares_who_may(app_configs, **kwargs) -> list[Error]:
    """A route without `@allow` or `@public`."""
    return [
        Error(f"route {r.name!r} ({r.pattern}) does not declare who may open it", id="stage.E001")
        for r in registry().values()
        if r.access is None and not r.is_third_party
    ]


@register(Tags.urls)
def every_endpoint_asks(app_configs, **kwargs) -> list[Error]:
    """A class as a view: its declaration holds only where DeclaredAccess is asked."""
    from stage.core.api.access import DeclaredAccess

    return [
        Error(f"route {r.name!r} ({r.pattern}) is a class that does not ask", id="stage.E006")
        for r in registry().values()
        if isinstance(r.view, type)
        and r.access is not None
        and DeclaredAccess not in getattr(r.view, "permission_classes", ())
    ]


@register(Tags.models)
def every_model_has_a_wall(app_configs, **kwargs) -> list[Error]:
    """A model of ours that the table of walls does not name."""
    from django.apps import apps

    walls = table_of_walls()
    return [
        Error(f"{model._meta.label} has no wall", id="stage.E002")
        for model in apps.get_models()
        if model.__module__.startswith(OURS) and model not in walls
    ]


@register(Tags.models)
def what_is_frozen_stays(app_configs, **kwargs) -> list[Error]:
    """A model with a frozen document whose wall lets it change."""
    return [
        Error(f"{model._meta.label} is frozen and its wall does not keep it", id="stage.E010")
        for model, wall in table_of_walls().items()
        if issubclass(model, Frozen)
        and not (set(FIXED) <= set(wall.fixed) and wall.fixed_when == FIXED_WHEN)
    ]


@register(Tags.models)
def what_is_published_names_no_student(app_configs, **kwargs) -> list[Error]:
    """A copy for the region that says whom it came from, or that others could write."""
    return [
        Error(f"{model._meta.label}: {fault}", id="stage.E011")
        for model, wall in table_of_walls().items()
        if issubclass(model, publication.Published)
        for fault in publication.faults_of(model, wall)
    ]


@register(Tags.models)
def every_answer_is_asked(app_configs, **kwargs) -> list[Error]:
    """An app's `CONTRIBUTIONS` answers a question that no lower rule asks."""
    return [Error(f"no wall asks {question!r}", id="stage.E007") for question in sorted(unasked())]


@register(Tags.models)
def every_model_has_a_retention(app_configs, **kwargs) -> list[Error]:
    """A table, of ours or of a package, of which nobody said how long its rows are kept."""
    from django.apps import apps

    return retention_errors(table_of_retention(), apps.get_models(), school_today())


def retention_errors(table: Models, installed: Iterable[type[Model]], day: date) -> list[Error]:
    """What the declarations lack, by the terms of a day: E008 no declaration, E009 a wrong one."""
    errors = [
        Error(f"{model._meta.label} has no retention", id="stage.E008")
        for model in installed
        if model not in table
    ]
    for model, retention in table.items():
        errors += [
            Error(f"{model._meta.label}: retention: {name} {why}", id="stage.E009")
            for name, why in faults_of(model, retention, day)
        ]
    return errors + [Error(why, id="stage.E009") for why in faults_of_order(table)]


@register(Tags.security)
def no_demo_pages(app_configs, **kwargs) -> list[Error]:
    """The mailbox and the current codes must not exist in production.

    Whatever switches on what production has (TLS, secure cookies, its own settings) is taken for
    production. The routes themselves look at the same (`stage.devtools.urls`).
    """
    errors = []
    if settings.DEMO_PAGES and looks_like_production():
        errors.append(Error("DEMO_PAGES is on in production", id="stage.E003"))
    if not settings.DEMO_PAGES or looks_like_production():
        errors += [
            Error(f"route {name} exists without DEMO_PAGES", id="stage.E003")
            for name in registry()
            if name.startswith("devtools:")
        ]
    return errors


def looks_like_production() -> bool:
    """Whether these settings belong to a place with real people's data."""
    return (
        settings.SECURE_SSL_REDIRECT
        or settings.SESSION_COOKIE_SECURE
        or str(settings.SETTINGS_MODULE).endswith(".production")
    )


@register(Tags.database)
def the_login_role_owns_nothing(app_configs, databases=None, **kwargs) -> list[Error]:
    """The application must log in as a role that owns nothing and bypasses nothing.

    Where the owner migrates, which is what mends them, tables are not looked at; all else that may
    be wrong with the walls `manage.py walls --check` says.
    """
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user")
        errors = []
        if cursor.fetchone()[0]:
            errors.append(Error("the database log-in bypasses row-level security", id="stage.E004"))
        if may_lay(connection):
            return errors
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND a.attname = ANY (%s) AND NOT a.attisdropped"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
            [[f"{c}_id" for c in TENANT_COLUMNS]],
        )
        unforced = {m._meta.db_table for m, w in table_of_walls().items() if not w.forced}
        errors += [
            Error(f"table {name} is not behind forced row-level security", id="stage.E005")
            for (name,) in cursor.fetchall()
            if name not in unforced
        ]
    return errors
