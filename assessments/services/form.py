"""The assessment form of a school."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.models import Assessment, Criterion, Form
from stage.core.models import School
from stage.core.record import audit
from stage.core.who import actors
from stage.core.who.policies import Conflict, coordinator_of, require

# Eight work attitudes, in words for an employer, and three open questions.
ATTITUDES = (
    ("Op tijd en afspraken", "Komt op tijd en houdt zich aan wat is afgesproken."),
    ("Inzet", "Wil leren, pakt het werk op en stelt vragen."),
    ("Samenwerken", "Helpt collega's en overlegt met hen."),
    ("Omgaan met uitleg en feedback", "Luistert naar uitleg en doet er iets mee."),
    ("Zelfstandig werken", "Gaat zelf door en vraagt op tijd om hulp."),
    ("Netjes en veilig werken", "Werkt netjes en houdt zich aan de regels voor veiligheid."),
    ("Omgaan met klanten en collega's", "Is beleefd, groet en spreekt mensen goed aan."),
    ("Kwaliteit en doorzetten", "Maakt het werk goed af, ook als het tegenzit."),
)
QUESTIONS = (
    ("Wat gaat goed?", ""),
    ("Wat kan beter?", ""),
    ("Zou u deze leerling weer willen hebben? Waarom?", "Bijvoorbeeld voor een bijbaan of stage."),
)


def default_form(school_id: int) -> Form | None:
    """The school's form, if it has one already."""
    return Form.objects.filter(school_id=school_id, is_default=True).first()


def ensure_default_form(school: School) -> Form:
    """The school's form, made with the usual criteria when there is none. Needs its scope."""
    found = default_form(school.pk)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _make(school)
    except IntegrityError:
        # Somebody else made it a moment ago.
        return Form.objects.get(school=school, is_default=True)


def _make(school: School) -> Form:
    # Dutch like its lines: it is the school's own text from here on.
    form = Form.objects.create(school=school, name="Beoordeling van de stage", is_default=True)
    lines = [(*line, False) for line in ATTITUDES] + [(*line, True) for line in QUESTIONS]
    Criterion.objects.bulk_create(
        Criterion(
            school=school, form=form, order=order, name=name, explanation=explanation, is_open=open_
        )
        for order, (name, explanation, open_) in enumerate(lines, start=1)
    )
    audit.record(actors.job_at(school), "form_made", form)
    return form


def is_in_use(form: Form) -> bool:
    """Whether somebody has filled anything in: then criteria can no longer come or go."""
    return Assessment.objects.filter(form=form).exists()


@dataclass(frozen=True)
class NewLine:
    """A criterion to add."""

    name: str
    explanation: str
    is_open: bool


@transaction.atomic
def change_form(
    form: Form,
    *,
    words: Mapping[int, tuple[str, str]],
    remove: Iterable[int] = (),
    add: NewLine | None = None,
    actor,
) -> None:
    """Change names and explanations (by criterion number), and lines while nobody used the form.

    Raises Conflict when lines are added or removed after somebody started filling it in.
    """
    require(coordinator_of, actor, form)
    gone = set(remove)
    if (gone or add) and is_in_use(form):
        raise Conflict(
            _("Iemand heeft het formulier al ingevuld. Regels toevoegen of weghalen kan niet meer.")
        )
    lines = Criterion.objects.filter(form=form)
    for line in lines:
        if line.pk in words:
            line.name, line.explanation = words[line.pk]
    Criterion.objects.bulk_update(lines, ["name", "explanation"])
    lines.filter(pk__in=gone).delete()
    if add:
        last = lines.aggregate(last=Max("order"))["last"] or 0
        Criterion.objects.create(
            school_id=form.school_id,
            form=form,
            order=last + 1,
            name=add.name,
            explanation=add.explanation,
            is_open=add.is_open,
        )
    audit.record(actor, "form_changed", form)
