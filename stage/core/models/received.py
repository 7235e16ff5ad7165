"""What phones sent that waited for a network, so that the same thing counts once."""

from django.db import models

from stage.core.models.base import TenantQuerySet


class ReceivedQuerySet(TenantQuerySet):
    """Read by whom the row is about, who is no relation of this app."""

    about_student = "student_id"


class Received(models.Model):
    """Something a student's phone sent and that was taken, by the word the phone gave it.

    Written in the transaction of what it is about (`stage.core.ui.once`); sent again, the answer
    is the first one.
    """

    school = models.ForeignKey("core.School", models.PROTECT, related_name="+")
    # A row of an app above: it lays the key (`REFERENCES` in its walls).
    student_id = models.BigIntegerField()
    nonce = models.CharField(max_length=40)
    at = models.DateTimeField(auto_now_add=True)
    to = models.CharField(max_length=200)  # where the answer led
    said = models.TextField(blank=True)  # what it could not do, in words for the student

    objects = ReceivedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["student_id", "nonce"], name="received_once")
        ]

    def __str__(self) -> str:
        return f"{self.nonce} at {self.at:%Y-%m-%d %H:%M:%S}"
