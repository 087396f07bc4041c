"""What the page of a team's flow shows: its sentences, choices, charts and tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.flow import Percentiles, Week
from telemetry.report.shapes.flow import Flow, FlowItem, TypeFlow
from telemetry.words import flow as words
from telemetry.words.days import period
from telemetry.words.values import Sentence
from web.pages.flow import chart as charts
from web.show.chart import Figure
from web.show.links import query

WINDOWS = (30, 90, 180, 365)  # days
ITEMS_SHOWN = 10  # of those in progress; the rest is folded
DAYS_IN_TABLE = 190  # of more, the table has the weeks' last days


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class TypeLine:
    """The figures of a type with the link that shows it alone; the first line is all types."""

    label: str
    href: str
    is_current: bool
    figures: TypeFlow


@dataclass(frozen=True, slots=True)
class LyingLine:
    """An item in progress: its bar, cut where it is beyond, and the percentiles' places, in %."""

    item: FlowItem
    bar: float
    is_beyond: bool
    ticks: tuple[tuple[int, float], ...]
    word: str


@dataclass(frozen=True, slots=True)
class WeekLine:
    week: Week
    href: str  # shows the items done in it


@dataclass(frozen=True, slots=True)
class FlowView:
    dates: str
    windows: list[Choice]
    types: list[TypeLine]
    took: Sentence
    lies: Sentence
    flows: Sentence
    cycle: charts.Scatter | None
    lead: charts.Scatter | None
    why_no_cycle: str
    weekly: Figure | None
    weeks: list[WeekLine]
    mean: float | None
    bands: Figure | None
    day_rows: Sequence[object]
    lying: list[LyingLine]

    @property
    def shown(self) -> list[LyingLine]:
        return self.lying[:ITEMS_SHOWN]

    @property
    def folded(self) -> list[LyingLine]:
        return self.lying[ITEMS_SHOWN:]


def flow_view(found: Flow, zone: ZoneInfo, known_on: date, today: date) -> FlowView:
    """The view of the days; `known_on` is the day up to which data are known."""
    span = charts.flow_span(zone, found.first, min(found.last, known_on), today)
    mean, weeks = weekly_mean(found), _weeks(found)
    whole = found.whole
    return FlowView(
        dates=period(found.first, found.last),
        windows=_windows(found, known_on),
        types=_types(found),
        took=words.took(found),
        lies=words.lies(found),
        flows=words.flows(found, mean, today),
        cycle=charts.scatter(
            found.done, lambda item: item.cycle_days, whole.cycle_days, span, "cycle"
        ),
        lead=charts.scatter(
            found.done, lambda item: item.lead_days, whole.lead_days, span, "lead", 210
        ),
        why_no_cycle=words.why_no_cycle(whole),
        weekly=charts.weekly(found.weeks, [one.href for one in weeks], zone, mean, today),
        weeks=weeks,
        mean=mean,
        bands=charts.bands(found.days, zone, today),
        day_rows=_day_rows(found),
        lying=_lying(found),
    )


def chosen(found: Flow) -> dict[str, object]:
    """The choices that the address holds."""
    return {"from": found.first, "to": found.last, "type": found.whole.type_name}


def _weeks(found: Flow) -> list[WeekLine]:
    """Each week with the address that shows it alone, as far as the days shown hold it."""

    def href(week: Week) -> str:
        first = max(week.start_on, found.first)
        return query(chosen(found), {"from": first, "to": min(_sunday(week), found.last)}, "took")

    return [WeekLine(week, href(week)) for week in found.weeks]


def _sunday(week: Week) -> date:
    return week.start_on + timedelta(days=6)


def _windows(found: Flow, last: date) -> list[Choice]:
    firsts = [(days, last - timedelta(days=days - 1)) for days in WINDOWS]
    return [
        Choice(
            f"{days} days",
            query(chosen(found), {"from": first, "to": last}),
            (first, last) == (found.first, found.last),
        )
        for days, first in firsts
    ]


def _types(found: Flow) -> list[TypeLine]:
    return [
        TypeLine(
            label=one.type_name or "all",
            href=query(chosen(found), {"type": one.type_name}),
            is_current=one.type_name == found.whole.type_name,
            figures=one,
        )
        for one in found.types
    ]


def weekly_mean(found: Flow) -> float | None:
    """The mean throughput of whole weeks; None where no week is whole."""
    counts = [week.done_count for week in found.weeks if week.day_count == 7]
    return sum(counts) / len(counts) if counts else None


def _day_rows(found: Flow) -> Sequence[object]:
    """All days, or of many the weeks' last ones, newest first."""
    days = found.days
    if len(days) > DAYS_IN_TABLE:
        days = tuple(one for one in days if one.day.weekday() == 6 or one is days[-1])
    return days[::-1]


def _lying(found: Flow) -> list[LyingLine]:
    known = found.whole.cycle_days
    ages = [item.age_days or 0 for item in found.in_progress]
    oldest = max([*ages, 1e-9])
    scale = min(max(oldest, known.days_95), charts.ROOM * known.days_95) if known else oldest
    scale = scale or oldest
    ticks = _ticks(known, scale) if known else ()
    return [
        LyingLine(
            item, min(round(100 * age / scale, 1), 100), age > scale, ticks, words.passed(item)
        )
        for item, age in zip(found.in_progress, ages, strict=True)
    ]


def _ticks(known: Percentiles, scale: float) -> tuple[tuple[int, float], ...]:
    pairs = ((50, known.days_50), (85, known.days_85), (95, known.days_95))
    return tuple((rank, round(100 * days / scale, 1)) for rank, days in pairs)
