"""What the charts of one sprint share: time axis, days off, now and planned end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from telemetry.words.days import day
from web.show.numbers import (
    axis_days,
)

Figure = dict[str, Any]
HOURS_UP_TO = 2  # days: so short a sprint is told by hours
EACH_UP_TO = 9  # days: so short a one names each of them
MONDAYS = 8  # named on an axis of many days
MANY_DAYS = 60  # beyond, a small tick for each day would be a grey bar


@dataclass(frozen=True, slots=True)
class Span:
    """The time that charts show, in the team's zone; `now` is None once the sprint is closed.

    `today` is the page's: days of other years are written with them.
    """

    zone: ZoneInfo
    start: datetime
    end: datetime
    now: datetime | None
    planned_end: datetime | None
    days_off: tuple[date, ...]
    today: date

    def local(self, at: datetime) -> str:
        """An instant as the local wall time that the axis shows."""
        return _local(at, self.zone)

    def days(self) -> list[date]:
        """The local days shown."""
        first = self.start.astimezone(self.zone).date()
        last = self.end.astimezone(self.zone).date()
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(8192)  # 1.4 µs, 45 times a page
def _local(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat()[:19]


def midnight(value: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(value, time(), zone)


def base(span: Span, height: int) -> Figure:
    """A layout with the axis of time, the days off below and the marks of now and the end."""
    first, last = span.days()[0], span.days()[-1]
    bounds = [f"{first}T00:00:00", f"{last + timedelta(days=1)}T00:00:00"]
    values, texts, short = _ticks(span.days(), span.today)
    is_this_year = {first.year, last.year} == {span.today.year}
    axis = {
        "type": "date",
        "range": bounds,
        "showgrid": False,
        "zeroline": False,
        "linecolor": "@line-strong",
        "tickcolor": "@line-strong",
        "ticks": "outside",
        "ticklen": 5,
        "tickangle": 0,
        "tickvals": values,
        "ticktext": texts,
        "minor": {
            "tickvals": [f"{one}T00:00:00" for one in span.days()],
            "ticks": "outside",
            "ticklen": 3,
            "tickcolor": "@line-strong",
        },
        "fixedrange": True,
        "hoverformat": "%a %-d %b" if is_this_year else "%a %-d %b %Y",
    }
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "height": height,
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12, "color": "@ink-2"},
        "margin": {"l": 40, "r": 8, "t": 22, "b": 26},
        "xaxis": axis,
        "yaxis": {
            "gridcolor": "@line",
            "zeroline": False,
            "rangemode": "tozero",
            "nticks": 5,
            "fixedrange": True,
        },
        "hoverlabel": {
            "bgcolor": "@raised",
            "bordercolor": "@line-strong",
            "align": "left",
            "font": {"color": "@ink"},
        },
        "shapes": [*_days_off(span), *_marks(span)],
        "annotations": [],
        "meta": {"ticktext_narrow": short},
    }


def name_mondays(layout: Figure, span: Span) -> None:
    """Some Mondays named on an axis of many days, half as many where there is little room."""
    days = span.days()
    if len(days) > MANY_DAYS:
        del layout["xaxis"]["minor"]
    mondays = [one for one in days if one.weekday() == 0]
    shown = mondays[:: ceil(len(mondays) / MONDAYS) or 1] or days[:1]
    layout["xaxis"] |= {
        "tickvals": [f"{one}T00:00:00" for one in shown],
        "ticktext": axis_days(shown, span.today),
    }
    few = dict(zip(shown[::2], axis_days(shown[::2], span.today), strict=True))
    layout["meta"]["ticktext_narrow"] = [few.get(one, "") for one in shown]


def _ticks(days: Sequence[date], today: date) -> tuple[list[str], list[str], list[str]]:
    """The first day and the Mondays that are not too near, or each day of few; the month once."""
    if len(days) <= HOURS_UP_TO:
        return _hours(days, today)
    step = 7 * (1 + len(days) // 70)
    room = max(3, len(days) // 8)
    chosen = list(days if len(days) <= EACH_UP_TO else days[:1])
    for one in days[len(chosen) :]:
        if one.weekday() == 0 and (one - chosen[-1]).days >= (room if len(chosen) == 1 else step):
            chosen.append(one)
    texts, short = [], []
    whole = axis_days(chosen, today, weekdays=True)
    for n, (one, text) in enumerate(zip(chosen, whole, strict=True)):
        is_new = n == 0 or one.month != chosen[n - 1].month
        texts.append(text if is_new else f"{day(one, one).split()[0]} {one.day}")
        short.append(_without_weekday(text) if is_new else str(one.day))
    return [f"{one}T00:00:00" for one in chosen], texts, short


def _hours(days: Sequence[date], today: date) -> tuple[list[str], list[str], list[str]]:
    """Every sixth hour of a sprint of a day or two."""
    named = dict(zip(days, axis_days(days, today, weekdays=True), strict=True))
    places = [(one, hour) for one in days for hour in range(0, 24, 6)]
    values = [f"{one}T{hour:02d}:00:00" for one, hour in places]
    texts = [f"{hour:02d}:00" if hour else named[one] for one, hour in places]
    short = [str(hour) if hour else _without_weekday(named[one]) for one, hour in places]
    return values, texts, short


def _without_weekday(text: str) -> str:
    return text if text[0].isdigit() else text.partition(" ")[2]


def _days_off(span: Span) -> list[Figure]:
    shown = set(span.days())
    groups: list[list[date]] = []
    for one in sorted(shown.intersection(span.days_off)):
        if groups and groups[-1][-1] + timedelta(days=1) == one:
            groups[-1].append(one)
        else:
            groups.append([one])
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": f"{group[0]}T00:00:00",
            "x1": f"{group[-1] + timedelta(days=1)}T00:00:00",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "fillcolor": "@shade",
            "line": {"width": 0},
        }
        for group in groups
    ]


def _marks(span: Span) -> list[Figure]:
    marks = []
    if span.now is not None:
        marks.append(_upright(span.local(span.now), "solid", "@line-strong"))
    if span.planned_end is not None and span.planned_end <= span.end:
        marks.append(_upright(span.local(span.planned_end), "dot", "@ink-2"))
    return marks


def _upright(x: str, dash: str, colour: str) -> Figure:
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"width": 1, "dash": dash, "color": colour},
    }


def note(x: str, y: float, text: str, **where: Any) -> Figure:
    """A label in the plot, without arrow."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}, **where}
