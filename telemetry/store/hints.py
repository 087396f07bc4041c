"""Hints: what Jira's webhooks named, kept until a pull has looked there.

They say where to look at once, never what is true: a lost, repeated or forged one changes nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telemetry.store.schema import hints, issues, sprint_members, sprints
from telemetry.store.upsert import chunks

READ_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Hint:
    """One webhook's event. Ids are None where it names none; `received_at` is our clock.

    `identifier` is equal when Jira sends the same event again.
    """

    site: str
    identifier: str
    event: str
    received_at: datetime
    project_key: str | None = None
    issue_id: int | None = None
    sprint_id: int | None = None
    board_id: int | None = None


def write_hint(connection: Connection, hint: Hint) -> bool:
    """Write a hint; False where its identifier is known already."""
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    adding = insert(hints).values(asdict(hint)).on_conflict_do_nothing()
    return connection.execute(adding.returning(hints.c.identifier)).first() is not None


def read_hints(connection: Connection, limit: int = READ_AT_ONCE) -> tuple[Hint, ...]:
    """The oldest hints of all sites that no pull has followed yet."""
    columns = [hints.c[name] for name in Hint.__slots__]
    waiting = select(*columns).where(hints.c.taken_at.is_(None))
    rows = connection.execute(waiting.order_by(hints.c.received_at).limit(limit))
    return tuple(Hint(*row) for row in rows)


def take_hints(connection: Connection, given: Iterable[Hint], at: datetime) -> None:
    """Note that a pull has looked where these hints point, at our clock `at`."""
    by_site: dict[str, list[str]] = {}
    for hint in given:
        by_site.setdefault(hint.site, []).append(hint.identifier)
    for site, identifiers in by_site.items():
        for some in chunks(identifiers):
            taking = update(hints).where(hints.c.site == site, hints.c.identifier.in_(some))
            connection.execute(taking.values(taken_at=at))


def prune_hints(connection: Connection, before: datetime) -> int:
    """Delete the hints received before an instant, followed or not; their number."""
    return connection.execute(delete(hints).where(hints.c.received_at < before)).rowcount


@dataclass(frozen=True, slots=True)
class Place:
    """Where the store knows an issue: its project, and the boards of the sprints it was in."""

    project_key: str
    board_ids: frozenset[int]


def read_places(connection: Connection, site: str, issue_ids: Collection[int]) -> dict[int, Place]:
    """Each known issue's place, by id; unknown ids are left out."""
    keys: dict[int, str] = {}
    found: dict[int, set[int]] = {}
    for ids in chunks(sorted(set(issue_ids))):
        here = select(issues.c.id, issues.c.project_key)
        for row in connection.execute(here.where(issues.c.site == site, issues.c.id.in_(ids))):
            keys[row.id] = row.project_key
        m = sprint_members.c
        same = (sprints.c.site == m.site) & (sprints.c.id == m.sprint_id)
        held = select(m.issue_id, sprints.c.board_id).join_from(sprint_members, sprints, same)
        for row in connection.execute(held.where(m.site == site, m.issue_id.in_(ids))):
            if row.board_id is not None:
                found.setdefault(row.issue_id, set()).add(row.board_id)
    return {i: Place(key, frozenset(found.get(i, ()))) for i, key in keys.items()}


def read_sprint_boards(
    connection: Connection, site: str, sprint_ids: Collection[int]
) -> dict[int, int]:
    """Each known sprint's board, by id; those unknown or without a board are left out."""
    found: dict[int, int] = {}
    for ids in chunks(sorted(set(sprint_ids))):
        query = select(sprints.c.id, sprints.c.board_id)
        query = query.where(sprints.c.site == site, sprints.c.id.in_(ids))
        found.update((row.id, row.board_id) for row in connection.execute(query) if row.board_id)
    return found
