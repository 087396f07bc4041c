"""A sprint's figures as one value: what is derived from it, and that storing it loses nothing."""

import json
from datetime import date

import pytest

from telemetry.metrics.estimates import estimates, usual_natures
from telemetry.metrics.figures import (
    NAMES,
    Impediments,
    Nature,
    SprintFigures,
    TimeSplit,
    all_figures,
    from_stored,
    to_stored,
)
from telemetry.metrics.forecast import Outlook
from telemetry.metrics.gap import Cause, Part
from telemetry.metrics.impediment import ImpedimentFigures
from telemetry.metrics.kind import Kind
from telemetry.metrics.sprint_figures import sprint_figures
from telemetry.metrics.sprint_walk import walk_sprint
from telemetry.metrics.timeline import timelines
from telemetry.metrics.velocity import Usual
from tests.builders import a_sprint, a_team, an_issue, at, logged

AS_OF = at("2026-04-01")

NETWORK, PEOPLE = Nature("network", 3, 1200), Nature("people", 1, 600)
UNFINISHED = Part(Cause.UNFINISHED, 5.0, True, (1, 2))


def a_value(**figures: object) -> SprintFigures:
    plain: dict[str, object] = dict.fromkeys(NAMES, 0)
    plain |= {"counts": {}, "natures": (), "gap": ()} | figures
    return SprintFigures(**plain)  # type: ignore[arg-type]


def test_time_is_shared_out_in_three_classes():
    time = a_value(planned_seconds=3600, impediment_seconds=1800, off_plan_seconds=600).time
    assert time == TimeSplit(3600, 1800, 600)
    assert (time.all_seconds, time.impediment_share_percent) == (6000, 30)
    assert a_value().time.impediment_share_percent is None


@pytest.mark.parametrize(("seconds", "hours"), [(5400.0, 1.5), (0.0, 0), (None, None)])
def test_impediments_are_told_with_hours_to_close(seconds, hours):
    value = a_value(
        impediment_count=4,
        impediments_opened_count=3,
        impediments_closed_count=2,
        impediments_open_count=1,
        impediment_seconds=1800,
        median_seconds_to_close=seconds,
        natures=(NETWORK, PEOPLE),
    )
    assert value.impediments == Impediments(4, 3, 2, 1, 1800, hours, (NETWORK, PEOPLE))


def test_a_stored_value_is_read_as_it_was():
    value = a_value(counts={"added": 2}, natures=(NETWORK, PEOPLE), gap=(UNFINISHED,))
    row = json.loads(json.dumps(to_stored(value)))
    assert row["natures"] == [["network", 3, 1200], ["people", 1, 600]]
    assert row["gap"] == [["unfinished", 5.0, [1, 2]]]
    assert row["counts"] == {"added": 2}
    assert from_stored([row[name] for name in NAMES]) == value


def test_the_usual_of_a_nature_is_its_median_with_sprints_without_it_as_nothing():
    sprints = [a_value(natures=(NETWORK,)), a_value(natures=(NETWORK, PEOPLE)), a_value()]
    assert usual_natures(sprints) == {"network": 1200, "people": 0}
    known = Usual(0.0, 0.0, 1.0)
    assert estimates(a_value(), [], known).usual_natures is None
    assert estimates(a_value(), sprints, known).usual_natures == {"network": 1200, "people": 0}


def test_estimates_follow_from_the_hours_lost_and_what_is_unfinished():
    lost = {"impediment_seconds": 3600, "off_plan_seconds": 7200, "remaining_points": 8.0}
    found = estimates(a_value(gap=(UNFINISHED,), **lost), [], Usual(0.0, 3600.0, 0.5))
    assert found.remaining_without_impediments_points == 7
    assert [(part.cause, part.points) for part in found.gap] == [
        (Cause.IMPEDIMENTS, 0.5),
        (Cause.OFF_PLAN, 0.5),
        (Cause.REST, 4),
    ]


def test_the_value_has_each_part_where_it_belongs():
    issues = [an_issue(points=3, logs=[logged("2026-03-04")])]
    team, sprint = a_team(), a_sprint(closed="2026-03-13 17:00")
    work = sprint_figures(walk_sprint(sprint, timelines(issues, team).values(), AS_OF), team, {})
    lost = ImpedimentFigures(4, 3, 2, 1, 1800, 60.0, (("network", 3, 1200), ("people", 1, 600)))
    seconds = {Kind.PLANNED: 7, Kind.IMPEDIMENT: 1800, Kind.OFF_PLAN: 9}
    days = [date(2026, 3, day) for day in (10, 11, 12)]
    said = Outlook(days[0], days[1], days[2], 20.0, 5.0, 3.0, 2.0)
    found = all_figures(work, said, seconds, lost, (UNFINISHED,))
    assert (found.committed_points, found.remaining_points, found.as_of) == (3, 3, work.as_of)
    assert [found.projected_50_on, found.projected_85_on, found.projected_95_on] == days
    amounts = (found.done_by_end_50_points, found.done_by_end_85_points)
    assert (found.finish_in_time_percent, *amounts, found.left_by_end_50_points) == (20, 5, 3, 2)
    assert found.time == TimeSplit(7, 1800, 9)
    assert found.impediments == Impediments(4, 3, 2, 1, 1800, 60 / 3600, (NETWORK, PEOPLE))
    assert (found.gap, found.counts["committed"]) == ((UNFINISHED,), 1)
