"""The school's own agreement text."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from placements.agreements import merging, templates
from placements.agreements.forms import ArticleForm
from placements.models import ArticleTemplate
from stage.core.access import allow
from stage.core.enums import Audience
from stage.core.models import School
from stage.core.policies import Conflict
from stage.core.ui.notices import notice


def _school(request) -> School:
    return School.objects.get(pk=request.actor.school_id)


def _article(request, number: int) -> ArticleTemplate:
    return get_object_or_404(ArticleTemplate.objects.visible_to(request.actor), number=number)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_edit(request):
    """All articles in order; a POST moves one up or down, or takes it out."""
    if request.method == "POST":
        return _act(request)
    articles = templates.ensure_default_articles(_school(request))
    return render(request, "placements/agreements/template.html", {"articles": articles})


def _act(request):
    number = request.POST.get("number", "")
    rows = ArticleTemplate.objects.visible_to(request.actor)
    article = rows.filter(number=number).first() if number.isdigit() else None
    if article is None:
        notice(request, _("Dit artikel is er niet meer."), tone="attention")
        return redirect("placements:template_edit")
    action = request.POST.get("action")
    try:
        if action == "remove":
            templates.remove_article(article, actor=request.actor)
            notice(request, _("Het artikel is weg."))
        elif action in ("up", "down"):
            templates.move_article(article, up=action == "up", actor=request.actor)
    except Conflict as conflict:
        notice(request, str(conflict), tone="attention")
    return redirect("placements:template_edit")


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_article(request, number):
    """Change one article."""
    article = _article(request, number)
    initial = {"title": article.title, "text": article.text, "parties": article.parties}
    form = ArticleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        templates.change_article(article, actor=request.actor, **form.cleaned_data)
        notice(request, _("Het artikel is bewaard. Het geldt voor nieuwe overeenkomsten."))
        return redirect("placements:template_edit")
    return _article_page(request, form, _("Artikel %(n)s") % {"n": article.number})


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_add(request):
    """Add an article at the end."""
    form = ArticleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        templates.ensure_default_articles(_school(request))
        templates.add_article(_school(request), actor=request.actor, **form.cleaned_data)
        notice(request, _("Het artikel is toegevoegd."))
        return redirect("placements:template_edit")
    return _article_page(request, form, _("Nieuw artikel"))


def _article_page(request, form, heading):
    fields = [("{" + name + "}", label) for name, label in merging.FIELDS.items()]
    context = {"form": form, "fields": fields, "heading": heading}
    status = 422 if request.method == "POST" else 200
    return render(request, "placements/agreements/article.html", context, status=status)


@allow(Audience.COORDINATOR, methods=("GET", "POST"))
def template_reset(request):
    """Go back to the default text, after a question."""
    if request.method == "POST":
        templates.reset_articles(_school(request), actor=request.actor)
        notice(request, _("De standaardtekst staat er weer."))
        return redirect("placements:template_edit")
    context = {
        "title": _("Terug naar de standaardtekst?"),
        "text": _("Uw eigen tekst verdwijnt. Overeenkomsten die er al zijn, veranderen niet."),
        "confirm_label": _("Neem de standaardtekst"),
        "back_url": reverse("placements:template_edit"),
    }
    return render(request, "ui/confirm_page.html", context)
