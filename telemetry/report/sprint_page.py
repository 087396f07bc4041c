"""Reads all that the page of one sprint shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import Connection

from telemetry.metrics.gap import (
    Cause,
    Part,
    explained_parts,
    remaining_without_impediments,
)
from telemetry.metrics.velocity import Usual, usual
from telemetry.report.impediments.report import read_open_time
from telemetry.report.shapes import (
    Burndown,
    GapPart,
    SprintPage,
    SprintSummary,
    TeamRow,
)
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.burndown import read_burndown
from telemetry.report.sprint.calibration import calibrated
from telemetry.report.sprint.snapshots import read_records_of
from telemetry.report.sprint.summaries import closed_sprint
from telemetry.report.sprint.time import (
    read_days_to_close,
    read_impediments,
    read_sprint_days,
    read_time,
    sprint_row,
)
from telemetry.report.teams.team import StoredTeam

SHARES_SHOWN = 6
DAYS_WITHOUT_SPRINTS = 28
CLOSE_TIMES_FROM = timedelta(days=365)


def usual_natures(closed: Sequence[SprintSummary]) -> Mapping[str, float]:
    """The median seconds of each nature over some closed sprints, those without it as 0."""
    natures = [
        {row.nature: row.seconds for row in sprint.impediments.by_nature}
        for sprint in closed
        if sprint.impediments is not None
    ]
    names = {name for some in natures for name in some}
    return {name: float(median(some.get(name, 0) for some in natures)) for name in names}


def usual_of(closed: Sequence[SprintSummary]) -> Usual:
    """What is usual in these closed sprints."""
    past = [row for one in closed if (row := closed_sprint(one)) is not None]
    return usual(past, max(1, len(past)))


def explained(sprint: SprintSummary, closed: Sequence[SprintSummary]) -> SprintSummary:
    """The sprint with the estimated parts of its gap and its natures' usual time."""
    if sprint.time is None or sprint.impediments is None:
        return sprint
    exact = [Part(Cause(p.cause), p.points, True, p.issue_ids) for p in sprint.gap]
    lost = (sprint.time.impediment_seconds, sprint.time.off_plan_seconds)
    known = usual_of(closed)
    parts = explained_parts(exact, *lost, known)
    estimated = tuple(
        GapPart(part.cause.value, part.points, False, part.issue_ids, part.hours) for part in parts
    )
    medians = usual_natures(closed)
    natures = tuple(
        replace(row, usual_seconds=medians.get(row.nature, 0.0) if closed else None)
        for row in sprint.impediments.by_nature
    )
    impediments = replace(sprint.impediments, by_nature=natures)
    without = remaining_without_impediments(sprint.remaining_points or 0.0, *lost, known)
    return replace(
        sprint,
        gap=sprint.gap + estimated,
        impediments=impediments,
        remaining_without_impediments_points=without,
    )


def read_explained(connection: Connection, team: StoredTeam, sprint_id: int) -> SprintSummary:
    """One sprint with what is usual before it. Raises NotFound."""
    sprint = read.read_summary(connection, team, sprint_id)
    closed = read.read_closed_before(connection, team, sprint, team.rules.velocity_sprints)
    return calibrated(connection, team, explained(sprint, closed))


def read_sprint_burndown(connection: Connection, team: StoredTeam, sprint_id: int) -> Burndown:
    """The burndown of one sprint, whose page is not read beside it. Raises NotFound."""
    sprint = read.read_summary(connection, team, sprint_id)
    closed = read.read_closed_before(connection, team, sprint, team.rules.velocity_sprints)
    daily = read_sprint_days(connection, team, sprint)
    return read_burndown(connection, team, sprint, usual_of(closed), daily)


def read_page(
    connection: Connection,
    team: StoredTeam,
    row: TeamRow,
    sprint: SprintSummary | None,
    now: datetime,
) -> SprintPage:
    """The page of a sprint, or, without one, what a team without a sprint still has."""
    calendar = team.rules.calendar
    today = calendar.day_of(now)
    choices = tuple(read.read_choices(connection, team))
    if sprint is None:
        return _without_sprint(connection, team, row, choices, today, now)
    records = read_records_of(connection, team, sprint)
    closed = read.read_closed_before(connection, team, sprint, team.rules.velocity_sprints)
    sprint = calibrated(connection, team, explained(sprint, closed))
    start, end = sprint.started_at, sprint.window_end_at
    if start is None or end is None:
        return SprintPage(row, today, sprint, None, choices, records=records)
    rows = [sprint_row(team, one) for one in [sprint, *closed][:SHARES_SHOWN]]
    shares = tuple(row for row in rows if row is not None)
    logs_time = any(row.time.all_seconds for row in shares)
    planned_end = sprint.planned_end_at or end
    daily = read_sprint_days(connection, team, sprint)
    return SprintPage(
        team=row,
        today=today,
        sprint=sprint,
        no_sprint_reason=None,
        choices=choices,
        burndown=read_burndown(connection, team, sprint, usual_of(closed), daily),
        issues=read.read_issues(connection, team, sprint.id),
        daily=daily,
        open_impediments=read_impediments(connection, team, start, end, "open"),
        shares=shares,
        open_time=None if logs_time else read_open_time(connection, team, start, end),
        usual_daily_impediment_seconds=_usual_daily(closed),
        usual_days_to_close=_usual_days_to_close(connection, team, end),
        working_day=calendar.working_days(calendar.day_of(start), min(today, calendar.day_of(end))),
        working_days_planned=calendar.working_days(
            calendar.day_of(start), calendar.day_of(planned_end)
        ),
        records=records,
    )


def _without_sprint(
    connection: Connection,
    team: StoredTeam,
    row: TeamRow,
    choices: tuple[SprintSummary, ...],
    today: date,
    now: datetime,
) -> SprintPage:
    """The last four weeks' time and open impediments, and why there is no sprint."""
    end = team.as_of or now
    first = today - timedelta(days=DAYS_WITHOUT_SPRINTS - 1)
    start = team.rules.calendar.day_start(first)
    return SprintPage(
        team=row,
        today=today,
        sprint=None,
        no_sprint_reason=_no_sprint_reason(team, choices),
        choices=choices,
        daily=read_time(connection, team, first, today),
        open_impediments=read_impediments(connection, team, start, end, "open"),
        usual_days_to_close=_usual_days_to_close(connection, team, end),
    )


def _no_sprint_reason(team: StoredTeam, choices: Sequence[SprintSummary]) -> str:
    if team.pulled_at is None:
        return "Nothing has been pulled from Jira for this team yet."
    if not team.rules.has_sprints:
        return (
            "This team's board has no sprints (it is a kanban board), so there is no burndown: "
            "its time and its impediments are shown instead."
        )
    if choices:
        return f"No sprint has started yet; {choices[0].name} is planned."
    return "This team's board has no sprint yet."


def _usual_daily(closed: Sequence[SprintSummary]) -> float | None:
    """The median sprint's mean impediment seconds per working day."""
    means = [
        sprint.time.impediment_seconds / max(1, sprint.working_days or 1)
        for sprint in closed
        if sprint.time is not None
    ]
    return float(median(means)) if means else None


def _usual_days_to_close(connection: Connection, team: StoredTeam, until: datetime) -> float | None:
    days = read_days_to_close(connection, team, until - CLOSE_TIMES_FROM, until)
    return float(median(days)) if days else None
