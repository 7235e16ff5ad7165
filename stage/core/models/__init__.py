"""The core's models: organisations and log-ins, and the mechanisms' own tables."""

from stage.core.models.audit import AuditEntry, AuditSeal, AuditWaiting
from stage.core.models.base import PoolRow, SchoolRow, TenantQuerySet
from stage.core.models.files import StoredFile
from stage.core.models.jobs import Heartbeat, Job, LongJob, SchoolOrBureauQuerySet
from stage.core.models.language import LanguageChoice
from stage.core.models.limits import TryCount
from stage.core.models.links import CalendarFeed, Device, Link, MailedCode
from stage.core.models.mail import OutboxMail
from stage.core.models.notices import NoticeSettings, NoticesOff
from stage.core.models.organisations import (
    FIRST_ROLES,
    Mandate,
    Membership,
    Region,
    School,
    User,
)
from stage.core.models.push import PushSubscription
from stage.core.models.received import Received

__all__ = [
    "FIRST_ROLES",
    "AuditEntry",
    "AuditSeal",
    "AuditWaiting",
    "CalendarFeed",
    "Device",
    "Heartbeat",
    "Job",
    "LanguageChoice",
    "Link",
    "LongJob",
    "MailedCode",
    "Mandate",
    "Membership",
    "NoticeSettings",
    "NoticesOff",
    "OutboxMail",
    "PoolRow",
    "PushSubscription",
    "Received",
    "Region",
    "School",
    "SchoolOrBureauQuerySet",
    "SchoolRow",
    "StoredFile",
    "TenantQuerySet",
    "TryCount",
    "User",
]
