"""What is tried in turn is tried within few days, and all of it where all is asked for."""

from datetime import date, timedelta
from itertools import chain

import pytest

from tests.depth import has_turn, in_turn, settle

FIRST = date(2026, 11, 29)
EVERY = list("abcdefg")


def on(monkeypatch: pytest.MonkeyPatch, number: int, count: int) -> list[str]:
    monkeypatch.setenv("TEST_DEPTH", (FIRST + timedelta(days=number)).isoformat())
    return in_turn(EVERY, count)


@pytest.mark.parametrize("count", range(1, 10))
def test_all_have_their_turn_within_few_days(monkeypatch, count):
    days = [on(monkeypatch, number, count) for number in range(-(-len(EVERY) // count))]
    assert set(chain(*days)) == set(EVERY)
    assert all(len(set(day)) == len(day) == min(count, len(EVERY)) for day in days)


def test_each_has_its_turn_once_in_so_many_days(monkeypatch):
    turns = []
    for number in range(6):
        monkeypatch.setenv("TEST_DEPTH", (FIRST + timedelta(days=number)).isoformat())
        turns.append([one for one in EVERY if has_turn(one, 3)])
    assert sorted(chain(*turns[:3])) == EVERY
    assert turns[:3] == turns[3:]
    monkeypatch.setenv("TEST_DEPTH", "all")
    assert all(has_turn(one, 3) for one in EVERY)


def test_all_are_tried_where_all_is_asked_for(monkeypatch):
    monkeypatch.setenv("TEST_DEPTH", "all")
    assert in_turn(EVERY, 2) == EVERY


def test_what_was_chosen_stays(monkeypatch):
    monkeypatch.setenv("TEST_DEPTH", "all")
    settle(FIRST)
    assert in_turn(EVERY, 2) == EVERY
    monkeypatch.delenv("TEST_DEPTH")
    settle(FIRST)
    assert in_turn(EVERY, 2) == on(monkeypatch, 0, 2)
