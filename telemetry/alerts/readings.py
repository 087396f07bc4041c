"""What a rule answers when it looks at a team: one reading a subject, or why it cannot tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from telemetry.words.alerts.said import Said


class Subject(NamedTuple):
    """What an alert is about; `name` is how a message calls it."""

    kind: str  # sprint | team | impediment | issue | quarter | site
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A rule's figure of one subject.

    `held_ends` is at how many ends of working days before now it was true without a break, None
    where history does not tell: then it is counted from look to look. `say` makes the message of
    so many days. `is_low_bad`: the rule opens below its threshold, not above. `is_event`: it is
    told once and is over at once. `is_of_now`: it concerns what runs now, so it is told even
    where it was true before anybody looked. `holds_on`: what else opened it is not over, whatever
    the value.
    """

    subject: Subject
    value: float
    threshold: float
    is_true: bool
    say: Callable[[int], Said]
    held_ends: int | None = None
    needed_ends: int = 0
    issue_ids: tuple[int, ...] = ()
    is_low_bad: bool = False
    is_event: bool = False
    is_of_now: bool = False
    holds_on: bool = False

    @property
    def is_released(self) -> bool:
        """Whether the value is back below three quarters of the threshold, and all else over."""
        if self.holds_on:
            return False
        if self.is_low_bad:
            return self.value > self.threshold / RELEASED
        return self.value < self.threshold * RELEASED

    def is_worse_than(self, opened_value: float) -> bool:
        """Whether the value is half as bad again as it was."""
        if self.is_low_bad:
            return self.value * WORSE <= opened_value and self.value < opened_value
        is_beyond = self.value > max(opened_value, self.threshold)
        return is_beyond and self.value >= opened_value * WORSE


def always(said: Said) -> Callable[[int], Said]:
    """What is said whatever the number of days."""
    return lambda _: said


RELEASED = 0.75
WORSE = 1.5


@dataclass(frozen=True, slots=True)
class Unable:
    """Why a rule cannot tell anything of a team."""

    reason: str


Answer = tuple[Reading, ...] | Unable
Ended = Mapping[str, str]  # subjects that are over, by id, and how
