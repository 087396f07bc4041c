"""The way from now to nothing left: the projected dates as bands of the burndown."""

from datetime import date, datetime, timedelta
from itertools import pairwise

from telemetry.report.shapes import SprintSummary
from web.charts.layout import Figure, Span, midnight, note
from web.numbers import percent

EVENING = timedelta(hours=18)  # when a projected day's work is done
_LOOKS = (
    (50, "dot", 1.5, None),
    (85, "solid", 0, "@plan/0.26"),
    (95, "solid", 0.75, "@plan/0.13"),
)


def projection(sprint: SprintSummary, span: Span) -> list[Figure]:
    """Lines to the projected dates, each filled to the one before; none for a closed sprint."""
    if span.now is None or not sprint.remaining_points:
        return []
    dates = (sprint.projected_50_on, sprint.projected_85_on, sprint.projected_95_on)
    traces: list[Figure] = []
    for until, (chance, dash, width, fill) in zip(dates, _LOOKS, strict=True):
        if until is None or until < span.now.astimezone(span.zone).date():
            continue
        xs, ys = _path(span, sprint, until)
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


def _path(span: Span, sprint: SprintSummary, until: date) -> tuple[list[str], list[float]]:
    """What remains on the way to 0 on a day: down on working days, flat on days off."""
    at = sprint.window_end_at or span.start
    corners, off = [at], set(span.days_off)
    one = at.astimezone(span.zone).date()
    while one < until:
        one += timedelta(days=1)
        corners.append(midnight(one, span.zone))
    corners.append(max(midnight(until, span.zone) + EVENING, at))
    worked = [0.0]
    for before, after in pairwise(corners):
        is_off = before.astimezone(span.zone).date() in off
        worked.append(worked[-1] + (0 if is_off else (after - before).total_seconds()))
    left, whole = sprint.remaining_points or 0.0, worked[-1] or 1.0
    return [span.local(c) for c in corners], [round(left * (1 - w / whole), 4) for w in worked]


def date_labels(span: Span, sprint: SprintSummary) -> list[Figure]:
    """The chances written at their dates; the less certain gives way where there is no room."""
    if span.now is None or not sprint.remaining_points:
        return []
    dates = (sprint.projected_95_on, sprint.projected_85_on, sprint.projected_50_on)
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
