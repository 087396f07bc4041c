"""What is forecast of a sprint, and what such forecasts were worth: the values, pure.

Read by facts, which compute and store them, and by reports. How they come about stands in
`simulation` (runs on the team's own days), `correction` (by the team's own record) and `hindsight`
(the same made on past days).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burndown import Day

PERCENTILES = (50, 85, 95)
AMOUNTS = (50, 85)  # the chances with which an amount is promised by the planned end
MIN_CLOSED_SPRINTS = 3  # whose days a simulation draws from, unless other teams lend
NOTHING = 1e-9  # points


@dataclass(frozen=True, slots=True)
class Moves:
    """What one working day did to a sprint: points done less reopened, and net points added."""

    done_points: float
    added_points: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is forecast of a running sprint; None where it is not known.

    The days by which nothing is left, with 50, 85 and 95 %; the chance that this is so by the
    planned end; the points that are done by then with 50 and 85 %; and what is likely left then,
    with what is usually added.
    """

    on_50: date | None = None
    on_85: date | None = None
    on_95: date | None = None
    in_time_percent: float | None = None
    done_50_points: float | None = None
    done_85_points: float | None = None
    left_50_points: float | None = None


UNKNOWN = Outlook()


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised with one chance: how many can be judged, and how many of them held.

    `loss` is the mean pinball loss, of dates in working days and of amounts in points.
    """

    promised_percent: int
    held_count: int
    count: int
    loss: float | None = None

    @property
    def came_true_percent(self) -> float | None:
        """None where none can be judged."""
        return 100 * self.held_count / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Scores:
    """How one method's forecasts of past days came out.

    `brier` is the mean square error of the chance that the planned end is kept, of `count` chances.
    """

    dates: tuple[Promise, ...]
    amounts: tuple[Promise, ...]
    brier: float | None
    count: int


@dataclass(frozen=True, slots=True)
class Worth:
    """What forecasts of past days were worth, beside those of the simulation alone.

    `lenders` is how many other teams' forecasts these are; 0: the team's own.
    """

    corrected: Scores
    simulated: Scores
    lenders: int = 0


def enough_sprints(velocity_sprints: int) -> int:
    """How many closed sprints a simulation needs of the last so many that it draws from."""
    return min(MIN_CLOSED_SPRINTS, velocity_sprints)


def working_day_moves(days: Iterable[Day], calendar: Calendar) -> list[Moves]:
    """What each working day of a sprint did, in their order.

    What happened on a day off counts for the working day after it, or else for the last before.
    """
    found: list[Moves] = []
    done = added = 0.0
    for day in days:
        done += day.burned_points - day.reopened_points
        added += day.added_points - day.removed_points + day.reestimated_points
        if calendar.is_working_day(day.day):
            found.append(Moves(done, added))
            done = added = 0.0
    if found:
        last = found[-1]
        found[-1] = Moves(last.done_points + done, last.added_points + added)
    return found


def worth_to_stored(worth: Worth) -> dict[str, Any]:
    """The value as JSON values."""
    return {
        "corrected": _scores_to_stored(worth.corrected),
        "simulated": _scores_to_stored(worth.simulated),
        "lenders": worth.lenders,
    }


def worth_from_stored(stored: Mapping[str, Any]) -> Worth:
    """The value that `worth_to_stored` wrote."""
    return Worth(
        _scores_from_stored(stored["corrected"]),
        _scores_from_stored(stored["simulated"]),
        stored["lenders"],
    )


def _scores_to_stored(scores: Scores) -> list[Any]:
    promises = [
        [[p.promised_percent, p.held_count, p.count, p.loss] for p in some]
        for some in (scores.dates, scores.amounts)
    ]
    return [*promises, scores.brier, scores.count]


def _scores_from_stored(stored: Sequence[Any]) -> Scores:
    dates, amounts = (tuple(Promise(*one) for one in some) for some in stored[:2])
    return Scores(dates, amounts, stored[2], stored[3])


def together(known: Sequence[Worth]) -> Worth | None:
    """What several teams' forecasts were worth as one; None without a team."""
    if not known:
        return None
    corrected, simulated = (
        _sum([one.corrected for one in known]),
        _sum([one.simulated for one in known]),
    )
    return Worth(corrected, simulated, len(known))


def _sum(known: Sequence[Scores]) -> Scores:
    count = sum(one.count for one in known)
    return Scores(
        tuple(_sum_of(some) for some in zip(*(one.dates for one in known), strict=True)),
        tuple(_sum_of(some) for some in zip(*(one.amounts for one in known), strict=True)),
        sum((one.brier or 0.0) * one.count for one in known) / count if count else None,
        count,
    )


def _sum_of(known: Sequence[Promise]) -> Promise:
    count = sum(one.count for one in known)
    return Promise(
        known[0].promised_percent,
        sum(one.held_count for one in known),
        count,
        sum((one.loss or 0.0) * one.count for one in known) / count if count else None,
    )
