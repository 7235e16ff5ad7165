"""Which language somebody chose to read."""

from django.db import models

from stage.core.enums import PersonKind


class LanguageChoice(models.Model):
    """The language of a person's mails, and of the pages on the next device they log in on.

    By the same pair of kind and number as the outbox; nobody who keeps to Dutch has a row.
    """

    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    language = models.CharField(max_length=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_kind", "person_id"], name="one_language")
        ]

    def __str__(self) -> str:
        return f"{self.person_kind} {self.person_id}: {self.language}"
