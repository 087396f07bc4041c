"""How long impediments were open, day by day: what a team that logs no time has instead of hours.

Read by the report of impediments and the sprint's page.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple


class OpenSpan(NamedTuple):
    """The local days from the one on which an impediment was opened to its last, both included."""

    issue_id: int
    nature: str
    first_on: date
    last_on: date


def open_each_day(spans: Iterable[OpenSpan], days: Sequence[date]) -> dict[date, Mapping[str, int]]:
    """How many impediments were open on each of the days, by nature; the days are in order.

    An issue that was flagged several times on one day is open once.
    """
    open_on = {
        (place, span.issue_id): span.nature
        for span in spans
        for place in range(bisect_left(days, span.first_on), bisect_right(days, span.last_on))
    }
    found: dict[date, Counter[str]] = {day: Counter() for day in days}
    for (place, _), nature in open_on.items():
        found[days[place]][nature] += 1
    return {day: dict(natures) for day, natures in found.items()}


def open_days(each_day: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """The days that impediments were open, by nature: two open on one day are two."""
    total: Counter[str] = Counter()
    for natures in each_day:
        total.update(natures)
    return dict(total)
