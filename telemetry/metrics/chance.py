"""What a running sprint may come to: the chance that all is done by a day, and what is left then.

A Monte Carlo run on the team's own daily throughput, as `telemetry.metrics.forecast` runs it for
dates. The same data and seed give the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from telemetry.metrics.forecast import MIN_CLOSED_SPRINTS, NOTHING, TRIALS


@dataclass(frozen=True, slots=True)
class Outlook:
    """The chance that all is done, and what is left in the middle one of all runs."""

    chance_percent: float
    left_points: float


def outlook(
    remaining_points: float, sprints: Sequence[Sequence[float]], working_days: int, seed: int
) -> Outlook | None:
    """What so many working days bring; None with too little history.

    `sprints` are the daily throughputs of the last closed sprints, as for a projected finish.
    """
    rates = [rate for sprint in sprints for rate in sprint]
    if len(sprints) < MIN_CLOSED_SPRINTS or sum(rates) <= 0:
        return None
    if remaining_points <= NOTHING:
        return Outlook(100.0, 0.0)
    if working_days <= 0:
        return Outlook(0.0, remaining_points)
    import numpy as np  # noqa: PLC0415 (slow to load; only forecasts need it)

    drawn = np.random.default_rng(seed).choice(np.asarray(rates), size=(working_days, TRIALS))
    most = np.cumsum(drawn, axis=0).max(axis=0)
    is_done = most >= remaining_points - NOTHING
    left = max(0.0, remaining_points - float(np.median(drawn.sum(axis=0))))
    return Outlook(100.0 * float(is_done.mean()), left)
