"""The burnup of a quarter: scope, what is done, the capacity limit, and the ways to the dates."""

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from telemetry.report.quarter.shapes import QuarterReport
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


def burnup(found: QuarterReport, zone: ZoneInfo) -> Figure | None:
    """The chart; None where no day of the quarter is known or nothing was estimated."""
    days = found.roadmap.burnup
    if not days or not any(one.total_points for one in days):
        return None
    dates = [on for on in found.outlook.dates if on is not None]
    end = min(max([found.last, *dates]), found.last + FARTHEST)
    is_running = not found.is_over and found.as_of is not None
    span = Span(
        zone,
        midnight(found.first, zone),
        midnight(end, zone),
        found.as_of if is_running else None,
        midnight(found.last + ONE_DAY, zone),
        (),
        found.today,
    )
    layout = base(span, 330)
    layout["uirevision"] = "burnup"
    name_mondays(layout, span)
    layout["xaxis"]["range"][1] = f"{end + BEYOND}T00:00:00"
    ends = [span.local(midnight(one.day + ONE_DAY, zone)) for one in days]
    if found.as_of is not None and is_running:
        ends[-1] = span.local(found.as_of)
    layout["shapes"] += _after_end(span, found.last)
    before = found.roadmap.before
    xs = [span.local(span.start), *ends]
    data = [
        _step("scope", xs, [before.total_points if before else 0.0, *_totals(found)], 1, "@ink-3"),
        *_limit(found, span, xs[0]),
        *_ways(found, span),
        _step("done", xs, [before.done_points if before else 0.0, *_dones(found)], 2.25, "@ink"),
        *_marks(found, span),
    ]
    layout["annotations"] = _notes(found, span, xs[-1])
    return {"data": data, "layout": layout}


def _totals(found: QuarterReport) -> list[float]:
    return [one.total_points for one in found.roadmap.burnup]


def _dones(found: QuarterReport) -> list[float]:
    return [one.done_points for one in found.roadmap.burnup]


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


def _limit(found: QuarterReport, span: Span, start: str) -> list[Figure]:
    limit = found.capacity_limit_points
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


def _ways(found: QuarterReport, span: Span) -> list[Figure]:
    """Lines to the dates, each filled to the one before: up on working days, flat on others."""
    if span.now is None or found.roadmap.remaining_points <= 0:
        return []
    traces: list[Figure] = []
    for until, (chance, dash, width, fill) in zip(found.outlook.dates, _LOOKS, strict=True):
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


def _way(found: QuarterReport, span: Span, until: date) -> tuple[list[str], list[float]]:
    done, total = found.roadmap.done_points, found.roadmap.total_points
    calendar, one = found.calendar, found.today
    whole = max(1, calendar.working_days(one, until))
    xs, ys, worked = [span.local(span.now or span.start)], [done], 0
    while one <= until:
        worked += calendar.is_working_day(one)
        xs.append(span.local(midnight(one, span.zone) + EVENING))
        ys.append(round(done + (total - done) * min(1.0, worked / whole), 3))
        one += ONE_DAY
    return xs, ys


def _marks(found: QuarterReport, span: Span) -> list[Figure]:
    """Now on the line of what is done, and the dates on the scope."""
    marks: list[Figure] = []
    if span.now is not None:
        marks.append(_dot([span.local(span.now)], [found.roadmap.done_points], "@ink", 8))
    on = [
        day
        for day in found.outlook.dates
        if day is not None and midnight(day, span.zone) <= span.end
    ]
    if on and found.roadmap.remaining_points > 0 and span.now is not None:
        at = [span.local(midnight(day, span.zone) + EVENING) for day in on]
        marks.append(_dot(at, [found.roadmap.total_points] * len(at), "@plan", 6))
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


def _notes(found: QuarterReport, span: Span, last: str) -> list[Figure]:
    notes = []
    total, before = found.roadmap.total_points, found.roadmap.before
    start = span.local(span.start)
    shown = found.roadmap.burnup[-1]
    scope = f"scope {number(before.total_points if before else 0)}"
    scope += f", now <b>{number(total)}</b>" if span.now else f", then {number(shown.total_points)}"
    first = found.roadmap.burnup[0].total_points
    early = found.roadmap.burnup[: max(1, len(span.days()) // 4)]
    above = max(one.total_points for one in early)
    notes.append(note(start, above, scope, xanchor="left", yanchor="bottom", yshift=2))
    limit = found.capacity_limit_points
    top = max(shown.total_points, total, limit or 0, 1)
    if limit is not None and abs(limit - first) > 0.06 * top:
        text = f"capacity limit {number(limit)}"
        notes.append(note(start, limit, text, xanchor="left", yanchor="top"))
    done = shown.done_points
    notes.append(
        note(last, done, f"<b>{number(done)} done</b> ", xanchor="right", yanchor="bottom")
    )
    return [*notes, *_dates(found, span)]


def _dates(found: QuarterReport, span: Span) -> list[Figure]:
    """The chances at their dates; the less certain gives way where there is no room."""
    if span.now is None or found.roadmap.remaining_points <= 0:
        return []
    labels: list[Figure] = []
    room, nearest = (span.end - span.start) * 0.04, None
    for chance, on in reversed(list(zip((50, 85, 95), found.outlook.dates, strict=True))):
        if on is None or midnight(on, span.zone) > span.end:
            continue
        at = midnight(on, span.zone) + EVENING
        if nearest is not None and nearest - at < room:
            continue
        nearest = at
        text = f"{chance} %" if not labels else str(chance)
        total = found.roadmap.total_points
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
