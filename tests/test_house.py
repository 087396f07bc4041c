"""A module is about one thing: one that grew too long is split by what its lines are about."""

from pathlib import Path

HOUSE = Path(__file__).parents[1]
MOST_LINES = 320
# each tells one sequence from its begin to its end
LONG = {"bot/pull/run.py", "bot/pull/steps.py"}


def test_no_module_outgrows_its_subject():
    found = {
        file.relative_to(HOUSE).as_posix(): len(file.read_text(encoding="utf-8").splitlines())
        for room in ("bot", "telemetry", "web")
        for file in (HOUSE / room).rglob("*.py")
        if "migrations" not in file.parts  # a revision stays as it was written
    }
    assert {name: count for name, count in found.items() if count > MOST_LINES}.keys() <= LONG
