"""The table of all teams, as the list of them shows it."""

from collections.abc import Iterable
from typing import Any, Final

from telemetry.export.tables import Column, Kind, Table, column, count, flag
from telemetry.report.teams.listed import ListedTeam
from telemetry.words.teams import behind_percent

_FIGURES: Final = (
    column("committed_points"),
    column("total_points"),
    column("in_progress_points"),
    column("done_points"),
    column("remaining_points"),
    column("completion_percent"),
    count("unestimated_count"),
    column("expected_remaining_points"),
    column("behind_points"),
    column("planned_seconds"),
    column("impediment_seconds"),
    column("off_plan_seconds"),
)
_COLUMNS: Final[tuple[Column, ...]] = (
    column("team", "The team's key."),
    column("name", "The team's name."),
    count("active_sprint_count", "How many sprints of it run; what follows is of the last begun."),
    count("sprint_id", "The running sprint's number in the tracker; empty where none runs."),
    column("sprint", "Its name."),
    column("started_at", "When it was started."),
    column("planned_end_at", "When it is planned to end."),
    count("working_day", "Which of its working days today is."),
    count("working_days_planned", "How many it was planned to have."),
    *_FIGURES,
    column("behind_percent", "Points behind the ideal line, of the points in scope."),
    column(
        "impediment_share_percent",
        "Impediment hours of all hours, of the running sprint, else of the last closed one.",
    ),
    column("commitment_kept_percent", "In the last sprint that closed in the last half year."),
    column("as_of", "The tracker's clock at the last complete pull.", Kind.INSTANT),
    flag("is_stale", "Whether its data are older than they should be."),
    column("reason", "Why that is so, or why nothing is known yet."),
    count("misfit_count", "Settings of it that do not fit the tracker."),
)


def of_teams(found: Iterable[ListedTeam]) -> Table:
    """One row a team, by name; cells are empty where a figure is unknown."""
    return Table("teams", _COLUMNS, [_row(one) for one in found])


def _row(listed: ListedTeam) -> tuple[Any, ...]:
    team, sprint = listed.team, listed.running
    figures = None if sprint is None else sprint.figures
    return (
        team.key,
        team.name,
        len(team.active_sprints),
        *(
            (None,) * 4
            if sprint is None
            else (sprint.id, sprint.name, sprint.started_at, sprint.planned_end_at)
        ),
        team.working_day,
        team.working_days_planned,
        *(None if figures is None else getattr(figures, one.key) for one in _FIGURES),
        None if sprint is None else behind_percent(team),
        listed.impediment_share_percent,
        listed.commitment_kept_percent,
        team.freshness.as_of,
        team.freshness.is_stale,
        team.freshness.reason,
        len(team.misfits),
    )
