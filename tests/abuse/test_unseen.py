"""Signs that nobody sees are refused wherever one line is typed or read from a list."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from django import forms

import assessments
import attendance
import companies
import placements
import stage
from companies.models import Contact
from stage.core.tenants.tenancy import SYSTEM, use
from stage.schools.imports import STUDENTS, ImportRefused, check, map_headings, read_table
from tests.clients import client_of_contact
from tests.core.test_import_reader import workbook

SIGNS = [
    *("\r\n", "\n", "\x01", "\x1b", "\x7f", "\x85", "\u2028"),
    *("\u061c", "\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"),
    *("\u2066", "\u2067", "\u2068", "\u2069"),
]


class Sample(forms.Form):
    name = forms.CharField()
    mail = forms.EmailField(required=False)
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(required=False, widget=forms.Textarea)
    password = forms.CharField(required=False, widget=forms.PasswordInput)


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_line_with_a_sign_nobody_sees_is_refused_beside_the_field(sign):
    form = Sample({"name": f"Jan{sign}sen", "hidden": f"x{sign}y"})
    assert not form.is_valid()
    assert set(form.errors) == {"name", "hidden"}
    assert f"U+{ord(sign[0]):04X}" in form.errors["name"][0]
    assert form["name"].value() == f"Jan{sign}sen"  # what was typed is kept


@pytest.mark.parametrize("name", ["Zoë d'Aubigné-Ünal", "علی‌رضا", "李小龍", "👩‍🚀 Ria", "a\u00a0b"])
def test_names_of_any_script_are_fine(name):
    form = Sample({"name": f"  {name}\n", "text": "een\nregel\ttab", "password": "a\u200fb"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["name"] == name


def test_an_empty_required_line_is_still_asked_for():
    assert set(Sample({"name": " \n"}).errors) == {"name"}


def every_form() -> list[type[forms.BaseForm]]:
    for package in (stage, companies, placements, attendance, assessments):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "forms" in module.name:
                importlib.import_module(module.name)
    found, todo = set(), [forms.BaseForm]
    while todo:
        for form in todo.pop().__subclasses__():
            if form not in found:
                found.add(form)
                todo.append(form)
    return sorted(found, key=str)


def test_no_field_of_any_form_goes_around_the_guard():
    fields = [
        (form.__qualname__, name, field)
        for form in every_form()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.CharField)
        and not isinstance(field.widget, forms.Textarea | forms.PasswordInput)
    ]
    assert len(fields) > 60
    past = []
    for form, name, field in fields:
        try:
            field.clean("a\u202eb")
        except forms.ValidationError:
            continue
        past.append((form, name))
    assert past == []


def test_a_page_keeps_what_was_typed_and_says_why_in_the_readers_words(world):
    contact = world.noord.contacts[0]
    client = client_of_contact(contact)
    url = f"/bedrijven/{contact.company.public_id}/contactpersonen/{contact.public_id}/"
    data = {"name": "Piet\u202eReeb", "email": "piet@bakker.test", "roles": ["contact"]}
    page = client.post(url, data)
    assert page.status_code == 422
    text = page.content.decode()
    assert "leesrichting" in text
    assert "Piet\u202eReeb" in text
    with use(SYSTEM):
        assert Contact.objects.get(pk=contact.pk).name == contact.name


HEADINGS = ["Leerlingnummer", "Roepnaam", "Achternaam", "Klas", "Geboortedatum"]


def student(first: str, number: str = "1001") -> list[str]:
    return [number, first, "Jansen", "3B", "05-03-2011"]


def checked(rows: list[list[str]], *, as_csv: bool):
    if as_csv:
        lines = "\n".join(";".join(row) for row in [HEADINGS, *rows])
        table = read_table(lines.encode())
    else:
        table = read_table(workbook(HEADINGS, *rows))
    return check(table, STUDENTS, map_headings(table, STUDENTS))


@pytest.mark.parametrize("as_csv", [True, False], ids=["csv", "xlsx"])
@pytest.mark.parametrize("sign", ["\u202e", "\u200f", "\u2066", "\u061c"], ids=ascii)
def test_a_list_with_a_sign_nobody_sees_names_the_cell(sign, as_csv):
    found = checked([student("Aya"), student(f"Br{sign}am", "1002")], as_csv=as_csv)
    (error,) = found.errors
    assert (error.line, error.column_label, error.value_shown) == (3, "Roepnaam", "Br\ufffdam")
    assert f"U+{ord(sign):04X}" in error.message
    assert len(found.rows) == 1


def test_one_control_sign_in_a_csv_is_an_error_of_its_cell_and_many_are_no_list():
    many = [student("Aya", str(1000 + n)) for n in range(20)]
    (error,) = checked([*many, student("B\x01ram", "2000")], as_csv=True).errors
    assert (error.line, error.column_label) == (22, "Roepnaam")
    with pytest.raises(ImportRefused):
        checked([student("B\x01ram")] * 20, as_csv=True)


def test_a_line_break_in_a_cell_of_a_list_is_a_space():
    found = checked([student("Anne\nMarie")], as_csv=False)
    assert found.ok
    assert found.rows[0]["first_name"] == "Anne Marie"
