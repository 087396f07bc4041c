"""When the rest will be done: a Monte Carlo run on the team's own daily throughput.

Read by facts, for a sprint's projected finish. The same data and seed give the same dates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day

MIN_CLOSED_SPRINTS = 3
TRIALS = 2_000
MAX_WORKING_DAYS = 2_600  # ten years: beyond, a date says nothing
PERCENTILES = (50, 85, 95)


@dataclass(frozen=True, slots=True)
class Finish:
    """The days by which the rest is done in 50, 85 and 95 of 100 runs.

    None where even ten years were not enough in that many runs.
    """

    on_50: date | None
    on_85: date | None
    on_95: date | None


def daily_throughput(days: Iterable[Day], calendar: Calendar) -> list[float]:
    """Points done on each working day of a sprint, less those reopened.

    What was done on a day off counts for the working day after it, or else for the last before.
    """
    rates: list[float] = []
    waiting = 0.0
    for day in days:
        waiting += day.burned_points - day.reopened_points
        if calendar.is_working_day(day.day):
            rates.append(waiting)
            waiting = 0.0
    if rates:
        rates[-1] += waiting
    return rates


def projected_finish(
    remaining_points: float,
    sprints: Sequence[Sequence[float]],
    calendar: Calendar,
    start_on: date,
    seed: int,
) -> Finish | None:
    """The 50/85/95 % dates on which `remaining_points` will be done; None with too little history.

    `sprints` are the daily throughputs of the last closed sprints: at least three, and with
    points done in all. `start_on` is the first day on which work can be done.
    """
    rates = [rate for sprint in sprints for rate in sprint]
    if len(sprints) < MIN_CLOSED_SPRINTS or sum(rates) <= 0:
        return None
    if remaining_points <= 0:
        return Finish(start_on, start_on, start_on)
    needed = _working_days_needed(remaining_points, rates, seed)
    first = calendar.add_working_days(start_on, not calendar.is_working_day(start_on))
    dates = [
        None if days is None else calendar.add_working_days(first, days - 1) for days in needed
    ]
    return Finish(*dates)


def _working_days_needed(
    remaining_points: float, rates: Sequence[float], seed: int
) -> list[int | None]:
    """For each percentile the number of working days that suffices in that share of the runs."""
    import numpy as np  # noqa: PLC0415 (slow to load; only forecasts need it)

    chance = np.random.default_rng(seed)
    pool = np.asarray(rates, dtype=np.float64)
    done = np.zeros(TRIALS)
    days = np.full(TRIALS, np.inf)
    block = min(500, max(10, int(2 * remaining_points / pool.mean()) + 1))
    for passed in range(0, MAX_WORKING_DAYS, block):
        path = done[:, None] + np.cumsum(chance.choice(pool, size=(TRIALS, block)), axis=1)
        is_over = path >= remaining_points - 1e-9
        reached = np.where(is_over.any(axis=1), passed + is_over.argmax(axis=1) + 1, np.inf)
        days = np.minimum(days, reached)
        done = path[:, -1]
        if np.isfinite(days).all():
            break
    needed = np.quantile(days, [p / 100 for p in PERCENTILES], method="inverted_cdf")
    return [int(count) if np.isfinite(count) else None for count in needed]
