"""All that the template of the page of impediments shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telemetry.report.impediments.lists import Recurring, weeks
from telemetry.report.impediments.shapes import ImpedimentReport, Stretch
from telemetry.report.shapes.time import ImpedimentRow, OpenRow, TimeRow
from telemetry.words import impediments as say
from telemetry.words.days import day, period
from telemetry.words.values import Sentence
from web.pages.impediments.against_before import Pair, pairs
from web.pages.impediments.chart import Axis, open_over, time_over
from web.show import natures_table
from web.show.chart import Figure, Span, midnight
from web.show.impediment_chart import impediment_time
from web.show.impediment_list import ImpedimentList
from web.show.links import query
from web.show.numbers import hours_number, number
from web.show.share_lines import ShareLine, share_lines
from web.show.text import text

if TYPE_CHECKING:
    from web.http.site import Site

OVER = (1, 3, 6, 12)
BY = ("day", "week", "sprint")
DAYS_AS_BARS = 100
LISTED = 40
SHARES_SHOWN = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; `sprint_id` is None for the current one, or where days are."""

    over: int
    by: str
    sprint_id: int | None = None
    nature: str = ""
    first: date | None = None
    last: date | None = None

    @property
    def chosen(self) -> dict[str, object]:
        """The choices that the address holds."""
        return {
            "over": self.over,
            "by": self.by,
            "sprint": self.sprint_id,
            "nature": self.nature,
            "from": self.first,
            "to": self.last,
        }


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class PeakLine:
    day: str
    words: str
    issues: list[ImpedimentRow]


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A kind of impediment that comes back; `bar` is its share of the largest one's cost."""

    group: Recurring
    natures: list[str]
    amount: str
    bar: float


@dataclass(frozen=True, slots=True)
class ImpedimentsView:
    found: ImpedimentReport
    asked: Asked
    dates: str
    over: list[Choice]
    by: list[Choice]
    what: Sentence
    when: Sentence
    where: Sentence
    still_open: Sentence
    comes_back: Sentence
    this: natures_table.ParetoTable | None
    before: natures_table.ParetoTable | None
    pairs: list[Pair]
    daily_chart: Figure | None
    daily_by: str
    over_chart: Figure | None
    shown_by: str
    rows: Sequence[TimeRow]
    open_rows: Sequence[OpenRow]
    nature_names: list[str]
    peaks: list[PeakLine]
    shares: list[ShareLine]
    slots: dict[str, str]
    listed: ImpedimentList
    groups: list[GroupLine]
    form_first: date
    form_last: date


def impediments_view(
    site: "Site",
    team_key: str,
    found: ImpedimentReport,
    asked: Asked,
    zone: ZoneInfo,
    today: date,
    *,
    has_sprints: bool,
) -> ImpedimentsView:
    """The view of a team's impediments."""
    names = _names(found)
    slots = site.slots(names)
    shown_by = asked.by if found.sprint or asked.by != "sprint" else "week"
    if found.is_of_days:
        shown_by = found.step
    starts = [row.start_on for row in (found.rows if found.logs_time else found.open_rows)]
    labels = [row.label for row in (found.rows if found.logs_time else found.open_rows)]
    axis = Axis(shown_by, zone, starts, labels, today, found.days_off) if starts else None
    return ImpedimentsView(
        found=found,
        asked=asked,
        dates=_dates(found),
        over=[Choice(str(n), query(asked.chosen, {"over": n}), n == asked.over) for n in OVER],
        by=[
            Choice(one, query(asked.chosen, {"by": one}, "over"), one == shown_by)
            for one in (BY if found.sprint else BY[:2])
        ],
        what=say.what(found),
        when=say.when(found, today),
        where=say.where(found),
        still_open=say.still_open(found),
        comes_back=say.comes_back(found),
        this=_table(found, found.this, slots),
        before=_table(found, found.before, slots),
        pairs=pairs(found, team_key),
        daily_chart=_daily_chart(found, slots, zone, today) if found.logs_time else None,
        daily_by="day" if len(found.daily) <= DAYS_AS_BARS else "week",
        over_chart=_over_chart(found, axis, slots, has_sprints) if axis else None,
        shown_by=shown_by,
        rows=found.rows,
        open_rows=found.open_rows,
        nature_names=names,
        peaks=_peaks(found, today),
        shares=_shares(found, team_key),
        slots=slots,
        listed=_listed(found, asked),
        groups=_groups(found),
        form_first=asked.first or (found.this.first_on if found.this else today),
        form_last=asked.last or (found.this.last_on if found.this else today),
    )


def _names(found: ImpedimentReport) -> list[str]:
    stretches = [one for one in (found.this, found.before) if one]
    names = [row.nature for one in stretches for row in one.by_nature]
    names += [row.nature for row in (*found.found, *found.open)]
    return list(dict.fromkeys(names))


def _dates(found: ImpedimentReport) -> str:
    first = found.this if found.is_of_days else found.before or found.this
    return period(first.first_on, found.this.last_on) if first and found.this else "not known yet"


def _table(
    found: ImpedimentReport, stretch: Stretch | None, slots: Mapping[str, str]
) -> natures_table.ParetoTable | None:
    if stretch is None:
        return None
    return natures_table.table(stretch.by_nature, slots, logs_time=found.logs_time)


def _daily_chart(
    found: ImpedimentReport, slots: Mapping[str, str], zone: ZoneInfo, today: date
) -> Figure | None:
    """Impediment hours by nature: each day, or each week where days would be hairlines."""
    if not found.daily:
        return None
    first, last = found.daily[0].start_on, found.daily[-1].start_on
    if len(found.daily) <= DAYS_AS_BARS:
        span = Span(
            zone, midnight(first, zone), midnight(last, zone), None, None, found.days_off, today
        )
        return impediment_time(found.daily, span, slots)
    rows = weeks(found.daily)
    span = Span(zone, midnight(rows[0].start_on, zone), midnight(last, zone), None, None, (), today)
    return impediment_time(rows, span, slots, days_in_bar=7)


def _over_chart(
    found: ImpedimentReport, axis: Axis, slots: Mapping[str, str], has_sprints: bool
) -> Figure | None:
    if found.logs_time:
        return time_over(found.rows, axis, has_sprints=has_sprints)
    return open_over(found.open_rows, axis, slots)


def _peaks(found: ImpedimentReport, today: date) -> list[PeakLine]:
    rows = {row.key: row for row in (*found.found, *found.open)}
    return [
        PeakLine(
            day(peak.day, today),
            text(say.peak_words(peak)),
            [rows[key] for key in peak.issues if key in rows],
        )
        for peak in found.peaks
    ]


def _shares(found: ImpedimentReport, team_key: str) -> list[ShareLine]:
    """The newest sprints, by whatever the chart goes."""
    return share_lines(found.sprint_rows[::-1][:SHARES_SHOWN], team_key)


def _listed(found: ImpedimentReport, asked: Asked) -> ImpedimentList:
    rows: Sequence[ImpedimentRow] = found.found if found.is_of_days else found.open
    words = "of these days" if found.is_of_days else None
    if asked.nature:
        rows = [row for row in found.found if row.nature == asked.nature]
        words = f"of nature {asked.nature}"
    shown = rows[:LISTED]
    ages = [row.age_working_days or 0 for row in shown]
    oldest = max([*ages, found.usual_days_to_close or 0, 1])
    return ImpedimentList(
        shown,
        words,
        oldest,
        len(rows) - len(shown),
        found.logs_time,
        logged="Logged in these days" if found.is_of_days else "Logged in all",
        is_past=found.is_past,
    )


def _groups(found: ImpedimentReport) -> list[GroupLine]:
    def cost(group: Recurring) -> int:
        return group.seconds if found.logs_time else group.open_days

    most = max((cost(group) for group in found.recurring), default=0)
    return [
        GroupLine(
            group,
            list(dict.fromkeys(row.nature for row in group.issues)),
            hours_number(group.seconds) if found.logs_time else number(group.open_days),
            round(100 * cost(group) / most, 2) if most else 0.0,
        )
        for group in found.recurring
    ]
