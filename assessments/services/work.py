"""A student's work on an assignment: answer, evidence, handing in; the teacher's reaction."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments import policies
from assessments.enums import FileKind, HandInState
from assessments.models import Evidence, HandIn
from assessments.workflow import HAND_IN
from stage.core.files import store as files
from stage.core.files.media import FileRefused
from stage.core.record import audit, workflow
from stage.core.who.policies import Conflict, require

MAX_EVIDENCE = 10
STUDENTS_TURN = (HandInState.OPEN, HandInState.RETURNED)


class NothingToHandIn(Exception):
    """Neither words nor evidence: there is nothing a teacher could look at."""


def _locked(hand_in: HandIn) -> HandIn:
    """The row as it is now, held until the end of the transaction, if it is the student's turn."""
    # In the student's scope the database hides from this read what is not the student's turn.
    row = HandIn.objects.select_for_update().filter(pk=hand_in.pk).first()
    if row is None or row.state not in STUDENTS_TURN:
        raise Conflict(
            _("Je hebt deze opdracht al ingeleverd. Je kunt er niets meer aan wijzigen.")
        )
    return row


@transaction.atomic
def save_answer(hand_in: HandIn, *, answer: str, actor) -> None:
    """Keep what the student wrote so far. Raises Conflict once it is handed in."""
    require(policies.do_assignment, actor, hand_in)
    _locked(hand_in)
    HandIn.objects.filter(pk=hand_in.pk).update(answer=answer)
    audit.record(actor, "answer_saved", hand_in, fields=("answer",))


@transaction.atomic
def hand_in_work(hand_in: HandIn, *, answer: str, actor) -> None:
    """Hand in. Raises NothingToHandIn, or Conflict when it is handed in or done already."""
    require(policies.do_assignment, actor, hand_in)
    _locked(hand_in)
    if not answer.strip() and not hand_in.evidence.exists():
        raise NothingToHandIn
    workflow.apply(
        hand_in, HAND_IN["hand_in"], actor=actor, answer=answer, handed_in_at=timezone.now()
    )


@transaction.atomic
def take_back_work(hand_in: HandIn, *, actor) -> None:
    """It was handed in too soon. Raises Conflict once the teacher has said something of it."""
    workflow.apply(hand_in, HAND_IN["take_back"], actor=actor, handed_in_at=None)


def add_evidence(
    hand_in: HandIn, *, uploads: Iterable[UploadedFile], caption: str, actor
) -> tuple[int, list[tuple[str, str]]]:
    """Add photos and PDFs; returns how many were taken, and (name, how to mend) of the others.

    One refused file does not cost the good ones. Raises Conflict once the work is handed in.
    """
    require(policies.do_assignment, actor, hand_in)
    taken, refused = 0, []
    for upload in uploads:
        try:
            _add_one(hand_in, upload, caption, actor)
            taken += 1
        except FileRefused as error:
            refused.append((upload.name or _("Bestand"), error.message))
    return taken, refused


@transaction.atomic
def _add_one(hand_in: HandIn, upload: UploadedFile, caption: str, actor) -> None:
    row = _locked(hand_in)
    if row.evidence.count() >= MAX_EVIDENCE:
        raise FileRefused(
            _("Je hebt al %(count)d bestanden. Haal er eerst een weg.") % {"count": MAX_EVIDENCE}
        )
    file = files.store_upload(
        upload, kind=FileKind.EVIDENCE, owner=files.Owner.about(row), actor=actor
    )
    Evidence.objects.create_about(
        row,
        file=file,
        caption=caption,
    )


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor) -> None:
    """Take evidence away, with its file. Raises Conflict once the work is handed in."""
    require(policies.do_assignment, actor, evidence)
    _locked(evidence.hand_in)
    file = evidence.file
    evidence.delete()
    files.remove(file, actor=actor)


@transaction.atomic
def finish_work(hand_in: HandIn, *, feedback: str, actor) -> None:
    """The teacher is content. Raises Conflict when the state changed meanwhile."""
    workflow.apply(hand_in, HAND_IN["finish"], actor=actor, feedback=feedback)


@transaction.atomic
def give_back_work(hand_in: HandIn, *, feedback: str, actor) -> None:
    """Ask to do it again; the feedback says what. Raises Conflict as `finish_work`."""
    workflow.apply(hand_in, HAND_IN["give_back"], actor=actor, feedback=feedback)
