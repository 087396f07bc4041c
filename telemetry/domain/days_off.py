"""Which days of a team's working week are not worked, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from telemetry.domain.calendar import WEEKDAYS, Calendar


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day of the working week that is not worked; `name` is None for one of the team's own."""

    day: date
    name: str | None


def named_days_off(calendar: Calendar, first: date, last: date) -> tuple[DayOff, ...]:
    """The days off from the first to the last day, both included, weekends left out."""
    return tuple(
        DayOff(day, _names(calendar.holidays, day.year).get(day) if calendar.holidays else None)
        for day in calendar.days_not_worked(first, last)
        if WEEKDAYS[day.weekday()] in calendar.working_week
    )


@lru_cache(maxsize=512)
def _names(code: str, year: int) -> Mapping[date, str]:
    """The holidays of a country or its part by day, in English where the package has it."""
    from holidays import country_holidays  # noqa: PLC0415 (slow to load, often not needed)

    country, _, part = code.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=year, language="en_US"))
