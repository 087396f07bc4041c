"""Figures as a person reads them in a terminal."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from telemetry.report.shapes import SprintSummary, TeamRow

UNKNOWN = "–"


def number(value: float | None, unit: str = "") -> str:
    """A figure with at most one decimal; a dash where it is unknown."""
    if value is None:
        return UNKNOWN
    shown = f"{value:.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return f"{shown}{unit}"


def as_record(row: TeamRow) -> dict[str, Any]:
    """A team as JSON values."""
    return {key: _json(value) for key, value in asdict(row).items()}


def _json(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, dict):
        return {key: _json(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner) for inner in value]
    return value


def print_teams(rows: Sequence[TeamRow], console: Console | None = None) -> None:
    """All teams, a line each."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for title in ("Team", "Sprint"):
        table.add_column(title, overflow="fold")
    for title in ("Done", "Behind", "Impediments", "As of"):
        table.add_column(title, justify="right")
    for row in rows:
        sprint = row.sprint
        name = _none_because(row) if sprint is None else f"{sprint.name} ({sprint.state})"
        table.add_row(row.key, escape(name), _done(sprint), *_expected(sprint), _as_of(row))
    (console or Console()).print(table)


def print_team(row: TeamRow, console: Console | None = None) -> None:
    """One team's current sprint."""
    out = console or Console()
    out.print(f"[bold]{escape(row.name)}[/bold]  as of {_as_of(row)}", highlight=False)
    if row.freshness.reason:
        out.print(f"stale: {row.freshness.reason}", highlight=False, markup=False)
    sprint = row.sprint
    if sprint is None:
        out.print(_none_because(row), highlight=False, markup=False)
        return
    out.print(f"{sprint.name} ({sprint.state})", highlight=False, markup=False)
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for title, value in _lines(sprint):
        table.add_row(escape(title), value)
    out.print(table)


def _lines(sprint: SprintSummary) -> list[tuple[str, str]]:
    lines = [
        ("Committed", number(sprint.committed_points)),
        ("Added", number(sprint.added_points)),
        ("Removed", number(sprint.removed_points)),
        ("Re-estimated", number(sprint.reestimated_points)),
        ("Burned", number(sprint.burned_points)),
        ("Reopened", number(sprint.reopened_points)),
        ("Remaining", number(sprint.remaining_points)),
        ("Behind the ideal line", number(sprint.behind_points)),
        ("Completion", number(sprint.completion_percent, " %")),
        ("Commitment kept", number(sprint.commitment_kept_percent, " %")),
    ]
    if sprint.time is not None and sprint.impediments is not None:
        time = sprint.time
        lines += [
            ("Planned time", number(time.planned_seconds / 3600, " h")),
            ("Impediment time", number(time.impediment_seconds / 3600, " h")),
            ("Off-plan time", number(time.off_plan_seconds / 3600, " h")),
            ("Impediment share", number(time.impediment_share_percent, " %")),
            ("Impediments", number(sprint.impediments.count)),
        ]
        lines += [
            (f"  {n.nature}", f"{n.count}, {number(n.seconds / 3600, ' h')}")
            for n in sprint.impediments.by_nature
        ]
    return lines


def _none_because(row: TeamRow) -> str:
    return "no sprint yet" if row.has_sprints else "its board has no sprints"


def _done(sprint: SprintSummary | None) -> str:
    if sprint is None or sprint.total_points is None:
        return UNKNOWN
    return f"{number(sprint.done_points)} of {number(sprint.total_points)}"


def _expected(sprint: SprintSummary | None) -> tuple[str, str]:
    if sprint is None or sprint.time is None:
        return UNKNOWN, UNKNOWN
    return number(sprint.behind_points), number(sprint.time.impediment_share_percent, " %")


def _as_of(row: TeamRow) -> str:
    as_of = row.freshness.as_of
    return UNKNOWN if as_of is None else f"{as_of:%Y-%m-%d %H:%M} UTC"
