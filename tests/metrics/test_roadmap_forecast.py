"""What is forecast of a quarter: runs, what past days came to, and what is said of today."""

from dataclasses import replace
from datetime import date

import pytest

from telemetry.domain.quarter import Quarter
from telemetry.metrics.correction import Record
from telemetry.metrics.epic_days import epic_days
from telemetry.metrics.forecast import NOTHING, Moves
from telemetry.metrics.quarter import term_of
from telemetry.metrics.roadmap import roadmap
from telemetry.metrics.roadmap_forecast import from_stored, to_stored
from telemetry.metrics.roadmap_outlook import roadmap_outlook
from telemetry.metrics.roadmap_past import FEWEST, experience, past_days
from telemetry.metrics.roadmap_runs import FARTHEST, SOME, Known, RoadmapRuns
from telemetry.metrics.simulation import LEVELS
from telemetry.metrics.worked_days import worked_days
from tests.builders import a_team, at, estimated
from tests.metrics.test_quarter import a_child, an_epic, labelled

RULES = a_team()
CALENDAR = RULES.calendar
Q1, Q2 = (term_of(Quarter(2026, number), CALENDAR) for number in (1, 2))
STEADY = [Moves(1.0, 0.0)] * FEWEST
NOBODY = Record([]).seen(date(2026, 4, 1))


def runs(*pool, futures=SOME):
    return RoadmapRuns(pool or STEADY, 1, futures)


def test_a_steady_team_takes_as_many_days_as_there_are_points():
    found = runs().of(5, 7)
    assert (set(found.days), set(found.points), found.in_time) == ({5}, {5}, 1)
    late = runs().of(5, 3)
    assert (set(late.days), set(late.points), late.in_time) == ({5}, {3}, 0)


def test_scope_grows_in_the_runs_by_the_share_that_is_asked():
    pool = [Moves(2.0, 1.0)] * 4
    assert set(runs(*pool).of(5, 9).days) == {5}
    assert set(runs(*pool).of(5, 9, share=0.0).days) == {3}
    assert runs(*pool).of(5, 9).added_points == 5
    assert set(runs(*pool).of(5, 9).points) == {10}


def test_few_days_tell_less_of_how_quick_a_team_is_than_many():
    few, many = (runs(*[Moves(0.0, 0.0), Moves(2.0, 0.0)] * count).of(20, 9) for count in (10, 60))
    early, late = LEVELS.index(15), LEVELS.index(85)
    assert few.days[early] < many.days[early]
    assert few.days[late] > many.days[late]


def test_what_never_ends_has_no_days():
    found = runs(Moves(1.0, 1.0)).of(5, 4)
    assert (set(found.days), found.in_time) == ({None}, 0)
    assert set(runs().of(FARTHEST + 1, 4).days) == {None}
    assert set(runs().of(5, None).days) == {5}
    assert runs().of(5, 0).points == ()


def test_the_same_seed_gives_the_same_figures():
    pool = [Moves(0.0, 2.0), Moves(5.0, 0.0), Moves(1.0, 1.0)]
    assert runs(*pool).of(30, 20) == runs(*pool).of(30, 20)
    assert RoadmapRuns(pool, 2, SOME).of(30, 20) != runs(*pool).of(30, 20)


def a_quarter_of_work():
    """An epic of ten children of 1 point, one done every Tuesday from 13 January on."""
    done = [f"2026-{month:02}-{day:02}" for month, day in TUESDAYS]
    children = [a_child(number, 1, done=day) for number, day in enumerate(done, 1)]
    return an_epic(100, *children)


TUESDAYS = [(1, 13), (1, 20), (1, 27), (2, 3), (2, 10), (2, 17), (2, 24), (3, 3), (3, 10), (3, 17)]


def test_working_days_tell_what_was_done_and_added_while_the_label_was_on():
    late = an_epic(
        200,
        a_child(20, 8, epic=200, changes=[estimated("2026-02-07", 5, 8)], created="2026-01-05"),
        changes=[labelled("2026-02-02", "", "Q1-26"), labelled("2026-03-02", "Q1-26", "Q2-26")],
        labels=["Q2-26"],
    )
    days = {
        one.day: one.moves
        for one in worked_days([Q1], [a_quarter_of_work(), late], at("2026-04-01"))
    }
    assert len(days) == 64
    assert days[date(2026, 1, 5)] == Moves(0, 10)  # ten children come to an epic of the quarter
    assert days[date(2026, 1, 13)] == Moves(1, 0)
    assert days[date(2026, 2, 2)] == Moves(0, 0)  # an epic came as a whole
    assert days[date(2026, 2, 9)] == Moves(0, 3)  # on a Saturday
    assert days[date(2026, 3, 2)] == Moves(0, 0)


def test_working_days_end_with_the_very_instant():
    def last(as_of):
        return worked_days([Q1], [a_quarter_of_work()], at(as_of))[-1]

    assert last("2026-01-13 11:59") == (date(2026, 1, 13), Moves(0, 0))
    assert last("2026-01-13 12:00") == (date(2026, 1, 13), Moves(1, 0))
    assert last("2026-01-01 12:00") == (date(2026, 1, 1), Moves(0, 0))
    assert worked_days([Q1], [a_quarter_of_work()], at("2025-12-31")) == []


def test_what_comes_with_the_label_is_no_move_and_what_comes_as_it_goes_is_one():
    epic = an_epic(
        200,
        a_child(20, 8, epic=200, created="2026-02-02"),
        a_child(21, 5, epic=200, created="2026-03-02"),
        a_child(22, 3, epic=200, created="2026-03-03"),
        changes=[labelled("2026-02-02", "", "Q1-26"), labelled("2026-03-02", "Q1-26", "Q2-26")],
        labels=["Q2-26"],
    )
    moved = [one for one in worked_days([Q1], [epic], at("2026-04-01")) if one.moves != Moves(0, 0)]
    assert moved == [(date(2026, 3, 2), Moves(0, 5))]


def test_an_epic_is_followed_wherever_it_is_put_off_to():
    found = epic_days(a_quarter_of_work(), CALENDAR, at("2026-04-01"))
    assert found.at(date(2026, 1, 20)) == (36_000_000, 7_200_000)
    assert found.emptied_after(date(2026, 1, 20)) == date(2026, 3, 17)
    assert epic_days(a_quarter_of_work(), CALENDAR, at("2026-03-17")) == found
    assert (
        epic_days(a_quarter_of_work(), CALENDAR, at("2026-03-16")).emptied_after(date(2026, 1, 20))
        is None
    )


def test_past_days_tell_what_came():
    found = past_days([Q1, Q2], [a_quarter_of_work()], at("2026-04-10"))
    assert [one.quarter for one in found] == [2026 * 4 + 1] * len(found)
    first = found[0]
    assert (first.day, first.remaining_points) == (date(2026, 2, 4), 6)
    assert first.ahead == CALENDAR.working_days(date(2026, 2, 5), date(2026, 3, 31)) == 39
    assert (first.finished_on, first.took) == (date(2026, 3, 17), 29)
    assert first.did_points == 6
    assert len(first.pool) == FEWEST + 3  # nothing was to do before 5 January
    assert found[-1].day <= date(2026, 3, 17)
    made = experience(first)
    assert (made.took, made.did_points, made.closed_on) == (29, 6, date(2026, 3, 31))


def test_a_quarter_that_runs_has_no_past_days_yet():
    assert past_days([Q1], [a_quarter_of_work()], at("2026-03-31 12:00")) == []


def the_roadmap(*children, day="2026-02-02"):
    epics = [an_epic(100, *children), an_epic(200, a_child(50, 4, epic=200, created="2025-12-20"))]
    return roadmap(Q1, epics, at(day))


def test_a_steady_team_is_told_its_day_and_each_epic_its_own():
    found = the_roadmap(a_child(1, 3), a_child(2, 1, done="2026-01-12"), a_child(3))
    known = Known(STEADY, NOBODY)
    said = roadmap_outlook(Q1, found, known, date(2026, 2, 2), usual_points=2)
    # 3 points and then 4, one a working day from Monday 2 February on
    assert said.dates[0] == date(2026, 2, 10)
    assert said.probability_percent is not None
    assert said.probability_percent > 90
    epics = dict(said.epics)
    assert epics[100].dates[0] == date(2026, 2, 4)
    assert epics[200].dates == said.dates
    assert said.done_50_points == 8
    assert [(one.kind, one.working_days, one.points) for one in said.drivers] == [
        ("remaining", 7, 7),
        ("grown", 4, 4),  # of 8 points 4 were there when the quarter began
        ("unestimated", 2, 2),
    ]
    assert from_stored(to_stored(said)) == said


def test_what_grew_drives_the_date_to_where_nothing_would_be_left():
    epics = [
        an_epic(100, a_child(1, 3)),
        an_epic(200, a_child(50, 4, epic=200, created="2025-12-20", done="2026-01-20")),
    ]
    found = roadmap(Q1, epics, at("2026-02-02"))
    said = roadmap_outlook(Q1, found, Known(STEADY, NOBODY), date(2026, 2, 2), usual_points=2)
    assert [(one.kind, one.working_days, one.points) for one in said.drivers] == [
        ("remaining", 3, 3),
        ("grown", 3, 3),
    ]


def test_what_would_never_end_drives_no_date():
    found = the_roadmap(a_child(1))
    endless = 2.0 * FARTHEST
    said = roadmap_outlook(Q1, found, Known(STEADY, NOBODY), date(2026, 2, 2), endless)
    assert said.dates[1] is not None
    assert [one.kind for one in said.drivers] == ["remaining"]


def test_what_floats_leave_of_a_quarter_is_done():
    found = replace(the_roadmap(), total_points=NOTHING, done_points=0.0)
    said = roadmap_outlook(Q1, found, Known([], NOBODY), date(2026, 2, 2))
    assert (said.probability_percent, said.why_none) == (100, None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"pool": STEADY[1:]}, "few_days"),
        ({"pool": [Moves(0.0, 0.0)] * 60}, "few_days"),
        ({"today": date(2026, 4, 1)}, "not_running"),
        ({"today": date(2025, 12, 31)}, "not_running"),
        ({"found": roadmap(Q1, [], at("2026-02-02"))}, "no_points"),
    ],
)
def test_why_nothing_can_be_said(change, why):
    values = {"pool": STEADY, "today": date(2026, 2, 2), "found": the_roadmap()} | change
    said = roadmap_outlook(Q1, values["found"], Known(values["pool"], NOBODY), values["today"])
    assert (said.why_none, said.probability_percent) == (why, None)


def test_what_is_done_is_done_today():
    found = replace(the_roadmap(), total_points=3.0, done_points=3.0)
    said = roadmap_outlook(Q1, found, Known([], NOBODY), date(2026, 2, 2))
    assert (said.probability_percent, said.dates[2]) == (100, date(2026, 2, 2))
