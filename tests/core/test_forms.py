"""How forms render, and the controls of our own."""

from datetime import date

import pytest
from django import forms
from django.db.models import BLANK_CHOICE_DASH
from django.http import QueryDict
from django.template import Context, Template

from stage.core.enums import Weekday
from stage.core.ui.forms import (
    ChoiceCards,
    CodeInput,
    DateInput,
    DayPollField,
    PhotoInput,
    RatingField,
    TimeInput,
    WeekdaysField,
)
from tests.markup import tight
from tests.test_consistency import ROOT

APPS = ("stage", "companies", "placements", "attendance", "assessments")

DAYS = [date(2026, 5, 12), date(2026, 5, 11)]


class Sample(forms.Form):
    name = forms.CharField(label="Naam", help_text="Voluit.")
    note = forms.CharField(label="Notitie", required=False)
    start = forms.DateField(label="Begin", widget=DateInput)
    at = forms.TimeField(label="Tijd", widget=TimeInput, required=False)
    answer = forms.ChoiceField(
        label="Doet u mee?",
        choices=[("yes", "Ja"), ("no", "Nee")],
        widget=ChoiceCards(hints={"yes": "U kiest de dagen."}),
    )
    days = WeekdaysField(label="Dagen")
    skill = RatingField(label="Op tijd", required=False)
    code = forms.CharField(label="Code", widget=CodeInput, required=False)
    photo = forms.FileField(label="Foto", widget=PhotoInput, required=False)
    agree = forms.BooleanField(label="Klopt")


class Poll(forms.Form):
    def __init__(self, *args, required=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["poll"] = DayPollField(days=DAYS, required=required)


def data(**changes) -> QueryDict:
    query = QueryDict(mutable=True)
    good = {"name": "Bo", "start": "2026-05-11", "answer": "yes", "agree": "on"}
    query.update(good | changes)
    query.setlist("days", ["1", "3"])
    return query


def test_error_stands_beside_its_field_and_is_named_by_it():
    form = Sample(data(name=""))
    html = form["name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html
    assert html.index("errorlist") < html.index("<input")


def test_what_was_typed_is_kept():
    form = Sample(data(start="32 mei"))
    assert 'value="32 mei"' in str(form["start"])


def test_only_optional_fields_are_marked():
    form = Sample()
    assert "(mag leeg blijven)" in form["note"].as_field_group()
    assert "(mag leeg blijven)" not in form["name"].as_field_group()


def test_dates_and_times_use_the_browsers_pickers_in_iso():
    form = Sample(initial={"start": date(2026, 5, 11)})
    assert 'type="date"' in str(form["start"])
    assert 'value="2026-05-11"' in str(form["start"])
    assert 'type="time"' in str(form["at"])


def test_choices_are_a_fieldset_with_hints():
    html = tight(Sample()["answer"].as_field_group())
    assert "<fieldset" in html
    assert '<legend class="field-label">Doet u mee?</legend>' in html
    assert 'class="choices cards"' in html
    assert html.count("U kiest de dagen.") == 1


def test_tick_box_has_its_label_beside_it():
    html = tight(Sample()["agree"].as_field_group())
    assert '<label class="check" for="id_agree"><input type="checkbox"' in html


def test_values_are_cleaned():
    form = Sample(data(skill="4", code=" 1234-56 78 ", at="08:15"))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["days"] == [1, 3]
    assert form.cleaned_data["skill"] == 4
    assert form.cleaned_data["code"] == "12345678"


def test_rating_left_empty_is_none():
    form = Sample(data())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["skill"] is None


@pytest.mark.parametrize("field", ["days", "skill"])
def test_choices_outside_the_list_are_refused(field):
    query = data()
    query.setlist(field, ["9"])
    assert list(Sample(query).errors) == [field]


def test_code_is_offered_from_the_message():
    html = str(Sample()["code"])
    assert 'autocomplete="one-time-code"' in html
    assert 'inputmode="numeric"' in html


def test_photo_is_made_smaller_and_takes_pictures():
    html = str(Sample()["photo"])
    assert "data-photo" in html
    assert 'accept="image/*"' in html


def test_poll_gives_days_in_order_and_cleans_to_yes_and_no():
    form = Poll({"poll_2026-05-11": "yes", "poll_2026-05-12": "no"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["poll"] == {date(2026, 5, 11): True, date(2026, 5, 12): False}
    html = str(form)
    assert html.index("ma 11 mei") < html.index("di 12 mei")
    assert html.count("checked") == 2


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"poll_2026-05-11": "yes"}, "Kies bij elke dag of het kan."),
        ({"poll_2026-05-11": "x", "poll_2026-05-12": "no"}, "Kies alleen uit de antwoorden"),
        ({}, "Kies bij elke dag of het kan."),
    ],
)
def test_poll_refuses_half_and_strange_answers(given, error):
    assert error in str(Poll(given).errors["poll"])


def test_poll_that_may_stay_empty_ignores_days_it_did_not_ask():
    form = Poll({"poll_2030-01-01": "yes"}, required=False)
    assert form.is_valid()
    assert form.cleaned_data["poll"] == {}


def test_polls_of_two_forms_do_not_share_days():
    class Other(forms.Form):
        poll = DayPollField(days=[date(2026, 6, 1)])

    Poll()
    assert "1 juni" in str(Other())
    assert "mei" not in str(Other())


def test_error_summary_links_to_the_first_control():
    form = Sample(QueryDict("name=&answer=&start=2026-05-11"))
    form.add_error(None, "Dit kan niet samen.")
    html = Template("{% form_errors form %}").render(Context({"form": form}))
    assert 'href="#id_name"' in html
    assert 'href="#id_answer_0"' in html
    assert "Dit kan niet samen." in html
    assert "data-focus" in html
    assert Template("{% form_errors form %}").render(Context({"form": Sample()})).strip() == ""


def test_error_summary_is_one_for_all_forms_of_a_page():
    forms_of_page = {"one": Sample(QueryDict("")), "two": Sample(QueryDict(""), prefix="b")}
    html = Template("{% form_errors one two %}").render(Context(forms_of_page))
    assert html.count('class="error-summary"') == 1
    assert 'href="#id_name"' in html
    assert 'href="#id_b-name"' in html


PART = '{% form_part title="Deel" folds=form names="size shape" %}x{% endform_part %}'


class Folding(forms.Form):
    name = forms.CharField()
    size = forms.IntegerField(required=False)
    shape = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="a")


@pytest.mark.parametrize(
    ("data", "is_open"),
    [
        (None, False),
        ({"name": "", "shape": "a"}, False),
        ({"name": "x", "shape": "b"}, True),
        ({"name": "x", "size": "3", "shape": "a"}, True),
        ({"name": "x", "size": "", "shape": "c"}, True),
        ({"name": "x", "size": "", "shape": ""}, True),
    ],
)
def test_a_folded_part_is_open_for_what_it_holds_and_for_its_errors(data, is_open):
    html = Template(PART).render(Context({"form": Folding(data)}))
    assert ('<details class="form-part" open>' in html) == is_open
    assert html.count("<summary") == 1


def test_a_part_without_a_form_to_fold_by_cannot_be_closed():
    source = "{% form_part title=title text=text %}x{% endform_part %}"
    html = Template(source).render(Context({"title": "<b>", "text": "&"}))
    assert "<details" not in html
    assert "&lt;b&gt;" in html
    assert "&amp;" in html


def test_labels_and_choices_are_escaped():
    class Bad(forms.Form):
        x = forms.ChoiceField(label="<b>", choices=[("a", "<i>")], widget=ChoiceCards)

    html = str(Bad())
    assert "<b>" not in html
    assert "<i>" not in html


@pytest.mark.parametrize(("required", "says"), [(True, "Kies…"), (False, "–")])
def test_an_empty_choice_of_a_model_has_a_word(required, says):
    class Chooser(forms.Form):
        day = forms.TypedChoiceField(choices=Weekday.choices, required=required)

    field = Chooser.base_fields["day"]
    field.choices = [*BLANK_CHOICE_DASH, *Weekday.choices]
    html = tight(str(Chooser()["day"]))
    assert f">{says}</option>" in html
    assert "---" not in html
    assert '<option value="2" selected>' in tight(str(Chooser({"day": "2"})["day"]))


def test_no_label_says_twice_that_it_may_stay_empty():
    """The form itself adds it to each field that is not needed."""
    told = "(mag leeg blijven)"
    files = [path for app in APPS for path in (ROOT / app).rglob("*.py")]
    assert len(files) > 300
    assert [str(path) for path in files if told in path.read_text()] == []
