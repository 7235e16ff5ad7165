"""The tags of the design system: what they render, and what they refuse."""

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from stage.core.ui.dates import day_time_words, day_words, period_words
from stage.core.ui.notices import LEVELS, tone_of, undo_url_of
from stage.core.ui.pictures import days_of, percent, ring_dash, segments_of
from tests.markup import tight

TODAY = date(2026, 1, 12)


def render(source: str, path: str = "/", **context) -> str:
    """A template string with a request, white space made single."""
    request = RequestFactory().get(path)
    html = Template(source).render(Context({"request": request, **context}))
    return re.sub(r"\s+", " ", html).strip()


def test_day_words_in_dutch_leave_out_this_year():
    assert day_words(TODAY, TODAY) == "ma 12 januari"
    assert day_words(date(2027, 3, 3), TODAY) == "wo 3 maart 2027"
    assert day_words(None) == ""


def test_day_words_follow_the_language():
    with translation.override("en"):
        assert day_words(TODAY, TODAY) == "Mon 12 January"


@pytest.mark.parametrize(
    ("utc", "words"),
    [
        # The night summer time begins and the night it ends.
        (datetime(2026, 3, 28, 23, 30), "zo 29 maart, 00:30"),
        (datetime(2026, 3, 29, 1, 30), "zo 29 maart, 03:30"),
        (datetime(2026, 10, 25, 0, 30), "zo 25 oktober, 02:30"),
        (datetime(2026, 10, 25, 1, 30), "zo 25 oktober, 02:30"),
    ],
)
def test_day_time_words_are_local(utc, words):
    assert day_time_words(utc.replace(tzinfo=ZoneInfo("UTC")), TODAY) == words


def test_period_words():
    assert period_words(TODAY, date(2026, 1, 23), TODAY) == "ma 12 januari t/m vr 23 januari"
    assert period_words(TODAY, TODAY, TODAY) == "ma 12 januari"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Noor de Vries", "NV"), ("Noor", "N"), ("", "?"), ("émile 't Hart", "ÉH"), ("(x) Bo", "B")],
)
def test_initials(name, letters):
    assert render("{% initials name %}", name=name) == letters.replace("&", "&amp;")


def test_icon_is_hidden_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "home" %}')
    labelled = render('{% icon "x" label=words %}', words='Sluit "dit"')
    assert 'role="img" aria-label="Sluit &quot;dit&quot;"' in labelled


def test_badge_reads_tone_and_label_of_a_state():
    state = SimpleNamespace(tone="wrong", label="Afgewezen")
    html = render("{% badge state %}", state=state)
    assert 'class="badge wrong"' in html
    assert "#alert-circle" in html
    assert "<span>Afgewezen</span>" in html


def test_badge_refuses_an_unknown_tone():
    with pytest.raises(ValueError, match="Unknown tone 'purple'"):
        render('{% badge "purple" "x" %}')


def test_button_is_a_link_with_href_and_a_submit_without():
    link = tight(render('{% button "Verder" href="/a/" kind="primary" %}'))
    assert link == '<a class="button primary" href="/a/"><span>Verder</span></a>'
    button = tight(render('{% button "Ja" name="answer" value="yes" %}'))
    assert button.startswith('<button class="button" type="submit" name="answer" value="yes">')


def test_block_tags_escape_titles_and_keep_content():
    html = render("{% card title=t %}<p>{{ t }}</p>{% endcard %}", t="<b>")
    assert "<h2>&lt;b&gt;</h2>" in html
    assert "<p>&lt;b&gt;</p>" in html


def test_status_strip_says_each_day_in_words():
    day = timezone.localdate()
    html = render("{% status_strip days %}", days=[(day, "late"), (day, "ill")])
    assert f"{day_words(day)}: te laat" in html
    assert 'aria-current="date"' in html
    with pytest.raises(KeyError):
        days_of([(day, "sleeping")], day)


def test_status_strip_reads_objects_and_dicts():
    day = SimpleNamespace(date=TODAY, state="present")
    read = days_of([day, {"date": TODAY, "state": "absent"}], TODAY)
    assert [item.sentence for item in read] == [
        f"{day_words(TODAY)}: aanwezig",
        f"{day_words(TODAY)}: afwezig",
    ]


@pytest.mark.parametrize(
    ("value", "maximum", "expected"),
    [(0, 80, 0), (79.9, 80, 99), (80, 80, 100), (90, 80, 100), (5, 0, 0), (-1, 80, 0)],
)
def test_percent_is_whole_and_full_only_at_the_end(value, maximum, expected):
    assert percent(value, maximum) == expected


def test_ring_dash_uses_a_point_also_in_dutch():
    assert ring_dash(40, 80) == ("131.95", "263.89")
    assert 'stroke-dasharray="131.95 263.89"' in render('{% ring 40 80 "Uren" unit="uur" %}')


def test_segments_fill_the_strip_exactly():
    parts = segments_of([("a", 1, "good"), ("b", 1, "wrong", "/b/"), ("c", 1, "info")])
    assert [(part.x, part.width) for part in parts] == [(0, 333), (333, 333), (666, 334)]
    assert segments_of([("a", 0, "good")])[0].width == 0


def test_group_strip_links_numbers_to_lists():
    html = render('{% group_strip parts label="3B" %}', parts=[("geplaatst", 4, "good", "/p/?a=1")])
    assert '<a href="/p/?a=1">4 geplaatst</a>' in html


def test_pager_keeps_the_filters():
    page = Paginator(range(30), 10).page(2)
    html = render("{% pager page %}", path="/?q=bak&page=2", page=page)
    assert "11 t/m 20 van 30" in html
    assert 'href="?q=bak&amp;page=1"' in html
    assert 'href="?q=bak&amp;page=3"' in html


@pytest.mark.parametrize(
    ("path", "direction", "following"),
    [
        ("/", "", "?sort=name"),
        ("/?sort=name&page=4", "ascending", "?sort=-name"),
        ("/?sort=-name", "descending", "?sort=name"),
    ],
)
def test_sort_link_turns_round_and_goes_to_page_one(path, direction, following):
    html = render('{% sort_link "name" "Naam" %}', path=path)
    assert f'href="{following}"' in html
    assert ("aria-sort" in html) == bool(direction)
    assert direction in html


@pytest.mark.parametrize(
    ("tags", "url"),
    [("undo:/terug/", "/terug/"), ("undo://evil.nl/", ""), ("undo:https://e.nl", ""), ("", "")],
)
def test_undo_goes_to_own_paths_only(tags, url):
    assert undo_url_of(Message(LEVELS["good"], "x", extra_tags=tags)) == url


def test_notices_show_tone_words_and_undo():
    message = Message(LEVELS["wrong"], "Mislukt <b>", extra_tags="undo:/terug/")
    assert tone_of(message) == "wrong"
    html = render("{% notices %}", messages=[message], csrf_token="abc")
    assert 'role="status"' in html
    assert "Mislukt &lt;b&gt;" in html
    assert '<form method="post" action="/terug/">' in html
    assert 'value="abc"' in html


def test_confirm_posts_and_works_without_javascript():
    html = render(
        '{% confirm url="/weg/" label="Weg" title="Zeker?" text="Dit kan niet terug." id="d" %}',
        csrf_token="abc",
    )
    assert '<a class="button danger" href="/weg/" data-dialog="d">' in html
    assert 'method="post" action="/weg/"' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html


def test_facts_show_a_dash_for_nothing_but_not_for_zero():
    html = render("{% facts pairs %}", pairs=[("Leeg", ""), ("Nul", 0)])
    assert '<dd><span class="soft">–</span></dd>' in html
    assert "<dd>0</dd>" in html


def test_timeline_shows_moments_in_order():
    now = timezone.now()
    items = [
        SimpleNamespace(when=now, title="Eén", text="", tone="good"),
        SimpleNamespace(when=now - timedelta(days=1), title="Twee", text="Meer", tone=""),
    ]
    html = render("{% timeline items %}", items=items)
    assert html.index("Eén") < html.index("Twee")
    assert '<li class="good">' in html
