"""A burnup: scope, what is done, the capacity limit, and the ways to the dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from telemetry.domain.calendar import Calendar
from telemetry.metrics.burnup import BurnupDay
from telemetry.metrics.roadmap_forecast import NO_DATES, Dates
from web.show.chart import Figure, Span, base, midnight, name_mondays, note
from web.show.numbers import number

ONE_DAY = timedelta(days=1)
BEYOND = timedelta(days=5)  # room beside the last mark
EVENING = timedelta(hours=18)  # when a day's work is done
FARTHEST = timedelta(days=120)  # beyond the quarter's end that is drawn
_LOOKS = (
    (50, "dot", 1.5, None),
    (85, "solid", 0, "@plan/0.26"),
    (95, "solid", 0.75, "@plan/0.13"),
)


@dataclass(frozen=True, slots=True)
class Burnup:
    """What a burnup shows; `as_of` is None of a quarter that does not run.

    `before` is the day before the first, `dates` are those with 50, 85 and 95 %, by the days of
    `calendar`.
    """

    first: date
    last: date
    today: date
    as_of: datetime | None
    calendar: Calendar
    days: Sequence[BurnupDay]
    before: BurnupDay | None
    total_points: float
    done_points: float
    limit_points: float | None = None
    dates: Dates = NO_DATES

    @property
    def has_rest(self) -> bool:
        """Whether anything remains to be forecast."""
        return self.total_points - self.done_points > 0


def burnup(found: Burnup, zone: ZoneInfo) -> Figure | None:
    """The chart; None where no day of the quarter is known or nothing was estimated."""
    days = found.days
    if not days or not any(one.total_points for one in days):
        return None
    dates = [on for on in found.dates if on is not None]
    end = min(max([found.last, *dates]), found.last + FARTHEST)
    span = Span(
        zone,
        midnight(found.first, zone),
        midnight(end, zone),
        found.as_of,
        midnight(found.last + ONE_DAY, zone),
        (),
        found.today,
    )
    layout = base(span, 330)
    layout["uirevision"] = "burnup"
    name_mondays(layout, span)
    layout["xaxis"]["range"][1] = f"{end + BEYOND}T00:00:00"
    ends = [span.local(midnight(one.day + ONE_DAY, zone)) for one in days]
    if found.as_of is not None:
        ends[-1] = span.local(found.as_of)
    layout["shapes"] += _after_end(span, found.last)
    xs = [span.local(span.start), *ends]
    every = [found.before or BurnupDay(found.first, 0.0, 0.0), *days]
    data = [
        _step("scope", xs, [one.total_points for one in every], 1, "@ink-3"),
        *_limit(found, span, xs[0]),
        *_ways(found, span),
        _step("done", xs, [one.done_points for one in every], 2.25, "@ink"),
        *_marks(found, span),
    ]
    layout["annotations"] = _notes(found, span, xs[-1])
    return {"data": data, "layout": layout}


def _step(name: str, xs: Sequence[str], ys: Sequence[float], width: float, colour: str) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(xs),
        "y": list(ys),
        "line": {"width": width, "color": colour, "shape": "hv"},
        "hovertemplate": f"%{{x|%a %-d %b}}<br>{name} %{{y}}<extra></extra>",
    }


def _limit(found: Burnup, span: Span, start: str) -> list[Figure]:
    limit = found.limit_points
    if limit is None or span.planned_end is None:
        return []
    return [
        {
            "type": "scatter",
            "mode": "lines",
            "name": "capacity limit",
            "x": [start, span.local(span.planned_end)],
            "y": [limit, limit],
            "line": {"width": 1.25, "dash": "dash", "color": "@ink-3"},
            "hovertemplate": f"capacity limit {number(limit)}<extra></extra>",
        }
    ]


def _ways(found: Burnup, span: Span) -> list[Figure]:
    """Lines to the dates, each filled to the one before: up on working days, flat on others."""
    if span.now is None or not found.has_rest:
        return []
    traces: list[Figure] = []
    for until, (chance, dash, width, fill) in zip(found.dates, _LOOKS, strict=True):
        if until is None or until > span.end.astimezone(span.zone).date():
            continue
        xs, ys = _way(found, span, until)
        trace: Figure = {
            "type": "scatter",
            "mode": "lines",
            "name": f"forecast, {chance} %",
            "x": xs,
            "y": ys,
            "hoverinfo": "skip",
            "line": {"width": width, "dash": dash, "color": "@plan"},
        }
        if traces and fill:
            trace |= {"fill": "tonexty", "fillcolor": fill}
        traces.append(trace)
    return traces


def _way(found: Burnup, span: Span, until: date) -> tuple[list[str], list[float]]:
    done, total = found.done_points, found.total_points
    calendar, one = found.calendar, found.today
    whole = max(1, calendar.working_days(one, until))
    xs, ys, worked = [span.local(span.now or span.start)], [done], 0
    while one <= until:
        worked += calendar.is_working_day(one)
        xs.append(span.local(midnight(one, span.zone) + EVENING))
        ys.append(round(done + (total - done) * min(1.0, worked / whole), 3))
        one += ONE_DAY
    return xs, ys


def _marks(found: Burnup, span: Span) -> list[Figure]:
    """Now on the line of what is done, and the dates on the scope."""
    marks: list[Figure] = []
    if span.now is not None:
        marks.append(_dot([span.local(span.now)], [found.done_points], "@ink", 8))
    on = [day for day in found.dates if day is not None and midnight(day, span.zone) <= span.end]
    if on and found.has_rest and span.now is not None:
        at = [span.local(midnight(day, span.zone) + EVENING) for day in on]
        marks.append(_dot(at, [found.total_points] * len(at), "@plan", 6))
    return marks


def _dot(xs: Sequence[str], ys: Sequence[float], colour: str, size: int) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "x": list(xs),
        "y": list(ys),
        "hoverinfo": "skip",
        "marker": {"size": size, "color": colour},
    }


def _notes(found: Burnup, span: Span, last: str) -> list[Figure]:
    notes = []
    total = found.total_points
    start = span.local(span.start)
    shown = found.days[-1]
    scope = f"scope {number(found.before.total_points if found.before else 0)}"
    scope += f", now <b>{number(total)}</b>" if span.now else f", then {number(shown.total_points)}"
    first = found.days[0].total_points
    early = found.days[: max(1, len(span.days()) // 4)]
    above = max(one.total_points for one in early)
    notes.append(note(start, above, scope, xanchor="left", yanchor="bottom", yshift=2))
    limit = found.limit_points
    top = max(shown.total_points, total, limit or 0, 1)
    if limit is not None and abs(limit - first) > 0.06 * top:
        text = f"capacity limit {number(limit)}"
        notes.append(note(start, limit, text, xanchor="left", yanchor="top"))
    done = shown.done_points
    notes.append(
        note(last, done, f"<b>{number(done)} done</b> ", xanchor="right", yanchor="bottom")
    )
    return [*notes, *_dates(found, span)]


def _dates(found: Burnup, span: Span) -> list[Figure]:
    """The chances at their dates; the less certain gives way where there is no room."""
    if span.now is None or not found.has_rest:
        return []
    labels: list[Figure] = []
    room, nearest = (span.end - span.start) * 0.04, None
    for chance, on in reversed(list(zip((50, 85, 95), found.dates, strict=True))):
        if on is None or midnight(on, span.zone) > span.end:
            continue
        at = midnight(on, span.zone) + EVENING
        if nearest is not None and nearest - at < room:
            continue
        nearest = at
        text = f"{chance} %" if not labels else str(chance)
        total = found.total_points
        labels.append(note(span.local(at), total, text, yanchor="bottom", yshift=4))
    return labels


def _after_end(span: Span, last: date) -> list[Figure]:
    """The days after the quarter, shaded."""
    if span.end.astimezone(span.zone).date() <= last:
        return []
    return [
        {
            "type": "rect",
            "layer": "below",
            "x0": f"{last + ONE_DAY}T00:00:00",
            "x1": f"{span.end.astimezone(span.zone).date() + BEYOND}T00:00:00",
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "fillcolor": "@shade",
            "line": {"width": 0},
        }
    ]
