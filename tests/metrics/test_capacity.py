"""What a sprint to come can hold, and how far sprints ended from their commitments."""

from dataclasses import replace
from datetime import timedelta

import pytest

from telemetry.domain.calendar import Calendar
from telemetry.metrics.capacity import Spread, capacity, completed_of_committed, spread
from telemetry.metrics.velocity import ClosedSprint, usual, velocity
from tests.builders import at


def closed(number: int, completed: float, *, days: int = 10, committed: float = 40) -> ClosedSprint:
    end = at("2026-01-02") + timedelta(days=14 * number)
    first = end - timedelta(days=days + 2 * ((days - 1) // 5) - 1)
    return ClosedSprint(number, first, end, committed, completed, None, days, 0, 0, 0)


UTC = Calendar("UTC")
THREE = [closed(1, 20), closed(2, 30), closed(3, 40)]


def test_capacity_is_velocity_times_working_days():
    found = capacity(THREE, 8, UTC)
    assert found.points == pytest.approx(3 * 8)
    assert (found.low_points, found.median_points, found.high_points) == (16, 24, 32)
    assert found.sprint_count == 3


def test_only_the_last_sprints_count():
    found = capacity([closed(0, 400), *THREE], 10, UTC, count=3)
    assert (found.points, found.high_points) == (pytest.approx(30), 40)


def test_a_sprint_of_another_length_counts_by_its_days():
    assert capacity([closed(1, 20, days=5), closed(2, 40)], 10, UTC).points == pytest.approx(40)


def test_one_sprint_has_no_spread_and_none_no_capacity():
    one = capacity(THREE[:1], 10, UTC)
    assert (one.points, one.low_points, one.median_points, one.high_points) == (
        20,
        None,
        None,
        None,
    )
    assert capacity([], 10, UTC) is None


def test_a_sprint_of_days_off_alone_tells_no_capacity():
    saturday, sunday = at("2026-01-17 09:00"), at("2026-01-18 17:00")
    idle = replace(closed(1, 20, days=0), started_at=saturday, ended_at=sunday)
    assert capacity([idle], 10, UTC) is None


def test_no_working_day_holds_nothing():
    assert capacity(THREE, 0, UTC).points == 0


def test_completed_is_held_against_committed():
    assert completed_of_committed(THREE) == Spread(50, 75, 100, 3)
    more = [*THREE, closed(4, 50)]
    assert completed_of_committed(more).high == 125


def test_sprints_without_commitment_say_nothing():
    assert completed_of_committed([closed(1, 8, committed=0)]) is None
    assert completed_of_committed([closed(1, 8, committed=0), closed(2, 10)]).count == 1
    assert spread([]) is None


def test_one_sprint_is_counted_as_one():
    assert capacity(THREE[:1], 10, UTC).sprint_count == 1


def test_six_sprints_are_looked_at_where_nobody_says_how_many():
    seven = [closed(number, 10) for number in range(7)]
    assert capacity(seven, 10, UTC).sprint_count == completed_of_committed(seven).count == 6
    assert len(velocity(seven, UTC).sprints) == 6
    steps = [replace(one, impediment_seconds=number) for number, one in enumerate(seven)]
    assert usual(steps).impediment_seconds == 3.5  # of 1 to 6
