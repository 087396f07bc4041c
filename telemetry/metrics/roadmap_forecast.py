"""What is forecast of a quarter: the values, pure. How they come about is in `roadmap_outlook`."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, Literal

DriverKind = Literal["remaining", "grown", "growth", "trend", "lost", "unestimated", "dependencies"]
WhyNone = Literal["few_days", "no_points", "not_running"]
Dates = tuple[date | None, date | None, date | None]
NO_DATES: Dates = (None, None, None)


@dataclass(frozen=True, slots=True)
class EpicOutlook:
    """The chance that an epic is done by the quarter's end, and its days with 50, 85 and 95 %."""

    probability_percent: float | None
    dates: Dates


@dataclass(frozen=True, slots=True)
class Driver:
    """What moves the date with 85 %, and by how many working days; an estimate.

    `usual` and `now` are what was and what is: points a working day of the trend, and percent of
    the hours of what is lost.
    """

    kind: DriverKind
    working_days: int
    points: float | None
    usual: float | None = None
    now: float | None = None


@dataclass(frozen=True, slots=True)
class RoadmapOutlook:
    """What is forecast of a quarter; None where it is not known, and then why.

    `done_50_points` and `done_85_points` are done by its end with these chances.
    """

    probability_percent: float | None = None
    dates: Dates = NO_DATES
    done_50_points: float | None = None
    done_85_points: float | None = None
    epics: tuple[tuple[int, EpicOutlook], ...] = ()
    drivers: tuple[Driver, ...] = ()
    why_none: WhyNone | None = None


def to_stored(outlook: RoadmapOutlook) -> dict[str, Any]:
    """The value as JSON values."""
    return {
        "probability": outlook.probability_percent,
        "dates": _stored(outlook.dates),
        "done": [outlook.done_50_points, outlook.done_85_points],
        "epics": [
            [issue_id, one.probability_percent, _stored(one.dates)]
            for issue_id, one in outlook.epics
        ],
        "drivers": [astuple(one) for one in outlook.drivers],
        "why_none": outlook.why_none,
    }


def from_stored(stored: Any) -> RoadmapOutlook:
    """The value that `to_stored` wrote."""
    return RoadmapOutlook(
        stored["probability"],
        _read(stored["dates"]),
        stored["done"][0],
        stored["done"][1],
        tuple((i, EpicOutlook(chance, _read(dates))) for i, chance, dates in stored["epics"]),
        tuple(Driver(*one) for one in stored["drivers"]),
        stored["why_none"],
    )


def _stored(dates: Dates) -> list[str | None]:
    return [None if day is None else day.isoformat() for day in dates]


def _read(stored: Sequence[str | None]) -> Dates:
    first, second, third = (None if day is None else date.fromisoformat(day) for day in stored)
    return first, second, third
