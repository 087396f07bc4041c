"""How long impediments were open, by day or week: of a team that logs no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.report.impediments.lists import open_weeks
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.time import OpenRow, OpenTime
from web.pages.impediments.chart import (
    Axis,
    open_over,
)
from web.show import natures_table
from web.show.chart import Figure

if TYPE_CHECKING:
    from web.http.site import Site


@dataclass(frozen=True, slots=True)
class OpenView:
    """The chart has a bar a local day or week; `names` are the natures of its table."""

    chart: Figure | None
    table: natures_table.ParetoTable | None
    rows: Sequence[OpenRow]
    names: list[str]


def open_view(site: "Site", page: SprintPage, zone: ZoneInfo) -> OpenView | None:
    """The view, or None where the team logs time."""
    found = page.open_time
    if found is None:
        return None
    days_off = page.burndown.days_off if page.burndown else ()
    return open_days_view(site, found, zone, page.today, days_off)


def open_days_view(
    site: "Site", found: OpenTime, zone: ZoneInfo, today: date, days_off: tuple[date, ...]
) -> OpenView:
    """The same of these days."""
    starts = [row.start_on for row in found.daily]
    axis = Axis("day", zone, starts, [""] * len(starts), today, days_off)
    return _view(site, found, found.daily, axis, 210)


def open_weeks_view(site: "Site", found: OpenTime, zone: ZoneInfo, today: date) -> OpenView:
    """The same by weeks."""
    rows = open_weeks(found.daily)
    axis = Axis("week", zone, [row.start_on for row in rows], [""] * len(rows), today)
    return _view(site, found, rows, axis, 330)


def _view(
    site: "Site", found: OpenTime, rows: Sequence[OpenRow], axis: Axis, height: int
) -> OpenView:
    names = [row.nature for row in found.by_nature]
    slots = site.slots(names)
    return OpenView(
        chart=open_over(rows, axis, slots, height) if rows else None,
        table=natures_table.table(found.by_nature, slots, logs_time=False),
        rows=rows,
        names=names,
    )
