"""How often something was tried, for the brakes on guessing."""

from django.db import models


class TryCount(models.Model):
    """Tries of one action by one address or name, in one window of time.

    `key` is a digest: the table tells nobody who tried. `stage.core.who.limits` alone writes it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    used = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)  # the end of the window; the row can go

    def __str__(self) -> str:
        return f"{self.used} until {self.until:%Y-%m-%d %H:%M:%S}"
