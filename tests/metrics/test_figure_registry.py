"""Every figure is named, explained and found by the API's keys."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import telemetry.metrics
from telemetry.metrics.figures import (
    NAMES,
    Nature,
    SprintFigures,
    figure_fields,
    from_stored,
    to_stored,
)
from telemetry.metrics.gap import Cause, Part
from telemetry.metrics.registered.figure import Figure
from telemetry.metrics.registry import by_slug, figures

DEFINITIONS = Path(telemetry.metrics.__file__).with_name("definitions.md")
KEYS = {
    "committed_points",
    "added_points",
    "removed_points",
    "reestimated_points",
    "burned_points",
    "reopened_points",
    "completed_points",
    "remaining_points",
    "done_points",
    "total_points",
    "completion_percent",
    "commitment_kept_percent",
    "carried_over_points",
    "unestimated_count",
    "expected_remaining_points",
    "behind_points",
    "projected_finish_on",
    "planned_seconds",
    "impediment_seconds",
    "off_plan_seconds",
    "impediment_share_percent",
    "count",
    "opened_count",
    "closed_count",
    "open_count",
    "seconds",
    "median_hours_to_close",
    "by_nature",
    "nature",
    "gap",
    "cause",
    "points",
    "is_exact",
    "days",
    "events",
    "ideal_points",
    "scope_points",
    "outcome",
    "is_added",
    "is_impediment",
    "natures",
    "opened_at",
    "closed_at",
    "velocity_points_per_day",
    "average_completion_percent",
    "average_impediment_seconds",
    "working_days",
}


def test_slugs_and_keys_are_unique() -> None:
    every = list(figures())
    assert len(by_slug()) == len(every)
    assert len(_by_key()) == sum(len(figure.keys) for figure in every)


def test_every_key_of_the_answers_has_its_figure() -> None:
    assert set(_by_key()) >= KEYS


def test_every_figure_says_what_it_means_and_where_it_comes_from() -> None:
    for figure in figures():
        assert figure.title
        assert figure.meaning.endswith(".")
        assert figure.source


def test_every_figure_has_its_section_in_the_definitions() -> None:
    text = DEFINITIONS.read_text(encoding="utf-8")
    sections = {slug: title for title, slug in re.findall(r"^### (.+) {#(\w+)}$", text, re.M)}
    assert sections == {figure.slug: figure.title for figure in figures()}


def test_no_section_is_empty() -> None:
    bodies = re.split(r"^### .+$", DEFINITIONS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert all(len(body.strip()) > 40 for body in bodies[1:])


def test_figures_load_without_the_heavy_libraries() -> None:
    every = {path.stem for path in DEFINITIONS.parent.glob("[a-z]*.py")}
    frames = {"logged_time", "time_table"}
    arrays = {"simulation", "correction", "hindsight", "outlook"}  # only forecasts ask these
    arrays |= {"roadmap_runs", "roadmap_past", "roadmap_outlook", "roadmap_drivers", "what_if"}
    arrays |= {"judged", "epics_past", "epics_told"}
    modules = sorted(every - frames - arrays)
    code = "; ".join(f"import telemetry.metrics.{module}" for module in modules)
    code += "; import sys; assert not {'pandas', 'numpy', 'holidays'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def _by_key() -> dict[str, Figure]:
    return {key: figure for figure in figures() for key in figure.keys}


def test_units_are_those_that_people_know() -> None:
    known = "points|issues|items|days|hours|seconds|percent|%|date"
    shape = rf"((working|elapsed) )?({known})( per (working day|week))?|"
    assert [figure.unit for figure in figures() if not re.fullmatch(shape, figure.unit)] == []


def test_every_key_is_a_name_that_the_code_writes() -> None:
    project = DEFINITIONS.parents[2]
    files = [*project.glob("telemetry/**/*.py"), *project.glob("web/**/*.py")]
    texts = [file.read_text(encoding="utf-8") for file in files if file.parent.name != "registered"]
    words = set(re.findall(r"\w+", "\n".join(texts)))
    assert _by_key().keys() <= words


def test_the_kind_of_a_figure_that_may_be_missing_is_that_of_its_value():
    every = figure_fields()
    assert {type(None)}.isdisjoint(one.kind for one in every)
    assert {True, False} == {one.is_optional for one in every}
    numbers = {one.name: one.is_number for one in every}
    assert numbers["committed_points"] is numbers["planned_seconds"] is True
    assert numbers["projected_50_on"] is numbers["natures"] is numbers["gap"] is False


def test_figures_are_read_as_they_were_stored():
    values: dict[str, Any] = {name: number for number, name in enumerate(NAMES)}
    values["counts"] = {"completed": 3, "removed": 1}
    values["natures"] = (Nature("network", 2, 3600), Nature("other", 1, 0))
    values["gap"] = (Part(Cause.REMOVED, 2.5, True, (7, 8)),)
    figures = SprintFigures(**values)
    stored = json.loads(json.dumps(to_stored(figures)))
    assert tuple(stored) == NAMES
    assert stored["counts"] == {"completed": 3, "removed": 1}
    assert from_stored([stored[name] for name in NAMES]) == figures
