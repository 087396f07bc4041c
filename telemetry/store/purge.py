"""Deletes all of a team that no other team's figures rest on."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, delete, select, update

from telemetry.errors import ConfigurationError
from telemetry.store import schema as s
from telemetry.store.doubled import doubled_ids, settle_doubled
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import delete_cursor, pull_lock
from telemetry.store.teams import TeamRecord, read_team, read_teams
from telemetry.store.upsert import chunks

OF_A_TEAM = tuple(t for t in s.metadata.sorted_tables if "team_key" in t.columns)
OF_A_SITE = tuple(
    t for t in s.metadata.sorted_tables if "site" in t.columns and "team_key" not in t.columns
)
OF_AN_ISSUE = (
    s.changes,
    s.work_logs,
    s.doubled_work_logs,
    s.sprint_members,
    s.sprint_names,
    s.epic_members,
    s.stale_issues,
)


@dataclass(frozen=True, slots=True)
class Purged:
    """How many rows of each kind were deleted; `facts` are all rows computed for the team."""

    facts: int
    snapshots: int
    issues: int
    changes: int
    work_logs: int
    sprints: int
    boards: int

    def sentence(self, team_key: str) -> str:
        """What was deleted, for a person."""
        return (
            f"Team '{team_key}' is purged: {self.issues} issues with {self.changes} changes and "
            f"{self.work_logs} work logs, {self.sprints} sprints, {self.boards} boards, "
            f"{self.snapshots} snapshots and {self.facts} rows of figures are deleted."
        )


def check_purgeable(engine: Engine, team_key: str, configured: Collection[str]) -> TeamRecord:
    """The team's record. Raises ConfigurationError where it is configured, or not in the store."""
    if team_key in configured:
        raise ConfigurationError(
            f"team '{team_key}' is still configured: remove it from telemetry.yml first"
        )
    with reading(engine) as connection:
        team = read_team(connection, team_key)
        if team is not None:
            return team
        known = {record.rules.key for record in _all_teams(connection)}
        others = ", ".join(sorted(known - set(configured))) or "none"
    raise ConfigurationError(
        f"there is no team '{team_key}' in the store; teams that can be purged: {others}"
    )


def purge(engine: Engine, team: TeamRecord) -> Purged:
    """Delete the team in one transaction; what other teams count stays, configured or not.

    Raises StoreError where the team's site is being pulled.
    """
    site = team.rules.site
    with pull_lock(engine, site), writing(engine) as connection:
        counted = _of_team(connection, team)
        others = [record for record in _all_teams(connection) if record.rules.site == site]
        if not others:
            return _all_of_site(connection, site, counted)
        if team.rules.project_key not in {other.rules.project_key for other in others}:
            delete_cursor(connection, site, f"backfill:{team.rules.project_key}")
        return _not_counted(connection, site, others, counted)


def _all_teams(connection: Connection) -> list[TeamRecord]:
    return [t for known in (True, False) for t in read_teams(connection, is_configured=known)]


def _of_team(connection: Connection, team: TeamRecord) -> dict[str, int]:
    """Delete what has the team's key; the number of rows by table."""
    key, site = team.rules.key, team.rules.site
    counted = {
        table.name: connection.execute(delete(table).where(table.c.team_key == key)).rowcount
        for table in OF_A_TEAM
    }
    _raise_the_others(connection, key)
    for cursor in (
        f"team:{key}",
        f"agreed:{key}",
        f"recompute:{key}",
    ):  # as bot.pull.state names them
        delete_cursor(connection, site, cursor)
    connection.execute(delete(s.teams).where(s.teams.c.key == key))
    return counted


def _raise_the_others(connection: Connection, key: str) -> None:
    """Let the sum of all generations grow although one goes: no sum of them comes twice."""
    c = s.teams.c
    gone = select(c.facts_version).where(c.key == key).scalar_subquery()
    others = update(s.teams).where(c.key != key)
    connection.execute(others.values(facts_version=c.facts_version + gone + 1))


def _all_of_site(connection: Connection, site: str, counted: dict[str, int]) -> Purged:
    for table in OF_A_SITE:
        if table is not s.teams:
            deleting = delete(table).where(table.c.site == site)
            counted[table.name] = connection.execute(deleting).rowcount
    connection.execute(delete(s.sites).where(s.sites.c.name == site))
    return _purged(counted)


def _not_counted(
    connection: Connection, site: str, others: Collection[TeamRecord], counted: dict[str, int]
) -> Purged:
    """Delete the site's history that none of the other teams counts."""
    projects = {team.rules.project_key for team in others}
    board_ids = {board_id for team in others for board_id in team.rules.board_ids}
    kept = _kept_issues(connection, site, projects, board_ids)
    every = connection.scalars(select(s.issues.c.id).where(s.issues.c.site == site))
    gone = sorted(set(every) - kept)
    for table in OF_AN_ISSUE:
        counted[table.name] = _delete(connection, table, site, "issue_id", gone)
    settle_doubled(connection, site, doubled_ids(connection, site))
    _delete(connection, s.unread, site, "about_id", gone)
    counted["issues"] = _delete(connection, s.issues, site, "id", gone)
    sprint_ids = sorted(_free_sprints(connection, site, board_ids))
    for table in (s.sprint_members, s.stale_sprints):
        _delete(connection, table, site, "sprint_id", sprint_ids)
    counted["sprints"] = _delete(connection, s.sprints, site, "id", sprint_ids)
    free = s.boards.c.site == site, s.boards.c.id.not_in(list(board_ids))
    counted["boards"] = connection.execute(delete(s.boards).where(*free)).rowcount
    return _purged(counted)


def _kept_issues(
    connection: Connection, site: str, projects: Collection[str], board_ids: Collection[int]
) -> set[int]:
    """The issues that the other teams count, with their children, sub-tasks, parents and epics."""
    i, m = s.issues.c, s.sprint_members.c
    rows = connection.execute(
        select(i.id, i.project_key, i.parent_id, i.epic_id).where(i.site == site)
    ).all()
    kept = {row.id for row in rows if row.project_key in projects}
    same = (s.sprints.c.site == m.site) & (s.sprints.c.id == m.sprint_id)
    members = select(m.issue_id).join_from(s.sprint_members, s.sprints, same)
    kept |= set(
        connection.scalars(members.where(m.site == site, s.sprints.c.board_id.in_(list(board_ids))))
    )
    kept |= {row.id for row in rows if row.epic_id in kept}
    kept |= {row.id for row in rows if row.parent_id in kept}
    above = {row.id: {row.parent_id, row.epic_id} - {None} for row in rows}
    new = kept
    while new:
        new = {upper for issue_id in new for upper in above.get(issue_id, ())} - kept
        kept |= new
    return kept


def _free_sprints(connection: Connection, site: str, board_ids: Collection[int]) -> set[int]:
    """The sprints of none of the boards that hold no issue: no carried-over work names them."""
    p, m = s.sprints.c, s.sprint_members.c
    holding = set(connection.scalars(select(m.sprint_id).distinct().where(m.site == site)))
    rows = connection.execute(select(p.id, p.board_id).where(p.site == site))
    return {row.id for row in rows if row.board_id not in board_ids} - holding


def _delete(
    connection: Connection, table: Table, site: str, column: str, ids: Collection[int]
) -> int:
    deleted = 0
    for some in chunks(list(ids)):
        deleting = delete(table).where(table.c.site == site, table.c[column].in_(some))
        deleted += connection.execute(deleting).rowcount
    return deleted


def _purged(counted: dict[str, int]) -> Purged:
    history = {
        "team_matches",
        "snapshots",
        "forecasts",
        "reviews",
        "week_reviews",
        "review_notes",
        "alerts",
        "alert_teams",
        "mutes",
        "deliveries",
        "digests",
    }
    return Purged(
        facts=sum(counted[table.name] for table in OF_A_TEAM if table.name not in history),
        snapshots=counted["snapshots"],
        issues=counted["issues"],
        changes=counted["changes"],
        work_logs=counted["work_logs"],
        sprints=counted["sprints"],
        boards=counted["boards"],
    )
