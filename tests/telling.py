"""What a run of the tests says at its end besides what failed."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests import depth
from tests.soak import turns

Stats = Mapping[str, Sequence[Any]]  # reports by outcome, as pytest has them


def left_out(stats: Stats) -> Iterator[str]:
    """One line for each reason for which tests were left out."""
    reasons = Counter(_reason(report) for report in stats.get("skipped", ()))
    for reason, count in reasons.items():
        yield f"left out: {count} {'test' if count == 1 else 'tests'}: {reason}"


def seeds_that_ran(stats: Stats) -> Iterator[str]:
    """How the seeds of this run are run again, if any ran."""
    reports = (*stats.get("passed", ()), *stats.get("failed", ()))
    if any("test_convergence.py" in report.nodeid for report in reports):
        seeds = " ".join(map(str, turns.chosen()))
        yield f"soak: seeds {seeds} had their turn; {turns.VARIABLE}='{seeds}' runs them again"


def in_turn(stats: Stats) -> Iterator[str]:
    """Whose turn it was among what is tried in turn, if any of it was tried."""
    reports = (*stats.get("passed", ()), *stats.get("failed", ()))
    tried = sum(report.when == "call" and "in_turn" in report.keywords for report in reports)
    if tried and not depth.is_full():
        day, name = depth.chosen(), depth.VARIABLE
        yield f"in turn: {tried} tests of {day}; {name}={day} tries them again, {name}=all all"


def _reason(report: Any) -> str:
    """Why, as it was given to `pytest.skip`."""
    where = report.longrepr
    said = where[-1] if isinstance(where, tuple) else str(where)
    return str(said).removeprefix("Skipped: ")
