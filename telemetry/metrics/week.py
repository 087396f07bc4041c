"""A week of a team's items: what was done, begun and left in it, as it stood at its end; pure.

What an item did later (reopened, done again) changes nothing of a week before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from statistics import median
from typing import NamedTuple

from telemetry.metrics.flow import ONE_DAY, Passage, Percentiles, State, percentiles

IN_PROGRESS, DONE = State.IN_PROGRESS.value, State.DONE.value  # slow to look up as members


class Stand(NamedTuple):
    """Where an item stood at an instant, since when, and when it was first in progress by then."""

    state: str
    since: datetime
    begun_at: datetime | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item; `days` are the elapsed ones from first in progress to done, or to the week's end.

    They are None where it was never in progress.
    """

    issue_id: int
    points: float | None
    days: float | None


@dataclass(frozen=True, slots=True)
class WeekWork:
    """What moved from one instant to another: done last first, in progress the oldest first.

    `reopened_count` are those that were done at the start and are not at the end.
    """

    done: tuple[Item, ...]
    in_progress: tuple[Item, ...]
    came_count: int
    begun_count: int
    reopened_count: int

    @property
    def done_points(self) -> float | None:
        """Their points; None where nothing of it has any."""
        known = [one.points for one in self.done if one.points is not None]
        return fsum(known) if known else None

    @property
    def cycle_days(self) -> float | None:
        """What half of the items done took at most, in days."""
        known = [one.days for one in self.done if one.days is not None]
        return median(known) if known else None


def stand(one: Passage, at: datetime) -> Stand | None:
    """Where an item stood just before an instant; None where it was not there yet."""
    last, begun_at = None, None
    for moved in one.states:
        if moved[0] >= at:
            break
        if begun_at is None and moved[1] == IN_PROGRESS:
            begun_at = moved[0]
        last = moved
    return None if last is None else Stand(last[1], last[0], begun_at)


def week_work(passages: Iterable[Passage], start: datetime, end: datetime) -> WeekWork:
    """What the items did in [start, end)."""
    done: list[tuple[datetime, Item]] = []
    lying: list[tuple[datetime, Item]] = []
    came = begun = reopened = 0
    for one in passages:
        if _was_done(one, start):
            continue
        last = stand(one, end)
        if last is None:
            continue
        came += start <= one.created_at < end
        begun += last.begun_at is not None and start <= last.begun_at
        if last.state == DONE:
            if last.since >= start:
                done.append((last.since, _item(one, last.begun_at, last.since)))
            continue
        before = stand(one, start)
        reopened += before is not None and before.state == DONE
        if last.state == IN_PROGRESS and last.begun_at is not None:
            lying.append((last.begun_at, _item(one, last.begun_at, end)))
    done.sort(key=lambda pair: (pair[0], pair[1].issue_id), reverse=True)
    lying.sort(key=lambda pair: (pair[0], pair[1].issue_id))
    return WeekWork(
        tuple(item for _, item in done), tuple(item for _, item in lying), came, begun, reopened
    )


def _was_done(one: Passage, at: datetime) -> bool:
    """Whether it was done for good by then, as most are of the items of a year."""
    return one.done_at is not None and one.done_at < at


def _item(one: Passage, begun_at: datetime | None, until: datetime) -> Item:
    days = None if begun_at is None else (until - begun_at) / ONE_DAY
    return Item(one.issue_id, one.final_points, days)


def took(passages: Iterable[Passage], start: datetime, end: datetime) -> list[float]:
    """The days that those done in [start, end) took, as it was known at its end."""
    found = []
    for one in passages:
        if _was_done(one, start):
            continue
        last = stand(one, end)
        if last is None or last.state != DONE or last.since < start:
            continue
        if last.begun_at is not None:
            found.append((last.since - last.begun_at) / ONE_DAY)
    return found


def too_old(
    passages: Sequence[Passage], since: datetime, at: datetime
) -> tuple[float | None, tuple[Item, ...]]:
    """The days that 95 of 100 done `since` then took at most, and what is in progress for longer.

    None, and no items, where too few were done to tell.
    """
    known = percentiles(took(passages, since, at))
    return beyond(known, () if known is None else week_work(passages, at, at).in_progress)


def beyond(
    known: Percentiles | None, lying: Iterable[Item]
) -> tuple[float | None, tuple[Item, ...]]:
    """`too_old` from what those done took, and what is in progress."""
    if known is None:
        return None, ()
    return known.days_95, tuple(one for one in lying if (one.days or 0) > known.days_95)
