"""A team's calendar: which local day an instant lies on, and which days are worked.

Read by every metric that counts days. Days are calendar days of the team's time zone, of 23 or 25
hours where the clocks change; instants are aware and answered in UTC.
"""

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from math import fsum
from zoneinfo import ZoneInfo

from telemetry.domain.absence import Absence, shares_away
from telemetry.errors import ConfigurationError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=512)  # 0.13 ms, and 2 ms where a country is new
def public_holidays(code: str, year: int) -> frozenset[date]:
    """The public holidays of a country ("FR") or a part of it ("DE-BY") in a year.

    Raises ConfigurationError if the code is not known.
    """
    from holidays import country_holidays  # noqa: PLC0415 (slow to load, often not needed)

    country, _, part = code.partition("-")
    try:
        return frozenset(country_holidays(country, subdiv=part or None, years=year))
    except NotImplementedError as error:
        raise ConfigurationError(
            f"holidays {code!r} is not a known country or country-part code; "
            "use one such as FR or DE-BY, or list the days under days_off"
        ) from error


@lru_cache(maxsize=16384)  # 1 µs, 21,000 times in a pull of 4,100 issues
def _midnight(timezone: str, day: date) -> datetime:
    """Where the clocks skip midnight, the day starts at the instant of the change."""
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(timezone))
    return local.astimezone(UTC)


@lru_cache(maxsize=1024)  # 0.17 ms, 28,000 times in such a pull
def _worked_days(
    year: int, working_week: tuple[str, ...], holidays: str | None, days_off: tuple[date, ...]
) -> frozenset[date]:
    weekdays = {WEEKDAYS.index(name) for name in working_week}
    closed = set(days_off) | (public_holidays(holidays, year) if holidays else set())
    first = date(year, 1, 1)
    every = (first + timedelta(days=number) for number in range(366))
    return frozenset(
        day for day in every if day.year == year and day.weekday() in weekdays and day not in closed
    )


@lru_cache(maxsize=1024)  # 0.13 ms, 5,200 times in such a pull
def _worked_so_far(
    year: int, working_week: tuple[str, ...], holidays: str | None, days_off: tuple[date, ...]
) -> tuple[int, ...]:
    """How many days of the year are worked before each of its days, and before the next year's."""
    worked = _worked_days(year, working_week, holidays, days_off)
    every = days_between(date(year, 1, 1), date(year, 12, 31))
    return tuple(accumulate((day in worked for day in every), initial=0))


@dataclass(frozen=True, slots=True)
class Calendar:
    """A time zone with the days worked in it.

    `holidays` is a country code with an optional subdivision ("DE-BY"), `days_off` are further
    days off, `fiscal_year_start` is the month in which the organisation's year begins. `absences`
    take a share of a working day: it stays one, and holds less.
    """

    timezone: str = "UTC"
    working_week: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: str | None = None
    days_off: tuple[date, ...] = ()
    fiscal_year_start: int = 1
    absences: tuple[Absence, ...] = ()

    def day_of(self, instant: datetime) -> date:
        """The local day on which an instant lies."""
        return instant.astimezone(ZoneInfo(self.timezone)).date()

    def day_start(self, day: date) -> datetime:
        """The first instant of a local day, in UTC."""
        return _midnight(self.timezone, day)

    def day_end(self, day: date) -> datetime:
        """The first instant after a local day, in UTC."""
        return self.day_start(day + ONE_DAY)

    def days(self, first_at: datetime, last_at: datetime) -> list[date]:
        """The local days from one instant's to another's, both included."""
        return days_between(self.day_of(first_at), self.day_of(last_at))

    def is_working_day(self, day: date) -> bool:
        return day in _worked_days(day.year, self.working_week, self.holidays, self.days_off)

    def working_days(self, first: date, last: date) -> int:
        """How many days are worked from the first to the last, both included."""
        count = 0
        for year in range(first.year, last.year + 1):
            so_far = self._worked_so_far(year)
            january = date(year, 1, 1)
            start = (first - january).days if year == first.year else 0
            end = (last - january).days + 1 if year == last.year else -1
            count += so_far[end] - so_far[start]
        return max(count, 0)

    def days_not_worked(self, first: date, last: date) -> list[date]:
        """The days that are not worked from the first to the last, both included."""
        return [day for day in days_between(first, last) if not self.is_working_day(day)]

    def share_away(self, day: date) -> float:
        """The share of a working day's work that absences take, from 0 to 1; 0 of a day off."""
        if not self.absences or not self.is_working_day(day):
            return 0.0
        return shares_away(self.absences).get(day, 0.0)

    def days_away(self, first: date, last: date) -> float:
        """How many working days absences take from the first to the last day, both included."""
        return fsum(
            self.share_away(day) for day in shares_away(self.absences) if first <= day <= last
        )

    def add_working_days(self, day: date, count: int) -> date:
        """The day on which the `count`-th working day after `day` falls; 0 gives `day` itself.

        Raises ConfigurationError where the calendar has no working day within ten years.
        """
        if count <= 0:
            return day
        january = date(day.year, 1, 1)
        wanted, years_without = count, 0
        so_far = self._worked_so_far(january.year)
        wanted += so_far[(day - january).days + 1]
        while so_far[-1] < wanted:
            wanted -= so_far[-1]
            years_without = 0 if so_far[-1] else years_without + 1
            if years_without > 10:
                raise ConfigurationError(
                    f"the calendar of {self.timezone} has no working day up to {january}; "
                    "give it a working_week"
                )
            january = date(january.year + 1, 1, 1)
            so_far = self._worked_so_far(january.year)
        return january + (bisect_left(so_far, wanted) - 1) * ONE_DAY

    def _worked_so_far(self, year: int) -> tuple[int, ...]:
        return _worked_so_far(year, self.working_week, self.holidays, self.days_off)

    def working_seconds(self, start: datetime, end: datetime) -> float:
        """Seconds of [start, end) that lie on working days; 0 if the end is not after the start."""
        return _working_seconds(self, start, end) if start < end else 0.0

    def staffed_seconds(self, start: datetime, end: datetime) -> float:
        """The same, without the share of each day that absences take."""
        away = fsum(
            self.share_away(day) * self._within(day, start, end)
            for day in shares_away(self.absences)
        )
        return self.working_seconds(start, end) - away

    def _within(self, day: date, start: datetime, end: datetime) -> float:
        """The seconds of a day that lie in [start, end)."""
        part = min(end, self.day_end(day)) - max(start, self.day_start(day))
        return max(part.total_seconds(), 0.0)


@lru_cache(maxsize=4096)  # 4 µs, 2,500 times in such a pull
def _working_seconds(calendar: Calendar, start: datetime, end: datetime) -> float:
    first, last = calendar.day_of(start), calendar.day_of(end)
    total = timedelta(seconds=_whole_days(calendar, first, last))
    for day in {first, last}:
        if calendar.is_working_day(day):
            part = min(end, calendar.day_end(day)) - max(start, calendar.day_start(day))
            total += max(part, timedelta(0))
    return total.total_seconds()


def _whole_days(calendar: Calendar, first: date, last: date) -> int:
    """Working seconds of the days between two days; by years, since a sprint may run for many."""
    seconds = 0
    for year in range(first.year, last.year + 1) if first < last else ():
        so_far = _seconds_so_far(calendar, year)
        january = date(year, 1, 1)
        begin = (first - january).days + 1 if year == first.year else 0
        end = (last - january).days if year == last.year else -1
        seconds += so_far[end] - so_far[begin]
    return seconds


@lru_cache(maxsize=512)  # 0.27 ms, 2,000 times in such a pull
def _seconds_so_far(calendar: Calendar, year: int) -> tuple[int, ...]:
    """Working seconds of the year before each of its days, and before the next year's."""
    lengths = (
        int((calendar.day_end(day) - calendar.day_start(day)).total_seconds())
        if calendar.is_working_day(day)
        else 0
        for day in days_between(date(year, 1, 1), date(year, 12, 31))
    )
    return tuple(accumulate(lengths, initial=0))


def days_between(first: date, last: date) -> list[date]:
    """The days from the first to the last, both included; none if the last is before it."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


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


@lru_cache(maxsize=512)  # 0.19 ms, for each day off that a page names
def _names(code: str, year: int) -> Mapping[date, str]:
    """The holidays of a country or its part by day, in English where the package has it."""
    from holidays import country_holidays  # noqa: PLC0415 (slow to load, often not needed)

    country, _, part = code.partition("-")
    return dict(country_holidays(country, subdiv=part or None, years=year, language="en_US"))
