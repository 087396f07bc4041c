"""How long a sprint's impediments were open: of a team that logs no time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.report.shapes import OpenRow, SprintPage
from web.charts.layout import Figure
from web.charts.unexpected import Axis, open_over
from web.views import pareto

if TYPE_CHECKING:
    from web.site import Site


@dataclass(frozen=True, slots=True)
class OpenView:
    """The chart has a bar a local day of the sprint; `names` are the natures of its table."""

    chart: Figure | None
    table: pareto.ParetoTable | None
    rows: Sequence[OpenRow]
    names: list[str]


def open_view(site: "Site", page: SprintPage, zone: ZoneInfo) -> OpenView | None:
    """The view, or None where the team logs time."""
    found = page.open_time
    if found is None:
        return None
    names = [row.nature for row in found.by_nature]
    slots = site.slots(names)
    days_off = page.burndown.days_off if page.burndown else ()
    starts = [row.start_on for row in found.daily]
    axis = Axis("day", zone, starts, [""] * len(starts), days_off)
    return OpenView(
        chart=open_over(found.daily, axis, slots, height=210),
        table=pareto.table(found.by_nature, slots, logs_time=False),
        rows=found.daily,
        names=names,
    )
