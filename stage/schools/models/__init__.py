"""A school's own models: settings, students, periods and groups, curriculum, imports."""

from stage.schools.models.base import StudentRow
from stage.schools.models.curriculum import Elective, Profile, Task
from stage.schools.models.guides import Guides, StandIn
from stage.schools.models.imports import ImportJob, ImportMapping
from stage.schools.models.kept_filters import KeptFilter
from stage.schools.models.log_in_help import LogInHelp
from stage.schools.models.periods import Group, GroupStudent, Period, PeriodException
from stage.schools.models.settings import RegionSettings, SchoolSettings, SettingsRow
from stage.schools.models.students import Guardian, LoginCode, Student

__all__ = [
    "Elective",
    "Group",
    "GroupStudent",
    "Guardian",
    "Guides",
    "ImportJob",
    "ImportMapping",
    "KeptFilter",
    "LogInHelp",
    "LoginCode",
    "Period",
    "PeriodException",
    "Profile",
    "RegionSettings",
    "SchoolSettings",
    "SettingsRow",
    "StandIn",
    "Student",
    "StudentRow",
    "Task",
]
