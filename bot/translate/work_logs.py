"""Work logs from their raw answers, each by itself."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from bot.translate.guard import LONGEST_SECONDS, UNREADABLE, Guard, as_object, id_of
from bot.translate.values import Raw
from telemetry.domain.models import WorkLog

Author = Callable[[Raw | None], str | None]
_LOGS = "its work logs"
_new = tuple.__new__  # past the names of a tuple's values: twice as quick


def translate_work_logs(values: list[Any], guard: Guard, author: Author) -> tuple[WorkLog, ...]:
    """The work logs by (started, id), each id once; what cannot be read is left out and named."""
    logs: dict[int, WorkLog] = {}
    for raw in values:
        try:
            log = _work_log(raw, guard, author)
        except UNREADABLE:
            guard.name(_what(raw), as_object(raw).get("started"))
        else:
            logs[log.id] = log
    return tuple(sorted(logs.values(), key=attrgetter("started_at", "id")))


def _work_log(raw: Raw, guard: Guard, author: Author) -> WorkLog:
    spent = raw["timeSpentSeconds"]
    log_id, seconds = id_of("a work log", raw["id"]), -1 if isinstance(spent, bool) else int(spent)
    if not 0 <= seconds <= LONGEST_SECONDS:
        raise ValueError("a time out of bounds")
    created, updated = raw.get("created"), raw.get("updated")
    what = f"when work log {log_id} was typed in"
    created_at = guard.optional_instant(what, created, _LOGS)
    values = (
        log_id,
        guard.instant(_LOGS, raw["started"]),
        seconds,
        author(raw.get("author")),
        created_at,
        created_at if updated == created else guard.optional_instant(what, updated, _LOGS),
    )
    return _new(WorkLog, values)


def _what(raw: Any) -> str:
    """A work log for a person: by what it is left of it."""
    log_id = as_object(raw).get("id")
    return f"work log {log_id}" if isinstance(log_id, str | int) else "a work log"
