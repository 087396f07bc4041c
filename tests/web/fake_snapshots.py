"""Invented records of sprints: edited, the same, of the start alone, and none."""

from dataclasses import replace
from datetime import timedelta

from telemetry.metrics.figures import to_stored
from telemetry.metrics.later_edits import FigurePair, IssueChange, close_differences
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.snapshots import EditedIssue, Record, SprintRecords
from telemetry.report.shapes.sprints import SprintSummary
from tests.web import invented
from tests.web.invented import HOUR

EDITED, SAME, GONE = 24, 25, 999_999


def burndown_at_close(sprint: SprintSummary, chart: Burndown) -> Burndown:
    """The burndown as it was known: of the edited sprint, without its last two changes."""
    return replace(chart, events=chart.events[:-2]) if sprint.id == EDITED else chart


def then_of(sprint: SprintSummary) -> SprintRecords:
    """The records of an invented sprint: edited after its close, or the same, or not kept yet."""
    if sprint.id in (31, 41) or sprint.started_at is None:
        return SprintRecords(sprint.id, sprint, None, None)
    if sprint.state == "active":
        return SprintRecords(sprint.id, sprint, _start(sprint), None)
    is_edited = sprint.id == EDITED
    return SprintRecords(sprint.id, sprint, None, _close(sprint, is_edited=is_edited))


def _start(sprint: SprintSummary) -> Record:
    issues = (_issue(2299, IssueChange("initial_points", 2.0, 4.0)),)
    figures = (FigurePair("committed", "points", 36.0, sprint.figures.committed_points),)
    at = sprint.started_at
    return Record("start", at, at, at, at + timedelta(minutes=9), True, figures, issues)


def _close(sprint: SprintSummary, *, is_edited: bool) -> Record:
    now = to_stored(sprint.figures)
    then = dict(now)
    issues: tuple[EditedIssue, ...] = ()
    if is_edited:
        then |= {
            "committed_points": 43.0,
            "remaining_points": 11.0,
            "impediment_seconds": now["impediment_seconds"] - 4 * HOUR,
            "completion_percent": None,
            "natures": [["incident", 1, 14 * HOUR], *now["natures"][1:]],
        }
        issues = (
            _issue(
                2279,
                IssueChange("seconds", 2 * HOUR, 6 * HOUR),
                IssueChange("is_impediment", False, True),
            ),
            _issue(2294, IssueChange("outcome", "not_completed", "completed")),
            _issue(2296, IssueChange("points", None, 5.0)),
            EditedIssue(2299, None, None, None, (IssueChange("scope", "start", None),)),
            _issue(2301, IssueChange("scope", "removed", "added")),
        )
    figures = close_differences(then, now, (), ()).figures
    at = sprint.completed_at
    return Record(
        "close", at, at, sprint.started_at, at + timedelta(minutes=6), True, figures, issues
    )


def _issue(number: int, *changes: IssueChange) -> EditedIssue:
    url = f"https://jira.example.com/browse/K8S-{number}"
    return EditedIssue(number, f"K8S-{number}", invented.MARKUP, url, changes)
