"""One real burndown of Jira's, replayed through our metrics step by step."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from telemetry.domain.models import Change, Field, Issue, IssueHistory, Sprint, SprintState
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.metrics.burndown import burndown_days, burndown_events
from telemetry.metrics.sprint_figures import sprint_figures
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    walk_sprint,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_team

DONE = "10011"
TEAM = a_team(estimate=Estimate(EstimateKind.ORIGINAL_ESTIMATE), done=(DONE,), in_progress=("3",))
Payload = dict[str, Any]


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=milliseconds)


def _entries(payload: Payload) -> list[tuple[int, Payload]]:
    """The payload's changes, oldest first."""
    times = sorted(payload["changes"], key=int)
    return [(int(time), entry) for time in times for entry in payload["changes"][time]]


def _seconds(value: float | None) -> str | None:
    return None if value is None else str(value)


def _histories(payload: Payload) -> list[IssueHistory]:
    """The payload's issues: created outside the sprint, without estimate, in status new."""
    changes: dict[str, list[Change]] = {}
    created: dict[str, datetime] = {}
    status: dict[str, str] = {}
    for number, (time, entry) in enumerate(_entries(payload), 1):
        key, when = entry["key"], _instant(time)
        created.setdefault(key, when)
        values: list[tuple[Field, str | None, str | None, str | None]] = []
        if entry.get("added"):
            values.append((Field.SPRINT, None, "", "1"))
        if "statC" in entry:
            old, new = (_seconds(entry["statC"].get(name)) for name in ("oldValue", "newValue"))
            values.append((Field.ESTIMATE, "timeoriginalestimate", old, new))
        if "column" in entry:
            new_status = entry["column"]["newStatus"]
            values.append((Field.STATUS, None, status.get(key, "new"), new_status))
            status[key] = new_status
        changes.setdefault(key, []).extend(
            Change(number, ordinal, when, kind, field_id, before, after)
            for ordinal, (kind, field_id, before, after) in enumerate(values)
        )
    return [
        IssueHistory(
            Issue(
                site="jira",
                id=number,
                key=key,
                project_key="TS",
                summary="",
                type_name="Story",
                is_subtask=False,
                is_epic=False,
                status_id=status[key],
                created_at=created[key],
                updated_at=created[key],
                sprint_ids=(1,),
            ),
            tuple(changes[key]),
        )
        for number, key in enumerate(changes, 1)
    ]


def _curve(payload: Payload) -> list[tuple[datetime, float]]:
    """Remaining hours at the start and after each later change that moves them, read directly."""
    is_in: set[str] = set()
    done: set[str] = set()
    estimates: dict[str, float] = {}
    curve: list[tuple[datetime, float]] = [(_instant(payload["startTime"]), 0.0)]
    for time, entry in _entries(payload):
        key = entry["key"]
        if "added" in entry:
            (is_in.add if entry["added"] else is_in.discard)(key)
        if "statC" in entry:
            estimates[key] = entry["statC"].get("newValue", 0.0)
        if "column" in entry:
            (done.discard if entry["column"]["notDone"] else done.add)(key)
        left = sum(estimates.get(name, 0.0) for name in is_in - done) / 3600
        if time <= payload["startTime"]:
            curve[0] = (curve[0][0], left)
        elif time <= payload["completeTime"] and left != curve[-1][1]:
            curve.append((_instant(time), left))
    return curve


@pytest.fixture(name="payload")
def real_burndown(shared_data: Path) -> Payload:
    text = (shared_data / "payloads/greenhopper/burndown_TS_closed.json").read_text()
    payload: Payload = json.loads(text)
    return payload


def _walk(payload: Payload) -> SprintWalk:
    sprint = Sprint(
        site="jira",
        id=1,
        name="TS Sprint",
        state=SprintState.CLOSED,
        board_id=1,
        started_at=_instant(payload["startTime"]),
        planned_end_at=_instant(payload["endTime"]),
        completed_at=_instant(payload["completeTime"]),
    )
    histories = _histories(payload)
    return walk_sprint(sprint, timelines(histories, TEAM).values(), _instant(payload["now"]))


def test_every_step_is_on_jiras_own_curve(payload: Payload) -> None:
    walk = _walk(payload)
    left = sprint_figures(walk, TEAM, {}).committed_points
    curve = [(walk.start, left)]
    for event in burndown_events(walk):
        left += event.delta_points
        if event.delta_points:
            curve.append((event.at, left))
    assert curve == _curve(payload)
    assert len(curve) == 18


def test_committed_added_and_burned_hours_are_jiras(payload: Payload) -> None:
    figures = sprint_figures(_walk(payload), TEAM, {})
    assert figures.committed_points == 49  # 8 + 4 + 25 + 5 + 7
    assert figures.added_points == 0  # both were added before they had an estimate
    assert figures.reestimated_points == 5.5  # TS-20 by 5, TS-21 by 0.5
    assert figures.removed_points == 0
    assert figures.reopened_points == 4 + 4 + 4 + 8  # TS-20, TS-8, TS-6, TS-5
    assert figures.remaining_points == 0
    assert figures.burned_points == 49 + 5.5 + 20
    assert figures.counts["added"] == 2


def test_each_day_ends_where_jiras_curve_stands(payload: Payload) -> None:
    curve = _curve(payload)
    for day in burndown_days(_walk(payload), TEAM.calendar):
        before = [left for when, left in curve if when < TEAM.calendar.day_end(day.day)]
        assert day.remaining_points == before[-1]
