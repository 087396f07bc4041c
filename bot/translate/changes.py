"""Changelogs as changes of the fields that matter, in canonical values.

Fields are known by id, and where Jira names none (Data Center always; Cloud for parents), or one
that means something else today (after a move from another site, or of a field made anew), by
name: system fields by their own, custom ones by what the site calls or called them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from bot.translate.fields import (
    FieldRoles,
    original_estimate,
)
from bot.translate.loose_names import NOT_YET, Doubt, LooseNames, Placed
from bot.translate.values import (
    MOST_ID,
    Raw,
    instant,
    number_text,
    sprint_ids_text,
    sprint_names_text,
    status_id,
)
from telemetry.domain.models import Change, Field

Naming = Callable[[Raw, str, str], str | None]
"""(item, the key of its id, the key of its text) → the name as `Change` spells it."""
Named = tuple[str | None, str | None, str | None]
"""How an item names its field: by id, by name, and whose kind of field it is."""
Canonical = Callable[[Raw, str, str], str | None]
"""(item, the key of its id, the key of its text) → the value as `Change` spells it."""


class Kind(NamedTuple):
    """What a changelog item is about, and how its values are read."""

    field: Field
    field_id: str | None
    value: Canonical
    name: Naming | None = None


def _id_value(item: Raw, id_key: str, _: str) -> str | None:
    value = item.get(id_key)
    return str(value) if value else None


def _status(item: Raw, id_key: str, text_key: str) -> str | None:
    return status_id(item.get(id_key), item.get(text_key))


def _sprints(item: Raw, id_key: str, _: str) -> str:
    return sprint_ids_text(item.get(id_key))


def _status_name(item: Raw, _: str, text_key: str) -> str | None:
    return str(item.get(text_key) or "").strip() or None


def _sprint_names(item: Raw, id_key: str, text_key: str) -> str | None:
    return sprint_names_text(item.get(id_key), item.get(text_key))


def _labels(item: Raw, _: str, text_key: str) -> str:
    return " ".join(str(item.get(text_key) or "").split())


def _flag(item: Raw, id_key: str, text_key: str) -> str:
    options = str(item.get(id_key) or "").strip("[] ")
    return "1" if options or item.get(text_key) else ""


def _points(item: Raw, id_key: str, text_key: str) -> str | None:
    text = item.get(text_key)
    return number_text(text if text not in (None, "") else item.get(id_key))


def _seconds(item: Raw, id_key: str, text_key: str) -> str | None:
    value = item.get(id_key)
    return number_text(value if value not in (None, "") else item.get(text_key))


def _option(item: Raw, _: str, text_key: str) -> str | None:
    texts = (part.strip() for part in str(item.get(text_key) or "").split(","))
    return ", ".join(filter(None, texts)) or None


_system = {
    "status": Kind(Field.STATUS, None, _status, _status_name),
    "labels": Kind(Field.LABELS, None, _labels),
    "issuetype": Kind(Field.TYPE, None, _id_value),
    "project": Kind(Field.PROJECT, None, _id_value),
    "parent": Kind(Field.PARENT, None, _id_value),
    "issueparentassociation": Kind(Field.EPIC, None, _id_value),
    "workflow": Kind(Field.WORKFLOW, None, _id_value),
}
_new = tuple.__new__  # past the names of a tuple's values: twice as quick
_epic = Field.EPIC  # members of an enumeration are slow to look up
_usual_names = {"sprint": "sprint", "epic link": "epic_link", "flagged": "flagged"}


def _loose_name(item: Raw, id_key: str, _: str) -> str:
    """What tells whose a loose change is: before it the field's id, after it the name."""
    return str(item.get("fieldId" if id_key == "from" else "field") or "")


NOTHING_SHOWN: Mapping[str, Any] = MappingProxyType({})
LOOSE = Kind(Field.ESTIMATE, NOT_YET, _points, _loose_name)


class ChangeReader:
    """Reads the changes of issues of one site. `pseudonym_of` gets the raw author."""

    def __init__(self, roles: FieldRoles, pseudonym_of: Callable[[Raw | None], str | None]) -> None:
        self._pseudonym_of = pseudonym_of
        self._by_id = _system | _custom_kinds(roles)
        self._by_custom_name = _kinds_by_name(roles, self._by_id)
        self._names = LooseNames(roles, {*_system, *_usual_names}, self._by_id)
        self._known: dict[Named, Kind | None] = {}

    def changes(
        self,
        histories: Iterable[Raw],
        is_subtask: bool,
        fields: Mapping[str, Any] = NOTHING_SHOWN,
        doubt: Doubt = lambda _: None,
        zoneless: Callable[[], None] | None = None,
    ) -> tuple[Change, ...]:
        """All changes that matter, by (at, history id, place in the history); each history once.

        `fields` are the issue's present values, which tell whose a change is that names a field
        by a name of several, or of none today; of an estimate of which they do not, `doubt` is
        told, and `zoneless` of an instant without a time zone. The busiest loop of a pull: what a
        history says is read once, and only where it matters.
        """
        placed: list[Placed] = []
        seen: set[int] = set()
        is_unsure = False
        known = self._known
        for history in histories:
            history_id, at, author = int(history["id"]), None, None
            if history_id in seen:
                continue
            seen.add(history_id)
            items = history["items"]
            if type(items) is not list:
                raise TypeError("an entry without a list of items")
            for ordinal, item in enumerate(items):
                get = item.get
                key = get("fieldId"), get("field"), get("fieldtype")
                kind = known[key] if key in known else self._learn(key)
                if kind is None:
                    continue
                if at is None:
                    at = instant(history["created"], zoneless)
                    author = self._pseudonym_of(history.get("author"))
                field, field_id, value, name = kind
                if field is _epic and is_subtask:
                    field = Field.PARENT
                before, after = value(item, "from", "fromString"), value(item, "to", "toString")
                was = now = None
                if name is not None:
                    was, now = name(item, "from", "fromString"), name(item, "to", "toString")
                values = history_id, ordinal, at, field, field_id, before, after, author, was, now
                change = _new(Change, values)
                is_unsure |= field_id == NOT_YET
                placed.append((at, history_id, ordinal, change))
        _check_ids(seen)
        if is_unsure:
            placed = self._names.owned(placed, fields, doubt)
        placed.sort(key=itemgetter(0, 1, 2))
        return tuple([change for _, _, _, change in placed])

    def _learn(self, key: Named) -> Kind | None:
        found = self._known[key] = self._find(*key)
        return found

    def _find(self, field_id: str | None, name: str | None, fieldtype: str | None) -> Kind | None:
        if self._names.is_loose(field_id, name, fieldtype):
            return LOOSE
        folded = (name or "").casefold()
        if field_id:
            is_right = self._names.is_told_by_id(field_id, folded)
            return (self._by_id if is_right else self._by_custom_name).get(
                field_id if is_right else folded
            )
        system = None if fieldtype == "custom" else self._by_id.get(folded)
        return system or (None if fieldtype == "jira" else self._by_custom_name.get(folded))


def _check_ids(ids: Collection[int]) -> None:
    """Raises ValueError where one of the ids is none that a store holds."""
    if ids and not -MOST_ID < min(ids) <= max(ids) < MOST_ID:
        raise ValueError("an id that no store holds")


def _custom_kinds(roles: FieldRoles) -> dict[str, Kind]:
    kinds: dict[str, Kind] = {}
    for one in roles.natures:
        kinds[one] = Kind(Field.NATURE, one, _option)
    for one in roles.estimates:
        read = _seconds if one == original_estimate else _points
        kinds[one] = Kind(Field.ESTIMATE, one, read)
    if roles.sprint:
        kinds[roles.sprint] = Kind(Field.SPRINT, None, _sprints, _sprint_names)
    if roles.epic_link:
        kinds[roles.epic_link] = Kind(Field.EPIC, None, _id_value)
    if roles.flagged:
        kinds[roles.flagged] = Kind(Field.FLAGGED, None, _flag)
    return kinds


def _kinds_by_name(roles: FieldRoles, by_id: dict[str, Kind]) -> dict[str, Kind]:
    """Kinds by folded name; of two fields with one name the first choice wins.

    What a field was called counts after what all are called now. Epics are told by their link
    where the site no longer has the field, too.
    """
    kinds: dict[str, Kind] = {"epic link": Kind(_epic, None, _id_value)}
    for usual, role in _usual_names.items():
        field_id = getattr(roles, role)
        if field_id:
            kinds[usual] = by_id[field_id]
    own = (roles.sprint, roles.epic_link, roles.flagged)
    every = [one for one in (*own, *roles.estimates, *roles.natures) if one]
    now = [(roles.names.get(field_id, ""), field_id) for field_id in every]
    then = [(name, field_id) for field_id in every for name in roles.former.get(field_id, ())]
    for name, field_id in (*now, *then):
        if name:
            kinds.setdefault(name.casefold(), by_id[field_id])
    return kinds
