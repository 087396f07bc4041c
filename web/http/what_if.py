"""What is to be otherwise in a quarter, as an address asks for it."""

from dataclasses import asdict
from typing import Annotated, Final

from fastapi import Query

from telemetry.metrics.what_if import Change

LEAST_CAPACITY, MOST_CAPACITY = -100, 200  # percent
MOST_POINTS: Final = 100_000
NO_CHANGE: Final = Change()


def asked_change(
    capacity_change_percent: Annotated[
        float | None,
        Query(
            ge=LEAST_CAPACITY,
            le=MOST_CAPACITY,
            allow_inf_nan=False,
            description="How much more, or less, is done on each working day from today on",
        ),
    ] = None,
    impediment_share_percent: Annotated[
        float | None,
        Query(
            ge=0,
            le=100,
            allow_inf_nan=False,
            description="The share of all hours that impediments take from today on; the usual "
            "one in whole percent changes nothing",
        ),
    ] = None,
    scope_change_points: Annotated[
        float | None,
        Query(
            ge=-MOST_POINTS,
            le=MOST_POINTS,
            allow_inf_nan=False,
            description="Points that come to what is left, or leave it",
        ),
    ] = None,
    security_coefficient: Annotated[
        float | None,
        Query(
            ge=0,
            le=1,
            allow_inf_nan=False,
            description="The part that the capacity limit keeps free; the present one in whole "
            "percent changes nothing",
        ),
    ] = None,
) -> Change | None:
    """What is asked to be otherwise; None where nothing is said of it."""
    given = (capacity_change_percent, scope_change_points)
    if given == (None, None) and impediment_share_percent is security_coefficient is None:
        return None
    return Change(
        capacity_change_percent or 0.0,
        impediment_share_percent,
        scope_change_points or 0.0,
        security_coefficient,
    )


def chosen(change: Change | None) -> dict[str, object]:
    """What an address says of a change."""
    every = asdict(change or NO_CHANGE).items()
    return {name: f"{one:g}" for name, one in every if one is not None and one != 0.0}
