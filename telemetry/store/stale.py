"""What facts must be computed again: issues and sprints written since the last computation."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import Connection, delete, select

from telemetry.store.schema import issues, sprint_members, stale_issues, stale_sprints, work_logs
from telemetry.store.upsert import CHUNK, chunks, upsert, upsert_stored


@dataclass(frozen=True, slots=True)
class Stale:
    """What one changed issue may touch, before and after its change.

    `project_keys` are where it is and was, `sprint_ids` the sprints it is or was in, `instants`
    the starts of its work logs (ms).
    """

    project_keys: frozenset[str] = frozenset()
    sprint_ids: frozenset[int] = frozenset()
    instants: frozenset[int] = frozenset()

    def __or__(self, other: "Stale") -> "Stale":
        return Stale(
            self.project_keys | other.project_keys,
            self.sprint_ids | other.sprint_ids,
            self.instants | other.instants,
        )


def mark_stale(
    connection: Connection,
    site: str,
    changed: Mapping[int, Stale],
    new: Collection[int] = frozenset(),
) -> None:
    """Add these issues to those that facts must look at; earlier marks are kept.

    `new` are those that the store did not know before: no mark of them tells anything.
    """
    earlier: dict[int, Stale] = {}
    for ids in chunks([issue_id for issue_id in changed if issue_id not in new]):
        earlier.update(_read(connection, site, ids))
    rows = []
    for issue_id, stale in changed.items():
        both = stale | earlier.get(issue_id, Stale())
        parts = (_json(both.project_keys), _json(both.sprint_ids), _json(both.instants))
        rows.append((site, issue_id, *parts))
    upsert_stored(connection, stale_issues, rows)


def mark_stale_as_stored(connection: Connection, site: str, issue_ids: Iterable[int]) -> None:
    """Mark issues whose own history is as it was, but which count differently from now on."""
    for ids in chunks(sorted(set(issue_ids))):
        sprints: dict[int, set[int]] = {issue_id: set() for issue_id in ids}
        instants: dict[int, set[int]] = {issue_id: set() for issue_id in ids}
        members, logs = sprint_members.c, work_logs.c
        for issue_id, sprint_id in connection.execute(
            select(members.issue_id, members.sprint_id).where(
                members.site == site, members.issue_id.in_(ids)
            )
        ):
            sprints[issue_id].add(sprint_id)
        for issue_id, started_at in connection.execute(
            select(logs.issue_id, logs.started_at).where(logs.site == site, logs.issue_id.in_(ids))
        ):
            instants[issue_id].add(round(started_at.timestamp() * 1000))
        keys: dict[int, str] = {
            row.id: row.project_key
            for row in connection.execute(
                select(issues.c.id, issues.c.project_key).where(
                    issues.c.site == site, issues.c.id.in_(ids)
                )
            )
        }
        marks = {
            i: Stale(
                frozenset({keys[i]} if i in keys else ()),
                frozenset(sprints[i]),
                frozenset(instants[i]),
            )
            for i in ids
        }
        mark_stale(connection, site, marks)


def mark_stale_sprints(
    connection: Connection, site: str, sprints: Mapping[int, datetime | None]
) -> None:
    """Add sprints whose own dates or state changed, each with the earlier of its two starts."""
    if not sprints:
        return
    earlier = read_stale_sprints(connection, site)
    rows = [
        {"site": site, "sprint_id": i, "since": earliest(since, earlier.get(i))}
        for i, since in sprints.items()
    ]
    upsert(connection, stale_sprints, rows)


def earliest(*instants: datetime | None) -> datetime | None:
    """The earliest of the instants that are known."""
    return min((at for at in instants if at is not None), default=None)


def read_stale_issues(connection: Connection, site: str) -> Iterator[tuple[int, Stale]]:
    """Every issue of the site that facts must look at, a few at a time: after a first pull all."""
    c = stale_issues.c
    statement = select(c.issue_id, c.project_keys, c.sprint_ids, c.instants).where(c.site == site)
    rows = connection.execute(statement, execution_options={"yield_per": CHUNK})
    return ((issue_id, Stale(*map(frozenset, parts))) for issue_id, *parts in rows)


def read_stale_sprints(connection: Connection, site: str) -> dict[int, datetime | None]:
    """All sprints of the site that changed, each with the earlier of its starts."""
    c = stale_sprints.c
    rows = connection.execute(select(c.sprint_id, c.since).where(c.site == site))
    return {row.sprint_id: row.since for row in rows}


def clear_stale(connection: Connection, site: str) -> None:
    """Forget the marks of the site: all its facts are written."""
    for table in (stale_issues, stale_sprints):
        connection.execute(delete(table).where(table.c.site == site))


def _read(connection: Connection, site: str, ids: Iterable[int]) -> dict[int, Stale]:
    c = stale_issues.c
    rows = connection.execute(
        select(c.issue_id, c.project_keys, c.sprint_ids, c.instants).where(
            c.site == site, c.issue_id.in_(list(ids))
        )
    )
    return {issue_id: Stale(*map(frozenset, parts)) for issue_id, *parts in rows}


def _json(values: frozenset[int] | frozenset[str]) -> str:
    return orjson.dumps(sorted(values)).decode()
