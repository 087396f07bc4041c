"""Quarters in addresses."""

from typing import Annotated, Final

from fastapi import Query

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.errors import NotFound

ASKED: Final = "A quarter such as `Q3-26`; by default the one that today lies in"

Asked = Annotated[
    str,
    Query(
        description=ASKED,
        max_length=20,
        json_schema_extra={"pattern": "^([Qq][1-4]-(20)?[0-9]{2})?$"},
    ),
]


def asked_or_none(quarter: str) -> Quarter | None:
    """The quarter that a query asks for, None where it asks for none. Raises NotFound."""
    return asked_quarter(quarter) if quarter else None


def asked_quarter(given: str) -> Quarter | None:
    """The quarter of an address, None for `current`; raises NotFound for what is none."""
    if given == "current":
        return None
    found = read_quarter(given)
    if found is None:
        raise NotFound(f"there is no quarter {given!r}: give one such as Q3-26, or 'current'")
    return found
