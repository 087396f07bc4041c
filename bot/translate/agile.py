"""Sprints, boards and statuses from their raw answers."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.translate.fields import estimation_field
from bot.translate.guard import (
    NO_END,
    UNREADABLE,
    Guard,
    Unreadable,
    as_list,
    as_object,
    id_of,
    needed,
)
from bot.translate.values import Raw, instant, status_id
from telemetry.domain.models import Board, Sprint, SprintState, Status

_sides = (("from", "fromString"), ("to", "toString"))
_categories = frozenset({"new", "indeterminate", "done", "undefined"})


def translate_sprint(site: str, raw: Raw, guard: Guard | None = None) -> Sprint:
    """A sprint. Its start is its activation where told; only a closed one is completed.

    Dates and a board that cannot be read are None, named by the guard. Raises Unreadable for a
    sprint without id or state.
    """
    guard = guard or Guard(NO_END)
    state = needed("its state", lambda: SprintState(str(raw["state"]).lower()))
    sprint_id = id_of("its id", raw.get("id"))
    if not sprint_id:
        raise Unreadable("its id")
    planned_start = guard.optional_instant("its start", raw.get("startDate"))
    planned_end = guard.optional_instant("its planned end", raw.get("endDate"))
    completed = guard.optional_instant("its completion", raw.get("completeDate")) or planned_end
    activated = guard.optional_instant("its activation", raw.get("activatedDate"))
    board = raw.get("originBoardId", raw.get("boardId"))
    return Sprint(
        site=site,
        id=sprint_id,
        name=guard.text("its name", raw.get("name")) or str(sprint_id),
        state=state,
        board_id=None
        if board is None
        else guard.attempt("its board", lambda: id_of("its board", board), None, board),
        goal=guard.text("its goal", raw.get("goal"), most=2000),
        started_at=activated or planned_start,
        planned_start_at=planned_start,
        planned_end_at=planned_end,
        completed_at=completed if state is SprintState.CLOSED else None,
    )


def translate_board(
    site: str, raw: Raw, configuration: Raw, has_sprints: bool | None = None
) -> Board:
    """A board with its raw configuration.

    `has_sprints` is what the client found out; without it only scrum boards have some.
    """
    is_scrum = str(raw.get("type", "")).lower() == "scrum"
    estimation = as_object(configuration.get("estimation"))
    columns = as_list(as_object(configuration.get("columnConfig")).get("columns"))
    return Board(
        site=site,
        id=id_of("a board's id", raw.get("id")),
        name=str(raw.get("name") or raw["id"])[:255],
        has_sprints=is_scrum if has_sprints is None else has_sprints,
        estimate_field_id=estimation_field(configuration),
        estimates_by_count=estimation.get("type") == "issueCount",
        columns=tuple(
            (str(one.get("name", ""))[:255], _status_ids(one)) for one in map(as_object, columns)
        ),
    )


def _status_ids(column: Raw) -> tuple[str, ...]:
    statuses = map(as_object, as_list(column.get("statuses")))
    return tuple(str(one["id"]) for one in statuses if one.get("id") is not None)


def translate_status(site: str, raw: Raw, is_listed: bool = True) -> Status:
    """A status with its category, `undefined` where Jira tells none that it describes."""
    category = as_object(raw.get("statusCategory")).get("key")
    known = category if isinstance(category, str) and category in _categories else "undefined"
    status_id = str(raw["id"])[:32]
    name = raw.get("name")
    told = name[:255] if isinstance(name, str) and name else status_id
    return Status(site, status_id, told, known, is_listed)


def translate_statuses(site: str, raw_statuses: Iterable[Any]) -> list[Status]:
    """The statuses that a site lists; what is no status is left out."""
    return [
        translate_status(site, raw)
        for raw in map(as_object, raw_statuses)
        if isinstance(raw.get("id"), str | int)
    ]


def unlisted_statuses(
    site: str, issues_raw: Iterable[Raw], known_ids: Collection[str]
) -> tuple[Status, ...]:
    """The statuses that only issues and their histories name, by id, under their newest name.

    What they mean is for `telemetry.domain.done` to say: their category is `undefined`, unless
    an issue that is in one now tells it.
    """
    newest: dict[str, tuple[datetime, Status]] = {}
    for raw in issues_raw:
        for found_id, told_at, named in _statuses_named(raw, known_ids):
            try:
                at = instant(told_at)
            except UNREADABLE:
                continue  # the history that says so cannot be read
            status = translate_status(site, {**named, "id": found_id}, is_listed=False)
            if at >= newest.get(status.id, (at, status))[0]:
                newest[status.id] = (at, status)
    return tuple(newest[status_id][1] for status_id in sorted(newest))


def _statuses_named(raw: Raw, known_ids: Collection[str]) -> Iterator[tuple[str, Any, Raw]]:
    """(id, when, raw) of each status, but known ones, of an issue's histories and its present one.

    It runs over every change of every issue: nothing is made where nothing is found.
    """
    for history in as_list(as_object(raw.get("changelog")).get("histories")):
        items = history.get("items") if isinstance(history, dict) else None
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and item.get("field") == "status":
                for side, text in _sides:
                    told = item.get(side)
                    if told and not isinstance(told, str | int):
                        continue
                    found = status_id(told, item.get(text))
                    if found and found not in known_ids:
                        yield found, history.get("created"), {"name": item.get(text)}
    fields = as_object(raw.get("fields"))
    present = as_object(fields.get("status"))
    if isinstance(present.get("id"), str | int) and str(present["id"]) not in known_ids:
        yield str(present["id"]), fields.get("updated"), present
