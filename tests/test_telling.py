"""A run that left something out says in one line what and why."""

from types import SimpleNamespace

from tests.telling import left_out, seeds_that_ran


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
