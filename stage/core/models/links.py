"""How people without an account get in: links identify, codes prove, devices remember.

These tables are the log-in role's, as users and sessions are; `stage.core.who.links` keeps them.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from stage.core.enums import PersonKind
from stage.core.models.base import new_public_id


class Link(models.Model):
    """A mailed address. It says who is addressed and about what; it never logs anybody in."""

    public_id = models.CharField(max_length=20, unique=True, default=new_public_id, editable=False)
    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)
    target = models.CharField(max_length=40, blank=True)  # public id of what it is about
    region = models.ForeignKey("core.Region", models.PROTECT, related_name="+")
    school = models.ForeignKey("core.School", models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_kind", "person_id", "purpose", "target", "school"],
                condition=models.Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="link_once",
            )
        ]
        indexes = [models.Index(fields=["expires_at"], name="link_expires")]


class MailedCode(models.Model):
    """Eight digits mailed to a known address: ten minutes, once, in the same browser."""

    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    purpose = models.CharField(max_length=40)  # "login", that and a link, or what is signed
    browser = models.CharField(max_length=64)  # hash of the asking browser's cookie
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["person_kind", "person_id"], name="mailed_code_person"),
            models.Index(fields=["expires_at"], name="mailed_code_expires"),
        ]


class Device(models.Model):
    """A browser that proved to belong to a contact or guardian; revocable.

    A contact is its address: the scope is read anew at each request, from all contacts that
    have it.
    """

    digest = models.CharField(max_length=64, unique=True)
    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    email = models.EmailField()
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            # As `iexact` asks.
            models.Index(Upper("email"), name="device_email"),
            models.Index(fields=["person_kind", "person_id"], name="device_person"),
            models.Index(fields=["expires_at"], name="device_expires"),
        ]


class CalendarFeed(models.Model):
    """The secret address at which a calendar fetches what is somebody's; kept hashed, shown once.

    A log-in is its membership (`person_id`), a contact its address, as a device is.
    """

    digest = models.CharField(max_length=64, unique=True)
    person_kind = models.CharField(max_length=12, choices=PersonKind)
    person_id = models.BigIntegerField()
    email = models.EmailField(blank=True)  # of a contact: the scope is read anew at each request
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                condition=models.Q(withdrawn_at__isnull=True, email=""),
                name="calendar_feed_once",
            ),
            models.UniqueConstraint(
                Upper("email"),
                condition=models.Q(withdrawn_at__isnull=True) & ~models.Q(email=""),
                name="calendar_feed_once_at_address",
            ),
        ]
