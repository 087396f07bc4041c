"""Where time went, and how long impediments were open, by day, week or sprint."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telemetry.report.shapes.time import OpenRow, TimeRow
from telemetry.words.days import day, short_day
from web.show.chart import (
    Figure,
    Span,
    base,
    midnight,
)
from web.show.impediment_chart import stacks
from web.show.numbers import (
    axis_days,
    counted,
    hours,
    number,
    percent,
)

DAY_MS = 86_400_000
BY_DAYS = {"day": 1, "week": 7}
BARS_WITH_GAPS = 120  # of more, hairlines already, gaps would leave nothing
LETTERS_THAT_FIT = 88
LETTERS_THAT_FIT_NARROW = 36


@dataclass(frozen=True, slots=True)
class Axis:
    """Where the bars stand: by date, or side by side for sprints, whose names are `labels`."""

    by: str
    zone: ZoneInfo
    starts: Sequence[date]
    labels: Sequence[str]
    today: date
    days_off: tuple[date, ...] = ()

    @property
    def is_dated(self) -> bool:
        return self.by in BY_DAYS

    def places(self) -> list[Any]:
        """The middle of each bar."""
        if not self.is_dated:
            return list(range(len(self.starts)))
        days, half = divmod(BY_DAYS[self.by], 2)
        middle = timedelta(days=days)
        return [f"{start + middle}T{12 * half:02d}:00:00" for start in self.starts]

    def width(self) -> float:
        return DAY_MS * BY_DAYS[self.by] * 0.72 if self.is_dated else 0.64

    def named(self, place: int) -> str:
        """A bar's day, week or sprint."""
        if self.by == "day":
            return day(self.starts[place], self.today)
        if self.by == "week":
            return f"week of {day(self.starts[place], self.today)}"
        return escaped(self.labels[place])

    def layout(self, height: int) -> Figure:
        days = BY_DAYS.get(self.by, 1)
        last = self.starts[-1] + timedelta(days=days - 1)
        first_at, last_at = midnight(self.starts[0], self.zone), midnight(last, self.zone)
        off = self.days_off if self.by == "day" else ()
        made = base(Span(self.zone, first_at, last_at, None, None, off, self.today), height)
        if not self.is_dated:
            made["xaxis"] = made["xaxis"] | self._beside()
            del made["xaxis"]["minor"], made["xaxis"]["hoverformat"]
            narrow = self._ticks(LETTERS_THAT_FIT_NARROW)
            made["meta"] = {"ticktext_narrow": narrow}
        made["barmode"] = "stack"
        made["uirevision"] = self.by
        return made

    def _beside(self) -> Figure:
        count = len(self.starts)
        return {
            "type": "linear",
            "range": [-0.6, count - 0.4],
            "tickvals": list(range(count)),
            "ticktext": self._ticks(LETTERS_THAT_FIT),
        }

    def _ticks(self, room: int) -> list[str]:
        """The sprints' names; where they have no room, the days on which they started."""
        texts = [escaped(label) for label in self.labels]
        if sum(map(len, self.labels)) + 2 * len(texts) > room:
            texts = [short_day(start, start) for start in self.starts]
            return self._dates(-(-sum(len(text) + 2 for text in texts) // room))
        step = -(-sum(len(text) + 2 for text in texts) // room)
        from_last = len(texts) - 1
        return [text if (from_last - n) % step == 0 else "" for n, text in enumerate(texts)]

    def _dates(self, step: int) -> list[str]:
        """The days of every so many sprints, counted from the last one."""
        last = len(self.starts) - 1
        shown = [n for n in range(last + 1) if (last - n) % step == 0]
        texts = axis_days([self.starts[n] for n in shown], self.today)
        named = dict(zip(shown, texts, strict=True))
        return [named.get(n, "") for n in range(last + 1)]


def escaped(text: str) -> str:
    """A name as text where markup would be read as such."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def time_over(rows: Sequence[TimeRow], axis: Axis, *, has_sprints: bool) -> Figure | None:
    """Planned, impediment and off-plan hours as stacked bars, or None where none were logged."""
    if not any(row.time.all_seconds for row in rows):
        return None
    parts = [
        ("planned" if has_sprints else "other work", "@plan", "planned_seconds"),
        ("impediments", "@imp", "impediment_seconds"),
        ("off-plan", "@off", "off_plan_seconds"),
    ]
    data = []
    for name, colour, key in parts if has_sprints else parts[:2]:
        amounts = [getattr(row.time, key) for row in rows]
        if None in amounts:  # nobody can tell what is an impediment
            continue
        texts = [
            f"<b>{name}</b> {hours(amount)}{_share(amount, row)}<br>{axis.named(n)}"
            for n, (amount, row) in enumerate(zip(amounts, rows, strict=True))
        ]
        values = [round(amount / 3600, 4) for amount in amounts]
        data.append(_bars(name, colour, "@paper", axis, values, texts))
    layout = axis.layout(330)
    highest = max(row.time.all_seconds for row in rows) / 3600
    layout["yaxis"] |= {"ticksuffix": "\u202fh", "nticks": 6, "range": [0, max(highest * 1.06, 1)]}
    layout["margin"]["l"] = 52
    return {"data": data, "layout": layout}


def _share(amount: int, row: TimeRow) -> str:
    whole = row.time.all_seconds
    return f", {percent(100 * amount / whole)}" if whole else ""


def open_over(
    rows: Sequence[OpenRow], axis: Axis, slots: Mapping[str, str], height: int = 330
) -> Figure | None:
    """Open impediments a day, or their open working days, by nature; None where none was open."""
    if not any(row.natures for row in rows):
        return None
    data = []
    for name, natures, slot in stacks([row.natures for row in rows], slots):
        values = [sum(row.natures.get(one, 0) for one in natures) for row in rows]
        outline = "@line-strong" if slot == "unknown" else "@paper"
        texts = [
            f"<b>{escaped(name)}</b> {_open_words(value, axis.by)}<br>{axis.named(n)}"
            for n, value in enumerate(values)
        ]
        data.append(_bars(escaped(name), f"@nature-{slot}", outline, axis, values, texts))
    layout = axis.layout(height)
    highest = max(sum(row.natures.values()) for row in rows)
    layout["yaxis"] |= {"nticks": 6, "range": [0, max(highest * 1.06, 1)]}
    if highest <= 6:
        layout["yaxis"] |= {"dtick": 1}
    return {"data": data, "layout": layout}


def _open_words(value: int, by: str) -> str:
    return f"{number(value)} open" if by == "day" else counted(value, "working day")


def _bars(
    name: str,
    colour: str,
    outline: str,
    axis: Axis,
    values: Sequence[float],
    texts: Sequence[str],
) -> Figure:
    gap = 1 if len(values) <= BARS_WITH_GAPS else 0
    return {
        "type": "bar",
        "name": name,
        "x": axis.places(),
        "y": [value or None for value in values],  # a bar of nothing has no outline
        "text": list(texts),
        "textposition": "none",
        "hovertemplate": "%{text}<extra></extra>",
        "width": axis.width(),
        "marker": {"color": colour, "line": {"width": gap, "color": outline}},
    }
