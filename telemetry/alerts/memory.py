"""What a rule remembers of a team between two looks: which subjects it saw, and since when.

Of a subject it remembers whether its condition held at the last look, on which day that was, and
at how many ends of working days it held without a break.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from telemetry.domain.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a condition held at the last look, that day, and at how many ends before."""

    is_true: bool
    on: date
    ends: int = 0

    def then(self, is_true: bool, today: date, calendar: Calendar) -> "Held":
        """After another look: what held at the last one held at the ends in between."""
        passed = calendar.working_days(self.on, today - timedelta(days=1))
        ends = self.ends
        if passed and today > self.on:
            ends = ends + passed if self.is_true else 0
        return Held(is_true, max(today, self.on), ends)


@dataclass(frozen=True, slots=True)
class Memory:
    """A rule's memory of one team; `is_new` where it never looked at it before."""

    held: Mapping[str, Held] = field(default_factory=dict)
    is_new: bool = True
    unable: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As a JSON value."""
        held = {
            subject: [one.is_true, one.on.isoformat(), one.ends]
            for subject, one in self.held.items()
        }
        return {"held": held, "unable": self.unable}


def memory_of(stored: Any) -> Memory:
    """The memory that `to_json` wrote; a new one for None."""
    if stored is None:
        return Memory()
    held = {
        subject: Held(is_true, date.fromisoformat(on), ends)
        for subject, (is_true, on, ends) in stored["held"].items()
    }
    return Memory(held, is_new=False, unable=stored["unable"])
