"""Quarters in addresses."""

from typing import Final

from telemetry.domain.quarter import Quarter, read_quarter
from telemetry.errors import NotFound

ASKED: Final = "A quarter such as `Q3-26`; by default the one that today lies in"


def asked_quarter(given: str) -> Quarter | None:
    """The quarter of an address, None for `current`; raises NotFound for what is none."""
    if given == "current":
        return None
    found = read_quarter(given)
    if found is None:
        raise NotFound(f"there is no quarter {given!r}: give one such as Q3-26, or 'current'")
    return found
