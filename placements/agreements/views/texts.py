"""The school's own agreement text."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from placements.agreements import merge_fields
from placements.agreements.forms import ArticleForm, NewArticleForm
from placements.agreements.models import ArticleTemplate
from placements.agreements.queries import reading
from placements.agreements.services import texts
from stage.core.enums import Audience
from stage.core.models import School
from stage.core.ui.filters import Filters, Number, reads
from stage.core.ui.form_page import form_page
from stage.core.ui.notices import notice
from stage.core.who.access import allow
from stage.core.who.policies import Conflict

# In the session: the article that somebody took out last, for the way back.
REMOVED = "removed_article"


def _school(request) -> School:
    return School.objects.get(pk=request.actor.school_id)


def _article(request, number: int) -> ArticleTemplate:
    return get_object_or_404(ArticleTemplate.objects.visible_to(request.actor), number=number)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_edit(request):
    """All articles in order, to be read; a POST moves one up or down."""
    if request.method == "POST":
        return _move(request)
    articles = [
        {
            "number": row.number,
            "title": row.title,
            "title_pieces": merge_fields.pieces(row.title),
            "pieces": merge_fields.pieces(row.text),
            "concerns": reading.concerns(row.parties),
        }
        for row in texts.ensure_default_articles(_school(request))
    ]
    return render(request, "agreements/template.html", {"articles": articles})


def _move(request):
    number = request.POST.get("number", "")
    rows = ArticleTemplate.objects.visible_to(request.actor)
    article = rows.filter(number=number).first() if number.isdigit() else None
    if article is None:
        notice(request, _("Dit artikel is er niet meer."), tone="attention")
        return redirect("agreements:template_edit")
    action = request.POST.get("action")
    try:
        if action in ("up", "down"):
            texts.move_article(article, up=action == "up", actor=request.actor)
            article.refresh_from_db(fields=["number"])
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    return _to_article(article.number)


def _to_article(number: int):
    """The page with the text, at the place where somebody was."""
    return redirect(f"{reverse('agreements:template_edit')}#artikel-{number}")


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_article(request, number):
    """Change one article."""
    article = _article(request, number)
    initial = {"title": article.title, "text": article.text, "parties": article.parties}
    form = ArticleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        texts.change_article(article, actor=request.actor, **form.cleaned_data)
        notice(request, _("Het artikel is bewaard. Het geldt voor nieuwe overeenkomsten."))
        return _to_article(article.number)
    return _article_page(request, form, _("Artikel %(n)s") % {"n": article.number})


class NewArticleFilters(Filters):
    """After which article a new one comes."""

    instead = gettext_lazy("Kies hieronder de plaats.")
    na = Number(low=0, high=99_999, what=gettext_lazy("het artikel"))


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
@reads(NewArticleFilters)
def template_add(request):
    """Add an article: at the end, or after the one whose number is `na`."""
    articles = texts.ensure_default_articles(_school(request))
    after = request.filters.chosen["na"]
    initial = {} if after is None else {"after": after}
    form = NewArticleForm(request.POST or None, articles=articles, initial=initial)
    if request.method == "POST" and form.is_valid():
        article = texts.add_article(_school(request), actor=request.actor, **form.cleaned_data)
        notice(request, _("Het artikel is toegevoegd."))
        return _to_article(article.number)
    return _article_page(request, form, _("Nieuw artikel"))


def _article_page(request, form, heading):
    fields = [("{" + name + "}", label) for name, label in merge_fields.FIELDS.items()]
    context = {"form": form, "fields": fields, "heading": heading}
    return form_page(request, "agreements/article.html", context)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_remove(request, number):
    """Take an article out, after a question; the next page has the way back."""
    article = _article(request, number)
    if request.method == "POST":
        request.session[REMOVED] = {
            "school": article.school_id,
            "title": article.title,
            "text": article.text,
            "parties": article.parties,
            "after": article.number - 1,
        }
        texts.remove_article(article, actor=request.actor)
        back = reverse("agreements:template_restore")
        notice(request, _("Het artikel is weg."), undo_url=back)
        return redirect("agreements:template_edit")
    title = _("Artikel %(n)s verwijderen?") % {"n": article.number}
    context = {
        "title": title,
        "text": _(
            "“%(title)s” verdwijnt uit de tekst. Overeenkomsten die er al zijn, veranderen niet."
        )
        % {"title": article.title},
        "confirm_label": _("Verwijder"),
        "back_url": f"{reverse('agreements:template_edit')}#artikel-{article.number}",
    }
    return render(request, "ui/confirm_page.html", context)


@allow(Audience.COORDINATOR, methods=("POST",))
def template_restore(request):
    """Put the article back that this person took out last, where it was."""
    removed = request.session.pop(REMOVED, {})
    if removed.pop("school", None) != request.actor.school_id:
        notice(request, _("Dit artikel is er niet meer."), tone="attention")
        return redirect("agreements:template_edit")
    article = texts.add_article(_school(request), actor=request.actor, **removed)
    notice(request, _("Het artikel staat er weer."))
    return _to_article(article.number)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_reset(request):
    """Go back to the default text, after a question."""
    if request.method == "POST":
        texts.reset_articles(_school(request), actor=request.actor)
        notice(request, _("De standaardtekst staat er weer."))
        return redirect("agreements:template_edit")
    context = {
        "title": _("Terug naar de standaardtekst?"),
        "text": _("Je eigen tekst verdwijnt. Overeenkomsten die er al zijn, veranderen niet."),
        "confirm_label": _("Neem de standaardtekst"),
        "back_url": reverse("agreements:template_edit"),
    }
    return render(request, "ui/confirm_page.html", context)
