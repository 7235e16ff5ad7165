"""The tripwires fire: a check that cannot fail is none."""

import pytest
from django.apps import apps
from django.core.paginator import Paginator, UnorderedObjectListWarning
from django.db.models import UniqueConstraint
from django.forms import ModelChoiceField
from django.template import engines

from companies.models import Company
from stage.core.models import Region
from stage.core.tenants.tenancy import SYSTEM, use
from tests.tripwires import ROOT, Unordered

LIST = "{% for row in rows %}{{ row.name }};{% endfor %}"
OWN = (
    "core",
    "schools",
    "web",
    "companies",
    "placements",
    "agreements",
    "attendance",
    "assessments",
)


@pytest.fixture
def anyhow(world):
    """Four companies, in an order the database chooses."""
    with use(SYSTEM):
        yield Company.objects.order_by()


def shown(rows) -> str:
    return engines["django"].from_string(LIST).render({"rows": rows})


def test_a_loop_over_rows_without_an_order_fails(anyhow):
    with pytest.raises(Unordered, match="Company"):
        shown(anyhow)
    with pytest.raises(Unordered, match="Company"):
        shown(anyhow.filter(name="one or none"))


@pytest.mark.parametrize(
    "walk",
    [
        "list(rows)",
        "[row for row in rows]",
        "tuple(rows.values())",
        "sorted(rows, key=id)",
        "list(rows[:2])",
        "[rows[0]]",
    ],
)
def test_the_products_own_code_walks_in_an_order(anyhow, walk):
    """As if the line stood in a view, which then gives the list to a template or an export."""
    line = compile(walk, str(ROOT / "companies" / "views" / "pool.py"), "eval")
    with pytest.raises(Unordered, match="Company"):
        eval(line, {"rows": anyhow})
    assert eval(line, {"rows": anyhow.order_by("name", "pk")})


def test_a_loop_over_a_related_list_without_an_order_fails(anyhow):
    text = "{% for place in row.locations.all.distinct %}{{ place }}{% endfor %}"
    row = anyhow.first()
    engines["django"].from_string(text).render({"row": row})
    row.locations.model._meta.ordering, kept = [], row.locations.model._meta.ordering
    try:
        with pytest.raises(Unordered, match="Location"):
            engines["django"].from_string(text).render({"row": row})
    finally:
        row.locations.model._meta.ordering = kept


def test_choices_without_an_order_fail(anyhow):
    with pytest.raises(Unordered):
        list(ModelChoiceField(anyhow).choices)


def test_pages_without_an_order_fail(anyhow):
    with pytest.raises(UnorderedObjectListWarning):
        Paginator(anyhow, 2).page(1)


def test_what_has_an_order_or_needs_none_passes(anyhow):
    in_order = sorted((row.name for row in anyhow), key=str.lower)
    assert shown(anyhow.order_by("name")) == ";".join(in_order) + ";"
    assert {row.pk for row in anyhow} == set(anyhow.values_list("pk", flat=True))
    assert anyhow.get(name="Garage Zuid").pk in set(anyhow.values_list("pk", flat=True))
    assert anyhow.first() == anyhow.order_by("pk")[0]
    with use(SYSTEM):
        assert shown(Region.objects.all()) == "Noord;Zuid;"


def test_every_tables_order_is_whole():
    """Rows that are equal in everything but their key still have one order."""
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in OWN or not model._meta.ordering:
            continue
        names = {name.lstrip("-") for name in model._meta.ordering}
        unique = [{"pk"}, {model._meta.pk.name}]
        unique += [{f.name} for f in model._meta.concrete_fields if f.unique]
        unique += [
            set(c.fields)
            for c in model._meta.constraints
            if isinstance(c, UniqueConstraint) and c.condition is None
        ]
        if not any(keys and keys <= names for keys in unique):
            wrong.append(model.__name__)
    assert wrong == []
