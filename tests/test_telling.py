"""A run that left something out says in one line what and why."""

from types import SimpleNamespace

from tests.telling import in_turn, left_out, seeds_that_ran


def skipped(why: str):
    return SimpleNamespace(longrepr=("tests/conftest.py", 27, f"Skipped: {why}"))


def test_each_reason_has_one_line():
    stats = {"skipped": [skipped("no folder"), skipped("no browser"), skipped("no folder")]}
    assert list(left_out(stats)) == [
        "left out: 2 tests: no folder",
        "left out: 1 test: no browser",
    ]


def test_nothing_left_out_is_not_spoken_of():
    assert list(left_out({"passed": [skipped("")]})) == []


def test_seeds_are_named_where_they_ran(monkeypatch):
    monkeypatch.setenv("SOAK_SEEDS", "84 85")
    ran = SimpleNamespace(nodeid="tests/soak/test_convergence.py::test_many[84-sqlite]")
    other = SimpleNamespace(nodeid="tests/soak/test_turns.py::test_every_day")
    assert list(seeds_that_ran({"passed": [other]})) == []
    [line] = seeds_that_ran({"passed": [other], "failed": [ran]})
    assert "SOAK_SEEDS='84 85' runs them again" in line


def test_whose_turn_it_was_is_said_where_some_were_left_for_another_day(monkeypatch):
    monkeypatch.setenv("TEST_DEPTH", "2026-11-29")
    turned = SimpleNamespace(when="call", keywords={"in_turn": 1})
    always = SimpleNamespace(when="call", keywords={})
    assert list(in_turn({"passed": [always]})) == []
    [line] = in_turn({"passed": [always, turned], "failed": [turned]})
    assert line.startswith("in turn: 2 tests of 2026-11-29; TEST_DEPTH=2026-11-29 tries them again")
    monkeypatch.setenv("TEST_DEPTH", "all")
    assert list(in_turn({"passed": [turned]})) == []
