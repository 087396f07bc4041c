"""Mutants of the calculations: how many of them the tests kill, and which survive.

`.venv/bin/python -m tests.mutation` tries every mutant of the calculations;
`.venv/bin/python -m tests.mutation telemetry.metrics.gap bot.translate` those of some modules or
packages; `--sample 300 --seed 7` some of them, chosen by chance.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import hypothesis
import numpy  # noqa: F401 (what is slow to import is imported once, before all forks)
import pandas  # noqa: F401
import pydantic  # noqa: F401
import sqlalchemy  # noqa: F401

from tests.mutation.forks import KILLED, SURVIVED, TIMED_OUT
from tests.mutation.mutants import Source
from tests.mutation.server import Key, Verdict, source_of, verdicts

PACKAGES = ("telemetry.metrics", "telemetry.domain", "bot.translate")
TESTS = (
    "tests/metrics",
    "tests/jira/test_translate.py",
    "tests/jira/test_chains_of_names.py",
    "tests/jira/test_discovery.py",
    "tests/jira/test_damaged_issues.py",
    "tests/jira/test_fields_that_fit.py",
    "tests/jira/test_guard.py",
    "tests/jira/test_hidden_fields.py",
    "tests/jira/test_names_told.py",
    "tests/jira/test_odd_boards.py",
    "tests/report/test_time_tables.py",
)
JOBS = 2


def modules(asked: Sequence[str]) -> list[str]:
    """The modules that are asked for, by name; those of a package for a package."""
    every = [
        ".".join(file.with_suffix("").parts)
        for package in PACKAGES
        for file in sorted(Path(*package.split(".")).rglob("[!_]*.py"))
    ]
    wanted = asked or PACKAGES
    found = [name for name in every if any(f"{name}.".startswith(f"{one}.") for one in wanted)]
    if not found:
        raise SystemExit(f"no such module; there are {', '.join(every)}")
    return found


def table(found: Sequence[Verdict], names: Sequence[str]) -> str:
    """Mutants by module: all, killed, among them those that never ended, survived."""
    lines = [f"{'module':36}{'mutants':>9}{'killed':>9}{'timeouts':>10}{'survived':>10}{'%':>7}"]
    for name in [*names, "all"]:
        some = [one for one in found if name in (one.key[0], "all")]
        endings = Counter(one.ending for one in some)
        left = endings[SURVIVED]
        percent = 100 * (len(some) - left) / len(some) if some else 100
        lines.append(
            f"{name:36}{len(some):9}{len(some) - left:9}{endings[TIMED_OUT]:10}{left:10}"
            f"{percent:7.1f}"
        )
    return "\n".join(lines)


def described(key: Key, sources: Mapping[str, Source]) -> str:
    """A mutant's place and what it changes."""
    source = sources[key[0]]
    mutant = source.mutants[key[1]]
    place = f"{key[0]}:{mutant.lines.start} {mutant.function or ''}".rstrip()
    return "\n".join([place, *(f"  {line}" for line in source.diff(mutant))])


def main() -> int:
    """Run what the command line says; 1 where too few mutants were killed."""
    parser = argparse.ArgumentParser(prog="tests.mutation", description=__doc__.splitlines()[0])
    parser.add_argument("module", nargs="*", help="a module or package; all of them without")
    parser.add_argument("--sample", type=int, help="try only so many mutants")
    parser.add_argument("--seed", type=int, default=0, help="which ones")
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many processes")
    parser.add_argument("--least", type=float, default=0, help="percent that must be killed")
    parser.add_argument("--killers", action="store_true", help="also list what killed each")
    asked = parser.parse_args()
    began = time.monotonic()
    sources = {name: source_of(name) for name in modules(asked.module)}
    keys = [(name, n) for name, source in sources.items() for n in range(len(source.mutants))]
    if asked.sample is not None:
        keys = random.Random(asked.seed).sample(keys, min(asked.sample, len(keys)))
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=30,
        phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    )
    hypothesis.settings.load_profile("mutants")
    found = []
    for verdict in verdicts(sources, keys, TESTS, asked.jobs):
        found.append(verdict)
        if verdict.ending == SURVIVED:
            print(f"{described(verdict.key, sources)}\n", flush=True)
        elif asked.killers:
            what = verdict.killer or {KILLED: "", TIMED_OUT: "no end"}.get(verdict.ending, "crash")
            print(f"{described(verdict.key, sources)}\n  {what}\n", flush=True)
    print(table(found, list(sources)))
    survived = sum(one.ending == SURVIVED for one in found)
    print(f"\n{len(found)} mutants in {time.monotonic() - began:.0f} s")
    return 100 * (len(found) - survived) < asked.least * len(found)


if __name__ == "__main__":
    sys.exit(main())
