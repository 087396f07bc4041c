"""The burndown: what remains change by change, scope, ideal line and projection."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from telemetry.metrics.figures import SprintFigures
from telemetry.report.shapes.burndown import Burndown, BurndownEvent
from telemetry.report.shapes.sprints import SprintSummary
from telemetry.words.days import day
from web.pages.sprint.changes import (
    levels,
    marks,
    moment,
    texts,
)
from web.pages.sprint.without import (
    without_label,
    without_line,
)
from web.show.chart import (
    Figure,
    Span,
    base,
    midnight,
    note,
)
from web.show.numbers import (
    number,
    percent,
)

EVENING = timedelta(hours=18)  # when a projected day's work is done
_LOOKS = (
    (50, "dot", 1.5, None),
    (85, "solid", 0, "@plan/0.26"),
    (95, "solid", 0.75, "@plan/0.13"),
)


def projection(figures: SprintFigures, span: Span) -> list[Figure]:
    """Lines to the projected dates, each filled to the one before; none for a closed sprint."""
    if span.now is None or not figures.remaining_points:
        return []
    dates = (figures.projected_50_on, figures.projected_85_on, figures.projected_95_on)
    traces: list[Figure] = []
    for until, (chance, dash, width, fill) in zip(dates, _LOOKS, strict=True):
        if until is None or until < span.now.astimezone(span.zone).date():
            continue
        through = _likely_at_end(span, figures) if chance == 50 else None
        xs, ys = _path(span, figures, until, through)
        trace: Figure = {
            "type": "scatter",
            "mode": "lines",
            "name": f"projection, {percent(chance)}",
            "x": xs,
            "y": ys,
            "hoverinfo": "skip",
            "line": {"width": width, "dash": dash, "color": "@plan"},
        }
        if traces and fill:
            trace |= {"fill": "tonexty", "fillcolor": fill}
        traces.append(trace)
    return traces


def _likely_at_end(span: Span, figures: SprintFigures) -> tuple[datetime, float] | None:
    """The planned end, and what is likely left then; None where either is not known."""
    left = figures.left_by_end_50_points
    return None if left is None or span.planned_end is None else (span.planned_end, left)


def _path(
    span: Span, figures: SprintFigures, until: date, through: tuple[datetime, float] | None
) -> tuple[list[str], list[float]]:
    """What remains on the way to 0 on a day: down on working days, flat on days off.

    It leads `through` an amount at an instant, where that lies on the way.
    """
    at = figures.as_of
    corners, off = [at], set(span.days_off)
    one = at.astimezone(span.zone).date()
    while one < until:
        one += timedelta(days=1)
        corners.append(midnight(one, span.zone))
    corners.append(max(midnight(until, span.zone) + EVENING, at))
    if through is not None and at < through[0] < corners[-1]:
        corners = sorted({*corners, through[0]})
    worked = [0.0]
    for before, after in pairwise(corners):
        is_off = before.astimezone(span.zone).date() in off
        worked.append(worked[-1] + (0 if is_off else (after - before).total_seconds()))
    bends = [(0.0, figures.remaining_points), (worked[-1] or 1.0, 0.0)]
    if through is not None and through[0] in corners[1:-1]:
        bends.insert(1, (worked[corners.index(through[0])], through[1]))
    return [span.local(c) for c in corners], [round(_between(bends, w), 4) for w in worked]


def _between(bends: Sequence[tuple[float, float]], at: float) -> float:
    """The height at a place of a line with these bends."""
    for (x, y), (next_x, next_y) in pairwise(bends):
        if at <= next_x:
            return y + (next_y - y) * (at - x) / ((next_x - x) or 1.0)
    return bends[-1][1]


def date_labels(span: Span, figures: SprintFigures) -> list[Figure]:
    """The chances written at their dates; the less certain gives way where there is no room."""
    if span.now is None or not figures.remaining_points:
        return []
    dates = (figures.projected_95_on, figures.projected_85_on, figures.projected_50_on)
    labels: list[Figure] = []
    room = (span.end - span.start) * 0.06
    nearest: datetime | None = None
    for chance, on in zip((95, 85, 50), dates, strict=True):
        if on is None or midnight(on, span.zone) > span.end:
            continue
        at = midnight(on, span.zone) + EVENING
        if nearest is not None and nearest - at < room:
            continue
        nearest = at
        side = "right" if span.end - at < room else "center"
        where = {"xanchor": side, "yanchor": "bottom", "yshift": 1, "bgcolor": "@paper/0.7"}
        where["name"] = f"date-{chance}"
        labels.append(note(span.local(at), 0, percent(chance), **where))
    return labels


def span_of(sprint: SprintSummary, chart: Burndown, zone: ZoneInfo, today: date) -> Span | None:
    """The time that the sprint's charts show: to its end, planned end and last projected day."""
    figures = sprint.figures
    if sprint.started_at is None or figures is None:
        return None
    is_open = sprint.state == "active"
    ends = [figures.as_of]
    if sprint.planned_end_at is not None:
        ends.append(sprint.planned_end_at)
    last = figures.projected_95_on or figures.projected_85_on or figures.projected_50_on
    if is_open and last is not None:
        length = max(ends) - sprint.started_at
        ends.append(min(midnight(last, zone) + EVENING, max(ends) + length))
    now = figures.as_of if is_open else None
    end = sprint.planned_end_at
    return Span(zone, sprint.started_at, max(ends), now, end, chart.days_off, today)


def burndown(sprint: SprintSummary, chart: Burndown, zone: ZoneInfo, today: date) -> Figure | None:
    """The figure, or None where the sprint has no days or no points to draw."""
    span = span_of(sprint, chart, zone, today)
    has_points = any(row.scope_points or row.remaining_points for row in chart.days)
    if span is None or not chart.days or not (has_points or chart.events):
        return None
    start, figures = sprint.started_at, sprint.figures
    if start is None or figures is None:
        return None
    end = figures.as_of
    layout = base(span, 330)
    layout["uirevision"] = f"burndown-{sprint.id}"
    layout["hovermode"] = "closest"
    said = texts(span, figures.committed_points, chart.events)
    data = [
        *projection(figures, span),
        _scope(span, chart, start, end),
        *([_ideal(span, chart)] if figures.committed_points else []),
        *without_line(span, figures, chart, start),
        _remaining(span, figures, chart.events, said, start),
        *marks(span, figures.committed_points, chart.events, said),
    ]
    if span.now is not None:
        data.append(_last(span, figures))
    layout["annotations"] = [*_labels(span, figures), *without_label(span, figures, chart)]
    # what a click lists: the point's customdata, or its day
    days = {"first": str(chart.days[0].day), "last": str(chart.days[-1].day)}
    layout["meta"] |= {"list": "issues", "days": days}
    return {"data": data, "layout": layout}


def _remaining(
    span: Span,
    figures: SprintFigures,
    events: Sequence[BurndownEvent],
    said: Sequence[str],
    start: datetime,
) -> Figure:
    first, end = figures.committed_points, figures.as_of
    values = levels(first, events)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "remaining",
        "x": [span.local(start), *(span.local(event.at) for event in events), span.local(end)],
        "y": [first, *values, values[-1] if values else first],
        "text": [
            f"{number(first)} points committed",
            *said,
            f"{number(figures.remaining_points)} left",
        ],
        "customdata": ["committed", *(f"at:{moment(span, e)}" for e in events), "remaining"],
        "hovertemplate": "%{text}<extra></extra>",
        "line": {"shape": "hv", "width": 2.25, "color": "@ink"},
    }


def _scope(span: Span, chart: Burndown, start: datetime, end: datetime) -> Figure:
    first = chart.days[0]
    change = first.added_points - first.removed_points + first.reestimated_points
    xs, ys = [span.local(start)], [first.scope_points - change]
    for row in chart.days:
        xs.append(span.local(min(midnight(row.day + timedelta(days=1), span.zone), end)))
        ys.append(row.scope_points)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "scope",
        "x": xs,
        "y": ys,
        "hovertemplate": "scope %{y:,.1~f}<extra></extra>",
        "line": {"shape": "hvh", "width": 1, "color": "@ink-3"},
    }


def _ideal(span: Span, chart: Burndown) -> Figure:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "ideal",
        "x": [span.local(point.at) for point in chart.ideal],
        "y": [round(point.points, 4) for point in chart.ideal],
        "hoverinfo": "skip",
        "line": {"width": 1.25, "dash": "dash", "color": "@ink-3"},
    }


def _last(span: Span, figures: SprintFigures) -> Figure:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "now",
        "showlegend": False,
        "x": [span.local(figures.as_of)],
        "y": [figures.remaining_points],
        "hoverinfo": "skip",
        "cliponaxis": False,
        "marker": {"size": 8, "color": "@ink"},
    }


def _labels(span: Span, figures: SprintFigures) -> list[Figure]:
    length = (span.end - span.start).total_seconds()
    labels = _end_label(span, length)
    if span.now is None:
        return labels
    part = (span.now - span.start).total_seconds() / length if length else 0
    side = "left" if part < 0.12 else ("right" if part > 0.88 else "center")
    at, today = span.local(span.now), day(span.now.astimezone(span.zone).date(), span.today)
    labels.append(note(at, 1, f"now, {today}", xanchor=side, yref="paper", yanchor="bottom"))
    labels.append(_left(at, figures, is_late=part > 0.75))
    return [*labels, *date_labels(span, figures)]


def _left(at: str, figures: SprintFigures, *, is_late: bool) -> Figure:
    behind, rest = figures.behind_points, ""
    if figures.committed_points and behind is not None and abs(behind) >= 0.5:
        rest = f", {number(abs(behind))} {'behind' if behind > 0 else 'ahead'}"
    return note(
        at,
        figures.remaining_points,
        f"<b>{number(figures.remaining_points)} left</b>{rest}",
        xanchor="right" if is_late else "left",
        xshift=-8 if is_late else 8,
        yshift=12,
        bgcolor="@paper/0.8",
        font={"size": 12, "color": "@ink"},
    )


def _end_label(span: Span, length: float) -> list[Figure]:
    end = span.planned_end
    if end is None or end > span.end:
        return []
    near = span.now is not None and abs((end - span.now).total_seconds()) < 0.22 * length
    if near:
        return []
    side = "right" if (span.end - end).total_seconds() < 0.1 * length else "center"
    return [note(span.local(end), 1, "planned end", xanchor=side, yref="paper", yanchor="bottom")]
