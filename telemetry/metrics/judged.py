"""Forecasts of past days held against what came, as known when a day began. Pure.

The same is done with what was shown and recorded (`recorded`) and with what would have been said
before that (`back_tested`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from telemetry.domain.calendar import ONE_DAY, Calendar, days_between
from telemetry.metrics.epic_days import EpicDays
from telemetry.metrics.forecast import NOTHING, PERCENTILES
from telemetry.metrics.hindsight import LATEST, pinball_loss
from telemetry.metrics.tally import BINS, Level, Month, Tally

SURE = PERCENTILES.index(85)
BEYOND = timedelta(days=400)  # days looked up at once on both sides: a forecast seldom goes further


@dataclass(frozen=True, slots=True)
class Past:
    """A forecast beside what came.

    `day` is the first one that it looked at, `ahead` the working days from there to the planned
    end, None without one; `gone` those that are over. `days` are the working days that it gave, by
    `PERCENTILES`; `chance`, from 0 to 1, that all is done by the planned end; `points` what is done
    by then, by `AMOUNTS`. `took` are the working days until all was done, `did_points` what was
    done by the planned end; None before.
    """

    day: date
    ahead: int | None
    gone: int
    days: tuple[int | None, ...]
    chance: float | None
    took: int | None
    points: tuple[float | None, ...] = (None, None)
    did_points: float | None = None


class Today:
    """The day on which forecasts are judged, and a calendar that counts quickly around it."""

    def __init__(self, today: date, calendar: Calendar) -> None:
        self.today, self.calendar = today, calendar
        self._first = (today - BEYOND).toordinal()
        every = days_between(today - BEYOND, today + BEYOND)
        self._so_far = list(accumulate(map(calendar.is_working_day, every), initial=0))

    def working_days(self, first: date, last: date) -> int:
        """As the calendar counts them; each is asked for of thousands of forecasts."""
        start, end = first.toordinal() - self._first, last.toordinal() - self._first + 1
        if start < 0 or max(start, end) >= len(self._so_far):
            return self.calendar.working_days(first, last)
        return max(0, self._so_far[max(end, 0)] - self._so_far[start])

    def gone(self, day: date) -> int:
        """The working days from a day on that are over."""
        return self.working_days(day, self.today - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Said:
    """What was shown on a day; `end` is the planned end or the quarter's last day."""

    day: date
    dates: Sequence[str | None]
    chance_percent: float | None
    end: date | None
    done: Sequence[float | None] = (None, None)


def recorded(
    said: Said, finished_on: date | None, today: Today, done_points: float | None = None
) -> Past:
    """What was shown, beside when all was done and what was done by the planned end."""
    first, end, took = said.day, said.end, None
    if finished_on is not None and finished_on < today.today:
        worked = today.working_days(first, finished_on)
        took = max(1, worked + (not today.calendar.is_working_day(finished_on)))
    return Past(
        first,
        None if end is None else today.working_days(first, end),
        today.gone(first),
        tuple(
            None if on is None else today.working_days(first, date.fromisoformat(on))
            for on in said.dates
        ),
        None if said.chance_percent is None else said.chance_percent / 100,
        took,
        tuple(said.done),
        done_points,
    )


def back_tested(stored: Sequence[Any], today: Today) -> Past:
    """What `telemetry.metrics.hindsight` stored of a past day."""
    _, day, ahead, took, did, (days, chance, points), _ = stored
    first = date.fromordinal(day) + ONE_DAY
    return Past(first, ahead, today.gone(first), tuple(days), chance, took, tuple(points), did)


Spells = Sequence[Sequence[int | None]]


def empty_spells(days: EpicDays) -> list[list[int | None]]:
    """From which day's end until before which day's nothing of an epic was left, as ordinals."""
    found: list[list[int | None]] = []
    for day, total, done in zip(days.days, days.totals, days.dones, strict=True):
        is_open = found and found[-1][1] is None
        if total <= done and not is_open:
            found.append([day.toordinal(), None])
        elif total > done and is_open:
            found[-1][1] = day.toordinal()
    return found


def emptied_on(spells: Spells, day: date) -> date | None:
    """The first day, from this one on, at whose end nothing was left; None before that."""
    since = day.toordinal()
    for start, end in spells:
        if start is not None and (end is None or end > since):
            return date.fromordinal(max(start, since))
    return None


def all_emptied_on(every: Iterable[Spells], day: date) -> date | None:
    """When the last of several was; None before that."""
    ends = [emptied_on(one, day) for one in every]
    known = [on for on in ends if on is not None]
    return max(known) if known and len(known) == len(ends) else None


@dataclass(frozen=True, slots=True)
class Burned:
    """A sprint by its days: what remained and was done at the end of each.

    `left_done_on` is when all that it left at its close was done.
    """

    days: Sequence[date]
    remaining: Sequence[float]
    done: Sequence[float]
    left_done_on: date | None

    def finished_on(self, day: date) -> date | None:
        """The first day, from this one on, at whose end nothing remained."""
        for on, remaining in zip(self.days, self.remaining, strict=True):
            if on >= day and remaining <= NOTHING:
                return on
        return self.left_done_on

    def done_by(self, day: date) -> float | None:
        """The points done at a day's end."""
        place = bisect_right(self.days, day) - 1
        return self.done[place] if place >= 0 else None


def tally(past: Iterable[Past], subject_count: int, gone_count: int = 0) -> Tally:
    """These forecasts added up."""
    found = Tally(gone_count=gone_count, subject_count=subject_count)
    for one in past:
        _add(found, one)
    return found


def _add(found: Tally, one: Past) -> None:
    found.count += 1
    found.first_on = min(found.first_on or one.day, one.day)
    found.last_on = max(found.last_on or one.day, one.day)
    month = found.months.setdefault(f"{one.day.year}-{one.day.month:02}", Month())
    for place, level in enumerate(found.dates):
        _add_day(level, one, place)
    sure = one.days[SURE]
    if sure is not None and one.gone >= sure:
        month.count += 1
        month.held += one.took is not None and one.took <= sure
    if sure is not None and one.days[0] is not None:
        width = sure - one.days[0]
        found.widths[width] = found.widths.get(width, 0) + 1
        month.widths[width] = month.widths.get(width, 0) + 1
    if one.ahead and one.gone >= one.ahead:
        _add_end(found, one, one.ahead)


def _add_day(level: Level, one: Past, place: int) -> None:
    days, took = one.days[place], one.took
    if days is not None:
        level.ahead[days] = level.ahead.get(days, 0) + 1
    if took is not None or one.gone >= LATEST:
        came = LATEST if took is None else min(float(took), LATEST)
        said = LATEST if days is None else min(float(days), LATEST)
        level.loss += pinball_loss(came, said, PERCENTILES[place])
        level.loss_count += 1
    if days is not None and one.gone >= days:
        level.count += 1
        level.held += took is not None and took <= days


def _add_end(found: Tally, one: Past, ahead: int) -> None:
    """What is judged at the planned end."""
    if one.chance is not None:
        came = one.took is not None and one.took <= ahead
        found.squares += (one.chance - came) ** 2
        of_chance = found.bins[min(int(one.chance * BINS), BINS - 1)]
        of_chance[0] += 1
        of_chance[1] += one.chance
        of_chance[2] += came
    if one.did_points is not None:
        for level, promised in zip(found.amounts, one.points, strict=True):
            if promised is not None:
                level.count += 1
                level.held += one.did_points >= promised - NOTHING
