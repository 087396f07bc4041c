"""What a full pull of a site would reach, as far as the store knows."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Column, Connection, Row, Select, select

from telemetry.domain.done import DONE
from telemetry.store.members import members_of
from telemetry.store.schema import sprints, stale_issues, stale_sprints, statuses
from telemetry.store.teams import read_teams
from telemetry.store.terms import ISSUE, OWNER_ID, present
from telemetry.store.upsert import chunks


def own_board_ids(connection: Connection, site: str) -> set[int]:
    """The boards of the site's teams, those no longer configured included."""
    return {
        board_id
        for is_configured in (True, False)
        for team in read_teams(connection, is_configured=is_configured)
        if team.rules.site == site
        for board_id in team.rules.board_ids
    }


def kept_projects(connection: Connection, site: str) -> set[str]:
    """The projects of the site's teams that are no longer configured: their data stay."""
    return {
        team.rules.project_key
        for team in read_teams(connection, is_configured=False)
        if team.rules.site == site
    }


def epics_of(connection: Connection, site: str, projects: Collection[str]) -> dict[int, str]:
    """The epics of these projects: their ids with their keys."""
    query = select(ISSUE.id, ISSUE.key).where(
        present(site), ISSUE.is_epic, ISSUE.project_key.in_(list(projects))
    )
    return {row.id: row.key for row in connection.execute(query)}


def open_epics(
    connection: Connection, site: str, projects: Collection[str]
) -> list[tuple[int, str]]:
    """The epics of these projects that are not done by their status, those updated last first.

    Their ids with their keys.
    """
    is_done = select(statuses.c.id).where(statuses.c.site == site, statuses.c.category == DONE)
    query = (
        select(ISSUE.id, ISSUE.key)
        .where(present(site), ISSUE.is_epic, ISSUE.project_key.in_(list(projects)))
        .where(ISSUE.status_id.not_in(is_done))
        .order_by(ISSUE.updated_at.desc(), ISSUE.id.desc())
    )
    return [(row.id, row.key) for row in connection.execute(query)]


def has_news(connection: Connection, site: str) -> bool:
    """Whether anything of the site was written since facts were last computed."""
    return any(
        connection.execute(select(table.c.site).where(table.c.site == site).limit(1)).first()
        for table in (stale_issues, stale_sprints)
    )


def strangers_in(
    connection: Connection, site: str, projects: Collection[str], sprint_ids: Iterable[int]
) -> set[int]:
    """The issues of other projects, not gone, that were ever in these sprints."""
    others = select(ISSUE.id).where(present(site), ISSUE.project_key.not_in(list(projects)))
    members = members_of(connection, site, sprint_ids)
    return {row.id for row in _chunked(connection, others, ISSUE.id, members)}


def unreached(
    connection: Connection,
    site: str,
    projects: Collection[str],
    board_ids: Collection[int],
    among: Iterable[int] | None = None,
) -> set[int]:
    """The issues, not gone, of none of the projects that no sprint of the boards holds now.

    Nor an epic of the projects. `among` are the issues to look at with their sub-tasks and
    children, by default all. A sub-task is in the sprints of its parent.
    """
    c = ISSUE
    columns = (c.id, OWNER_ID.label("owner_id"), c.sprint_ids, c.epic_id)
    query = select(*columns).where(present(site), c.project_key.not_in(list(projects)))
    if among is None:
        rows: list[Row[Any]] = list(connection.execute(query))
    else:
        ids = set(among)
        rows = _chunked(connection, query, c.id, ids)
        rows += _chunked(connection, query.where(c.is_subtask), c.parent_id, ids)
        rows += _chunked(connection, query, c.epic_id, ids)
    parent_ids = {row.owner_id for row in rows if row.owner_id != row.id}
    here = select(c.id, c.sprint_ids).where(present(site))
    parents = {row.id: row.sprint_ids for row in _chunked(connection, here, c.id, parent_ids)}
    sprints_of = {
        row.id: row.sprint_ids if row.owner_id == row.id else parents.get(row.owner_id, ())
        for row in rows
    }
    epic_ids = {row.epic_id for row in rows if row.epic_id is not None}
    epics = epics_of(connection, site, projects) if epic_ids else {}
    below = {row.id for row in rows if row.epic_id in epics}
    own = _of_boards(connection, site, {i for ids in sprints_of.values() for i in ids}, board_ids)
    return {i for i, ids in sprints_of.items() if own.isdisjoint(ids)} - below


def _chunked(
    connection: Connection, query: Select[Any], column: Column[Any], values: Iterable[int | None]
) -> list[Row[Any]]:
    """The rows of the query whose column has one of the values."""
    wanted = sorted(value for value in set(values) if value is not None)
    return [
        row for some in chunks(wanted) for row in connection.execute(query.where(column.in_(some)))
    ]


def _of_boards(
    connection: Connection, site: str, sprint_ids: Iterable[int], board_ids: Collection[int]
) -> set[int]:
    """Those of the sprints that are of one of the boards."""
    c = sprints.c
    return {
        row.id
        for ids in chunks(sorted(set(sprint_ids)))
        for row in connection.execute(select(c.id, c.board_id).where(c.site == site, c.id.in_(ids)))
        if row.board_id in board_ids
    }
