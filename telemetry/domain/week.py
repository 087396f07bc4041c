"""Weeks as ISO 8601 counts them: from Monday, in the year in which their Thursday lies."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_NAME = re.compile(r"([12][0-9]{3})-W([0-9]{2})")
SIX_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week of the ISO year, such as 2026-W53, the last one of 2026."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"

    @property
    def first_on(self) -> date:
        """Its Monday."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def last_on(self) -> date:
        """Its Sunday."""
        return self.first_on + SIX_DAYS

    def back(self, count: int = 1) -> "Week":
        """The week so many weeks before it."""
        return week_of(self.first_on - timedelta(weeks=count))

    def next(self) -> "Week":
        """The week after it."""
        return self.back(-1)


def week_of(day: date) -> Week:
    """The week in which a day lies."""
    year, number, _ = day.isocalendar()
    return Week(year, number)


def read_week(text: str) -> Week | None:
    """The week that a text names; None for what is none, such as week 53 of a year of 52."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    week = Week(int(found[1]), int(found[2]))
    try:
        return week if week_of(week.first_on) == week else None
    except ValueError:
        return None
