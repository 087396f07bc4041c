"""What impediments cost: the usual and the surplus are all of it."""

import pytest

from telemetry.metrics.estimates import impediment_cost
from telemetry.metrics.gap import remaining_without_impediments
from telemetry.metrics.velocity import Usual

USUAL = Usual(4 * 3600.0, 3600.0, 0.5)


@pytest.mark.parametrize(
    ("hours", "usual", "surplus"), [(0, 0, 0), (3, 1.5, 0), (4, 2, 0), (10, 2, 3)]
)
def test_what_is_above_the_usual_is_surplus(hours: float, usual: float, surplus: float) -> None:
    found = impediment_cost(round(hours * 3600), USUAL)
    assert found is not None
    assert (found.usual_points, found.surplus_points) == (usual, surplus)


def test_of_a_running_sprint_the_share_that_is_gone_is_usual() -> None:
    found = impediment_cost(4 * 3600, USUAL.by_now(0.25))
    assert found is not None
    assert (found.usual_points, found.surplus_points) == (0.5, 1.5)


def test_where_nothing_is_usual_all_of_it_is_surplus() -> None:
    found = impediment_cost(2 * 3600, Usual(None, None, 0.5))
    assert found is not None
    assert (found.usual_points, found.surplus_points) == (0, 1)


def test_without_a_pace_the_cost_is_unknown() -> None:
    assert impediment_cost(3600, Usual(None, None, None)) is None
    assert impediment_cost(3600, Usual(3600.0, 0.0, None)) is None


def test_without_impediments_leaves_out_all_that_they_cost() -> None:
    found = impediment_cost(6 * 3600, USUAL)
    assert found is not None
    cost = found.usual_points + found.surplus_points
    assert remaining_without_impediments(10, 6 * 3600, 3 * 3600, USUAL) == 10 - cost - 1
