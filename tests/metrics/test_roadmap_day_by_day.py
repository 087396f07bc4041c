"""A quarter's days and weeks, told one by one from what its epics and their children were."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from telemetry.domain.calendar import ONE_DAY, days_between
from telemetry.metrics.burnup import burnup
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import EpicLabels
from telemetry.metrics.roadmap import roadmap
from tests.builders import at
from tests.metrics.drawn_roadmaps import (
    CALENDAR,
    LATER,
    NOW,
    Q1,
    epics,
    has_label,
    step_of,
    sums,
)


def the_burnup(every: list[Epic], as_of: datetime, term=Q1) -> dict[date, tuple[float, float]]:
    last = min(term.last, CALENDAR.day_of(as_of))
    found = {}
    for day in days_between(term.first - ONE_DAY, last) if last >= term.first else []:
        end = CALENDAR.day_end(day)
        labelled = [one for one in every if has_label(one, str(term.quarter), end, as_of)]
        found[day] = sums([child for one in labelled for child in one.children], end, as_of)
    return found


@given(epics(), st.sampled_from([NOW, LATER, at("2026-01-01 00:00"), at("2026-03-31 23:00")]))
def test_each_days_end_has_the_labels_children_estimates_and_states_of_then(every, as_of):
    found = burnup(Q1, every, as_of)
    expected = the_burnup(every, as_of)
    assert {one.day: (one.total_points, one.done_points) for one in found} == expected


@given(epics())
def test_what_is_told_of_a_quarter_now_is_of_the_epics_that_have_its_label_now(every):
    found = roadmap(Q1, every, NOW)
    now = [one for one in every if "Q1-26" in one.labels.quarters]
    every_child = [child for one in now for child in one.children]
    end = NOW + timedelta(seconds=1)
    total, done = sums(every_child, end, NOW)
    assert (found.total_points, found.done_points) == (total, done)
    assert found.remaining_points == total - done
    assert found.progression_percent == (100 * done / total if total else None)
    assert {one.issue_id for one in found.epics} == {one.issue_id for one in now}
    for epic in now:
        [told] = [one for one in found.epics if one.issue_id == epic.issue_id]
        steps = [(one, step) for one in epic.children if (step := step_of(one, end, NOW))]
        assert told.child_count == len(steps)
        assert told.done_count == sum(step.state == "done" for _, step in steps)
        assert told.dependency_count == sum(one.is_dependency for one, _ in steps)
        assert told.unestimated_count == sum(
            step.points is None and step.state != "done" for _, step in steps
        )
        assert (told.total_points, told.done_points) == sums(epic.children, end, NOW)
        assert told.remaining_points == told.total_points - told.done_points


@given(epics(), st.sampled_from([NOW, LATER, at("2026-01-02 12:00"), at("2026-03-29 12:00")]))
def test_weeks_tell_what_came_since_the_week_before(every, as_of):
    days = the_burnup(every, as_of)
    before = days[date(2025, 12, 31)]
    ends = [date(2026, 1, 4) + timedelta(weeks=week) for week in range(13)] + [Q1.last]
    found = roadmap(Q1, every, as_of)
    expected = []
    for start, end in zip([Q1.first, *(day + ONE_DAY for day in ends)], ends, strict=False):
        if start <= CALENDAR.day_of(as_of):
            total, done = days[min(end, max(days))]
            percent = 100 * done / total if total else None
            expected.append((start, end, percent, done - before[1], total - before[0]))
            before = total, done
    assert [
        (w.starts_on, w.ends_on, w.progression_percent, w.done_points, w.scope_change_points)
        for w in found.weeks
    ] == expected
    assert found.before is not None
    assert (found.before.total_points, found.before.done_points) == days[date(2025, 12, 31)]
    assert [one.day for one in found.burnup] == [day for day in days if day >= Q1.first]
    assert (found.at_end is None) == (as_of < CALENDAR.day_end(Q1.last))
    assert found.at_end in (None, found.burnup[-1])


def test_a_quarter_is_over_with_its_last_moment():
    every = [Epic(1, EpicLabels(("Q1-26",), (), (), ()), [])]
    end = CALENDAR.day_end(Q1.last)
    assert roadmap(Q1, every, end).at_end is not None
    assert roadmap(Q1, every, end - timedelta(seconds=1)).at_end is None
    assert roadmap(Q1, every, at("2026-01-01 00:00")).before is not None
