"""The outlook of a running sprint: simulated, corrected, and told in days and points. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from telemetry.domain.calendar import Calendar
from telemetry.metrics.correction import Corrected, Seen, corrected
from telemetry.metrics.forecast import NOTHING, UNKNOWN, Moves, Outlook
from telemetry.metrics.simulation import Runs, has_moved

WhyNone = Literal["few_sprints", "unestimated"]
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a running sprint stands: what is left and done as today begins, as far as is known."""

    remaining_points: float
    done_points: float
    unestimated_count: int
    today: date
    planned_end_on: date | None


@dataclass(frozen=True, slots=True)
class Pool:
    """What the runs draw from: the working days of closed sprints, enough or too few of these."""

    moves: Sequence[Moves]
    is_enough: bool


def outlook(
    standing: Standing,
    pool: Pool,
    own: Seen,
    lent: Sequence[Seen],
    calendar: Calendar,
    seed: int,
) -> tuple[Outlook, WhyNone | None]:
    """What is to be said of the sprint, or why nothing can be."""
    if standing.remaining_points <= NOTHING:
        if standing.unestimated_count:
            return UNKNOWN, "unestimated"
        return _all_done(standing), None
    is_lent = any(len(one.starts) for one in lent)
    is_known = is_lent or (pool.is_enough and len(own.sprint))
    if not is_known or not has_moved(pool.moves):
        return UNKNOWN, "few_sprints"
    end, ahead = standing.planned_end_on, None
    if end is not None:
        ahead = calendar.working_days(standing.today, end)
    simulated = Runs(pool.moves, seed).of(standing.remaining_points, ahead)
    found = corrected(simulated, ahead, own, lent)
    return _told(standing, found, simulated.added_points, calendar), None


def _all_done(standing: Standing) -> Outlook:
    if not standing.done_points:
        return UNKNOWN
    today, done, end = standing.today, standing.done_points, standing.planned_end_on
    if end is None or end < today:
        return Outlook(today, today, today)
    return Outlook(today, today, today, 100.0, done, done, 0.0)


def _told(standing: Standing, found: Corrected, added: float, calendar: Calendar) -> Outlook:
    yesterday, end = standing.today - ONE_DAY, standing.planned_end_on
    on_50, on_85, on_95 = (
        None if count is None else calendar.add_working_days(yesterday, count)
        for count in found.days
    )
    if end is None or end < standing.today:
        in_time = None if end is None else 0.0
        return Outlook(on_50, on_85, on_95, in_time)
    likely, sure = (more or 0.0 for more in found.points)
    done_50, done_85 = standing.done_points + likely, standing.done_points + sure
    left = max(standing.remaining_points + added - likely, 0.0)
    return Outlook(on_50, on_85, on_95, 100 * found.in_time, done_50, done_85, left)
