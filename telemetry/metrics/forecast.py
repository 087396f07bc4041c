"""When the rest will be done: a Monte Carlo run on the team's own daily throughput.

Read by facts, for a sprint's projected finish and for what past ones were worth. The same data
and seed give the same dates.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day

MIN_CLOSED_SPRINTS = 3
TRIALS = 2_000
MAX_WORKING_DAYS = 2_600  # ten years: beyond, a date says nothing
FIRST_BLOCK, LARGEST_BLOCK = 32, 512  # working days drawn at once
PERCENTILES = (50, 85, 95)
NOTHING = 1e-9  # points


@dataclass(frozen=True, slots=True)
class Finish:
    """The days by which the rest is done in 50, 85 and 95 of 100 runs.

    None where even ten years were not enough in that many runs.
    """

    on_50: date | None
    on_85: date | None
    on_95: date | None


@dataclass(frozen=True, slots=True)
class PastForecast:
    """A forecast made at the end of one day of a closed sprint, and when nothing was left.

    `finished_on` is None where something is left still; names as in the table sprint_forecasts.
    """

    day: date
    remaining_points: float
    on_50: date | None
    on_85: date | None
    on_95: date | None
    finished_on: date | None


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


def throughputs(days: Mapping[int, Iterable[Day]], calendar: Calendar) -> dict[int, list[float]]:
    """`daily_throughput` of several sprints."""
    return {sprint_id: daily_throughput(some, calendar) for sprint_id, some in days.items()}


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
    return projected_finishes([(remaining_points, start_on)], sprints, calendar, seed)[0]


def projected_finishes(
    questions: Sequence[tuple[float, date]],
    sprints: Sequence[Sequence[float]],
    calendar: Calendar,
    seed: int,
) -> list[Finish | None]:
    """`projected_finish` of several remaining points and first days, drawn once for all."""
    rates = [rate for sprint in sprints for rate in sprint]
    if len(sprints) < MIN_CLOSED_SPRINTS or sum(rates) <= 0:
        return [None] * len(questions)
    left = sorted({points for points, _ in questions if points > 0})
    needed = dict(zip(left, _working_days_needed(left, rates, seed) if left else [], strict=True))
    return [
        _from(start_on, needed[points], calendar)
        if points > 0
        else Finish(start_on, start_on, start_on)
        for points, start_on in questions
    ]


def _from(start_on: date, needed: Sequence[int | None], calendar: Calendar) -> Finish:
    first = calendar.add_working_days(start_on, not calendar.is_working_day(start_on))
    return Finish(
        *(None if days is None else calendar.add_working_days(first, days - 1) for days in needed)
    )


def _working_days_needed(
    amounts: Sequence[float], rates: Sequence[float], seed: int
) -> list[list[int | None]]:
    """For each amount and percentile the working days that suffice in that share of the runs.

    The runs are the same whatever the amounts are: what is asked beside changes no answer.
    """
    import numpy as np  # noqa: PLC0415 (slow to load; only forecasts need it)

    chance = np.random.default_rng(seed)
    pool = np.asarray(rates, dtype=np.float64)
    places = [TRIALS - TRIALS * percentile // 100 for percentile in PERCENTILES]
    done, most = np.zeros(TRIALS), np.zeros(TRIALS)
    reached = np.empty((0, len(PERCENTILES)))  # by each day in that share of the runs
    block = FIRST_BLOCK
    while len(reached) < MAX_WORKING_DAYS:
        block = min(block, MAX_WORKING_DAYS - len(reached))
        path = done + np.cumsum(chance.choice(pool, size=(block, TRIALS)), axis=0)
        done = path[-1].copy()
        path[0] = np.maximum(path[0], most)
        most = np.maximum.accumulate(path, axis=0, out=path)[-1]
        reached = np.concatenate([reached, np.partition(path, places, axis=1)[:, places]])
        block = min(2 * block, LARGEST_BLOCK)
        if reached[-1].min() >= max(amounts):
            break
    needed = [np.searchsorted(line, np.asarray(amounts) - NOTHING) + 1 for line in reached.T]
    return [
        [int(count) if count <= len(reached) else None for count in row]
        for row in zip(*needed, strict=True)
    ]


def past_forecasts(
    days: Sequence[tuple[Day, Sequence[Sequence[float]]]],
    calendar: Calendar,
    seed: int,
    left_done_on: date | None,
) -> list[PastForecast]:
    """What would have been forecast at the end of each working day of a closed sprint.

    `days` are all of its days, each with the throughputs of the sprints closed by its end, the
    newest first. Days on which nothing was left, or too little was known, have no forecast.
    `left_done_on` is when all that was left at the close was done, None before that.
    """
    made: dict[Day, Finish | None] = {}
    asked: dict[tuple[tuple[float, ...], ...], list[Day]] = {}
    for day, sprints in days:
        if day.remaining_points > NOTHING and calendar.is_working_day(day.day):
            asked.setdefault(tuple(map(tuple, sprints)), []).append(day)
    for sprints, some in asked.items():
        questions = [(day.remaining_points, day.day + timedelta(days=1)) for day in some]
        made.update(zip(some, projected_finishes(questions, sprints, calendar, seed), strict=True))
    emptied = [day.day for day, _ in days if day.remaining_points <= NOTHING]
    return [
        PastForecast(
            day.day,
            day.remaining_points,
            finish.on_50,
            finish.on_85,
            finish.on_95,
            next((on for on in emptied if on > day.day), left_done_on),
        )
        for day, _ in days
        if (finish := made.get(day)) is not None
    ]


@dataclass(frozen=True, slots=True)
class Promise:
    """The dates given with one chance: how many can be judged, and how many of them held."""

    promised_percent: int
    held_count: int
    count: int

    @property
    def came_true_percent(self) -> float | None:
        """None where no date can be judged."""
        return 100 * self.held_count / self.count if self.count else None
