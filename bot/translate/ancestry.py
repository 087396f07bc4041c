"""Where an issue stands among others: epic or sub-task, its parent and its epic."""

from collections.abc import Callable

from bot.translate.fields import FieldRoles
from bot.translate.guard import Guard, as_object, id_of
from bot.translate.values import Raw, number
from telemetry.domain.models import Change, Field

Resolve = Callable[[str], int | None]
"""Key of an issue → its id, where it is known."""


def is_epic_type(kind: Raw) -> bool:
    """Whether issues of this type are epics, by the level or the name that it tells."""
    level = number(kind.get("hierarchyLevel"))
    if level is not None:
        return level == 1
    names = {str(kind.get(key, "")).casefold() for key in ("name", "untranslatedName")}
    return "epic" in names and not is_subtask_type(kind)


def is_subtask_type(kind: Raw) -> bool:
    """Whether issues of this type are sub-tasks."""
    told, level = kind.get("subtask"), number(kind.get("hierarchyLevel"))
    if told is None:
        return level is not None and level < 0
    return told is True or str(told).casefold() == "true"


def is_labelled_epic(fields: Raw, kind: Raw, roles: FieldRoles) -> bool:
    """Whether it has an epic's name, and no epic: on Data Center only the field tells."""
    label, link = roles.epic_label, roles.epic_link
    is_told = number(kind.get("hierarchyLevel")) is not None
    return not is_told and bool(label and fields.get(label) and not fields.get(link or ""))


def parent_id_of(parent: Raw, guard: Guard) -> int | None:
    """The id of the parent that an issue shows, if it has one."""
    if not parent.get("id"):
        return None
    return guard.attempt("its parent", lambda: id_of("its parent", parent["id"]), None)


def epic_key(raw: Raw, roles: FieldRoles) -> str | None:
    """The key in the epic link field, None where it is empty or not used."""
    link = roles.epic_link
    value = as_object(raw.get("fields")).get(link) if link else None
    if isinstance(value, dict):
        value = value.get("key")
    return value if isinstance(value, str) and value else None


def epic_id(
    raw: Raw, roles: FieldRoles, changes: tuple[Change, ...], resolve: Resolve | None, guard: Guard
) -> int | None:
    """The id of its epic: as shown, else by the key that is shown, else by its last change."""
    fields = raw["fields"]
    epic, parent = as_object(fields.get("epic")), as_object(fields.get("parent"))
    parent_id = parent_id_of(parent, guard)
    if epic.get("id"):
        return guard.attempt("its epic", lambda: id_of("its epic", epic["id"]), None)
    kind = as_object(as_object(parent.get("fields")).get("issuetype"))
    if parent_id is not None and is_epic_type(kind):
        return parent_id
    key = epic_key(raw, roles)
    if key is None:
        return None
    is_parent = parent_id is not None and parent.get("key") == key
    known = parent_id if is_parent else resolve(key) if resolve else None
    if known is not None:
        return known
    last = next((one for one in reversed(changes) if one.field is Field.EPIC), None)
    if last is None or not last.to_value:
        return None
    to_value = last.to_value
    return guard.attempt("its epic", lambda: id_of("its epic", to_value), None)
