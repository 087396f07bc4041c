"""Jira's own sprint report and velocity chart, in 36 recorded cases."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from telemetry.domain.models import Change, Field, Issue, IssueHistory, Sprint, SprintState
from telemetry.domain.team import TeamRules
from telemetry.metrics.sprint_figures import (
    sprint_figures,
    sprint_issues,
)
from telemetry.metrics.sprint_walk import (
    SprintWalk,
    walk_sprint,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_team

FIELDS = {
    "status": Field.STATUS,
    "customfield_sprint": Field.SPRINT,
    "customfield_storyPoints": Field.ESTIMATE,
}
OUTCOMES = {
    "COMPLETED": "completed",
    "NOT_COMPLETED": "not_completed",
    "REMOVED": "removed",
    "COMPLETED_IN_ANOTHER_SPRINT": "completed_elsewhere",
}
TEAM = a_team(done=("Done", "Closed"))
LATER = datetime(2030, 1, 1, tzinfo=UTC)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _sprint(raw: dict[str, Any]) -> Sprint:
    return Sprint(
        site="jira",
        id=raw["id"],
        name=raw["name"],
        state=SprintState.CLOSED,  # one recorded case calls a completed sprint future
        board_id=1,
        started_at=_instant(raw["startDate"]),
        planned_end_at=_instant(raw["endDate"]),
        completed_at=_instant(raw["completeDate"]),
    )


def _changes(raw: dict[str, Any]) -> list[Change]:
    changes = []
    histories = [h for h in raw["changelog"]["histories"] if "created" in h]
    for number, history in enumerate(reversed(histories), 1):
        for ordinal, item in enumerate(history["items"]):
            kind = FIELDS[item["fieldId"]]
            names = ("from", "to") if kind is Field.SPRINT else ("fromString", "toString")
            before, after = (item[name] for name in names)
            changes.append(
                Change(
                    number,
                    ordinal,
                    _instant(history["created"]),
                    kind,
                    "points" if kind is Field.ESTIMATE else None,
                    before,
                    after,
                )
            )
    return changes


def _history(number: int, raw: dict[str, Any]) -> IssueHistory:
    fields = raw["fields"]
    created = _instant(fields.get("created", "2020-01-01T00:00:00Z"))
    issue = Issue(
        site="jira",
        id=number,
        key=raw["key"],
        project_key="KEY",
        summary="",
        type_name="Story",
        is_subtask=False,
        is_epic=False,
        status_id=fields["status"]["name"],
        created_at=created,
        updated_at=created,
        estimates={"points": fields["customfield_storyPoints"]},
        sprint_ids=tuple(s["id"] for s in fields["customfield_sprint"] or ()),
    )
    return IssueHistory(issue, tuple(_changes(raw)))


def _walk(case: dict[str, Any], sprint: dict[str, Any], team: TeamRules = TEAM) -> SprintWalk:
    issues = case["issues"] if "issues" in case else [case["issue"]]
    histories = [_history(number, raw) for number, raw in enumerate(issues, 1)]
    return walk_sprint(_sprint(sprint), timelines(histories, team).values(), LATER)


def _cases(folder: Path, function: str) -> list[dict[str, Any]]:
    text = (folder / "payloads/sprint-report/sprint_report_vectors.json").read_text()
    return [case for case in json.loads(text) if case["fn"] == function]


@pytest.mark.parametrize("number", range(30))
def test_an_issue_is_classified_as_in_jiras_sprint_report(shared_data: Path, number: int) -> None:
    case = _cases(shared_data, "issueSprintReport")[number]
    found = sprint_issues(_walk(case, case["sprint"]), TEAM, {})
    expected = case["result"]
    if expected["outcome"] == "NOT_RELEVANT":
        assert found == ()
        return
    (issue,) = found
    assert {
        "outcome": issue.outcome.value,
        "initialEstimate": issue.initial_points,
        "finalEstimate": issue.final_points,
        "addedDuringSprint": issue.is_added,
    } == {**expected, "outcome": OUTCOMES[expected["outcome"]]}


@pytest.mark.parametrize("number", range(6))
def test_planned_and_completed_are_as_in_jiras_velocity(shared_data: Path, number: int) -> None:
    case = _cases(shared_data, "velocityReport")[number]
    found = []
    for sprint in case["sprints"]:
        walk = _walk(case, sprint)
        planned = sum(
            i.initial_points or 0 for i in sprint_issues(walk, TEAM, {}) if not i.is_added
        )
        figures = sprint_figures(walk, TEAM, {})
        found.append({"planned": planned, "completed": figures.completed_points})
    assert found == case["result"]
