"""The core's models; other apps import from here."""

from companies.models.base import CompanyRow

from placements.models import StudentCard
from stage.core.models.audit import AuditEntry, AuditSeal
from stage.core.models.base import PoolRow, SchoolRow, TenantQuerySet
from stage.core.models.files import StoredFile
from stage.core.models.jobs import Heartbeat
from stage.core.models.language import LanguageChoice
from stage.core.models.limits import TryCount
from stage.core.models.links import Device, Link, MailedCode
from stage.core.models.mail import OutboxMail
from stage.core.models.organisations import (
    Mandate,
    Membership,
    Region,
    RegionSettings,
    School,
    User,
)
from stage.schools.models.base import StudentRow
from stage.schools.models.curriculum import Elective, Profile, ReferenceValue, Task
from stage.schools.models.guides import Guides
from stage.schools.models.imports import ImportJob, ImportMapping
from stage.schools.models.periods import Group, GroupStudent, Period, PeriodException
from stage.schools.models.settings import SchoolSettings
from stage.schools.models.students import Guardian, LoginCode, Student

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "CompanyRow",
    "Device",
    "Elective",
    "Group",
    "GroupStudent",
    "Guardian",
    "Guides",
    "Heartbeat",
    "ImportJob",
    "ImportMapping",
    "LanguageChoice",
    "Link",
    "LoginCode",
    "MailedCode",
    "Mandate",
    "Membership",
    "OutboxMail",
    "Period",
    "PeriodException",
    "PoolRow",
    "Profile",
    "ReferenceValue",
    "Region",
    "RegionSettings",
    "School",
    "SchoolRow",
    "SchoolSettings",
    "StoredFile",
    "Student",
    "StudentCard",
    "StudentRow",
    "Task",
    "TenantQuerySet",
    "TryCount",
    "User",
]
