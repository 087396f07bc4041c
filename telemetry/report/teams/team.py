"""Reads the teams, how fresh their data are, and who is who between settings and store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, select

from telemetry.domain.calendar import Calendar
from telemetry.domain.misfit import Misfit
from telemetry.domain.team import TeamRules
from telemetry.errors import NotFound
from telemetry.report.once import kept_by
from telemetry.report.shapes.freshness import Freshness
from telemetry.report.shapes.sprints import SprintName
from telemetry.report.shapes.teams import TeamRow, TeamSprint
from telemetry.store import schema as s
from telemetry.store.misfits import misfits_from_json
from telemetry.store.teams import rules_from_json

AGE_THAT_IS_STALE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class StoredTeam:
    """A team of the store: its rules, where its issues are found, its freshness columns."""

    rules: TeamRules
    site_url: str
    as_of: datetime | None
    pulled_at: datetime | None
    failed_at: datetime | None
    error: str | None
    misfits: tuple[Misfit, ...] = ()

    @property
    def impediments_unknown(self) -> str | None:
        """Why nobody can tell what is an impediment, in one sentence; None where that is known."""
        found = [one.sentence for one in self.misfits if one.hides_impediments]
        return f"What impediments took is not known: {'; '.join(found)}." if found else None

    def issue_url(self, key: str) -> str:
        return f"{self.site_url.rstrip('/')}/browse/{key}"

    def freshness(self, now: datetime, stale_after: timedelta) -> Freshness:
        """Stale: never pulled, the last pull failed, or older than `stale_after`."""
        if self.error is not None:
            reason: str | None = self.error
        elif self.pulled_at is None:
            reason = "Nothing has been pulled for this team yet."
        elif now - self.pulled_at > stale_after:
            reason = "No pull has ended since then: is the bot running?"
        else:
            reason = None
        return Freshness(self.as_of, self.pulled_at, reason is not None, reason)


def _stored(row: Row[Any]) -> StoredTeam:
    return StoredTeam(
        rules=rules_from_json(row.rules),
        site_url=row.url or "",
        as_of=row.as_of,
        pulled_at=row.pulled_at,
        failed_at=row.failed_at,
        error=row.error,
        misfits=misfits_from_json(row.misfits),
    )


def _select_teams() -> Select[Any]:
    return (
        select(s.teams, s.sites.c.url)
        .join(s.sites, s.sites.c.name == s.teams.c.site, isouter=True)
        .where(s.teams.c.is_configured)
    )


@cache  # 0.03 ms, once or twice a page
def _select_team() -> Select[Any]:
    """Made once: building the statement costs more than asking it."""
    return _select_teams().where(s.teams.c.key == bindparam("team_key"))


def read_team(connection: Connection, key: str) -> StoredTeam:
    """One configured team. Raises NotFound naming the teams there are."""
    kept = kept_by(connection)
    if kept is None:
        return _read_team(connection, key)
    return kept.get(key, "team", lambda: _read_team(connection, key))


def _read_team(connection: Connection, key: str) -> StoredTeam:
    row = connection.execute(_select_team(), {"team_key": key}).first()
    if row is None:
        known = connection.scalars(
            select(s.teams.c.key).where(s.teams.c.is_configured).order_by(s.teams.c.key).limit(20)
        )
        if connection.scalar(select(s.teams.c.key).where(s.teams.c.key == key)) is not None:
            raise NotFound(
                f"team '{key}' is no longer in telemetry.yml; its data are kept until "
                f"'telemetry db purge {key}' deletes them, and come back with it"
            )
        names = ", ".join(known) or "none yet: the bot writes them at its first pull"
        raise NotFound(f"there is no team '{key}'; teams: {names}")
    return _stored(row)


def read_configured_teams(connection: Connection) -> list[StoredTeam]:
    """All configured teams, by name."""
    rows = connection.execute(_select_teams().order_by(s.teams.c.name, s.teams.c.key))
    return [_stored(row) for row in rows]


def read_active_sprints(
    connection: Connection, teams: Iterable[StoredTeam]
) -> dict[str, tuple[SprintName, ...]]:
    """The active sprints of each team's own boards, the one started last first."""
    boards: dict[tuple[str, int], list[str]] = {}
    for team in teams:
        for board_id in team.rules.board_ids:
            boards.setdefault((team.rules.site, board_id), []).append(team.rules.key)
    found: dict[str, list[SprintName]] = {}
    rows = connection.execute(
        select(s.sprints.c.site, s.sprints.c.board_id, s.sprints.c.id, s.sprints.c.name)
        .where(s.sprints.c.state == "active")
        .order_by(s.sprints.c.started_at.desc().nulls_last(), s.sprints.c.id.desc())
    )
    for row in rows:
        for key in boards.get((row.site, row.board_id), ()):
            found.setdefault(key, []).append(SprintName(row.id, row.name))
    return {key: tuple(names) for key, names in found.items()}


def working_days(
    calendar: Calendar, sprint: TeamSprint, now: datetime
) -> tuple[int | None, int | None]:
    """The sprint's how-manyeth working day it is, and how many it was planned to have."""
    start, end = sprint.started_at, sprint.planned_end_at
    if start is None:
        return None, None
    first = calendar.day_of(start)
    planned = None if end is None else calendar.working_days(first, calendar.day_of(end))
    today = calendar.day_of(min(now, sprint.window_end_at or now))
    return calendar.working_days(first, today), planned


def team_row(
    team: StoredTeam,
    freshness: Freshness,
    active_sprints: Sequence[SprintName] = (),
    sprint: TeamSprint | None = None,
) -> TeamRow:
    """The line of a team in the list of teams."""
    return TeamRow(
        key=team.rules.key,
        name=team.rules.name,
        timezone=team.rules.calendar.timezone,
        has_sprints=team.rules.has_sprints,
        freshness=freshness,
        active_sprints=tuple(active_sprints),
        sprint=sprint,
        misfits=tuple(map(str, team.misfits)),
        impediments_unknown=team.impediments_unknown,
    )
