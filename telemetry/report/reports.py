"""Every question that pages, API and messages ask, answered from the facts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import SQLAlchemyError

from telemetry.errors import NotFound, StoreError
from telemetry.metrics.velocity import velocity
from telemetry.report import sprints as read
from telemetry.report.flow import Flow, read_flow
from telemetry.report.page import closed_sprint, explained, read_burndown, read_explained, read_page
from telemetry.report.quality import Quality, read_quality
from telemetry.report.shapes import (
    Burndown,
    ImpedimentRow,
    Pull,
    SprintIssue,
    SprintName,
    SprintPage,
    SprintSummary,
    TeamRow,
    TimeRow,
    Velocity,
    VelocityRow,
)
from telemetry.report.snapshots import SprintThen, read_burndown_then, read_then
from telemetry.report.teams import (
    AGE_THAT_IS_STALE,
    StoredTeam,
    read_active_sprints,
    read_configured_teams,
    read_team,
    team_row,
    working_days,
)
from telemetry.report.time import read_impediments, read_time, read_time_by_sprint
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.engine import reading
from telemetry.store.migrate import is_current
from telemetry.store.pulls import read_pulls

CURRENT = "current"
PULLS_MISSED = 3


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """Whether the store can be used and its data are fresh; `reason` says what is wrong."""

    is_reachable: bool
    is_migrated: bool
    is_fresh: bool
    reason: str | None = None


class Reports:
    """Answers from one store. Each method reads one state of it."""

    def __init__(self, engine: Engine, stale_after: timedelta = AGE_THAT_IS_STALE) -> None:
        self._engine = engine
        self._stale_after = stale_after

    @classmethod
    def of(cls, settings: Settings, engine: Engine) -> "Reports":
        """Reports of a configuration."""
        reports = cls(engine)
        reports.follow(settings)
        return reports

    def follow(self, settings: Settings) -> None:
        """Answer by this configuration from now on: data are stale when three pulls are missing."""
        self._stale_after = max(PULLS_MISSED * settings.bot.every, timedelta(minutes=2))

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        try:
            with reading(self._engine) as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"the store cannot be read: {type(error).__name__}") from error

    def _row(self, connection: Connection, team: StoredTeam, now: datetime) -> TeamRow:
        active = read_active_sprints(connection, [team]).get(team.rules.key, ())
        sprint_id = read.current_sprint_id(connection, team)
        sprint = read.read_summary(connection, team, sprint_id) if sprint_id else None
        return self._row_of(team, active, sprint, now)

    def _row_of(
        self,
        team: StoredTeam,
        active: tuple[SprintName, ...],
        sprint: SprintSummary | None,
        now: datetime,
    ) -> TeamRow:
        row = team_row(team, team.freshness(now, self._stale_after), active, sprint)
        if sprint is None or sprint.state != "active":
            return row
        day, planned = working_days(team.rules.calendar, sprint, now)
        return replace(row, working_day=day, working_days_planned=planned)

    def teams(self, now: datetime) -> list[TeamRow]:
        """All configured teams by name, each with its current sprint."""
        with self._read() as connection:
            teams = read_configured_teams(connection)
            active = read_active_sprints(connection, teams)
            current = read.read_current_sprints(connection, teams)
        return [
            self._row_of(team, active.get(team.rules.key, ()), current.get(team.rules.key), now)
            for team in teams
        ]

    def team(self, key: str, now: datetime) -> TeamRow:
        """One team. Raises NotFound."""
        with self._read() as connection:
            return self._row(connection, read_team(connection, key), now)

    def sprints(self, team_key: str, state: str | None = None) -> list[SprintSummary]:
        """The team's sprints, newest first."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            every = read.read_summaries(connection, team)
        closed = [sprint for sprint in every if sprint.state == "closed" and sprint.time]
        closed.sort(key=lambda sprint: (sprint.window_end_at, sprint.id), reverse=True)
        count = team.rules.velocity_sprints
        return [
            explained(sprint, [c for c in closed if _is_before(c, sprint)][:count])
            for sprint in every
            if state is None or sprint.state == state
        ]

    def sprint(self, team_key: str, sprint_id: int | str) -> SprintSummary:
        """One sprint, or the current one. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_explained(connection, team, _sprint_id(connection, team, sprint_id))

    def sprint_page(self, team_key: str, sprint_id: int | str, now: datetime) -> SprintPage:
        """All that a sprint's page shows; a team without a sprint gets a page that says why."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            row = self._row(connection, team, now)
            if sprint_id == CURRENT or (row.sprint and row.sprint.id == int(sprint_id)):
                sprint = row.sprint
            else:
                sprint = read.read_summary(connection, team, int(sprint_id))
            return read_page(connection, team, row, sprint, now)

    def burndown(self, team_key: str, sprint_id: int | str) -> Burndown:
        """The burndown of a sprint. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            found = _sprint_id(connection, team, sprint_id)
            return read_burndown(connection, team, read.read_summary(connection, team, found))

    def issues(self, team_key: str, sprint_id: int | str) -> list[SprintIssue]:
        """The issues of a sprint. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            found = _sprint_id(connection, team, sprint_id)
            read.read_summary(connection, team, found)
            return list(read.read_issues(connection, team, found))

    def snapshots(self, team_key: str, sprint_id: int | str) -> SprintThen:
        """What was known of a sprint at its start and close, beside now. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_then(connection, team, _sprint_id(connection, team, sprint_id))

    def burndown_then(self, team_key: str, sprint_id: int) -> Burndown:
        """The burndown of a sprint as it was known at its close; empty without a record."""
        with self._read() as connection:
            return read_burndown_then(connection, read_team(connection, team_key), sprint_id)

    def time(self, team_key: str, first: date, last: date, by: str = "day") -> list[TimeRow]:
        """Where time went, by day, week or sprint, days of zero too."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            if by == "sprint":
                return list(read_time_by_sprint(connection, team, first, last))
            return list(read_time(connection, team, first, last, by))

    def impediments(self, team_key: str, first: date, last: date) -> list[ImpedimentRow]:
        """The impediments opened or worked on from the first day to the last."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            calendar = team.rules.calendar
            end = calendar.day_end(last)
            if team.as_of is not None:
                end = max(min(end, team.as_of), calendar.day_start(first))
            return list(read_impediments(connection, team, calendar.day_start(first), end))

    def velocity(self, team_key: str) -> Velocity:
        """Velocity and averages over the last closed sprints."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            count = team.rules.velocity_sprints
            closed = read.read_closed_before(connection, team, None, count)
        names = {sprint.id: sprint.name for sprint in closed}
        figures = velocity((row for c in closed if (row := closed_sprint(c)) is not None), count)
        return Velocity(
            velocity_points_per_day=figures.velocity_points_per_day,
            average_completion_percent=figures.average_completion_percent,
            average_impediment_seconds=figures.average_impediment_seconds,
            sprints=tuple(
                VelocityRow(
                    row.sprint_id,
                    names[row.sprint_id],
                    row.committed_points,
                    row.completed_points,
                    row.working_days,
                    row.impediment_seconds,
                )
                for row in figures.sprints
            ),
        )

    def flow(self, team_key: str, first: date, last: date, type_name: str | None = None) -> Flow:
        """How work flowed from the first day to the last, of one type or all. Raises NotFound."""
        with self._read() as connection:
            return read_flow(connection, read_team(connection, team_key), first, last, type_name)

    def quality(self, team_key: str) -> Quality:
        """What the tracker's data contradict for the team. Raises NotFound."""
        with self._read() as connection:
            return read_quality(connection, read_team(connection, team_key))

    def pulls(self, limit: int, before: int | None = None) -> tuple[list[Pull], int | None]:
        """The newest pulls first, and where the next page begins."""
        with self._read() as connection:
            records = read_pulls(connection, limit + 1, before)
        shown = records[:limit]
        rows = [
            Pull(
                started_at=record.started_at,
                ended_at=record.ended_at,
                state=record.state,
                issues_changed=record.issues_changed,
                work_logs_changed=record.work_logs_changed,
                requests=record.requests,
                error=record.error,
                site=record.site,
                kind=record.kind,
            )
            for record in shown
        ]
        return rows, shown[-1].id if len(records) > limit else None

    def version(self, team_key: str | None = None) -> str:
        """Changes when a figure of the team, or of any, may have changed."""
        t = s.teams.c
        query = select(func.max(t.as_of), func.max(t.pulled_at), func.max(t.failed_at))
        if team_key is not None:
            query = query.where(t.key == team_key)
        with self._read() as connection:
            parts = connection.execute(query).one()
            pulls = connection.scalar(select(func.max(s.pulls.c.id)))
        stamps = [0 if part is None else round(part.timestamp() * 1000) for part in parts]
        return "-".join(f"{stamp:x}" for stamp in (*stamps, pulls or 0))

    def as_of(self, team_key: str | None = None) -> datetime | None:
        """Jira's clock at the last complete pull of the team, or of any."""
        query = select(func.max(s.teams.c.as_of))
        if team_key is not None:
            query = query.where(s.teams.c.key == team_key)
        with self._read() as connection:
            found: datetime | None = connection.scalar(query)
            return found

    def status(self, now: datetime) -> StoreStatus:
        """Whether the store answers, has this version's tables, and holds fresh data."""
        try:
            if not is_current(self._engine):
                reason = "the store is not at this version's schema: telemetry db upgrade"
                return StoreStatus(True, False, False, reason)
            stale = [team.key for team in self.teams(now) if team.freshness.is_stale]
        except (SQLAlchemyError, StoreError):
            return StoreStatus(False, False, False, "the store does not answer")
        if stale:
            return StoreStatus(True, True, False, f"stale: {', '.join(stale[:10])}")
        return StoreStatus(True, True, True)


def _is_before(earlier: SprintSummary, sprint: SprintSummary) -> bool:
    if earlier.started_at is None or earlier.id == sprint.id:
        return False
    return sprint.started_at is None or (earlier.started_at, earlier.id) < (
        sprint.started_at,
        sprint.id,
    )


def _sprint_id(connection: Connection, team: StoredTeam, sprint_id: int | str) -> int:
    if sprint_id != CURRENT:
        return int(sprint_id)
    found = read.current_sprint_id(connection, team)
    if found is None:
        raise NotFound(f"team '{team.rules.key}' has no current sprint")
    return found
