"""Numbers, shares, bars, waterfall and charts."""

import json
import re
from dataclasses import replace
from itertools import accumulate
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from telemetry.metrics.registry import by_slug
from telemetry.words import days
from tests.web import fake_reports as fake
from tests.web import invented
from tests.web.invented import NOW, RUNNING, TODAY, changed
from web.http.assets import FOLDER
from web.http.templating import (
    TEMPLATES,
    inline_json,
)
from web.pages.sprint import (
    gap,
    view,
)
from web.pages.sprint.burndown_chart import (
    burndown,
    span_of,
)
from web.show import bars, numbers
from web.show.impediment_chart import impediment_time
from web.show.natures import NatureSlots

PARIS = ZoneInfo("Europe/Paris")
SLOTS = {"incident": "1", "support": "2", "dependency": "3", "unknown": "unknown"}


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=12))
def test_shares_add_up_to_exactly_100(parts):
    whole = numbers.shares(parts)
    assert whole is None if sum(parts) <= 0 else sum(whole) == 100


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (numbers.number(1234.5), "1\u202f234.5"),
        (numbers.number(-3.0), "\u22123"),
        (numbers.number(-0.01), "0"),
        (numbers.number(None), "–"),
        (numbers.number(100.0), "100"),
        (numbers.number(100, 0), "100"),
        (numbers.signed(5), "+5"),
        (numbers.signed(0), "0"),
        (numbers.percent(65.85), "66\u202f%"),
        (numbers.hours(41400), "11.5\u202fh"),
        (numbers.hours(138600), "38.5\u202fh"),
        (numbers.hours(500000), "139\u202fh"),
        (days.day(invented.START, TODAY), "Wed 22 Apr"),
        (numbers.counted(1, "point"), "1 point"),
    ],
)
def test_figures_have_one_format(text, expected):
    assert text == expected


def roles(value):
    if isinstance(value, str):
        return {value} if value.startswith("@") else set()
    if isinstance(value, dict):
        value = value.values()
    return set().union(*map(roles, value)) if hasattr(value, "__iter__") else set()


def resolved(value):
    if isinstance(value, dict):
        return {key: resolved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [resolved(one) for one in value]
    return "#123456" if isinstance(value, str) and value.startswith("@") else value


def figures():
    return list(made_figures())


def made_figures():
    chart = invented.burndown()
    span = span_of(RUNNING, chart, PARIS, TODAY)
    yield burndown(RUNNING, chart, PARIS, TODAY)
    yield impediment_time(invented.daily(), span, SLOTS, 5400)
    late = changed(RUNNING, planned_end_at=None, projected_95_on=None, behind_points=None)
    yield burndown(late, chart, PARIS, TODAY)
    reports = fake.FakeReports()
    for key in ("first", "security"):
        sprint = reports.sprint(key, "current")
        yield burndown(sprint, reports.burndown(key, sprint.id), PARIS, TODAY)


@pytest.mark.parametrize("figure", figures())
def test_a_chart_is_what_plotly_accepts(figure):
    assert go.Figure(resolved(json.loads(json.dumps(figure)))).data


@pytest.mark.parametrize("figure", figures())
def test_every_colour_of_a_chart_is_a_token(figure):
    tokens = (FOLDER / "tokens.css").read_text()
    for role in roles(figure):
        assert f"--{role[1:].partition('/')[0]}:" in tokens, role


def test_the_burndown_ends_at_what_remains():
    figure = burndown(RUNNING, invented.burndown(), PARIS, TODAY)
    line = next(trace for trace in figure["data"] if trace["name"] == "remaining")
    assert line["y"][0] == 38
    assert line["y"][-1] == 14
    assert line["x"][0] == "2026-04-22T10:00:00"
    assert line["x"][-1] == "2026-05-06T15:04:00"


def test_scope_changes_are_marked_and_burns_are_not():
    figure = burndown(RUNNING, invented.burndown(), PARIS, TODAY)
    marks = {
        trace["name"]: len(trace["x"]) for trace in figure["data"] if trace["mode"] == "markers"
    }
    assert marks == {"added": 2, "removed": 1, "re-estimated": 1, "reopened": 1, "now": 1}


def test_markup_in_a_summary_stays_text_in_a_chart():
    figure = burndown(RUNNING, invented.burndown(), PARIS, TODAY)
    assert "<script>" not in json.dumps(figure)
    assert "<" not in inline_json({"text": "</script>"})


def test_there_is_no_chart_of_nothing():
    reports = fake.FakeReports()
    sprint = reports.sprint("metal", "current")
    assert burndown(sprint, reports.burndown("metal", sprint.id), PARIS, TODAY) is None
    span = span_of(RUNNING, invented.burndown(), PARIS, TODAY)
    assert impediment_time((), span, {}) is None


def test_both_charts_of_a_sprint_share_days_and_margins():
    span = span_of(RUNNING, invented.burndown(), PARIS, TODAY)
    first = burndown(RUNNING, invented.burndown(), PARIS, TODAY)["layout"]
    second = impediment_time(invented.daily(), span, SLOTS)["layout"]
    assert first["xaxis"]["range"] == second["xaxis"]["range"]
    assert first["margin"] == second["margin"]


@pytest.mark.parametrize("sprint", [RUNNING, *(invented.closed(n) for n in range(15, 26))])
def test_the_waterfall_adds_up_in_sight(sprint):
    steps = gap.waterfall(sprint, invented.issues(), None)
    exact = [step.points for step in steps[1:-1] if not step.is_part]
    assert steps[0].points + sum(exact) == pytest.approx(steps[-1].points)


def test_the_parts_of_not_finished_fill_exactly_its_bar():
    steps = gap.waterfall(RUNNING, invented.issues(), 3)
    whole = next(step for step in steps if step.label == "Not finished")
    assert sum(step.width for step in steps if step.is_part) == pytest.approx(whole.width, abs=0.1)


def test_from_21_impediments_bars_replace_squares():
    few = bars.natures(invented.NATURES, SLOTS)
    many = bars.natures([replace(invented.NATURES[0], count=21)], SLOTS)
    assert (few.has_squares, many.has_squares) == (True, False)
    assert sum(part for _, _, part in few.time_strip) == 100


def test_a_nature_keeps_its_colour():
    ranks = {"support": 1, "incident": 2}
    slots = NatureSlots(lambda: dict(ranks))
    assert slots.slots(["incident", "support", "unknown", "x"]) == {
        "incident": "2",
        "support": "1",
        "unknown": "unknown",
        "x": "other",
    }
    ranks |= {"a": 3, "b": 4, "c": 5, "d": 6}
    assert slots.slots(["incident", "a", "c", "d"]) == {
        "incident": "2",
        "a": "3",
        "c": "5",
        "d": "other",
    }


def test_the_two_dark_themes_are_the_same():
    text = (FOLDER / "tokens.css").read_text()
    dark = [part.partition("}")[0].split() for part in text.split("color-scheme: dark;")[1:]]
    assert len(dark) == 2
    assert dark[0] == dark[1]


def up_to_its_end(call: str) -> str:
    """The arguments of a call that has just been opened."""
    depths = accumulate((sign == "(") - (sign == ")") for sign in call)
    return call[: next(place for place, depth in enumerate(depths) if depth < 0)]


def test_every_term_of_the_pages_is_a_figure_of_the_registry():
    wanted = {line.slug for line in view.ledger(RUNNING.figures, is_running=True)}
    for path in TEMPLATES.glob("*.html"):
        for part in path.read_text().split("term(")[1:]:
            words = re.findall(r"'([a-z_]+)'", up_to_its_end(part))
            wanted |= set([word for word in words if word != "point"][-1:])
    assert wanted <= set(by_slug())
    assert len(wanted) > 15


def test_now_is_an_argument_of_every_age():
    assert numbers.age(invented.AS_OF, NOW) == "6 min ago"


def test_a_commitment_that_was_kept_whole_has_a_waterfall_too():
    kept = changed(RUNNING, completed_points=RUNNING.figures.committed_points, gap=())
    steps = gap.waterfall(kept, (), None)
    assert [step.points for step in steps] == [RUNNING.figures.committed_points] * 2
