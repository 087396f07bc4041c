"""Finds the field that a setting names, and tells whether it can play its part: pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from telemetry.errors import ConfigurationError
from telemetry.words import configuration as words

Raw = dict[str, Any]
FORMER = "formerName"
_holds = {
    "number": "numbers",
    "date": "days",
    "datetime": "instants",
    "user": "people",
    "option": "choices",
    "array": "lists",
    "string": "text",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part that a setting names a field for: what it holds, and which types surely do not.

    `is_own`: only a field of the site's own can play it.
    """

    setting: str
    wanted: str
    is_numeric: bool = False
    is_own: bool = False


_PARTS = {
    "estimate": _Part("estimate", "numbers", is_numeric=True),
    "nature": _Part("impediment.nature_field", "choices or text"),
    "flag": _Part("impediment.flag_field", "choices", is_own=True),
}
_PLAIN = ("number", "date", "datetime", "user")  # neither choices nor text
_LISTED = (None, "option", "string", "component", "version", "group")


def field_id(fields_raw: Iterable[Raw], wanted: str, role: str, url: str) -> str:
    """The id of the field of this id or, letter case aside, name; raises ConfigurationError."""
    fields = list(fields_raw)
    if any(raw["id"] == wanted for raw in fields):
        return wanted
    exact = [raw["id"] for raw in fields if raw.get("name") == wanted]
    folded = wanted.casefold()
    alike = exact or [raw["id"] for raw in fields if folded in names_of_field(raw)]
    if not alike:
        known = _fitting(fields, role)
        raise ConfigurationError(
            f"{role} field '{wanted}' is not a field of {url}"
            f"{words.instead('it has', wanted, known)}; 'telemetry check' lists them"
        ).about(_PARTS[role].setting)
    if len(alike) > 1:
        raise ConfigurationError(
            f"{role} field '{wanted}' is the name of several fields of {url}: "
            f"{', '.join(sorted(alike))}; configure the id instead"
        ).about(_PARTS[role].setting)
    found: str = alike[0]
    return found


def fit_field_id(fields_raw: Iterable[Raw], wanted: str, role: str, url: str) -> str:
    """The id as `field_id` gives it, of a field that can hold what its part needs."""
    fields = list(fields_raw)
    found = field_id(fields, wanted, role, url)
    raw = next(raw for raw in fields if raw["id"] == found)
    if _fits(raw, role):
        return found
    part, kind = _PARTS[role], str(as_object(raw.get("schema")).get("type"))
    near = [f"'{name}'" for name in words.near_first(wanted, _fitting(fields, role))]
    shown = f"'{wanted}'" if wanted == found else f"'{wanted}' ({found})"
    holds = _holds.get(kind, "other things")
    raise ConfigurationError(words.wrong_kind(role, shown, holds, part.wanted, near)).about(
        part.setting
    )


def _fitting(fields: Iterable[Raw], role: str) -> list[str]:
    """The names of fields to choose from: numbers for an estimate, else the site's own."""
    is_numeric = _PARTS[role].is_numeric
    types = (None, "number") if is_numeric else (None, "option", "array", "string")
    return [
        str(raw.get("name", ""))
        for raw in fields
        if _fits(raw, role)
        and as_object(raw.get("schema")).get("type") in types
        and (is_numeric or raw.get("custom"))
    ]


def _fits(raw: Raw, role: str) -> bool:
    """Whether a field may play the part; one that does not tell its type may."""
    schema = as_object(raw.get("schema"))
    kind = schema.get("type")
    if not isinstance(kind, str):
        return True
    if _PARTS[role].is_numeric:
        return kind in ("number", "string", "option", "any")  # text and choices may be numbers
    is_list_of_others = kind == "array" and schema.get("items") not in _LISTED
    is_of_boards = ":gh-" in type_of_field(raw)
    is_own = str(raw["id"]).startswith("customfield_") and not _is_of_labels(raw)
    is_strange = _PARTS[role].is_own and not is_own
    return not (kind in _PLAIN or is_list_of_others or is_of_boards or is_strange)


def _is_of_labels(raw: Raw) -> bool:
    return type_of_field(raw).endswith(":labels")


def names_of_field(raw: Raw) -> set[str]:
    """The names by which settings find a field, in lower case."""
    return {str(raw.get("name", "")).casefold(), *map(str.casefold, other_names(raw))}


def other_names(raw: Raw) -> tuple[str, ...]:
    """The names that it had, and that in Jira's own language where it is called otherwise."""
    own = str(raw.get("untranslatedName") or "")
    others = (*raw.get(FORMER, ()), *([own] if own and own != raw.get("name") else []))
    return tuple(dict.fromkeys(others))


def type_of_field(raw: Raw) -> str:
    """The key of a custom field's type."""
    return str(as_object(raw.get("schema")).get("custom", ""))


def as_object(value: Any) -> Raw:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}
