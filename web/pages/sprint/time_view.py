"""What a team without sprints shows: its weeks of time and its impediments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import Nature
from telemetry.report.shapes.time import ImpedimentRow, OpenTime, TimeRow
from telemetry.words import time as words
from telemetry.words.days import period, short_day
from telemetry.words.targets import TeamImpediments
from telemetry.words.values import Sentence
from web.pages.sprint.issues import WHOLE
from web.pages.sprint.open_time import (
    OpenView,
    open_weeks_view,
)
from web.show import bars
from web.show.chart import (
    Figure,
    Span,
    midnight,
)
from web.show.impediment_chart import impediment_time
from web.show.impediment_list import ImpedimentList
from web.show.share_lines import ShareLine, share_lines

if TYPE_CHECKING:
    from web.http.site import Site

IMPEDIMENTS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Weeks:
    """What is known of the days from the first to the last; `open_time` where no time was logged.

    `impediments` are those opened or worked on, or those open, where no time was logged.
    """

    first_on: date
    last_on: date
    rows: Sequence[TimeRow]
    impediments: Sequence[ImpedimentRow]
    open_time: OpenTime | None = None


@dataclass(frozen=True, slots=True)
class TimeView:
    dates: str
    lead: Sentence
    chart: Figure | None
    open: OpenView | None  # instead of hours, where no time is logged
    rows: Sequence[TimeRow]
    natures: bars.NatureTable | None
    slots: dict[str, str]
    nature_names: list[str]
    impediments: ImpedimentList
    shares: list[ShareLine]


def time_view(
    site: "Site", weeks: Weeks, zone: ZoneInfo, today: date, nature: str = ""
) -> TimeView:
    """The view of the weeks, with all impediments listed or those of a nature."""
    rows, found, open_time = weeks.rows, weeks.impediments, weeks.open_time
    totals: dict[str, int] = {}
    for row in rows:
        for name, seconds in row.natures.items():
            totals[name] = totals.get(name, 0) + seconds
    names = list(dict.fromkeys([*totals, *(row.nature for row in found)]))
    slots = site.slots(names)
    end = weeks.last_on + timedelta(days=6 - weeks.last_on.weekday())
    span = Span(zone, midnight(weeks.first_on, zone), midnight(end, zone), None, None, (), today)
    counts = {name: sum(row.nature == name for row in found) for name in names}
    natures = [Nature(name, counts[name], totals.get(name, 0)) for name in names]
    newest = list(reversed(rows))[:6]
    return TimeView(
        dates=period(weeks.first_on, weeks.last_on),
        lead=_lead(weeks),
        chart=impediment_time(rows, span, slots, days_in_bar=7, height=330),
        open=None if open_time is None else open_weeks_view(site, open_time, zone, today),
        rows=rows,
        natures=bars.natures(natures, slots),
        slots=slots,
        nature_names=[name for name in names if totals.get(name)],
        impediments=_listed(found, nature, has_time=open_time is None),
        shares=share_lines([_named(row, today) for row in newest]),
    )


def _listed(found: Sequence[ImpedimentRow], nature: str, *, has_time: bool) -> ImpedimentList:
    """Most time first, then the oldest; all of them where the nature is none of theirs."""
    wanted = [row for row in found if row.nature == nature]
    words = f"of nature {nature}" if wanted else "of these weeks"
    rows = sorted(wanted or found, key=lambda row: (-row.seconds, row.opened_at))
    shown = rows if nature == WHOLE else rows[:IMPEDIMENTS_SHOWN]
    oldest = max([*(row.age_working_days or 0 for row in shown), 1])
    back = "all of these weeks" if wanted else ""
    more, whole = len(rows) - len(shown), "" if wanted else WHOLE
    return ImpedimentList(shown, words, oldest, more, has_time, back, whole=whole)


def _named(row: TimeRow, today: date) -> TimeRow:
    return TimeRow(row.start_on, row.time, row.natures, f"from {short_day(row.start_on, today)}")


def _lead(shown: Weeks) -> Sentence:
    if shown.open_time is None:
        return words.weeks(shown.rows, shown.impediments)
    return words.instead_open(shown.open_time, TeamImpediments("all"), is_running=False)
