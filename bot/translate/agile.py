"""Sprints, boards and statuses from their raw answers."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.translate.fields import estimation_field
from bot.translate.values import Raw, instant, optional_instant
from telemetry.domain.models import Board, Sprint, SprintState, Status

_categories = frozenset({"new", "indeterminate", "done", "undefined"})


def translate_sprint(site: str, raw: Raw) -> Sprint:
    """A sprint. Its start is its activation where told; only a closed one is completed."""
    state = SprintState(str(raw["state"]).lower())
    planned_end = optional_instant(raw.get("endDate"))
    completed = optional_instant(raw.get("completeDate")) or planned_end
    board = raw.get("originBoardId", raw.get("boardId"))
    activated = optional_instant(raw.get("activatedDate"))
    return Sprint(
        site=site,
        id=int(raw["id"]),
        name=str(raw.get("name") or raw["id"]),
        state=state,
        board_id=None if board is None else int(board),
        goal=str(raw.get("goal") or ""),
        started_at=activated or optional_instant(raw.get("startDate")),
        planned_start_at=optional_instant(raw.get("startDate")),
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
    estimation = configuration.get("estimation") or {}
    columns = (configuration.get("columnConfig") or {}).get("columns") or []
    return Board(
        site=site,
        id=int(raw["id"]),
        name=str(raw.get("name") or raw["id"]),
        has_sprints=is_scrum if has_sprints is None else has_sprints,
        estimate_field_id=estimation_field(configuration),
        estimates_by_count=estimation.get("type") == "issueCount",
        columns=tuple(
            (str(one.get("name", "")), tuple(str(s["id"]) for s in one.get("statuses") or []))
            for one in columns
        ),
    )


def translate_status(site: str, raw: Raw, is_listed: bool = True) -> Status:
    """A status with its category, `undefined` where Jira tells none that it describes."""
    category = (raw.get("statusCategory") or {}).get("key")
    known = category if category in _categories else "undefined"
    return Status(site, str(raw["id"]), str(raw.get("name") or raw["id"]), known, is_listed)


def unlisted_statuses(
    site: str, issues_raw: Iterable[Raw], known_ids: Collection[str]
) -> tuple[Status, ...]:
    """The statuses that only issues and their histories name, by id, under their newest name.

    What they mean is for `telemetry.domain.done` to say: their category is `undefined`, unless
    an issue that is in one now tells it.
    """
    newest: dict[str, tuple[datetime, Status]] = {}
    for raw in issues_raw:
        for told_at, named in _statuses_named(raw):
            if named["id"] not in known_ids:
                at, status = instant(told_at), translate_status(site, named, is_listed=False)
                if at >= newest.get(status.id, (at, status))[0]:
                    newest[status.id] = (at, status)
    return tuple(newest[status_id][1] for status_id in sorted(newest))


def _statuses_named(raw: Raw) -> Iterator[tuple[Any, Raw]]:
    """(when, {id, name}) of each status that an issue's histories name, and of its present one."""
    for history in (raw.get("changelog") or {}).get("histories") or ():
        for item in history["items"]:
            if item.get("field") == "status":
                for status_id, name in (
                    (item.get("from"), item.get("fromString")),
                    (item.get("to"), item.get("toString")),
                ):
                    if status_id:
                        yield history["created"], {"id": str(status_id), "name": name}
    fields = raw["fields"]
    if fields.get("status"):
        yield fields["updated"], fields["status"] | {"id": str(fields["status"]["id"])}
