"""The style guide: every component in every state. Exists only where the demo's pages do."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace as Item

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stage.core.ui.filters import Choice, ListFilters, Text, reads
from stage.core.ui.forms import (
    ChoiceCards,
    CodeInput,
    DateInput,
    DayPollField,
    PhotoInput,
    RatingField,
    TickCards,
    TimeInput,
    WeekdaysField,
)
from stage.core.ui.parts import render_page
from stage.core.who.access import public

LAYOUTS = {
    "": "devtools/style.html",
    "phone": "devtools/style_phone.html",
    "company": "devtools/style_company.html",
    "plain": "devtools/style_plain.html",
}
ANSWERS = [("yes", "Ja, wij doen mee"), ("later", "Nu niet, later wel"), ("no", "Nee")]
HINTS = {
    "yes": "U kiest daarna hoeveel plekken en welke dagen.",
    "later": "U kiest wanneer wij het weer mogen vragen.",
}
LONG = "Arbeidsongeschiktheidsverzekeringsmaatschappij De Vooruitgang"


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(
        label="Naam van het bedrijf",
        help_text="Zoals het op de gevel staat.",
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    email = forms.EmailField(label="E-mailadres", required=False)
    start = forms.DateField(label="Eerste dag", widget=DateInput)
    begin = forms.TimeField(label="Begintijd", widget=TimeInput)
    profile = forms.ChoiceField(
        label="Profiel", choices=[("", "Kies een profiel"), ("zw", "Zorg en welzijn")]
    )
    text = forms.CharField(
        label="Wat heb je gedaan?",
        widget=forms.Textarea({"data-keep": "style"}),
        help_text="Een paar woorden is genoeg.",
    )
    answer = forms.ChoiceField(
        label="Doet u mee?", choices=ANSWERS, widget=ChoiceCards(hints=HINTS)
    )
    needs = forms.MultipleChoiceField(
        label="Wat is nodig?",
        choices=[("shoes", "Werkschoenen"), ("vog", "Verklaring omtrent het gedrag")],
        widget=TickCards,
        required=False,
    )
    days = WeekdaysField(label="Op welke dagen?")
    skill = RatingField(label="Op tijd komen", help_text="Wat vindt u, over de hele stage?")
    photo = forms.FileField(label="Foto", widget=PhotoInput, required=False)
    code = forms.CharField(label="Code", widget=CodeInput, help_text="8 cijfers, uit de mail.")
    closed = forms.CharField(label="School", disabled=True, initial="Het Stadscollege")
    agree = forms.BooleanField(label="De gegevens kloppen", help_text="Daarna ligt het vast.")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
        self.fields["poll"] = DayPollField(
            label="Welke dagen kunt u?", days=[monday + timedelta(days=n) for n in (0, 1, 3, 7)]
        )


def sample_days(today: date) -> list[tuple[date, str]]:
    """Two weeks of days around today in which every state occurs."""
    monday = today - timedelta(days=today.weekday() + 7)
    states = (
        *("present",) * 2,
        "late",
        "ill",
        *("present",) * 2,
        "absent",
        "excused",
        "planned",
        "free",
    )
    workdays = [monday + timedelta(days=n) for n in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11)]
    return list(zip(workdays, states, strict=True))


def sample_happenings(now: datetime) -> list[Item]:
    """A short history."""
    return [
        Item(when=now, title="Ondertekend door de school", text="", tone="good"),
        Item(when=now - timedelta(days=1), title="Herinnering verstuurd", text="", tone=""),
        Item(
            when=now - timedelta(days=4),
            title="Mail kwam niet aan",
            text="Het adres bestaat niet.",
            tone="wrong",
        ),
    ]


def navigation(layout: str) -> list[Item]:
    """The menu of the role whose layout is shown."""
    phone = [("Vandaag", "home"), ("Stage", "briefcase"), ("Opdrachten", "clipboard-list")]
    desk = [("Vandaag", "home"), ("Periode", "calendar"), ("Bedrijven", "building")]
    desk += [("Leerlingen", "graduation-cap"), ("Matchen", "handshake")]
    desk += [("Overeenkomsten", "signature"), ("Tijdens stage", "briefcase"), ("Afronden", "award")]
    names = [*phone, ("Ik", "user")] if layout == "phone" else desk
    counts = {"Bedrijven": 12, "Opdrachten": 2}
    return [
        Item(
            label=name,
            icon=icon,
            url="?layout=phone" if layout == "phone" else "?",
            current=name == "Vandaag",
            count=counts.get(name),
            children=[],
        )
        for name, icon in names
    ]


def sample_form(state: str) -> SampleForm:
    """The form as it is at first, filled in, or wrong."""
    if state in ("error", "part"):
        return SampleForm({"email": "geen adres", "start": "32"}, prefix=state[0])
    if state == "filled":
        answers = {"name": LONG, "answer": "yes", "days": [1, 3], "skill": 3, "needs": ["vog"]}
        return SampleForm(initial=answers | {"agree": True, "profile": "zw"}, prefix="f")
    return SampleForm()


def samples(request: HttpRequest) -> dict:
    """Everything the pages of the guide show."""
    today, now = timezone.localdate(), timezone.now()
    rows = [
        Item(name="Bakkerij Van Dam", places=3, tone="good", state="Doet mee", code="b1"),
        Item(name=LONG, places=12, tone="attention", state="Wacht op antwoord", code="b2"),
        Item(name="Zorgcentrum De Linde", places=0, tone="wrong", state="Doet niet mee", code="b3"),
    ]
    filters = request.filters  # type: ignore[attr-defined]
    query = filters.chosen["q"]
    found = [row for row in rows if query.lower() in row.name.lower()]
    return {
        "days": sample_days(today),
        "happenings": sample_happenings(now),
        "page_obj": Paginator(found * 4, 3).get_page(filters.chosen["page"] or 2),
        "q": query,
        "tab_items": [
            Item(label="Gegevens", url="?", current=True, count=None),
            Item(label="Plekken", url="?", current=False, count=3),
            Item(label="Contact", url="?", current=False, count=None),
        ],
        "step_names": ["Gegevens", "Dagen en tijden", "Begeleiding", "Controleren"],
        "pairs": [("Adres", "Dorpsstraat 1, Zwolle"), ("Telefoon", ""), ("Bedrijf", LONG)],
        "parts": [
            ("geplaatst", 18, "good", "?"),
            ("wacht op bedrijf", 5, "attention", "?"),
            ("nog niets", 2, "wrong", "?"),
        ],
        "empty_form": sample_form(""),
        "filled_form": sample_form("filled"),
        "error_form": sample_form("error"),
        "part_form": sample_form("part"),
        "today": today,
        "now": now,
        "long": LONG,
        "icons": ["home", "building", "graduation-cap", "handshake", "signature", "qr-scan"],
        "tones": ["good", "attention", "wrong", "info", "neutral"],
    }


class StyleFilters(ListFilters):
    """A layout, and a list to try."""

    instead = ""
    q = Text()
    layout = Choice(choices=lambda: [(name, name) for name in LAYOUTS if name])


@public("components with made-up words; exists only where the demo's pages do")
@reads(StyleFilters)
def style_guide(request: HttpRequest) -> HttpResponse:
    """Show the guide, in the layout that ?layout= names (desk when it names none)."""
    layout = request.filters.chosen["layout"]  # type: ignore[attr-defined]
    context = samples(request) | {"nav": navigation(layout)}
    return render_page(request, LAYOUTS.get(layout, LAYOUTS[""]), context)
