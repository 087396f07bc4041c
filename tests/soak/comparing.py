"""Whether a store that grew pull by pull holds what a first pull into an empty one finds."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine, select

from telemetry.facts import refresh
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.issues import mark_gone
from telemetry.store.teams import read_teams
from telemetry.store.tracker import delete_sprints
from tests.pulled import FACTS, HISTORY
from tests.soak.town import Town

SITE = "default"
SHOWN_ROWS = 8
Row = dict[str, Any]
Tables = Mapping[str, list[Row]]
OF_ISSUES = {
    "issues": "id",
    "changes": "issue_id",
    "work_logs": "issue_id",
    "sprint_members": "issue_id",
    "sprint_names": "issue_id",
    "epic_members": "issue_id",
}


def differences(
    grown: Engine, fresh: Engine, tables: Sequence[str] = (*HISTORY, *FACTS)
) -> list[str]:
    """The rows of history and facts that only one of the stores has, a sentence each.

    Left out are rows of `grown` that are to stay there though Jira shows nothing of them any more.
    """
    left, right = _read(grown), _read(fresh)
    _forget_lost_epics(left, right)
    told: list[str] = []
    for table in tables:
        stays = _staying(table, left, right)
        ours = _by_key(table, (row for row in left[table] if not stays(row)))
        theirs = _by_key(table, (row for row in right[table] if not _is_gone(table, row, right)))
        found = [
            _sentence(table, key, ours.get(key), theirs.get(key))
            for key in sorted(ours.keys() | theirs.keys(), key=repr)
            if ours.get(key) != theirs.get(key)
        ]
        told += found[:SHOWN_ROWS]
        if len(found) > SHOWN_ROWS:
            told.append(f"{table}: {len(found) - SHOWN_ROWS} more rows differ")
    return told


def _is_of_lost_epic(row: Row, lost: Collection[int]) -> bool:
    is_mended = row["kind"] == "mended_history" and row["about_id"] in lost
    return is_mended and row["data"]["field_names"] == ["epic"]


def _forget_lost_epics(ours: Tables, theirs: Tables) -> None:
    """Take no notice of a link to an epic that neither store counts.

    A Data Center names an epic by its key: only a store that once held the epic knows its id.
    """
    counted = {row["id"] for row in theirs["issues"] if row["gone_at"] is None}
    lost = {
        row["id"]
        for rows in (ours["issues"], theirs["issues"])
        for row in rows
        if row["epic_id"] is not None and row["epic_id"] not in counted
    }
    for rows in (ours["issues"], theirs["issues"]):
        for row in rows:
            if row["id"] in lost:
                row |= {"epic_id": None, "digest": ""}
    for store in (ours, theirs):  # nor that one of them ends the history of the link with none
        findings = store["quality_findings"]
        findings[:] = [row for row in findings if not _is_of_lost_epic(row, lost)]
        members = store["epic_members"]
        members[:] = [row for row in members if row["issue_id"] not in lost]


def _by_key(table: str, rows: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    names = [column.name for column in s.metadata.tables[table].primary_key]
    return {tuple(row[name] for name in names if name != "site"): row for row in rows}


def _sentence(table: str, key: tuple[Any, ...], ours: Row | None, theirs: Row | None) -> str:
    what = f"{table} {', '.join(map(str, key))}:"
    if ours is None or theirs is None:
        return f"{what} only the {'fresh' if ours is None else 'grown'} store has it"
    parts = [f"{n} is {ours[n]!r}, fresh {theirs[n]!r}" for n in ours if ours[n] != theirs[n]]
    return f"{what} {'; '.join(parts)}"


def _read(engine: Engine) -> dict[str, list[Row]]:
    with reading(engine) as connection:
        return {
            name: [
                dict(row._mapping) for row in connection.execute(s.metadata.tables[name].select())
            ]
            for name in (*HISTORY, *FACTS)
        }


def _is_gone(table: str, row: Row, store: Tables) -> bool:
    """An issue out of Jira's reach stays in history marked gone; it counts nowhere.

    So its own rows are left out of the comparison, but no row of facts.
    """
    if table not in OF_ISSUES:
        return False
    return row[OF_ISSUES[table]] in {i["id"] for i in store["issues"] if i["gone_at"] is not None}


def _staying(table: str, ours: Tables, theirs: Tables) -> Callable[[Row], bool]:
    """Which rows of `ours` stay by design though `theirs` lacks them."""
    if table in OF_ISSUES:
        gone = {i["id"] for i in ours["issues"] if i["gone_at"] is not None}
        return lambda row: row[OF_ISSUES[table]] in gone
    known = (
        {row["id"] for row in theirs[table]}
        if table in ("statuses", "boards", "sprints")
        else set()
    )
    if table == "statuses":  # one that Jira no longer lists keeps its last name and category
        return lambda row: not row["is_listed"] and row["id"] not in known
    own_boards = {row["id"] for row in theirs["boards"]}
    if table == "boards":  # of a team that had another board or project before
        return lambda row: row["id"] not in known
    if table == "sprints":  # once listed by a team's board whose own it is not
        return lambda row: row["board_id"] not in own_boards and row["id"] not in known
    return lambda _: False


def without(engine: Engine, town: Town, issue_ids: Iterable[int]) -> None:
    """Take issues out of a store and compute its facts again, as if Jira had never shown them."""
    with writing(engine) as connection:
        mark_gone(connection, SITE, issue_ids, town.now)
    with reading(engine) as connection:
        as_of = {t.rules.key: t.as_of for t in read_teams(connection) if t.as_of is not None}
    refresh(engine, SITE, as_of)


def comparable_tables(incremental: Engine, fresh: Engine) -> list[str]:
    """The tables that incremental pulls alone get right.

    Fields that a team needed before are read until a reconciliation asks for less: then issues
    and their changes hold more than those of a first pull; no figure does.
    """
    asked = [_read(engine)["sites"] for engine in (incremental, fresh)]
    more = () if asked[0] == asked[1] else ("sites", "issues", "changes")
    return [table for table in (*HISTORY, *FACTS) if table not in more]


def out_of_open_sprints(engine: Engine, town: Town) -> set[int]:
    """Issues of other projects that no open sprint of a team's board holds.

    They count in the closed sprints that they were in, but no search for what changed finds them.
    """
    boards = {town.k8s_board.id, town.web_board.id}
    sprints = town.world.sprints.values()
    open_ids = {one.id for one in sprints if one.state != "closed" and one.board in boards}
    configured = {town.world.projects[project].key for project in town.configured}
    c = s.issues.c
    with reading(engine) as connection:
        rows = connection.execute(select(c.id, c.project_key, c.sprint_ids))
        return {
            row.id
            for row in rows
            if row.project_key not in configured and open_ids.isdisjoint(row.sprint_ids)
        }


def forget_unlisted(incremental: Engine, fresh: Engine) -> None:
    """Take the sprints out that a board once listed of others, and that a first pull never sees."""
    with reading(incremental) as ours, reading(fresh) as theirs:
        ids = set(ours.scalars(select(s.sprints.c.id))) - set(
            theirs.scalars(select(s.sprints.c.id))
        )
        own = set(theirs.scalars(select(s.boards.c.id)))
        foreign = select(s.sprints.c.id).where(s.sprints.c.board_id.not_in(own))
        unlisted = ids & set(ours.scalars(foreign))
    with writing(incremental) as connection:
        delete_sprints(connection, SITE, unlisted)


def out_of_reach(grown: Engine, fresh: Engine) -> set[int]:
    """Issues that the grown store still counts and the fresh one never saw."""
    query = select(s.issues.c.id).where(s.issues.c.gone_at.is_(None))
    with reading(grown) as ours, reading(fresh) as theirs:
        return set(ours.scalars(query)) - set(theirs.scalars(query))
