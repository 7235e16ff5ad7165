"""What is being built: the story it follows, its chance, and the companies there are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from companies.models import Company
from stage.core.tenants.tenancy import Scope
from stage.devtools.demo import clock

SEED = 7


@dataclass
class Demo:
    """What is being built."""

    story: clock.Story
    rng: Random
    share: int
    say: Callable[[str], object]
    pool: dict[str, list[Company]]
    scopes: list[Scope]

    def dice(self, part: int) -> Random:
        """Chance of its own for one part: what another part draws changes nothing here."""
        return Random(SEED + part)  # noqa: S311 - the same story each time

    def companies(self, *profiles: str) -> list[Company]:
        return [c for profile in profiles for c in self.pool[profile]]
