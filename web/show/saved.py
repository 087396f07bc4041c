"""Whether a page is made to be kept as a file: no server answers it then, nothing moves in it."""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final

IS_SAVED: Final[ContextVar[bool]] = ContextVar("is_saved", default=False)


def sort_values(values: Mapping[str, float | None]) -> str:
    """An attribute of a row: what a saved table sorts it by in each column, "" in a served one.

    Columns that are not in it are sorted by what their cells say.
    """
    if not IS_SAVED.get():
        return ""
    said = (f"{name}:{'' if value is None else round(value, 6)}" for name, value in values.items())
    return f' data-sort="{" ".join(said)}"'
