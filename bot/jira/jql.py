"""Pieces of JQL: quoted values, lists, instants."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

_escapes = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def quote(value: str) -> str:
    """A text as a JQL value, in quotes, so that no word of it is read as JQL."""
    return f'"{value.translate(_escapes)}"'


def any_of(field: str, values: Iterable[str | int]) -> str:
    """`field in (...)`; the values must not be empty. Field names are ours or quoted."""
    listed = ", ".join(str(v) if isinstance(v, int) else quote(v) for v in values)
    if not listed:
        raise ValueError(f"{field} in () is no JQL")
    return f"{field} in ({listed})"


def instant(at: datetime, zone: tzinfo) -> str:
    """A JQL date-time, in quotes, that Jira reads as `at` or a little before, never after.

    JQL knows minutes only, in the calling user's zone. Where clocks are set back a local minute
    comes twice and JQL cannot tell which is meant: then the hour before both is written.
    """
    local = at.astimezone(zone).replace(second=0, microsecond=0)
    first = local.replace(fold=0)
    repeated = local.replace(fold=1).astimezone(UTC) - first.astimezone(UTC)
    if repeated:
        local = (first.astimezone(UTC) - repeated).astimezone(zone)
    return local.strftime('"%Y/%m/%d %H:%M"')
