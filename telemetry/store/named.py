"""Sprints that histories tell by name, under an id that is not, or no longer, the sprint's own."""

from collections.abc import Iterable, Mapping
from functools import cache

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    or_,
    select,
)

from telemetry.domain.models import Field, Status
from telemetry.store.schema import changes, sprint_names, sprints, statuses
from telemetry.store.stale import Stale, mark_stale, mark_stale_as_stored
from telemetry.store.upsert import chunks

NAME, SPRINT, CHANGE, STATUS = sprint_names.c, sprints.c, changes.c, statuses.c


def named_members(
    connection: Connection, site: str, sprint_ids: Iterable[int]
) -> list[tuple[int, int]]:
    """(sprint, issue) where the issue's history tells the sprint by name under another id."""
    return [
        (row.id, row.issue_id)
        for ids in chunks(sorted(set(sprint_ids)))
        for row in connection.execute(_by_name(SPRINT.id), {"site": site, "ids": ids})
    ]


def named_sprints(
    connection: Connection, site: str, issue_ids: Iterable[int]
) -> Mapping[int, set[int]]:
    """The sprints that these issues' histories tell by name under another id, by issue."""
    found: dict[int, set[int]] = {}
    for ids in chunks(sorted(set(issue_ids))):
        for row in connection.execute(_by_name(NAME.issue_id), {"site": site, "ids": ids}):
            found.setdefault(row.issue_id, set()).add(row.id)
    return found


def mark_named(
    connection: Connection, site: str, names: Mapping[int, tuple[str | None, str | None]]
) -> None:
    """Mark the issues whose histories mean other sprints now than before.

    `names` maps the sprints that were added, renamed or deleted to their names before and after.
    """
    told = {name for pair in names.values() for name in pair if name}
    rows = [
        row
        for some in chunks(sorted(told))
        for row in connection.execute(
            select(NAME.name, NAME.sprint_id, NAME.issue_id).where(
                NAME.site == site, NAME.name.in_(some)
            )
        )
    ]
    if not rows:
        return
    now: dict[int, str] = {}
    for some in chunks(sorted(told)):
        listed = select(SPRINT.id, SPRINT.name).where(SPRINT.site == site, SPRINT.name.in_(some))
        now |= {row.id: row.name for row in connection.execute(listed)}
    before = {i: name for i, name in now.items() if i not in names}
    before |= {i: was for i, (was, _) in names.items() if was}
    touched: dict[int, frozenset[int]] = {}
    for name, sprint_id, issue_id in rows:
        ends = [_meant(name, sprint_id, listing) for listing in (before, now)]
        # of another team's sprint the name alone tells that a stranger was in it
        was_named, is_named = (listing.get(sprint_id) == name for listing in (before, now))
        if ends[0] != ends[1] or was_named != is_named:
            touched[issue_id] = touched.get(issue_id, frozenset()) | ends[0] | ends[1]
    mark_stale_as_stored(connection, site, touched)
    mark_stale(connection, site, {i: Stale(sprint_ids=ids) for i, ids in touched.items()})


def mark_statuses(
    connection: Connection, site: str, before: Mapping[str, Status], now: Mapping[str, Status]
) -> None:
    """Mark the issues whose histories tell of statuses that were added, renamed or dropped."""
    ids = sorted(
        i for i in before.keys() | now.keys() if _listed(before.get(i)) != _listed(now.get(i))
    )
    if not before or not ids:
        return
    names = sorted({one.name for i in ids for one in (before.get(i), now.get(i)) if one})
    is_told = [
        or_(value.in_(ids), and_(name.in_(names), ~_is_listed(value, name)))
        for value, name in (
            (CHANGE.from_value, CHANGE.from_name),
            (CHANGE.to_value, CHANGE.to_name),
        )
    ]
    query = select(CHANGE.issue_id).distinct()
    query = query.where(CHANGE.site == site, CHANGE.field == Field.STATUS.value, or_(*is_told))
    mark_stale_as_stored(connection, site, set(connection.scalars(query)))


def _listed(status: Status | None) -> str | None:
    return status.name if status is not None and status.is_listed else None


def _is_listed(value: Column[str], name: Column[str]) -> ColumnElement[bool]:
    return exists().where(
        STATUS.site == CHANGE.site, STATUS.id == value, STATUS.name == name, STATUS.is_listed
    )


def _meant(name: str, sprint_id: int, listing: Mapping[int, str]) -> frozenset[int]:
    """The sprints that may be meant by a name and an id."""
    if listing.get(sprint_id) == name:
        return frozenset({sprint_id})
    return frozenset(i for i, known in listing.items() if known == name) or frozenset({sprint_id})


@cache
def _by_name(among: Column[int]) -> Select[tuple[int, int]]:
    """What is told by name, of `ids` in that column; building it costs more than running it."""
    told = sprints.alias()
    is_right = exists().where(
        told.c.site == NAME.site, told.c.id == NAME.sprint_id, told.c.name == NAME.name
    )
    same = and_(SPRINT.site == NAME.site, SPRINT.name == NAME.name, SPRINT.id != NAME.sprint_id)
    return (
        select(SPRINT.id, NAME.issue_id)
        .distinct()
        .join_from(sprint_names, sprints, same)
        .where(
            NAME.site == bindparam("site"), among.in_(bindparam("ids", expanding=True)), ~is_right
        )
    )
