"""Mutants are made, run and judged as they should be: else their figures would mean nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.mutants import Source

PROJECT = Path(__file__).parents[2]
SUMS = '''"""Sums."""

LIMIT = 3


def total(values: list[int], more: int = 1) -> int:
    """The sum of what is at most the limit."""
    found = more
    while values:
        value = values.pop()
        if value <= LIMIT:
            found += value
    return found


def never_run() -> int:
    return min(1, 2)
'''
TESTS = """
from sums import total

def test_small_ones_are_summed():
    assert total([1, 2, 4]) == 4
"""
RUN = """
import tests.mutation.server as server
source = server.source_of("sums")
keys = [("sums", number) for number in range(len(source.mutants))]
for verdict in server.verdicts({"sums": source}, keys, ["test_sums.py"], 2):
    number = verdict.key[1]
    print(source.mutants[number].function, source.diff(source.mutants[number])[-1].strip("+ "),
          {0: "survived", 1: "killed"}.get(verdict.ending, "no end"), sep="|")
"""


def changes(text: str) -> list[str]:
    source = Source(text, "some.py")
    return [
        " ".join(line[1:].strip() for line in source.diff(mutant) if line[0] == "+")
        for mutant in source.mutants
    ]


def test_an_operator_becomes_its_neighbours() -> None:
    assert changes("x = a <= b") == ["x = a < b", "x = a > b"]
    assert changes("x = a - b") == ["x = a + b"]
    assert changes("x = min(a, -b)") == ["x = max(a, -b)", "x = min(a, b)"]


def test_a_condition_is_turned_round_and_loses_its_parts() -> None:
    assert changes("x = 'A b' if y else z") == ["x = 'A b' if not y else z"]
    assert changes("x = a and b") == ["x = a or b", "x = b", "x = a"]
    assert changes("x = not a") == ["x = a"]


def test_constants_and_keys_change_but_not_sentences() -> None:
    assert changes("x = 1, True") == ["x = (2, True)", "x = (0, True)", "x = (1, False)"]
    assert changes("x = row['key'], 'A sentence.', 'Title'") == [
        "x = (row['keyXX'], 'A sentence.', 'Title')"
    ]


def test_statements_go_and_returned_values_too() -> None:
    assert changes("def f():\n    'What it does.'\n    g()\n    return y") == [
        "pass",
        "return None",
    ]


def test_what_does_no_sums_stays() -> None:
    assert changes("@cache(1)\ndef f(x: 'int') -> 'int': ...") == []
    assert changes("zip(a, b, strict=True)") == ["pass"]


def test_a_source_is_the_same_after_its_mutants() -> None:
    source = Source(SUMS, "sums.py")
    once = [source.diff(mutant) for mutant in source.mutants]
    assert once == [source.diff(mutant) for mutant in source.mutants]
    assert len({tuple(diff) for diff in once}) == len(once)


@pytest.mark.slow
def test_each_mutant_meets_the_tests_that_reach_it(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text(SUMS)
    (tmp_path / "test_sums.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{PROJECT}:{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert set(done.stdout.splitlines()) == {
        "None|LIMIT = 4|killed",
        "None|LIMIT = 2|survived",  # 3 is in no test
        "None|def total(values: list[int], more: int=2) -> int:|killed",
        "None|def total(values: list[int], more: int=0) -> int:|killed",
        "total|while not values:|killed",
        "total|if value < LIMIT:|survived",
        "total|if value > LIMIT:|killed",
        "total|found -= value|killed",
        "total|pass|killed",
        "total|return None|killed",
        "never_run|return None|survived",
        "never_run|return max(1, 2)|survived",
        "never_run|return min(2, 2)|survived",
        "never_run|return min(0, 2)|survived",
        "never_run|return min(1, 3)|survived",
        "never_run|return min(1, 1)|survived",
    }
