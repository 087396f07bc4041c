"""Weeks by their names, and what a team's items did in one, as it stood at its end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from telemetry.domain.week import read_week, week_of
from telemetry.metrics.flow import Passage
from telemetry.metrics.week import too_old, took, week_work

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
END = MONDAY + timedelta(days=7)
TODO, DOING, DONE = "todo", "in_progress", "done"


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
        ("2027-W01", date(2027, 1, 4), date(2027, 1, 10)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2025-W01", date(2024, 12, 30), date(2025, 1, 5)),
        ("2023-W52", date(2023, 12, 25), date(2023, 12, 31)),
    ],
)
def test_a_week_is_of_the_year_of_its_thursday(name, first, last):
    week = read_week(name)
    assert (str(week), week.first_on, week.last_on) == (name, first, last)
    assert {week_of(first), week_of(last), week_of(first + timedelta(days=3))} == {week}
    assert week.next().back() == week == week.back().next()


@pytest.mark.parametrize(
    "text",
    [
        *("2025-W53", "2026-W54", "2026-W00", "2026-w48", "26-W48", "2026-W4", "2026W48"),
        *("0999-W01", "٢٠٢٦-W48", "2026-W048", "2026-W48\n", ""),
    ],
)
def test_what_names_no_week_is_none(text):
    assert read_week(text) is None


def at(day, hour=12.0):
    return MONDAY + timedelta(days=day - 1, hours=hour)


def item(number, *states, points=None):
    """An item that was created at the first of its states."""
    begun = next((since for since, state in states if state == DOING), None)
    done = states[-1][0] if states[-1][1] == DONE else None
    return Passage(number, "Task", states[0][0], begun, done, points, states)


def work(*items):
    return week_work(items, MONDAY, END)


def test_what_is_done_begun_and_created_in_the_week_counts():
    found = work(
        item(1, (at(-3), TODO), (at(-2), DOING), (at(2), DONE), points=3.0),
        item(2, (at(1), TODO), (at(3), DOING), (at(5), DONE), points=2.5),
        item(3, (at(2), TODO), (at(4), DOING)),
        item(4, (at(-9), TODO), (at(-8), DOING), (at(-3), DONE)),
        item(5, (at(9), TODO)),
    )
    assert [one.issue_id for one in found.done] == [2, 1]
    assert [one.days for one in found.done] == [2.0, 4.0]
    assert (found.done_points, found.cycle_days) == (5.5, 3.0)
    assert (found.came_count, found.begun_count, found.reopened_count) == (2, 2, 0)
    assert [(one.issue_id, one.days) for one in found.in_progress] == [(3, 3.5)]


def test_what_came_later_changes_nothing_of_a_week():
    then = item(1, (at(-3), TODO), (at(1), DOING), (at(2), DONE))
    later = item(1, (at(-3), TODO), (at(1), DOING), (at(2), DONE), (at(8), DOING), (at(9), DONE))
    assert work(then) == work(later)


def test_an_item_that_is_reopened_is_neither_done_nor_forgotten():
    found = work(item(1, (at(-3), TODO), (at(-2), DONE), (at(3), TODO)))
    assert (found.done, found.in_progress, found.reopened_count) == ((), (), 1)
    again = work(item(1, (at(-3), TODO), (at(-2), DONE), (at(3), TODO), (at(4), DONE)))
    assert ([one.issue_id for one in again.done], again.reopened_count) == ([1], 0)


def test_the_bounds_belong_to_the_week_that_they_begin():
    first, last = item(1, (at(-3), TODO), (MONDAY, DONE)), item(2, (at(-3), TODO), (END, DONE))
    assert [one.issue_id for one in work(first, last).done] == [1]


def test_an_item_done_without_progress_has_no_days_and_no_points_stay_unknown():
    found = work(item(1, (at(1), TODO), (at(2), DONE)))
    assert (found.done[0].days, found.done_points, found.cycle_days) == (None, None, None)


def test_a_week_of_nothing_is_empty():
    assert work() == work(item(1, (END, TODO)))


def test_too_old_is_what_is_in_progress_for_longer_than_95_of_100_took():
    done = [item(n, (at(-9), TODO), (at(-8), DOING), (at(-8 + n), DONE)) for n in range(1, 6)]
    lying = [item(9, (at(-9), TODO), (at(-7), DOING)), item(8, (at(-9), TODO), (at(4), DOING))]
    limit, found = too_old(done + lying, at(-300), at(6))
    assert limit == 5.0
    assert [one.issue_id for one in found] == [9]
    assert too_old(done[:4] + lying, at(-300), at(6)) == (None, ())
    assert too_old(done + lying, at(-4), at(6)) == (None, ())  # these are of before


def test_what_was_done_before_and_is_reopened_later_took_nothing_in_between():
    before = ((at(-3), TODO), (at(-2), DOING), (at(-1), DONE))
    inside = ((at(-3), TODO), (at(1), DOING), (at(2), DONE))
    every = [item(n, *states, (at(9), DOING)) for n, states in enumerate((before, inside))]
    assert took(every, MONDAY, END) == [1.0]
    assert took([item(1, (at(-3), TODO), (at(2), DONE))], MONDAY, END) == []
    assert took([item(1, *inside[:2])], MONDAY, END) == []


def test_an_item_that_was_put_back_is_begun_when_it_was_first():
    states = ((at(-5), TODO), (at(-4), DOING), (at(-3), TODO), (at(2), DOING))
    found = work(item(1, *states))
    assert (found.begun_count, [one.days for one in found.in_progress]) == (0, [11.5])
    assert took([item(1, *states, (at(4), DONE))], MONDAY, END) == [8.0]
