"""Charts of calibration: what was promised against what came, and how wide forecasts were."""

from collections.abc import Iterator, Sequence
from datetime import date
from math import sqrt

from telemetry.metrics.forecast import PERCENTILES
from telemetry.metrics.tally import Month, Tally
from telemetry.report.calibration import KindRecord
from telemetry.words.calibration import is_enough
from telemetry.words.days import short_day
from telemetry.words.numbers import NARROW
from telemetry.words.outlook import FEWEST
from web.show.chart import Figure, note
from web.show.numbers import counted, number, percent

HUNDRED = 103  # percent, so that a mark at the edge is whole
RIGHT = 70  # px beside the plot, for labels
DASHES = {"sprint": "solid", "quarter": "dash", "epic": "dot", "program": "dashdot"}
NAMES = {"sprint": "sprints", "epic": "epics", "quarter": "quarters", "program": "programs"}


def _layout(height: int, name: str) -> Figure:
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "height": height,
        "uirevision": name,
        "font": {"family": "Inter, system-ui, sans-serif", "size": 12, "color": "@ink-2"},
        "margin": {"l": 44, "r": 12, "t": 18, "b": 38},
        "xaxis": {
            "showgrid": False,
            "zeroline": False,
            "linecolor": "@line-strong",
            "tickcolor": "@line-strong",
            "ticks": "outside",
            "ticklen": 5,
            "tickangle": 0,
            "fixedrange": True,
        },
        "yaxis": {"gridcolor": "@line", "zeroline": False, "fixedrange": True},
        "hoverlabel": {
            "bgcolor": "@raised",
            "bordercolor": "@line-strong",
            "align": "left",
            "font": {"color": "@ink"},
        },
        "shapes": [],
        "annotations": [],
        "meta": {},
    }


def reliability(shown: Tally, tested: Tally) -> Figure | None:
    """Days and chances at what they promised, over how often they held; None of too few.

    What lies on the dashed line kept its word exactly. Marks of more promises are larger; those of
    back-tests are hollow.
    """
    data = [
        trace
        for tally, is_tested in ((tested, True), (shown, False))
        for points, symbol in ((_chances(tally), "circle"), (_days(tally), "square"))
        if (trace := _marks(list(points), symbol, is_tested)) is not None
    ]
    if not data:
        return None
    layout = _layout(330, "reliability")
    ticks = {"tickvals": [0, 25, 50, 75, 100], "ticksuffix": f"{NARROW}%"}
    layout["xaxis"] |= {"range": [-3, HUNDRED], "title": {"text": "promised", "standoff": 4}}
    layout["xaxis"] |= ticks
    layout["yaxis"] |= {"range": [-3, HUNDRED], **ticks}
    dashed = {"width": 1.25, "dash": "dash", "color": "@ink-3"}
    exact = {"type": "line", "layer": "below", "x0": 0, "y0": 0, "x1": 100, "y1": 100}
    layout["shapes"] = [{**exact, "line": dashed}]
    return {"data": data, "layout": layout}


Mark = tuple[float, float, int, str]  # promised, came, of how many, what is said


def _days(tally: Tally) -> Iterator[Mark]:
    for promised, level in zip(PERCENTILES, tally.dates, strict=True):
        if is_enough(level) and level.held_percent is not None:
            said = f"{counted(level.count, 'day')} given with {percent(promised)}"
            yield promised, level.held_percent, level.count, said


def _chances(tally: Tally) -> Iterator[Mark]:
    for count, said, came in tally.bins:
        if count >= FEWEST:
            mean = 100 * said / count
            words = f"{counted(count, 'chance')} of about {percent(mean)}"
            yield mean, 100 * came / count, int(count), words


def _marks(points: Sequence[Mark], symbol: str, is_tested: bool) -> Figure | None:
    if not points:
        return None
    most = max(count for _, _, count, _ in points)
    whose = "back-tests" if is_tested else "shown on pages"
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(promised, 2) for promised, _, _, _ in points],
        "y": [round(came, 2) for _, came, _, _ in points],
        "text": [f"<b>{percent(came)}</b> held<br>{said}, {whose}" for _, came, _, said in points],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "symbol": symbol,
            "size": [round(7 + 7 * sqrt(count / most), 1) for _, _, count, _ in points],
            "color": "@paper" if is_tested else "@plan",
            "opacity": 1,
            "line": {"width": 1.75, "color": "@plan"},
        },
    }


def month_of(record: KindRecord, name: str) -> tuple[Month | None, bool]:
    """A month of a record, of back-tests where nothing was shown in it; whether it is of these."""
    shown = record.shown.months.get(name)
    return (record.tested.months.get(name), True) if shown is None else (shown, False)


def widths(kinds: Sequence[KindRecord], today: date) -> Figure | None:
    """A kind's median width month by month, back-tests hollow; None where no month has one."""
    names = sorted({name for one in kinds for name in (*one.shown.months, *one.tested.months)})
    lines = [line for one in kinds if (line := _width_line(one, names)) is not None]
    if not lines:
        return None
    layout = _layout(210, "width")
    layout["margin"] |= {"r": RIGHT, "b": 26}
    every = list(_months(names[0], names[-1]))
    step = -(-len(every) // 8)
    layout["xaxis"] |= {
        "type": "date",
        "range": [f"{every[0]}-01", f"{every[-1]}-28"],
        "tickvals": [f"{name}-15" for name in every[::step]],
        "ticktext": [_month_name(name, today) for name in every[::step]],
    }
    layout["meta"]["ticktext_narrow"] = [
        _month_name(name, today) if n % 2 == 0 else "" for n, name in enumerate(every[::step])
    ]
    top = max(max(line["y"]) for line in lines)
    layout["yaxis"] |= {"range": [0, max(top, 1) * 1.15], "nticks": 5}
    layout["annotations"] = _labels(lines, max(top, 1) * 1.15)
    return {"data": lines, "layout": layout}


def _width_line(one: KindRecord, names: Sequence[str]) -> Figure | None:
    points = [
        (name, month.median_width, is_tested)
        for name in names
        for month, is_tested in (month_of(one, name),)
        if month is not None and month.median_width is not None
    ]
    if not points:
        return None
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": NAMES[one.kind],
        "x": [f"{name}-15" for name, _, _ in points],
        "y": [width for _, width, _ in points],
        "text": [
            f"<b>{counted(width, 'working day')}</b><br>{NAMES[one.kind]}"
            f"{', back-tests' if is_tested else ''}"
            for _, width, is_tested in points
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "line": {"width": 1.75, "dash": DASHES[one.kind], "color": "@plan"},
        "marker": {
            "size": 7,
            "color": ["@paper" if is_tested else "@plan" for _, _, is_tested in points],
            "line": {"width": 1.5, "color": "@plan"},
        },
    }


def _labels(lines: Sequence[Figure], top: float) -> list[Figure]:
    """The last value and the name of each line; one too near to another gives way."""
    found: list[Figure] = []
    taken: list[float] = []
    for line in sorted(lines, key=lambda one: -one["y"][-1]):
        value = line["y"][-1]
        if any(abs(value - other) < top * 14 / 160 for other in taken):
            continue
        taken.append(value)
        text = f"{number(value)} {line['name']}"
        where = {"xanchor": "left", "yanchor": "middle", "xshift": 8}
        found.append(note(line["x"][-1], value, text, **where))
    return found


def _months(first: str, last: str) -> Iterator[str]:
    year, month = map(int, first.split("-"))
    while (name := f"{year}-{month:02}") <= last:
        yield name
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _month_name(name: str, today: date) -> str:
    first = date.fromisoformat(f"{name}-01")
    return short_day(first, today).removeprefix("1 ")
