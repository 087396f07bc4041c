"""A sprint that is open for years, as its page shows it: several days in a row.

The series of the API stay whole.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from telemetry.metrics.figures import summed
from telemetry.report.shapes.burndown import Burndown, BurndownDay
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.time import OpenRow, TimeRow

MOST_DAYS = 370  # of a sprint that is shown day by day
ROWS = 100
T = TypeVar("T")


def thinned(page: SprintPage) -> SprintPage:
    """The page with so few rows that it stays small; itself for sprints of up to a year."""
    burndown, opened = page.burndown, page.open_time
    days = max(len(burndown.days) if burndown else 0, len(page.daily))
    if days <= MOST_DAYS:
        return page
    step = -(-days // ROWS)
    if opened is not None:
        opened = replace(opened, daily=tuple(map(_open, _parts(opened.daily, step))))
    return replace(
        page,
        burndown=burndown and _burndown(burndown, step),
        daily=tuple(map(_time, _parts(page.daily, step))),
        open_time=opened,
        days_a_row=step,
    )


def _parts(rows: Sequence[T], step: int) -> list[Sequence[T]]:
    return [rows[start : start + step] for start in range(0, len(rows), step)]


def _burndown(whole: Burndown, step: int) -> Burndown:
    days = tuple(map(_day, _parts(whole.days, step)))
    return replace(whole, days=days, days_off=())


def _day(days: Sequence[BurndownDay]) -> BurndownDay:
    """The last of some days, with the movements of all."""
    return replace(
        days[-1],
        added_points=sum(one.added_points for one in days),
        removed_points=sum(one.removed_points for one in days),
        reestimated_points=sum(one.reestimated_points for one in days),
        burned_points=sum(one.burned_points for one in days),
        reopened_points=sum(one.reopened_points for one in days),
    )


def _time(rows: Sequence[TimeRow]) -> TimeRow:
    return replace(rows[0], time=summed(row.time for row in rows), natures=_summed(rows))


def _open(rows: Sequence[OpenRow]) -> OpenRow:
    return replace(rows[0], natures=_summed(rows))


def _summed(rows: Sequence[TimeRow] | Sequence[OpenRow]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row.natures)
    return dict(found)
