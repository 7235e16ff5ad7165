"""What a school chose about days at work."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.enums import AttendanceMode
from stage.schools.models import SettingsRow


class AttendanceSettings(SettingsRow):
    """What a school calls late, how students are signed in, who hears of whom nobody saw."""

    late_after_minutes = models.PositiveSmallIntegerField(_("te laat na (minuten)"), default=15)
    # Where the company agreed nothing else (`attendance.ways`).
    way = models.CharField(
        _("hoe leerlingen worden aangemeld"),
        max_length=10,
        choices=AttendanceMode,
        default=AttendanceMode.QR,
    )
    # Of a phone that had no network. A day: who works where nothing comes through is home, or at
    # the next bus stop, long before, and the teacher has not yet settled the day without it.
    offline_hours = models.PositiveSmallIntegerField(
        _("aanmelden zonder internet telt tot (uren)"), default=24
    )
    guardians_hear = models.BooleanField(
        _("ouders en verzorgers krijgen bericht van een afmelding"), default=False
    )
    # Minutes after the first hour, or after the time somebody said to come.
    alarm_after_minutes = models.PositiveSmallIntegerField(
        _("alarm naar de stagebegeleider na (minuten)"), default=30
    )
    alarm_next_minutes = models.PositiveSmallIntegerField(
        _("alarm naar de stagecoördinator na (minuten)"), default=60
    )
    alarm_guardians = models.BooleanField(
        _("ouders en verzorgers krijgen ook alarm"), default=False
    )
