"""The calendar by which pages of several teams tell days and times."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from telemetry.domain.calendar import Calendar
from telemetry.domain.quarter import Quarter, quarter_of


def common_calendar(calendars: Iterable[Calendar], now: datetime) -> Calendar:
    """A calendar by which the quarter runs that does for most teams; of as many, the earlier.

    Of these the first in the time zone that most of them have.
    """
    by_quarter: dict[Quarter, list[Calendar]] = {}
    for one in calendars:
        found = quarter_of(one.day_of(now), one.fiscal_year_start)
        by_quarter.setdefault(found, []).append(one)
    most = min(by_quarter, key=lambda one: (-len(by_quarter[one]), one), default=None)
    if most is None:
        return Calendar()
    zones = Counter(one.timezone for one in by_quarter[most])
    return max(by_quarter[most], key=lambda one: zones[one.timezone])
