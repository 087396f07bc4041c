"""Tables of all that a team has: its issues, and the time logged on them."""

from collections.abc import Iterable
from typing import Final

from telemetry.export.tables import Kind, Table, column, count, flag, table
from telemetry.report.history import PastIssue, PastWork

_ISSUES: Final = (
    column("key", "The issue's key."),
    column("summary", "Its title."),
    column("url", "Its address in the tracker."),
    column("type", "Its type."),
    column("status", "Its status now."),
    flag("is_subtask", "It is a part of another issue."),
    flag("is_epic", "It is an epic."),
    flag("is_impediment"),
    column("points", "Its estimate now, in the team's unit.", Kind.NUMBER),
    column("created_at", "When it was created."),
    column("started_at", "When it first was in progress."),
    column("done_at", "When it was done; empty unless it is done now."),
    count("sprint_count", "In how many sprints it is or was, as the tracker lists them."),
    column("labels", "Its labels."),
    column("components", "Its components."),
    column("seconds", "All work logged on it.", Kind.SECONDS),
)
_WORK: Final = (
    column("key", "The issue."),
    column("started_at", "When the work was begun."),
    column("seconds", "How long it took.", Kind.SECONDS),
)


def history(issues: Iterable[PastIssue], work: Iterable[PastWork]) -> tuple[Table, Table]:
    """One row an issue; one row a work log, without whose it is."""
    return table("issues", _ISSUES, issues), table("work logs", _WORK, work)
