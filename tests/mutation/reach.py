"""What tests do when nothing is changed: how long they take, and which lines they run."""

import functools
import gc
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, Source

PROJECT = ("telemetry", "bot", "tests")


@dataclass
class Reach:
    """What tests do when nothing is changed: their seconds, and the lines of modules they run."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, Mapping[str, set[int]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def of(self, module: str, source: Source, mutant: Mutant) -> list[str]:
        """The tests that a mutant may fail.

        What is outside of functions is seen by whoever runs, or imports, anything of the module;
        of one that no test names, by whoever imports what imports it.
        """
        everywhere = mutant.function is None
        found = {
            test
            for test, lines in self.lines.items()
            if (known := lines.get(source.filename))
            and (everywhere or not known.isdisjoint(mutant.lines))
        }
        if everywhere:
            found |= self._importing(module)
        if everywhere and not found:
            found.update(*map(self._importing, _users(module)))
        return sorted(found)

    def _importing(self, module: str) -> set[str]:
        """The tests whose files import that module."""
        files = {test.partition("::")[0] for test in self.seconds}
        importing = {file for file in files if _imports(Path(file), module)}
        return {test for test in self.seconds if test.partition("::")[0] in importing}


class Stranger:
    """Stands for a next test in another file: what is set up for the whole session stays."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[pytest.Session]:
        return [self._session]


def fails(item: pytest.Item) -> bool:
    following: Any = Stranger(item.session)
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def reach_of(items: Mapping[str, pytest.Item], filenames: set[str]) -> Reach:
    reach = Reach()
    remembering = _remembering()
    for test, item in items.items():
        for one in remembering:  # else a test runs less than it would alone
            one.cache_clear()
        lines: defaultdict[str, set[int]] = defaultdict(set)
        began = time.process_time()
        with _traced(filenames, lines):
            is_failed = fails(item)
        reach.seconds[test] = time.process_time() - began
        reach.lines[test] = dict(lines)
        if is_failed:
            reach.failed.append(test)
    for one in remembering:
        one.cache_clear()
    return reach


@contextmanager
def _traced(filenames: set[str], lines: defaultdict[str, set[int]]) -> Iterator[None]:
    """Notes the lines of these files that run."""

    def note(frame: FrameType, _event: str, _argument: Any) -> Any:
        filename = frame.f_code.co_filename
        if filename not in filenames:
            return None
        lines[filename].add(frame.f_lineno)
        return note

    sys.settrace(note)
    try:
        yield
    finally:
        sys.settrace(None)


def _remembering() -> list[Any]:
    """The project's functions that remember what they returned."""
    return [
        one
        for one in gc.get_objects()
        if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith(PROJECT)
    ]


@functools.cache
def _users(module: str) -> tuple[str, ...]:
    """The modules beside that one's package that import it, by name."""
    beside = Path(*module.split(".")).parents[1].rglob("*.py")
    return tuple(".".join(file.with_suffix("").parts) for file in beside if _imports(file, module))


@functools.cache
def _imports(file: Path, module: str) -> bool:
    package, _, name = module.rpartition(".")
    text = file.read_text(encoding="utf-8")
    pattern = rf"(from {re.escape(module)} |from {re.escape(package)} import .*\b{name}\b)"
    return re.search(pattern, text) is not None
