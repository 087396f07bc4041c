"""Values of replayed fields as the calculations compare and sum them."""

import math
from functools import lru_cache

from telemetry.domain.team import Estimate, EstimateKind

GRAINS_PER_POINT = 3_600_000  # a point in whole grains: sums of points are exact
GRAINS_PER_SECOND = 1_000  # of an original estimate, where an hour is a point
ORIGINAL_ESTIMATE_FIELD = "timeoriginalestimate"


def estimate_field(estimate: Estimate) -> str | None:
    """The field that holds a team's estimates; None where each issue counts as one."""
    if estimate.kind is EstimateKind.ORIGINAL_ESTIMATE:
        return ORIGINAL_ESTIMATE_FIELD
    return estimate.field_id if estimate.kind is EstimateKind.FIELD else None


def grains_per_unit(estimate: Estimate) -> int:
    """The grains of each 1 in the field that holds a team's estimates."""
    is_time = estimate.kind is EstimateKind.ORIGINAL_ESTIMATE
    return GRAINS_PER_SECOND if is_time else GRAINS_PER_POINT


@lru_cache(maxsize=8192)  # 0.3 µs, 48,000 times in a pull of 4,100 issues
def grains(value: str | float | None, unit: int = GRAINS_PER_POINT) -> int | None:
    """An estimate in grains, `unit` of them for each 1; None for what is no number."""
    if value is None or value == "":
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return round(number * unit)


@lru_cache(maxsize=8192)  # 0.6 µs, 13,000 times in such a pull
def sprint_set(value: str | None) -> frozenset[int]:
    """The sprint ids of a Sprint value: "38, 40" is {38, 40}; none is empty."""
    return frozenset(int(part) for part in (value or "").split(",") if part.strip())
