"""A company asks before it decides; the student or the school answers."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Contact
from placements import mails
from placements.enums import MOST_QUESTIONS, PutTo
from placements.models import Application, ApplicationQuestion
from placements.policies import answers_question, decides_for_company
from placements.services.locks import lock_student
from stage.core.record import audit
from stage.core.tenants import tenancy
from stage.core.who.policies import Conflict, require


@transaction.atomic
def ask_question(application: Application, *, text: str, put_to: str, actor) -> ApplicationQuestion:
    """The company asks the school or the student something; one mail goes to who answers.

    Raises Conflict once the application was answered or rests, and with too many open questions.
    """
    require(decides_for_company, actor, application)
    with tenancy.as_school_of(application):
        student = lock_student(application.student_id)
        application.refresh_from_db(fields=["state"])
        if not application.is_with_company:
            raise Conflict(_("Deze sollicitatie wacht niet meer op uw antwoord."))
        if application.questions.open().count() >= MOST_QUESTIONS:
            raise Conflict(
                _("Er staan al vijf vragen open. Wacht op een antwoord, of bel de school.")
            )
        question = ApplicationQuestion.objects.create_about(
            application,
            put_to=PutTo(put_to),
            text=text,
            asked_by=_contact(application, actor),
            asked_by_name=actor.name,
        )
        audit.record(actor, "question_asked", question, fields=("text", "put_to"))
        mails.question_asked(question, student)
    return question


@transaction.atomic
def answer_question(question: ApplicationQuestion, *, answer: str, actor) -> None:
    """The answer, once: the company is mailed it and sees it beside the application.

    Raises Conflict when it was answered already or the application ended meanwhile.
    """
    require(answers_question, actor, question)
    with tenancy.as_school_of(question):
        student = lock_student(question.student_id)
        now = timezone.now()
        name = student.first_name if question.is_to_student else actor.name
        if not ApplicationQuestion.objects.open().filter(pk=question.pk).exists():
            raise Conflict(_("Deze vraag is al beantwoord, of de sollicitatie loopt niet meer."))
        question.answer, question.answered_by_name, question.answered_at = answer, name, now
        question.save(update_fields=["answer", "answered_by_name", "answered_at"])
        audit.record(actor, "question_answered", question, fields=("answer",))
        mails.question_answered(question)


def _contact(application: Application, actor) -> Contact | None:
    """The line at this very company as which the school knows who asks."""
    rows = Contact.objects.filter(
        pk__in=actor.contacts_at(application), company_id=application.company_id
    )
    return rows.order_by("pk").first()
