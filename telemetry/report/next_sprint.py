"""Reads what is in a sprint to come, beside what the team's last sprints suggest that it holds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from math import fsum

from sqlalchemy import Connection, and_, select

from telemetry.domain.calendar import named_days_off
from telemetry.domain.team import unit_of
from telemetry.errors import NotFound
from telemetry.metrics.capacity import capacity
from telemetry.metrics.rhythm import Rhythm, in_turn, usual_rhythm
from telemetry.metrics.velocity import velocity
from telemetry.report.shapes.next_sprint import Coming, NextIssue, NextSprint, TypeRow
from telemetry.report.shapes.sprints import SprintName, SprintSummary
from telemetry.report.sprint.summaries import closed_sprint, read_closed_before, read_summaries
from telemetry.report.teams.team import StoredTeam
from telemetry.report.titles import title
from telemetry.store import schema as s
from telemetry.store.terms import ISSUE


def read_next_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[NextIssue, ...]:
    """The issues that are in the sprint now, open ones first, carried over ones before others."""
    t, st = s.next_issues.c, s.statuses.c
    same_issue = and_(ISSUE.site == t.site, ISSUE.id == t.issue_id)
    named = and_(st.site == ISSUE.site, st.id == ISSUE.status_id)
    query = (
        select(s.next_issues, ISSUE.key, ISSUE.summary, ISSUE.type_name, ISSUE.status_id, st.name)
        .join_from(s.next_issues, s.issues, same_issue)
        .join(s.statuses, named, isouter=True)
        .where(t.team_key == team.rules.key, t.site == team.rules.site, t.sprint_id == sprint_id)
        .order_by(t.state == "done", ~t.is_carried_over, t.issue_id)
    )
    return tuple(
        NextIssue(
            id=row.issue_id,
            key=row.key,
            summary=title(connection, row.summary),
            url=team.issue_url(row.key),
            type=row.type_name,
            status=row.name or row.status_id,
            state=row.state,
            points=row.points,
            is_carried_over=row.is_carried_over,
        )
        for row in connection.execute(query)
    )


NO_DATES = (None, None)


def read_next_sprint(
    connection: Connection, team: StoredTeam, now: datetime, sprint_id: int | None = None
) -> NextSprint:
    """The next sprint of the team, or the one of this id, which must be a future one.

    Raises NotFound where that is not so.
    """
    calendar, count = team.rules.calendar, team.rules.velocity_sprints
    future = sorted(read_summaries(connection, team, "future"), key=_turn)
    running = next(iter(read_summaries(connection, team, "active")), None)
    closed = read_closed_before(connection, team, None, count)
    rhythm = _rhythm(team, closed, running)
    place = _place(team, future, sprint_id)
    chosen = future[place] if future else None
    given = [(_day(team, one.started_at), _day(team, one.planned_end_at)) for one in future]
    after = _ends_on(team, running, closed)
    days = in_turn(given or [NO_DATES], after, calendar.day_of(now), rhythm, calendar)[place]
    past = [row for one in closed if (row := closed_sprint(one)) is not None]
    worked = None if days is None else days.working_days(calendar)
    away = 0.0 if days is None else days.days_away(calendar)
    issues = () if chosen is None else read_next_issues(connection, team, chosen.id)
    open_issues = [one for one in issues if not one.is_done]
    carried = [one for one in open_issues if one.is_carried_over]
    return NextSprint(
        unit=unit_of(team.rules),
        has_sprints=team.rules.has_sprints,
        sprint=chosen,
        days=days,
        usual_length_days=rhythm.length_days if rhythm else None,
        working_days=worked,
        days_away=away,
        days_off=named_days_off(calendar, days.first_on, days.last_on) if days else (),
        velocity_points_per_day=velocity(past, calendar, count).velocity_points_per_day,
        velocity_sprints=len(past),
        capacity=capacity(past, worked - away, calendar, count) if worked is not None else None,
        issues=issues,
        types=_by_type(open_issues),
        points=_sum(open_issues),
        carried_over_points=_sum(carried),
        carried_over_count=len(carried),
        coming=_coming(team, running) if running and not place else None,
        running=SprintName(running.id, running.name) if running else None,
        others=tuple(SprintName(one.id, one.name) for one in future if one is not chosen),
    )


def _turn(sprint: SprintSummary) -> tuple[bool, float, int]:
    """Those with a date first, by date; the others as they were made."""
    start = sprint.started_at
    return start is None, start.timestamp() if start else 0.0, sprint.id


def _place(team: StoredTeam, future: Sequence[SprintSummary], sprint_id: int | None) -> int:
    if sprint_id is None:
        return 0
    for place, one in enumerate(future):
        if one.id == sprint_id:
            return place
    raise NotFound(f"team '{team.rules.key}' has no future sprint {sprint_id}")


def _day(team: StoredTeam, at: datetime | None) -> date | None:
    return None if at is None else team.rules.calendar.day_of(at)


def _rhythm(
    team: StoredTeam, closed: Iterable[SprintSummary], running: SprintSummary | None
) -> Rhythm | None:
    """The habit of the last closed sprints; of the running one's plan where none has closed."""
    days = [
        (first, last)
        for one in closed
        if (first := _day(team, one.started_at)) and (last := _day(team, one.window_end_at))
    ]
    if not days and running is not None:
        first, last = _day(team, running.started_at), _day(team, running.planned_end_at)
        days = [(first, last)] if first and last and first <= last else []
    return usual_rhythm(days)


def _ends_on(
    team: StoredTeam, running: SprintSummary | None, closed: Sequence[SprintSummary]
) -> date | None:
    if running is not None:
        return _day(team, running.planned_end_at)
    return _day(team, closed[0].window_end_at) if closed else None


def _coming(team: StoredTeam, running: SprintSummary) -> Coming | None:
    """What the running sprint will likely leave of its present scope at its planned end."""
    figures = running.figures
    if figures is None:
        return None
    end = _day(team, running.planned_end_at)
    found = Coming(SprintName(running.id, running.name), figures.remaining_points, end, None, None)
    if end is None:
        return found
    calendar = team.rules.calendar
    left = calendar.working_days(calendar.day_of(figures.as_of), end)
    points = figures.left_by_end_50_points if left else figures.remaining_points
    return replace(found, working_days_left=left, points=points)


def _by_type(issues: Iterable[NextIssue]) -> tuple[TypeRow, ...]:
    """Most points first."""
    groups: dict[str, list[NextIssue]] = {}
    for one in issues:
        groups.setdefault(one.type, []).append(one)
    rows = [
        TypeRow(name, len(some), _sum(some), sum(one.points is None for one in some))
        for name, some in groups.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.points, -row.count, row.type)))


def _sum(issues: Iterable[NextIssue]) -> float:
    return fsum(one.points or 0.0 for one in issues)
