"""Reads what is in a sprint to come, beside what the team's last sprints suggest that it holds."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import fsum

from sqlalchemy import Connection, and_, select

from telemetry.domain.calendar import (
    DayOff,
    named_days_off,
)
from telemetry.domain.models import Field, IssueHistory, SprintState
from telemetry.domain.team import TeamRules, unit_of
from telemetry.errors import NotFound
from telemetry.metrics.burndown import Day
from telemetry.metrics.capacity import Capacity, capacity, points_left
from telemetry.metrics.forecast import daily_throughput
from telemetry.metrics.rhythm import PlannedDays, Rhythm, in_turn, usual_rhythm
from telemetry.metrics.timeline import (
    Timeline,
    points,
    timeline,
)
from telemetry.metrics.velocity import velocity
from telemetry.report.shapes import SprintName, SprintSummary
from telemetry.report.sprint.summaries import (
    closed_sprint,
    read_closed_before,
    read_summaries,
)
from telemetry.report.teams.team import StoredTeam
from telemetry.store import schema as s
from telemetry.store.history import read_changed_fields
from telemetry.store.tracker import read_sprints_by_id


@dataclass(frozen=True, slots=True)
class NextIssue:
    """An issue of a sprint to come, as it is now.

    `is_carried_over`: it was in an earlier sprint when that one closed.
    """

    id: int
    key: str
    summary: str
    url: str
    type: str
    status: str
    state: str  # todo | in_progress | done
    points: float | None
    is_carried_over: bool

    @property
    def is_done(self) -> bool:
        return self.state == "done"


def read_next_issues(
    connection: Connection, team: StoredTeam, sprint_id: int
) -> tuple[NextIssue, ...]:
    """The issues that are in the sprint now, open ones first, carried over ones before others."""
    rules = team.rules
    histories = read_changed_fields(
        connection, rules.site, _members(connection, rules, sprint_id), (Field.SPRINT,)
    )
    every = [timeline(history, rules) for history in histories.values()]
    inside = [one for one in every if one.is_counted and _is_in(one, sprint_id)]
    closed_at = _closed_at(connection, rules, inside)
    names = _status_names(connection, rules.site, histories.values())
    rows = [_row(team, one, closed_at, names) for one in inside]
    rows.sort(key=lambda row: (row.is_done, not row.is_carried_over, row.id))
    return tuple(rows)


def _members(connection: Connection, rules: TeamRules, sprint_id: int) -> Collection[int]:
    """The issues that were ever in the sprint; of a narrowed team, those that match its JQL."""
    c, m = s.sprint_members.c, s.team_matches.c
    query = select(c.issue_id).where(c.site == rules.site, c.sprint_id == sprint_id)
    if rules.is_narrowed:
        is_match = and_(m.team_key == rules.key, m.site == c.site, m.issue_id == c.issue_id)
        query = query.join_from(s.sprint_members, s.team_matches, is_match)
    return connection.scalars(query).all()


def _is_in(one: Timeline, sprint_id: int) -> bool:
    return sprint_id in one.moments[-1].sprint_ids


def _closed_at(
    connection: Connection, rules: TeamRules, issues: Iterable[Timeline]
) -> Mapping[int, datetime]:
    ids = {sprint_id for one in issues for sprint_id in one.ever_in}
    return {
        sprint.id: sprint.completed_at
        for sprint in read_sprints_by_id(connection, rules.site, ids).values()
        if sprint.state is SprintState.CLOSED and sprint.completed_at is not None
    }


def _status_names(
    connection: Connection, site: str, histories: Iterable[IssueHistory]
) -> Mapping[str, str]:
    c = s.statuses.c
    ids = {history.issue.status_id for history in histories}
    rows = connection.execute(select(c.id, c.name).where(c.site == site, c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def _row(
    team: StoredTeam, one: Timeline, closed_at: Mapping[int, datetime], names: Mapping[str, str]
) -> NextIssue:
    issue, now = one.issue, one.moments[-1]
    state = "todo"
    if now.is_done:
        state = "done"
    elif now.status_id in team.rules.in_progress_status_ids:
        state = "in_progress"
    return NextIssue(
        id=issue.id,
        key=issue.key,
        summary=issue.summary,
        url=team.issue_url(issue.key),
        type=issue.type_name,
        status=names.get(now.status_id, now.status_id),
        state=state,
        points=None if now.estimate is None else points(now.estimate),
        is_carried_over=any(_was_in_at_close(one, i, at) for i, at in closed_at.items()),
    )


def _was_in_at_close(one: Timeline, sprint_id: int, closed_at: datetime) -> bool:
    then = one.at(closed_at) if sprint_id in one.ever_in else None
    return then is not None and sprint_id in then.sprint_ids


def read_throughputs(
    connection: Connection, team: StoredTeam, sprint_ids: Sequence[int]
) -> list[list[float]]:
    """The points done on each working day of these sprints, for a forecast."""
    d = s.sprint_days
    rows = connection.execute(
        select(d.c.sprint_id, *(d.c[name] for name in Day.__slots__))
        .where(d.c.team_key == team.rules.key, d.c.site == team.rules.site)
        .where(d.c.sprint_id.in_(sprint_ids))
        .order_by(d.c.sprint_id, d.c.day)
    )
    days: dict[int, list[Day]] = {}
    for sprint_id, *values in rows:
        days.setdefault(sprint_id, []).append(Day(*values))
    return [daily_throughput(some, team.rules.calendar) for some in days.values()]


NO_DATES = (None, None)


@dataclass(frozen=True, slots=True)
class Coming:
    """What may come over from the running sprint when it ends; an estimate.

    `points` is None where too few sprints have closed to tell; then, and where the sprint has no
    planned end, only what remains now is known.
    """

    sprint: SprintName
    remaining_points: float
    planned_end_on: date | None
    working_days_left: int | None
    points: float | None


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The open issues of one type."""

    type: str
    count: int
    points: float
    unestimated_count: int


@dataclass(frozen=True, slots=True)
class NextSprint:
    """A sprint to come. Without one `sprint` is None, and its days are those of a usual one.

    `points` and the counts are of its open issues; `capacity` is None without planned days or a
    closed sprint. `others` are the sprints planned beside it, in turn.
    """

    unit: str  # point | issue | hour
    has_sprints: bool
    sprint: SprintSummary | None
    days: PlannedDays | None
    usual_length_days: int | None
    working_days: int | None
    days_off: tuple[DayOff, ...]
    velocity_points_per_day: float | None
    velocity_sprints: int  # how many closed sprints are behind it
    capacity: Capacity | None
    issues: tuple[NextIssue, ...]
    types: tuple[TypeRow, ...]
    points: float
    carried_over_points: float
    carried_over_count: int
    coming: Coming | None
    running: SprintName | None
    others: tuple[SprintName, ...]

    @property
    def open_issues(self) -> list[NextIssue]:
        return [one for one in self.issues if not one.is_done]

    @property
    def unestimated_count(self) -> int:
        return sum(one.points is None for one in self.open_issues)


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
    worked = None if days is None else calendar.working_days(days.first_on, days.last_on)
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
        days_off=named_days_off(calendar, days.first_on, days.last_on) if days else (),
        velocity_points_per_day=velocity(past, count).velocity_points_per_day,
        velocity_sprints=len(past),
        capacity=capacity(past, worked, count) if worked is not None else None,
        issues=issues,
        types=_by_type(open_issues),
        points=_sum(open_issues),
        carried_over_points=_sum(carried),
        carried_over_count=len(carried),
        coming=_coming(connection, team, running, closed, now) if running and not place else None,
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


def _coming(
    connection: Connection,
    team: StoredTeam,
    running: SprintSummary,
    closed: Sequence[SprintSummary],
    now: datetime,
) -> Coming | None:
    """What half of the simulated runs leave of the running sprint at its planned end."""
    if running.figures is None:
        return None
    name = SprintName(running.id, running.name)
    remaining = running.figures.remaining_points
    end = _day(team, running.planned_end_at)
    found = Coming(name, remaining, end, None, None)
    if end is None:
        return found
    calendar = team.rules.calendar
    left = calendar.working_days(calendar.day_of(running.figures.as_of), end)
    rates = read_throughputs(connection, team, [one.id for one in closed])
    points = points_left(remaining, rates, left, seed=running.id)
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
