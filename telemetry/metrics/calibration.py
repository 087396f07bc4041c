"""What forecasts were worth: of the dates given with a chance, how many held.

Read by reports, beside every forecast.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from telemetry.metrics.forecast import PERCENTILES


@dataclass(frozen=True, slots=True)
class PastDates:
    """The dates of one past forecast, as PERCENTILES, and the day when nothing was left.

    `finished_on` is None where something is left still.
    """

    dates: tuple[date | None, ...]
    finished_on: date | None


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


def calibration(forecasts: Iterable[PastDates], today: date) -> tuple[Promise, ...]:
    """One promise for each chance.

    Only dates that have passed are judged: to count of the later ones those that have come true
    already would flatter.
    """
    count, held = [0] * len(PERCENTILES), [0] * len(PERCENTILES)
    for one in forecasts:
        for place, on in enumerate(one.dates):
            if on is not None and on < today:
                count[place] += 1
                held[place] += one.finished_on is not None and one.finished_on <= on
    return tuple(map(Promise, PERCENTILES, held, count))
