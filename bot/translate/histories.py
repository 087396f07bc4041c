"""What happened to an issue, of a history of which some cannot be read."""

from collections.abc import Callable
from typing import Any

from bot.translate.changes import ChangeReader
from bot.translate.guard import UNREADABLE, Guard, Unreadable, as_list, as_object, id_of
from bot.translate.values import Raw, instant
from telemetry.domain.models import Change


def read_changes(
    reader: ChangeReader, raw: Raw, is_subtask: bool, guard: Guard, unsure: Callable[[str], None]
) -> tuple[Change, ...]:
    """What happened to an issue; a history or an item that cannot be read is left out.

    `unsure` is told the ids of fields of which it is not clear whose changes are theirs.
    """
    log = raw.get("changelog")
    histories = as_object(log).get("histories")
    if log is not None and not isinstance(histories, list):
        raise Unreadable("its history")
    every, shown = as_list(histories), as_object(raw.get("fields"))

    def zoneless() -> None:
        guard.without_zone("its history")

    try:
        changes = reader.changes(every, is_subtask, shown, unsure, zoneless)
    except UNREADABLE:
        good = [whole for one in every if (whole := _readable(one, reader, guard)) is not None]
        changes = reader.changes(good, is_subtask, shown, unsure, zoneless)
    if changes and not (guard.is_within(changes[0].at) and guard.is_within(changes[-1].at)):
        for one in changes:
            if not guard.is_within(one.at):
                guard.name(f"a change of its {one.field}", one.at.isoformat())
        changes = tuple(one for one in changes if guard.is_within(one.at))
    return changes


def _readable(history: Any, reader: ChangeReader, guard: Guard) -> Raw | None:
    """The history with nothing in the place of items that cannot be read."""
    try:
        what = f"entry {id_of('an id', history['id'])} of its history"
        instant(history["created"])
        items = list(history["items"]) if type(history["items"]) is list else None
        if items is None:
            raise TypeError("an entry without a list of items")
    except UNREADABLE:
        guard.name("an entry of its history", as_object(history).get("id"))
        return None
    for place, item in enumerate(items):
        try:
            reader.changes([{**history, "items": [item]}], is_subtask=False)
        except UNREADABLE:
            guard.name(f"an item of {what}")
            items[place] = {}
    return {**history, "items": items}
