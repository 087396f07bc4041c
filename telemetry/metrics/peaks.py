"""The days on which impediments cost most, and what they were.

Read by the report of impediments.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

MOST = 0.5  # of a day's time: from here on one nature is most of it
ISSUES_NAMED = 2


class Lost(NamedTuple):
    """Time lost to an impediment on one day."""

    day: date
    nature: str
    issue: str
    seconds: int


@dataclass(frozen=True, slots=True)
class PeakDay:
    """A day, its impediment time, and the natures and issues that took most of it.

    `natures` are as many as make up at least half of the day; `issues` are theirs, at most two.
    """

    day: date
    seconds: int
    natures: tuple[str, ...]
    issues: tuple[str, ...]
    issue_count: int


def peak_days(lost: Iterable[Lost], count: int = 5) -> tuple[PeakDay, ...]:
    """The days with most time lost, most first, at most `count`; equal ones the older first."""
    by_day: defaultdict[date, list[Lost]] = defaultdict(list)
    for one in lost:
        if one.seconds > 0:
            by_day[one.day].append(one)
    peaks = [_peak(day, some) for day, some in by_day.items()]
    return tuple(sorted(peaks, key=lambda peak: (-peak.seconds, peak.day))[:count])


def _peak(day: date, lost: list[Lost]) -> PeakDay:
    total = sum(one.seconds for one in lost)
    by_nature: Counter[str] = Counter()
    for one in lost:
        by_nature[one.nature] += one.seconds
    natures: list[str] = []
    for nature in sorted(by_nature, key=lambda name: (-by_nature[name], name)):
        natures.append(nature)
        if sum(by_nature[name] for name in natures) >= MOST * total:
            break
    by_issue: Counter[str] = Counter()
    for one in lost:
        if one.nature in natures:
            by_issue[one.issue] += one.seconds
    issues = sorted(by_issue, key=lambda key: (-by_issue[key], key))[:ISSUES_NAMED]
    return PeakDay(day, total, tuple(natures), tuple(issues), len({one.issue for one in lost}))
