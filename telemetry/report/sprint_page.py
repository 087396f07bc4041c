"""Reads all that the page of one sprint shows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import Connection

from telemetry.metrics.estimates import estimates
from telemetry.metrics.velocity import Usual, usual
from telemetry.report.impediments.report import read_open_time
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import NoSprint, SprintChoice, SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.burndown import course_of, read_burndown
from telemetry.report.sprint.calibration import calibrated
from telemetry.report.sprint.snapshots import read_records_of
from telemetry.report.sprint.summaries import closed_sprint
from telemetry.report.sprint.thinned import thinned
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


def usual_of(closed: Sequence[SprintSummary]) -> Usual:
    """What is usual in these closed sprints."""
    past = [row for one in closed if (row := closed_sprint(one)) is not None]
    return usual(past, max(1, len(past)))


def explained(
    team: StoredTeam, sprint: SprintSummary, closed: Sequence[SprintSummary]
) -> SprintSummary:
    """The sprint with what its figures say beside those of the closed ones before it."""
    figures, course = sprint.figures, course_of(team, sprint)
    if figures is None or course is None:
        return sprint
    earlier = [one.figures for one in closed if one.figures is not None]
    by_now = usual_of(closed).by_now(course.gone(figures.as_of))
    return replace(sprint, estimates=estimates(figures, earlier, by_now))


def read_explained(connection: Connection, team: StoredTeam, sprint_id: int) -> SprintSummary:
    """One sprint with what is usual before it. Raises NotFound."""
    sprint = read.read_summary(connection, team, sprint_id)
    closed = read.read_closed_before(connection, team, sprint, team.rules.velocity_sprints)
    return calibrated(connection, team, explained(team, sprint, closed))


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
    sprint = calibrated(connection, team, explained(team, sprint, closed))
    start, end = sprint.started_at, sprint.window_end_at
    if start is None or end is None:
        return SprintPage(row, today, sprint, None, choices, records=records)
    rows = [sprint_row(team, one) for one in [sprint, *closed][:SHARES_SHOWN]]
    shares = tuple(row for row in rows if row is not None)
    has_hours = any(row.time.all_seconds for row in shares) or team.impediments_unknown
    planned_end = sprint.planned_end_at or end
    daily = read_sprint_days(connection, team, sprint)
    page = SprintPage(
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
        open_time=None if has_hours else read_open_time(connection, team, start, end),
        usual_daily_impediment_seconds=usual_daily(closed),
        usual_days_to_close=_usual_days_to_close(connection, team, end),
        working_day=calendar.working_days(calendar.day_of(start), min(today, calendar.day_of(end))),
        working_days_planned=calendar.working_days(
            calendar.day_of(start), calendar.day_of(planned_end)
        ),
        records=records,
    )
    return thinned(page)


def _without_sprint(
    connection: Connection,
    team: StoredTeam,
    row: TeamRow,
    choices: tuple[SprintChoice, ...],
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


def _no_sprint_reason(team: StoredTeam, choices: Sequence[SprintChoice]) -> NoSprint:
    if team.pulled_at is None:
        return "not_pulled"
    if not team.rules.has_sprints:
        return "no_sprints"
    return "not_started" if choices else "none_yet"


def usual_daily(closed: Sequence[SprintSummary]) -> float | None:
    """The median sprint's mean impediment seconds per working day."""
    means = [
        figures.impediment_seconds / figures.working_days
        for sprint in closed
        if (figures := sprint.figures) is not None and figures.impediment_seconds is not None
    ]
    return float(median(means)) if means else None


def _usual_days_to_close(connection: Connection, team: StoredTeam, until: datetime) -> float | None:
    days = read_days_to_close(connection, team, until - CLOSE_TIMES_FROM, until)
    return float(median(days)) if days else None
