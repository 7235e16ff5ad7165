"""The school's own text of its agreements: edit, add, remove, reorder, begin anew."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from placements.agreements.articles import DEFAULT_ARTICLES
from placements.agreements.models import ArticleTemplate
from stage.core.record import audit
from stage.core.who.policies import Conflict, coordinator_of, require


@transaction.atomic
def ensure_default_articles(school) -> list[ArticleTemplate]:
    """The school's articles in order; a school without any gets the default text."""
    rows = list(ArticleTemplate.objects.filter(school=school))
    if rows:
        return rows
    # Two at once: the unique number lets one of them in, the other reads what the first made.
    ArticleTemplate.objects.bulk_create(_defaults(school), ignore_conflicts=True)
    return list(ArticleTemplate.objects.filter(school=school))


def _defaults(school) -> list[ArticleTemplate]:
    return [
        ArticleTemplate(
            school=school,
            number=number,
            title=article.title,
            text=article.text,
            parties=list(article.parties),
        )
        for number, article in enumerate(DEFAULT_ARTICLES, start=1)
    ]


@transaction.atomic
def change_article(article: ArticleTemplate, *, title, text, parties, actor) -> None:
    """Change one article; agreements that were started keep the text they were given."""
    require(coordinator_of, actor, article)
    values = {"title": title, "text": text, "parties": list(parties)}
    ArticleTemplate.objects.filter(pk=article.pk).update(**values)
    audit.record(actor, "article_template_changed", article, fields=tuple(values))


@transaction.atomic
def add_article(
    school, *, title, text, parties, actor, after: int | None = None
) -> ArticleTemplate:
    """Add an article after the one of this number; 0 is in front of all, None at the end."""
    rows = ArticleTemplate.objects.filter(school=school)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    number = 1 + (last if after is None else min(after, last))
    article = ArticleTemplate(
        school=school, number=number, title=title, text=text, parties=list(parties)
    )
    require(coordinator_of, actor, article)
    # The last one first: numbers are unique at every moment.
    for row in rows.filter(number__gte=number).order_by("-number"):
        ArticleTemplate.objects.filter(pk=row.pk).update(number=F("number") + 1)
    article.save()
    audit.record(actor, "article_template_added", article)
    return article


@transaction.atomic
def remove_article(article: ArticleTemplate, *, actor) -> None:
    """Take an article out and close the gap in the numbers."""
    require(coordinator_of, actor, article)
    audit.record(actor, "article_template_removed", article)
    school_id, number = article.school_id, article.number
    article.delete()
    later = ArticleTemplate.objects.filter(school_id=school_id, number__gt=number)
    for row in later.order_by("number"):
        ArticleTemplate.objects.filter(pk=row.pk).update(number=F("number") - 1)


@transaction.atomic
def move_article(article: ArticleTemplate, *, up: bool, actor) -> None:
    """Change places with the neighbour above or below; Conflict when there is none any more."""
    require(coordinator_of, actor, article)
    rows = ArticleTemplate.objects.select_for_update().filter(school_id=article.school_id)
    by_number = {row.number: row for row in rows}
    here, there = by_number.get(article.number), by_number.get(article.number + (-1 if up else 1))
    if here is None or there is None or here.pk != article.pk:
        raise Conflict(_("De volgorde is intussen veranderd."))
    spare = max(by_number) + 1  # numbers are unique at every moment
    for row, number in ((here, spare), (there, here.number), (here, there.number)):
        ArticleTemplate.objects.filter(pk=row.pk).update(number=number)
    audit.record(actor, "article_template_moved", article, fields=("number",))


@transaction.atomic
def reset_articles(school, *, actor) -> None:
    """Throw the school's own text away and take the default one."""
    probe = ArticleTemplate(school=school)
    require(coordinator_of, actor, probe)
    ArticleTemplate.objects.filter(school=school).delete()
    ArticleTemplate.objects.bulk_create(_defaults(school))
    audit.record(actor, "article_templates_reset", school)
