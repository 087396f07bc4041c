"""What a team without sprints shows: its weeks of time and its impediments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.report.shapes import ImpedimentRow, NatureRow, TimeRow
from web.charts.impediments import impediment_time
from web.charts.layout import Figure, Span, midnight
from web.numbers import counted, hours, percent, period, short_day
from web.text import Sentence, figure, sentence
from web.views import bars
from web.views.sprint_view import ImpedimentList

if TYPE_CHECKING:
    from web.site import Site

IMPEDIMENTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class TimeView:
    dates: str
    lead: Sentence
    chart: Figure | None
    rows: Sequence[TimeRow]
    natures: bars.NatureTable | None
    slots: dict[str, str]
    nature_names: list[str]
    impediments: ImpedimentList
    shares: list[bars.ShareLine]


def time_view(
    site: "Site",
    rows: Sequence[TimeRow],
    found: Sequence[ImpedimentRow],
    first: date,
    last: date,
    zone: ZoneInfo,
) -> TimeView:
    """The view of the weeks from the first day to the last one."""
    totals: dict[str, int] = {}
    for row in rows:
        for nature, seconds in row.natures.items():
            totals[nature] = totals.get(nature, 0) + seconds
    names = list(dict.fromkeys([*totals, *(row.nature for row in found)]))
    slots = site.slots(names)
    end = last + timedelta(days=6 - last.weekday())
    span = Span(zone, midnight(first, zone), midnight(end, zone), None, None, ())
    counts = {name: sum(row.nature == name for row in found) for name in names}
    natures = [NatureRow(name, counts[name], totals.get(name, 0)) for name in names]
    newest = list(reversed(rows))[:6]
    return TimeView(
        dates=period(first, last),
        lead=_lead(rows, found),
        chart=impediment_time(rows, span, slots, days_in_bar=7, height=330),
        rows=rows,
        natures=bars.natures(natures, slots),
        slots=slots,
        nature_names=[name for name in names if totals.get(name)],
        impediments=_most_time(found),
        shares=bars.share_lines([_named(row) for row in newest]),
    )


def _most_time(found: Sequence[ImpedimentRow]) -> ImpedimentList:
    rows = sorted(found, key=lambda row: -row.seconds)[:IMPEDIMENTS_SHOWN]
    oldest = max([*(row.age_working_days or 0 for row in rows), 1])
    return ImpedimentList(rows, "of these weeks", oldest, len(found) - len(rows))


def _named(row: TimeRow) -> TimeRow:
    return TimeRow(row.start_on, row.time, row.natures, f"from {short_day(row.start_on)}")


def _lead(rows: Sequence[TimeRow], found: Sequence[ImpedimentRow]) -> Sentence:
    logged = sum(row.time.all_seconds for row in rows)
    lost = sum(row.time.impediment_seconds for row in rows)
    if not logged:
        return sentence("No time was logged in these weeks.")
    if not lost:
        return sentence(figure(hours(logged)), " were logged, none of them on impediments.")
    share = percent(100 * lost / logged)
    count = figure(counted(len(found), "impediment"), "#impediments")
    return sentence(count, " took ", figure(hours(lost)), f", {share} of the time logged.")
