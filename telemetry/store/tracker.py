"""What a tracker holds beside issues: the site itself, its boards, statuses and sprints."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, and_, bindparam, case, func, or_, select

from telemetry.domain.models import Board, Sprint, SprintState, Status
from telemetry.store.named import mark_named
from telemetry.store.schema import boards, sites, sprints, statuses
from telemetry.store.stale import earliest, mark_stale_sprints
from telemetry.store.teams import raise_facts_version_of_site
from telemetry.store.terms import LAST_CLOSED_FIRST, own_sprints
from telemetry.store.upsert import chunks, delete_stored, upsert
from telemetry.store.values import Instant

_STATUSES = select(statuses).where(statuses.c.site == bindparam("site"))
_SPRINTS = select(sprints).where(
    sprints.c.site == bindparam("site"), sprints.c.id.in_(bindparam("ids", expanding=True))
)
_OWN = own_sprints(bindparam("site"), bindparam("board_ids", expanding=True))


@dataclass(frozen=True, slots=True)
class Site:
    """A Jira. `field_roles` is what discovery found out about its fields (JSON values)."""

    name: str
    url: str
    deployment: str  # cloud | datacenter
    field_roles: Mapping[str, Any] = field(default_factory=dict)


def write_site(connection: Connection, site: Site) -> bool:
    """Write the site; whether it changed."""
    is_changed = upsert(connection, sites, [asdict(site)]) > 0
    if is_changed:
        raise_facts_version_of_site(connection, site.name)
    return is_changed


def read_sites(connection: Connection) -> dict[str, Site]:
    """All sites by name."""
    return {row.name: Site(**row._mapping) for row in connection.execute(select(sites))}


def read_site(connection: Connection, name: str) -> Site | None:
    """The site of that name, None before its first pull."""
    return read_sites(connection).get(name)


def write_boards(connection: Connection, given: Sequence[Board]) -> int:
    """Write boards; the number that changed."""
    changed = upsert(connection, boards, [asdict(board) for board in given])
    if changed:
        _raise_versions(connection, given)
    return changed


def read_board(connection: Connection, site: str, board_id: int) -> Board | None:
    """The board, None when it was never written."""
    row = connection.execute(
        select(boards).where(boards.c.site == site, boards.c.id == board_id)
    ).one_or_none()
    return None if row is None else _board(row)


def write_statuses(connection: Connection, given: Sequence[Status]) -> int:
    """Write statuses; the number that changed. Absent ones stay: histories still name them."""
    changed = upsert(connection, statuses, [asdict(status) for status in given])
    if changed:
        _raise_versions(connection, given)
    return changed


def _raise_versions(connection: Connection, given: Iterable[Board | Status]) -> None:
    """Pages tell of boards and statuses by their names: they are made anew."""
    for site in sorted({one.site for one in given}):
        raise_facts_version_of_site(connection, site)


def read_statuses(connection: Connection, site: str) -> dict[str, Status]:
    """All statuses of the site by id, those only histories name included."""
    rows = connection.execute(_STATUSES, {"site": site})
    return {row.id: Status(**row._mapping) for row in rows}


def read_unlisted_status_ids(connection: Connection, site: str) -> list[str]:
    """The statuses that only histories still name, by id."""
    unlisted = (statuses.c.site == site, ~statuses.c.is_listed)
    return list(connection.scalars(select(statuses.c.id).where(*unlisted).order_by(statuses.c.id)))


def write_sprints(connection: Connection, given: Sequence[Sprint]) -> int:
    """Write sprints and mark those that changed for facts; the number that changed."""
    changed: list[Sprint] = []
    since: dict[str, dict[int, datetime | None]] = {}
    renamed: dict[str, dict[int, tuple[str | None, str | None]]] = {}
    for some in chunks(given):
        for site in sorted({sprint.site for sprint in some}):
            mine = {sprint.id: sprint for sprint in some if sprint.site == site}
            known = read_sprints_by_id(connection, site, mine)
            for sprint in mine.values():
                past = known.get(sprint.id)
                if past is None or past.name != sprint.name:
                    names = (past.name if past else None, sprint.name)
                    renamed.setdefault(site, {})[sprint.id] = names
                if past != sprint:
                    changed.append(sprint)
                    started = earliest(sprint.started_at, past.started_at if past else None)
                    since.setdefault(site, {})[sprint.id] = started
    upsert(connection, sprints, [{**asdict(s), "state": s.state.value} for s in changed])
    for site, starts in sorted(since.items()):
        mark_stale_sprints(connection, site, starts)
        mark_named(connection, site, renamed.get(site, {}))
    return len(changed)


def read_sprints(connection: Connection, site: str, board_ids: Iterable[int]) -> tuple[Sprint, ...]:
    """The sprints whose origin is one of the boards, by start; those without one come last."""
    rows = connection.execute(
        select(sprints)
        .where(own_sprints(site, list(board_ids)))
        .order_by(sprints.c.started_at.is_(None), sprints.c.started_at, sprints.c.id)
    )
    return tuple(_sprint(row) for row in rows)


def read_started_sprints(
    connection: Connection,
    site: str,
    board_ids: Iterable[int],
    among: Iterable[int] = (),
    during: tuple[datetime, datetime] | None = None,
) -> tuple[Sprint, ...]:
    """The boards' sprints that run, are among these ids, or were open at some moment of `during`.

    Its ends are included; sprints that have not started are left out.
    """
    given: dict[str, Any] = {"site": site, "board_ids": list(board_ids), "ids": list(among)}
    if during is not None:
        given |= {"start": during[0], "end": during[1]}
    rows = connection.execute(_started(is_during=during is not None), given)
    return tuple(_sprint(row) for row in rows)


@cache
def _started(*, is_during: bool) -> Select[Any]:
    c = sprints.c
    wanted = [c.state == SprintState.ACTIVE.value, c.id.in_(bindparam("ids", expanding=True))]
    if is_during:
        start = bindparam("start", type_=Instant)
        ended_at = func.coalesce(c.completed_at, c.planned_end_at)
        is_late = or_(c.started_at >= start, ended_at >= start, ended_at.is_(None))
        wanted.append(and_(c.started_at <= bindparam("end"), is_late))
    return select(sprints).where(
        _OWN, c.started_at.is_not(None), c.state != SprintState.FUTURE.value, or_(*wanted)
    )


def read_last_sprints(
    connection: Connection, site: str, board_ids: Sequence[int], closed: int
) -> tuple[Sprint, ...]:
    """The boards' sprints that run, by id, and as many of the last closed ones, newest first."""
    given = {"site": site, "board_ids": list(board_ids), "closed": closed}
    return tuple(_sprint(row) for row in connection.execute(_last(), given))


@cache
def _last() -> Select[Any]:
    is_closed = sprints.c.state == SprintState.CLOSED.value
    last = select(sprints.c.id).where(_OWN, is_closed).order_by(*LAST_CLOSED_FIRST)
    among = last.limit(bindparam("closed", type_=Integer)).correlate(None)
    is_active = sprints.c.state == SprintState.ACTIVE.value
    return (
        select(sprints)
        .where(_OWN, or_(is_active, sprints.c.id.in_(among)))
        .order_by(is_closed, case((is_active, sprints.c.id)), *LAST_CLOSED_FIRST)
    )


def read_sprints_by_id(
    connection: Connection, site: str, sprint_ids: Iterable[int]
) -> dict[int, Sprint]:
    """The sprints of these ids, of whatever board; unknown ids are left out."""
    found: dict[int, Sprint] = {}
    for ids in chunks(sorted(set(sprint_ids))):
        rows = connection.execute(_SPRINTS, {"site": site, "ids": ids})
        found.update((row.id, _sprint(row)) for row in rows)
    return found


def read_sprints_elsewhere(
    connection: Connection, site: str, board_ids: Iterable[int]
) -> tuple[Sprint, ...]:
    """The site's sprints of no board, or of other boards than these."""
    c = sprints.c
    elsewhere = c.board_id.is_(None) | c.board_id.not_in(list(board_ids))
    rows = connection.execute(select(sprints).where(c.site == site, elsewhere).order_by(c.id))
    return tuple(_sprint(row) for row in rows)


def read_open_sprints(connection: Connection, site: str) -> tuple[Sprint, ...]:
    """The site's sprints that were not closed when last seen, of whatever board."""
    rows = connection.execute(
        select(sprints)
        .where(sprints.c.site == site, sprints.c.state != SprintState.CLOSED.value)
        .order_by(sprints.c.id)
    )
    return tuple(_sprint(row) for row in rows)


def mark_coming_sprints(connection: Connection, site: str, since: datetime) -> None:
    """Mark the sprints for facts that start or end later than `since`: their time may have come."""
    c = sprints.c
    later = or_(c.started_at > since, c.completed_at > since)
    is_past = c.state != SprintState.FUTURE.value
    rows = connection.execute(select(c.id, c.started_at).where(c.site == site, is_past, later))
    mark_stale_sprints(connection, site, {row.id: row.started_at for row in rows})


def delete_sprints(connection: Connection, site: str, sprint_ids: Iterable[int]) -> int:
    """Delete sprints that the tracker deleted, and mark them for facts; the number deleted."""
    known = read_sprints_by_id(connection, site, sprint_ids)
    delete_stored(connection, sprints, [(site, sprint_id) for sprint_id in known])
    starts = {sprint_id: sprint.started_at for sprint_id, sprint in known.items()}
    mark_stale_sprints(connection, site, starts)
    mark_named(connection, site, {i: (sprint.name, None) for i, sprint in known.items()})
    return len(known)


def sprints_of_names(
    connection: Connection, site: str, names: Iterable[str]
) -> dict[str, list[Sprint]]:
    """The sprints of these names, by name."""
    found: dict[str, list[Sprint]] = {}
    for some in chunks(sorted(set(names))):
        query = select(sprints).where(sprints.c.site == site, sprints.c.name.in_(some))
        for row in connection.execute(query.order_by(sprints.c.id)):
            found.setdefault(row.name, []).append(_sprint(row))
    return found


def _board(row: Row[Any]) -> Board:
    columns = tuple((name, tuple(status_ids)) for name, status_ids in row.columns)
    return Board(**{**row._mapping, "columns": columns})


def _sprint(row: Row[Any]) -> Sprint:
    return Sprint(**{**row._mapping, "state": SprintState(row.state)})
