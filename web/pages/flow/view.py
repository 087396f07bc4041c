"""What the page of a team's flow shows: its sentences, choices, charts and tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from telemetry.metrics.flow import FEWEST, Percentiles, Week
from telemetry.report.flow import Flow, FlowItem, TypeFlow
from web.pages.flow import chart as charts
from web.show.chart import Figure
from web.show.links import query
from web.show.numbers import (
    counted,
    day,
    number,
    period,
    plural,
)
from web.show.text import (
    Run,
    Sentence,
    figure,
    sentence,
)

WINDOWS = (30, 90, 180, 365)  # days
ITEMS_SHOWN = 10  # of those in progress; the rest is folded
DAYS_IN_TABLE = 190  # of more, the table has the weeks' last days
PASSED = {0: "", 50: "past 50 of 100", 85: "past 85 of 100", 95: "past 95 of 100"}


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
        took=took(found),
        lies=lies(found),
        flows=flows(found, mean, today),
        cycle=charts.scatter(
            found.done, lambda item: item.cycle_days, whole.cycle_days, span, "cycle"
        ),
        lead=charts.scatter(
            found.done, lambda item: item.lead_days, whole.lead_days, span, "lead", 210
        ),
        why_no_cycle=_why_no_cycle(whole),
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


def noun(whole: TypeFlow, count: float) -> str:
    """What is counted: items, or those of the type."""
    word = plural(count, "item")
    return word if whole.type_name is None else f"{word} of type {whole.type_name}"


def _items(whole: TypeFlow, count: int) -> str:
    return f"{number(count)} {noun(whole, count)}"


def took(found: Flow) -> Sentence:
    """How long the items took."""
    whole, known = found.whole, found.whole.cycle_days
    if found.as_of is None:
        return sentence("Nothing is known yet: the first pull of this team has not ended.")
    if not whole.done_count:
        return sentence(f"No {noun(whole, 1)} was done in these days.")
    if known is None:
        return sentence(
            figure(_items(whole, whole.done_count)),
            f" {plural(whole.done_count, 'was', 'were')} done in these days, ",
            f"{_timed(whole)} with a known cycle time: percentiles need at least {FEWEST}.",
        )
    return sentence(
        "Of ",
        figure(_items(whole, whole.done_count)),
        " done, 85 of 100 took at most ",
        figure(counted(known.days_85, "day"), "#cycle-time"),
        " from first in progress to done; half took at most ",
        figure(counted(known.days_50, "day"), "#cycle-time"),
        ".",
    )


def _timed(whole: TypeFlow) -> str:
    count = whole.done_count - whole.never_begun_count
    return "all" if not whole.never_begun_count else number(count) if count else "none"


def _why_no_cycle(whole: TypeFlow) -> str:
    if whole.done_count:
        return "Nothing that was done in these days had been in progress before."
    return "Nothing was done in these days."


def lies(found: Flow) -> Sentence:
    """What is in progress, and how much of it for longer than usual."""
    whole, items = found.whole, found.in_progress
    if found.as_of is None:
        return sentence("Nothing is known yet.")
    if not items:
        return sentence(f"No {noun(whole, 1)} is in progress.")
    oldest = items[0]
    parts: list[Run | str] = [
        figure(_items(whole, whole.in_progress_count), "#in-progress"),
        f" {plural(whole.in_progress_count, 'is', 'are')} in progress",
    ]
    if whole.late_count is not None:
        late = number(whole.late_count) if whole.late_count else "none"
        parts += [", ", figure(late), " for longer than 85 of 100 took"]
    it_is = "; it is " if whole.in_progress_count == 1 else "; the oldest is "
    parts += [it_is, figure(oldest.key, oldest.url), ", "]
    return sentence(*parts, f"in progress for {counted(oldest.age_days or 0, 'day')}.")


def weekly_mean(found: Flow) -> float | None:
    """The mean throughput of whole weeks; None where no week is whole."""
    counts = [week.done_count for week in found.weeks if week.day_count == 7]
    return sum(counts) / len(counts) if counts else None


def flows(found: Flow, mean: float | None, today: date) -> Sentence:
    """How much was done, what is left, and whether it grew."""
    whole = found.whole
    if found.as_of is None or not found.days:
        return sentence("Nothing is known of these days yet.")
    first, last = found.days[0], found.days[-1]
    left = last.todo_count + last.in_progress_count
    grown = left - first.todo_count - first.in_progress_count
    rate = "" if mean is None else f", {number(mean)} a week"
    on = day(first.day, today)
    change = f"{number(abs(grown))} {'more' if grown > 0 else 'fewer'} than on {on}"
    return sentence(
        figure(_items(whole, whole.done_count)),
        f" {plural(whole.done_count, 'was', 'were')} done{rate}; ",
        figure(number(left)),
        f" {plural(left, 'is', 'are')} not done at the end, ",
        change if grown else f"as many as on {on}",
        ".",
    )


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
        LyingLine(item, min(round(100 * age / scale, 1), 100), age > scale, ticks, _word(item))
        for item, age in zip(found.in_progress, ages, strict=True)
    ]


def _ticks(known: Percentiles, scale: float) -> tuple[tuple[int, float], ...]:
    pairs = ((50, known.days_50), (85, known.days_85), (95, known.days_95))
    return tuple((rank, round(100 * days / scale, 1)) for rank, days in pairs)


def _word(item: FlowItem) -> str:
    return "" if item.passed is None else PASSED[item.passed]
