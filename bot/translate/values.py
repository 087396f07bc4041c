"""Single values of Jira's JSON: instants, numbers, sprint ids, options."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.translate.fields import original_estimate

MOST_ID = 2**63  # from here on no store holds an id

Raw = dict[str, Any]

_from_iso = datetime.fromisoformat
_offset_at = len("2026-11-30T10:00:00.000")  # in texts as Jira sends them
_offset_lengths = frozenset({len("+0100"), len("+01:00")})
_offsets: dict[str, timedelta | None] = {}  # half of reading an instant is reading its offset
_longest_status_id = 32
_first_millisecond = 1e11  # a greater number counts milliseconds: in seconds it is the year 5138


def instant(value: str | float, zoneless: Callable[[], None] | None = None) -> datetime:
    """An instant in UTC from an ISO text with any offset, or a number since 1970.

    Bulk changelogs give numbers: milliseconds in practice, seconds in Atlassian's example. A text
    without offset is read as UTC, and `zoneless` is told. Raises ValueError for what is no instant.
    """
    if isinstance(value, str) and not value.isdecimal():
        offset_text = value[_offset_at:]
        offset = _offsets.get(offset_text)
        try:
            if offset is not None:
                return _from_iso(value[:_offset_at] + "Z") - offset
            at = _from_iso(value)
        except ValueError:
            return instant(float(value))
        if at.tzinfo is UTC:
            return at
        if at.tzinfo is not None:
            if len(offset_text) in _offset_lengths and offset_text[0] in "+-":
                _offsets[offset_text] = at.utcoffset()
            return at.astimezone(UTC)
        if zoneless is not None:
            zoneless()
        return at.replace(tzinfo=UTC)
    number = float(value)
    seconds = number / 1000 if abs(number) > _first_millisecond else number
    return datetime.fromtimestamp(seconds, UTC)


def optional_instant(value: Any) -> datetime | None:
    """An instant, or None for the ways in which Jira says that there is none."""
    return None if value in (None, "", "<null>") else instant(value)


def number(value: Any) -> float | None:
    """A number from a number, a text or a select option; None for none."""
    if isinstance(value, dict):
        value = value.get("value")
    if value is None or isinstance(value, bool):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        try:
            found = float(str(value).strip().replace(",", "."))
        except ValueError:
            return None
    return found if math.isfinite(found) else None


def number_text(value: Any) -> str | None:
    """A number as `Change` spells it: `3`, `0.5`; None for none."""
    found = number(value)
    if found is None:
        return None
    return str(int(found)) if found.is_integer() else repr(found)


def status_id(value: Any, name: Any) -> str | None:
    """The id of a status in a change; where it tells its name alone, as after an import, by that.

    Such an id is none of Jira's, whose are numbers: the name then tells what it means.
    """
    if value:
        return str(value)
    folded = str(name or "").strip().casefold()
    return f"={folded}"[:_longest_status_id] if folded else None


def sprint_id(value: Any) -> int | None:
    """The id in one value of a sprint field: an object, a number, or Data Center's toString.

    In the latter the order of keys varies and names hold anything, unescaped: only `id=` after
    the opening bracket or a comma, with digits up to the next comma or the end, is read.
    """
    if isinstance(value, dict):
        return int(value["id"])
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        return None
    if value.isdecimal():
        return int(value)
    inside = value[value.find("[") + 1 :].removesuffix("]")
    for part in inside.split(","):
        if part.startswith("id=") and part[3:].isdecimal():
            return int(part[3:])
    return None


def sprint_ids(*values: Any) -> tuple[int, ...]:
    """All sprint ids of some field values, ascending, each once."""
    found: set[int] = set()
    for value in values:
        for one in value if isinstance(value, list) else (value,):
            known = sprint_id(one)
            if known is not None:
                found.add(known)
    return tuple(sorted(found))


def sprint_ids_text(value: Any) -> str:
    """The ids of a Sprint change, as `Change` spells them: `5579, 5599` becomes `5579,5599`."""
    if not value:
        return ""
    ids = {int(part) for part in str(value).split(",") if part.strip().isdecimal()}
    if any(one >= MOST_ID for one in ids):
        raise ValueError("an id that no store holds")
    return ",".join(map(str, sorted(ids)))


def sprint_names_text(ids: Any, names: Any) -> str | None:
    """The names of a Sprint change, as `Change` spells them: a line each, in the order of the ids.

    In one line where commas in names, or ids that are missing, leave open which is whose.
    """
    text = str(names or "").strip()
    known = [int(part) for part in str(ids or "").split(",") if part.strip().isdecimal()]
    parts = text.split(", ")
    if len(known) < 2 or len(parts) != len(known):
        return text or None
    pairs = dict(zip(known, parts, strict=True))
    return "\n".join(pairs[sprint_id].strip() for sprint_id in sorted(pairs))


def option_texts(value: Any) -> tuple[str, ...]:
    """The texts of a select, multi-select, cascading or text field, sorted by name."""
    values = value if isinstance(value, list) else [value]
    texts = (
        one.get("value") or one.get("name") if isinstance(one, dict) else one for one in values
    )
    return tuple(sorted({str(text).strip() for text in texts if text and str(text).strip()}))


def estimate_value(field_id: str, value: Any) -> float | None:
    """An estimate now; the original estimate is in seconds."""
    found = number(value)
    return float(int(found)) if found is not None and field_id == original_estimate else found
