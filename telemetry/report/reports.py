"""Every question that pages, API and messages ask, answered from the facts."""

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import Connection

from telemetry.domain.calendar import Calendar
from telemetry.errors import ConfigurationError
from telemetry.report.flow import read_flow
from telemetry.report.history import PastIssue, PastWork, read_past_issues, read_past_work
from telemetry.report.impediments.answers import ImpedimentReports
from telemetry.report.next_sprint import read_next_sprint
from telemetry.report.quality.report import Quality, read_quality
from telemetry.report.reviews.answers import ReviewReports
from telemetry.report.shapes.burndown import Burndown
from telemetry.report.shapes.flow import Flow
from telemetry.report.shapes.issues import OffPlanIssue, SprintIssue
from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.report.shapes.snapshots import SprintRecords
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import SprintName, SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.velocity import Velocity
from telemetry.report.sprint import summaries as read
from telemetry.report.sprint.calibration import calibrated
from telemetry.report.sprint.chosen import CURRENT, chosen_sprint_id
from telemetry.report.sprint.off_plan import read_off_plan
from telemetry.report.sprint.snapshots import read_burndown_at_close, read_records
from telemetry.report.sprint.table import START, SprintTable, read_sprint_table
from telemetry.report.sprint_page import explained, read_explained, read_page, read_sprint_burndown
from telemetry.report.teams.listed import TeamsList
from telemetry.report.teams.reading import read_names, read_teams_list
from telemetry.report.teams.team import (
    StoredTeam,
    read_active_sprints,
    read_configured_teams,
    read_team,
    team_row,
    working_days,
)
from telemetry.report.velocity import read_velocity


class Reports(ReviewReports, ImpedimentReports):
    """Answers from one store. Each method reads one state of it."""

    def _row(
        self, connection: Connection, team: StoredTeam, sprint: SprintSummary | None, now: datetime
    ) -> TeamRow:
        active, findings = self._beside(connection, team)
        return replace(self._row_of(team, active, sprint, now), finding_count=findings)

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

    def teams_list(self, now: datetime, before: TeamsList | None = None) -> TeamsList:
        """All configured teams as the list of them shows them: good until the version changes.

        What was read `before` saves reading again what no pull has changed.
        """
        with self._read() as connection:
            return read_teams_list(connection, now, self._stale_after, before)

    def team_names(self) -> list[tuple[str, str]]:
        """Key and name of each configured team, by name."""
        with self._read() as connection:
            return read_names(connection)

    def only_team(self) -> str:
        """The key of the only team; raises ConfigurationError naming those to choose from."""
        keys = [key for key, _ in self.team_names()]
        if len(keys) != 1:
            known = f"one of {', '.join(sorted(keys))}" if keys else "nothing has been pulled yet"
            raise ConfigurationError(f"say which team with --team: {known}")
        return keys[0]

    def team(self, key: str, now: datetime) -> TeamRow:
        """One team. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, key)
            sprint = read.read_current_sprint(connection, team)
            if sprint is not None:
                sprint = calibrated(connection, team, sprint)
            return self._row(connection, team, sprint, now)

    def calendar(self, team_key: str) -> Calendar:
        """By which days a team works. Raises NotFound."""
        with self._read() as connection:
            return read_team(connection, team_key).rules.calendar

    def impediments_unknown(self, team_key: str) -> str | None:
        """Why nobody can tell what is an impediment of a team, if so. Raises NotFound."""
        with self._read() as connection:
            return read_team(connection, team_key).impediments_unknown

    def sprints(self, team_key: str, state: str | None = None) -> list[SprintSummary]:
        """The team's sprints, newest first."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            every = read.read_summaries(connection, team)
            every = [calibrated(connection, team, sprint) for sprint in every]
        closed = [sprint for sprint in every if sprint.state == "closed" and sprint.figures]
        closed.sort(key=lambda sprint: (sprint.window_end_at, sprint.id), reverse=True)
        count = team.rules.velocity_sprints
        return [
            explained(team, sprint, [c for c in closed if _is_before(c, sprint)][:count])
            for sprint in every
            if state is None or sprint.state == state
        ]

    def sprint(self, team_key: str, sprint_id: int | str) -> SprintSummary:
        """One sprint, or the current one. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_explained(connection, team, chosen_sprint_id(connection, team, sprint_id))

    def sprint_page(self, team_key: str, sprint_id: int | str, now: datetime) -> SprintPage:
        """All that a sprint's page shows; a team without a sprint gets a page that says why."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            sprint = read.read_current_sprint(connection, team)
            row = self._row(connection, team, sprint, now)
            if sprint_id != CURRENT and (sprint is None or sprint.id != int(sprint_id)):
                sprint = read.read_summary(connection, team, int(sprint_id))
            return read_page(connection, team, row, sprint, now)

    def burndown(self, team_key: str, sprint_id: int | str) -> Burndown:
        """The burndown of a sprint. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            found = chosen_sprint_id(connection, team, sprint_id)
            return read_sprint_burndown(connection, team, found)

    def issues(self, team_key: str, sprint_id: int | str) -> list[SprintIssue]:
        """The issues of a sprint. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            found = chosen_sprint_id(connection, team, sprint_id)
            read.read_summary(connection, team, found)
            return list(read.read_issues(connection, team, found))

    def off_plan(self, team_key: str, sprint_id: int | str) -> list[OffPlanIssue]:
        """The issues behind a sprint's off-plan time, most time first. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            found = chosen_sprint_id(connection, team, sprint_id)
            return list(read_off_plan(connection, team, read.read_summary(connection, team, found)))

    def snapshots(self, team_key: str, sprint_id: int | str) -> SprintRecords:
        """What was known of a sprint at its start and close, beside now. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_records(connection, team, chosen_sprint_id(connection, team, sprint_id))

    def burndown_at_close(self, team_key: str, sprint_id: int) -> Burndown:
        """The burndown of a sprint as it was known at its close; empty without a record."""
        with self._read() as connection:
            return read_burndown_at_close(connection, read_team(connection, team_key), sprint_id)

    def sprint_table(
        self, team_key: str, sort: str = START, first: int = 0, limit: int = 50
    ) -> SprintTable:
        """A page of the team's sprints side by side, and what the last ones say."""
        with self._read() as connection:
            return read_sprint_table(
                connection, read_team(connection, team_key), sort, first, limit
            )

    def next_sprint(self, team_key: str, now: datetime, sprint_id: int | None = None) -> NextSprint:
        """The sprint to come, or the future one of this id, against the team's capacity."""
        with self._read() as connection:
            return read_next_sprint(connection, read_team(connection, team_key), now, sprint_id)

    def velocity(self, team_key: str) -> Velocity:
        """Velocity and averages over the last closed sprints."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_velocity(connection, team)[0]

    def flow(
        self,
        team_key: str,
        first: date,
        last: date,
        type_name: str | None = None,
        *,
        is_whole: bool = False,
    ) -> Flow:
        """How work flowed from the first day to the last, of one type or all. Raises NotFound.

        Its items are those that a page can show, or all where `is_whole`.
        """
        with self._read() as connection:
            team = read_team(connection, team_key)
            return read_flow(connection, team, first, last, type_name, is_whole=is_whole)

    def history(self, team_key: str) -> tuple[list[PastIssue], list[PastWork]]:
        """All issues of a team, and the time logged on them. Raises NotFound."""
        with self._read() as connection:
            team = read_team(connection, team_key)
            issues = read_past_issues(connection, team)
            return list(issues), list(read_past_work(connection, team))

    def quality(self, team_key: str) -> Quality:
        """What the tracker's data contradict for the team. Raises NotFound."""
        with self._read() as connection:
            return read_quality(connection, read_team(connection, team_key))


def _is_before(earlier: SprintSummary, sprint: SprintSummary) -> bool:
    """Whether a closed sprint ended by the start of another."""
    if earlier.window_end_at is None or earlier.id == sprint.id:
        return False
    return sprint.started_at is None or earlier.window_end_at <= sprint.started_at
