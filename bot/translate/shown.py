"""What an issue shows of itself now: its sprints, natures, last update and time spent."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot.translate.fields import FieldRoles
from bot.translate.guard import UNREADABLE, Guard
from bot.translate.values import Raw, option_texts, sprint_ids
from telemetry.domain.models import Change, Field, WorkLog

SHORTEST_NAMED = 360  # seconds: the least that is not shown as 0.0 h


def shown_sprint_ids(
    fields: Raw, roles: FieldRoles, changes: tuple[Change, ...], guard: Guard
) -> tuple[int, ...]:
    """The sprints shown now; where the field is hidden, those of its last change."""
    shown = (roles.sprint or "", "sprint", "closedSprints")
    if not any(name in fields for name in shown):
        last = next((one for one in reversed(changes) if one.field is Field.SPRINT), None)
        return tuple(map(int, last.to_value.split(","))) if last and last.to_value else ()
    found: set[int] = set()
    for name in shown:
        value = fields.get(name)
        for one in value if isinstance(value, list) else (value,):
            ids = _ids_in(one)
            if one and not (ids and 0 <= ids[0] < 2**63):
                guard.name("one of its sprints")
            else:
                found.update(ids)
    return tuple(sorted(found))


def _ids_in(value: Any) -> tuple[int, ...]:
    try:
        return () if isinstance(value, bool | list) else sprint_ids(value)
    except UNREADABLE:
        return ()


def natures_of(value: Any, guard: Guard) -> tuple[str, ...]:
    """The texts that a nature field holds."""
    none: tuple[str, ...] = ()
    if value is None:
        return none
    found = guard.attempt("its nature", lambda: option_texts(value), none)
    return tuple(text for text in found if guard.text("its nature", text) == text)


def updated_at(
    fields: Raw, changes: tuple[Change, ...], created_at: datetime, guard: Guard
) -> datetime:
    """When it was updated; where that cannot be read, the newest thing known to have happened."""
    told = guard.optional_instant("when it was updated", fields.get("updated"))
    return told or max((created_at, *(change.at for change in changes)))


def name_hidden_hours(spent: Any, logs: Iterable[WorkLog], guard: Guard) -> None:
    """Name the time that Jira counts for an issue and shows no work log of, as to a group only."""
    hidden = spent - sum(log.seconds for log in logs) if type(spent) is int else 0
    if hidden >= SHORTEST_NAMED:
        guard.name(f"{hidden / 3600:.1f} h of its time spent, of which Jira shows no work log")
