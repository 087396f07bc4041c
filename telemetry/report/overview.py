"""Reads all teams at once with the figures of their running sprint and of those before it.

A bounded number of statements whatever the number of teams, and only the columns that a list of
teams shows: a thousand teams with years of sprints are read between two pulls of their page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, and_, func, select

from telemetry.domain.calendar import Calendar
from telemetry.report.shapes import SprintName, SprintSummary, TeamRow, TimeSplit
from telemetry.report.teams import StoredTeam, read_configured_teams, team_row
from telemetry.store import schema as s

PAST_SHOWN = 12
PAST_REACHES = timedelta(days=182)
AT_ONCE = 5_000  # sprints: fewer names than a statement may have

_DATES = ("id", "name", "state", "goal", "started_at", "planned_end_at", "completed_at")
_FIGURES = (
    "committed_points",
    "remaining_points",
    "in_progress_points",
    "done_points",
    "total_points",
    "completion_percent",
    "unestimated_count",
    "expected_remaining_points",
    "behind_points",
    "projected_85_on",
)
_TIMES = ("planned_seconds", "impediment_seconds", "off_plan_seconds")


@dataclass(frozen=True, slots=True)
class PastSprint:
    """A closed sprint as the list of teams shows it."""

    impediment_share_percent: float | None
    commitment_kept_percent: float | None


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A team with its current sprint and its closed ones of half a year, newest first."""

    team: TeamRow
    past: tuple[PastSprint, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    team: StoredTeam
    active: tuple[SprintName, ...]
    sprint: SprintSummary | None
    past: tuple[PastSprint, ...]


class Overview:
    """All configured teams as one state of the store has them; `rows` says how they are at a time.

    What is read depends on the store alone, so that it holds until the store's version changes.
    """

    def __init__(self, known: Sequence[_Known], stale_after: timedelta) -> None:
        self._known = known
        self._stale_after = stale_after

    def rows(self, now: datetime) -> list[OverviewRow]:
        """The teams by name, with their freshness and working day at `now`."""
        return [self._row(one, now) for one in self._known]

    def _row(self, one: _Known, now: datetime) -> OverviewRow:
        fresh = one.team.freshness(now, self._stale_after)
        row = team_row(one.team, fresh, one.active, one.sprint)
        if one.active and one.sprint is not None and one.sprint.started_at is not None:
            day, planned = _working_days(one.team.rules.calendar, one.sprint, now)
            row = replace(row, working_day=day, working_days_planned=planned)
        return OverviewRow(row, one.past)


def _working_days(
    calendar: Calendar, sprint: SprintSummary, now: datetime
) -> tuple[int | None, int | None]:
    if sprint.started_at is None:
        return None, None
    first, end = calendar.day_of(sprint.started_at), sprint.planned_end_at
    today = calendar.day_of(min(now, sprint.window_end_at or now))
    planned = None if end is None else _count(calendar, first, calendar.day_of(end))
    return _count(calendar, first, today), planned


@lru_cache(maxsize=8192)
def _count(calendar: Calendar, first: date, last: date) -> int:
    return calendar.working_days(first, last)


def read_overview(connection: Connection, now: datetime, stale_after: timedelta) -> Overview:
    """All configured teams by name."""
    teams = read_configured_teams(connection)
    running = _read_running(connection, teams)
    past = _read_past(connection, teams, now - PAST_REACHES)
    resting = [team for team in teams if team.rules.key not in running]
    last = _read_last_closed(connection, resting)
    return Overview(
        [
            _Known(
                team,
                tuple(SprintName(one.id, one.name) for one in running.get(team.rules.key, ())),
                _first(running.get(team.rules.key)) or last.get(team.rules.key),
                tuple(past.get(team.rules.key, ())),
            )
            for team in teams
        ],
        stale_after,
    )


def read_names(connection: Connection) -> list[tuple[str, str]]:
    """Key and name of each configured team, by name."""
    c = s.teams.c
    rows = connection.execute(select(c.key, c.name).where(c.is_configured).order_by(c.name, c.key))
    return [(row.key, row.name) for row in rows]


def _first(sprints: Sequence[SprintSummary] | None) -> SprintSummary | None:
    return sprints[0] if sprints else None


def _teams_by_board(teams: Sequence[StoredTeam]) -> Mapping[tuple[str, int], list[str]]:
    found: dict[tuple[str, int], list[str]] = {}
    for team in teams:
        for board_id in team.rules.board_ids:
            found.setdefault((team.rules.site, board_id), []).append(team.rules.key)
    return found


def _read_running(
    connection: Connection, teams: Sequence[StoredTeam]
) -> dict[str, list[SprintSummary]]:
    """The active sprints of each team that has some, the one started last first."""
    c = s.sprints.c
    sprints = connection.execute(
        select(c.site, c.board_id, *(c[name] for name in _DATES))
        .where(c.state == "active")
        .order_by(c.started_at.desc().nulls_last(), c.id.desc())
    ).all()
    boards = _teams_by_board(teams)
    wanted = [(key, row[2]) for row in sprints for key in boards.get((row[0], row[1]), ())]
    figures = _read_figures(connection, wanted)
    found: dict[str, list[SprintSummary]] = {}
    for row in sprints:
        for key in boards.get((row[0], row[1]), ()):
            dates = dict(zip(_DATES, row[2:], strict=True))
            found.setdefault(key, []).append(_summary(dates, figures.get((key, row[2]))))
    return found


def _read_figures(
    connection: Connection, wanted: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], Row[Any]]:
    """The facts of sprints by their team and id, and some that nobody wanted."""
    facts, found = s.sprint_facts.c, {}
    columns = (facts.team_key, facts.sprint_id, facts.as_of, *(facts[n] for n in _FIGURES + _TIMES))
    for start in range(0, len(wanted), AT_ONCE):
        keys, ids = zip(*wanted[start : start + AT_ONCE], strict=True)
        # by team first: that is how the facts' key begins
        query = select(*columns).where(facts.team_key.in_(keys), facts.sprint_id.in_(ids))
        found.update({(row[0], row[1]): row for row in connection.execute(query).all()})
    return found


def _summary(dates: dict[str, Any], row: Sequence[Any] | None) -> SprintSummary:
    if row is None:
        return SprintSummary(**dates, window_end_at=None)
    figures = dict(zip(_FIGURES, row[3 : 3 + len(_FIGURES)], strict=True))
    time = TimeSplit(*row[3 + len(_FIGURES) :])
    return SprintSummary(**dates, window_end_at=row[2], **figures, time=time)


def _read_past(
    connection: Connection, teams: Sequence[StoredTeam], since: datetime
) -> dict[str, list[PastSprint]]:
    """The sprints of each team that closed since, newest first."""
    c, facts = s.sprints.c, s.sprint_facts.c
    # the facts' own end narrows the scan before their sprints are looked up
    rows: Sequence[Any] = connection.execute(
        select(
            facts.team_key,
            c.site,
            c.board_id,
            *(facts[name] for name in _TIMES),
            facts.commitment_kept_percent,
        )
        .join(s.sprints, and_(facts.site == c.site, facts.sprint_id == c.id))
        .where(facts.as_of >= since, c.state == "closed")
        .order_by(c.completed_at.desc(), c.id.desc())
    ).all()  # one fetch of all: thousands of single ones cost more than the statement
    boards = _teams_by_board(teams)
    found: dict[str, list[PastSprint]] = {}
    for key, site, board_id, planned, impediment, off_plan, kept in rows:
        if key in boards.get((site, board_id), ()):
            mine = found.setdefault(key, [])
            if len(mine) < PAST_SHOWN:
                logged = planned + impediment + off_plan
                mine.append(PastSprint(100 * impediment / logged if logged else None, kept))
    return found


def _read_last_closed(
    connection: Connection, teams: Sequence[StoredTeam]
) -> dict[str, SprintSummary]:
    """The last closed sprint of each of these teams, without its figures."""
    boards = _teams_by_board(teams)
    if not boards:
        return {}
    c = s.sprints.c
    newest = (c.completed_at.desc().nulls_last(), c.id.desc())
    place = func.row_number().over(partition_by=(c.site, c.board_id), order_by=newest)
    ranked = (
        select(c.site, c.board_id, *(c[name] for name in _DATES), place.label("place"))
        .where(c.state == "closed", c.board_id.in_(sorted({board for _, board in boards})))
        .subquery()
    )
    rows = connection.execute(
        select(ranked)
        .where(ranked.c.place == 1)
        .order_by(ranked.c.completed_at.desc().nulls_last())
    )
    found: dict[str, SprintSummary] = {}
    for row in rows:
        dates = dict(zip(_DATES, row[2:-1], strict=True))
        for key in boards.get((row[0], row[1]), ()):
            found.setdefault(key, SprintSummary(**dates, window_end_at=row.completed_at))
    return found
