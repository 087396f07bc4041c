"""Corrections reckoned one by one: each day's part is spread over as much as it is wide."""

from datetime import timedelta
from itertools import pairwise
from math import exp, inf, isclose, log, log1p

from hypothesis import given
from hypothesis import strategies as st

from telemetry.metrics.correction import Experience, Record, corrected
from telemetry.metrics.simulation import Simulated
from tests.metrics.test_correction import LATER, MONDAY

SPREAD = (0, 1, 2, 3, 4, 6, 7, 8, 9, 10)  # of the levels, all but the median: equal parts
MEDIAN = 5


@st.composite
def simulations(draw):
    days = sorted(draw(st.lists(st.integers(1, 75), min_size=11, max_size=11)))
    points = sorted(draw(st.lists(st.integers(0, 40), min_size=11, max_size=11)))
    return Simulated(
        tuple(None if one > 60 else one for one in days), tuple(one / 2 for one in points), 0.25
    )


@st.composite
def records(draw, most=5):
    found = []
    for number in range(draw(st.integers(0, most))):
        closed_on = MONDAY + timedelta(weeks=2 * number)
        for place in range(draw(st.integers(1, 3))):
            took = draw(st.one_of(st.none(), st.integers(1, 50)))
            ahead = draw(st.one_of(st.none(), st.integers(0, 15)))
            did = draw(st.one_of(st.none(), st.integers(0, 20)))
            day, on = closed_on - timedelta(days=9 - place), took and closed_on
            found.append(
                Experience(number, closed_on, day, ahead, draw(simulations()), on, took, did)
            )
    return found


def days_of(simulated):
    return min(simulated.days[MEDIAN] or 60, 60)


def points_of(simulated):
    return max(sum(simulated.points) / 11, 0.5)


def sprints_of(known):
    numbers = {one.sprint_id for one in known}
    return [[one for one in known if one.sprint_id == number] for number in sorted(numbers)]


def weighed(simulated, ahead, own, lent):
    """(experience, weight) of each day: 1 for a sprint, shared by nearness; what is lent fills up
    to twelve sprints."""
    missing = 12 - len(sprints_of(own))
    lending = [one for one in lent if one]
    parts = [(own, 1.0)]
    parts += [(one, missing / len(lending) / len(sprints_of(one))) for one in lending]
    for known, factor in parts:
        for sprint in sprints_of(known):
            near = [
                exp(-2 * (abs(log(days_of(one.simulated) / days_of(simulated)))
                          + abs(log1p(one.ahead or 0) - log1p(ahead or 0))))
                for one in sprint
            ]  # fmt: skip
            for one, part in zip(sprint, near, strict=True):
                yield one, factor * part / sum(near)


def shares(simulated, found):
    """(last day, width, share) of what is spread, the runs counting as six sprints."""
    every = [(simulated.days[place] or inf, 1.0, 0.6) for place in SPREAD]
    for one, weight in found:
        factor = days_of(simulated) / days_of(one.simulated)
        every.append((one.took * factor if one.took else inf, factor, weight))
    total = sum(weight for _, _, weight in every) + 0.5  # half a sprint takes longer than all
    return [(day, width, weight / total) for day, width, weight in every if day < inf]


def share_by(day, every):
    return sum(
        share * min(1.0, max(0.0, (day - last + width) / width)) for last, width, share in every
    )


def amount(percent, simulated, found):
    """What so many percent of what is known reach, halfway between what lies around it."""
    values = [(simulated.points[place], 0.6) for place in SPREAD]
    values += [
        (one.did_points * points_of(simulated) / points_of(one.simulated), weight)
        for one, weight in found
        if one.did_points is not None
    ]
    values.sort(key=lambda one: one[0])
    total, wanted = sum(weight for _, weight in values), 1 - percent / 100
    below, places = 0.0, []
    for value, weight in values:
        places.append(((below + weight / 2) / total, value))
        below += weight
    if wanted <= places[0][0]:
        return places[0][1]
    for (low, small), (high, large) in pairwise(places):
        if wanted <= high:
            return small + (large - small) * (wanted - low) / (high - low)
    return places[-1][1]


@given(
    simulations(),
    st.one_of(st.none(), st.integers(0, 30)),
    records(),
    st.lists(records(most=3), max_size=2),
)
def test_each_past_day_moves_the_forecast_by_its_part(simulated, ahead, own, lent):
    seen = [Record(one).seen(LATER) for one in lent]
    said = corrected(simulated, ahead, Record(own).seen(LATER), seen)
    found = list(weighed(simulated, ahead, own, lent))
    every = shares(simulated, found)
    assert isclose(said.in_time, share_by(ahead, every) if ahead else 0.0, abs_tol=1e-9)
    most = share_by(10**6, every)
    for percent, day in zip((0.5, 0.85, 0.95), said.days, strict=True):
        if day is None:
            assert most < percent + 1e-9
        else:
            assert share_by(day + 1e-5, every) >= percent - 1e-9
            assert day == 1 or share_by(day - 1 - 1e-5, every) <= percent + 1e-9
    for percent, points in zip((50, 85), said.points, strict=True):
        told = amount(percent, simulated, found) if ahead else None
        assert (points is None) == (told is None)
        assert told is None or isclose(points, told, abs_tol=1e-9)


def test_of_a_full_record_nothing_is_lent():
    own = [Experience(n, MONDAY, MONDAY, 4, IN_TEN, MONDAY, 3, 2.0) for n in range(13)]
    slow = Record([Experience(0, MONDAY, MONDAY, 4, IN_TEN, MONDAY, 40, 2.0)]).seen(LATER)
    for count in (12, 13):
        some = Record(own[:count]).seen(LATER)
        assert corrected(IN_TEN, 4, some, [slow]) == corrected(IN_TEN, 4, some)
    some = Record(own[:11]).seen(LATER)
    assert corrected(IN_TEN, 4, some, [slow]) != corrected(IN_TEN, 4, some)


IN_TEN = Simulated((10,) * 11, (10.0,) * 11, 0.0)


def test_no_more_sprints_are_seen_than_are_asked_for_or_known():
    known = [
        Experience(n, MONDAY + timedelta(days=n), MONDAY, 4, IN_TEN, None, None, None)
        for n in range(5)
    ]
    record = Record(known)
    assert len(record.seen(MONDAY + timedelta(days=2)).starts) == 3
    assert len(record.seen(MONDAY + timedelta(days=2), before=2).starts) == 2
    assert len(record.seen(MONDAY + timedelta(days=2), before=5).starts) == 3
    assert len(record.seen(LATER, before=0).sprint) == 0
    assert len(record.seen(MONDAY - timedelta(days=1)).sprint) == 0
