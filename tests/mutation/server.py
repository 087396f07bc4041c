"""Runs tests against mutants: one warm process, of which each mutant gets a fork.

The warm process collects the tests and runs each once, to learn what it takes and which lines of
the modules it runs. A fork then puts the changed code into the module's functions in place, so that
whoever imported them has it, and runs only the tests that reach the changed lines, those first
that are quick or found other mutants. What is changed outside of functions takes effect when a
module is imported: such a mutant gets a fork of a bare process, which imports everything anew.
"""

import functools
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import os
import pickle
import re
import resource
import signal
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.mutants import Mutant, Source, function_codes

OPTIONS = (
    *("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # what forks share is imported already
)
PATIENCE, LEAST_SECONDS = 10, 2.0  # of processor time, for a test and for any test
LONGEST_SECONDS = 300  # for a mutant that waits instead of working
MORE_MEMORY = 2**31  # bytes
PROJECT = ("telemetry", "bot", "tests")
KILLED, SURVIVED, TIMED_OUT = 1, 0, -signal.SIGPROF  # how a fork ends

Key = tuple[str, int]  # a module's name, and the place of the mutant among its mutants
Tell = Callable[[object], None]


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: how its fork ended, and the test that killed it."""

    key: Key
    ending: int
    killer: str = ""


@dataclass
class Reach:
    """What tests do when nothing is changed: their seconds, and the lines of modules they run."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, Mapping[str, set[int]]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def of(self, module: str, source: Source, mutant: Mutant) -> list[str]:
        """The tests that a mutant may fail.

        What is outside of functions is seen by whoever runs, or imports, anything of the module.
        """
        everywhere = mutant.function is None
        found = {
            test
            for test, lines in self.lines.items()
            if (known := lines.get(source.filename))
            and (everywhere or not known.isdisjoint(mutant.lines))
        }
        if everywhere:
            files = {test.partition("::")[0] for test in self.seconds}
            importing = {file for file in files if _imports(Path(file), module)}
            found |= {test for test in self.seconds if test.partition("::")[0] in importing}
        return sorted(found)


def source_of(module: str) -> Source:
    """The source of a module by its dotted name, without importing it."""
    file = Path(*module.split(".")).with_suffix(".py").resolve()
    return Source(file.read_text(encoding="utf-8"), str(file))


def verdicts(
    sources: Mapping[str, Source], keys: Sequence[Key], tests: Sequence[str], jobs: int
) -> Iterator[Verdict]:
    """The verdict on each of these mutants, as they come.

    Exits where a test fails although nothing is changed.
    """
    inside = [key for key in keys if sources[key[0]].mutants[key[1]].function is not None]
    outside = [key for key in keys if sources[key[0]].mutants[key[1]].function is None]
    reach = Reach()
    for told in _told(lambda tell: _warm(sources, inside, tests, jobs, tell)):
        if isinstance(told, Verdict):
            yield told
        elif isinstance(told, Reach):
            reach = told
    if reach.failed or not reach.seconds:
        raise SystemExit(f"unchanged, these fail: {', '.join(reach.failed[:9]) or 'all'}")

    def cold(key: Key, some: Sequence[str]) -> str | None:
        source = sources[key[0]]
        sys.meta_path.insert(0, Changed(key[0], source, source.mutants[key[1]]))
        loop = Ordered(some, reach)
        is_complete = pytest.main(loop.arguments(), plugins=[loop]) in (0, 1, 5)
        return loop.killer if is_complete and loop.has_run else "the import"

    work = _shares(outside, jobs, lambda share, tell: _judge(share, sources, reach, cold, tell))
    for told in _told(work):
        if isinstance(told, Verdict):
            yield told


def _warm(
    sources: Mapping[str, Source], keys: Sequence[Key], tests: Sequence[str], jobs: int, tell: Tell
) -> None:
    class Loop:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            if session.testsfailed:
                return True
            items = {item.nodeid: item for item in session.items}
            filenames = {source.filename for source in sources.values()}
            functions = _functions(filenames)
            reach = _reach(items, filenames)
            tell(reach)

            def hot(key: Key, some: Sequence[str]) -> str | None:
                source, mutant = sources[key[0]], sources[key[0]].mutants[key[1]]
                _replace(functions[source.filename, str(mutant.function)], source, mutant)
                return _first_failing([items[test] for test in some], reach)

            if not reach.failed:
                gc.freeze()  # forks share what nobody collects
                _shares(keys, jobs, lambda share, tell: _judge(share, sources, reach, hot, tell))(
                    tell
                )
            return True

    pytest.main([*OPTIONS, *tests], plugins=[Loop()])


class Ordered:
    """Runs these tests in their order up to the first that fails."""

    def __init__(self, tests: Sequence[str], reach: Reach) -> None:
        self._tests = tests
        self._reach = reach
        self.killer: str | None = None
        self.has_run = False

    def arguments(self) -> list[str]:
        """What pytest needs to collect no more than these tests' files."""
        return [*OPTIONS, *dict.fromkeys(test.partition("::")[0] for test in self._tests)]

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        self.has_run = not session.testsfailed and items.keys() >= set(self._tests)
        if self.has_run:
            self.killer = _first_failing([items[test] for test in self._tests], self._reach)
        return True


class Changed(  # type: ignore[misc]  # the bases are said to differ in what none of them is asked
    importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader
):
    """Imports one module with a change in it."""

    def __init__(self, module: str, source: Source, mutant: Mutant) -> None:
        super().__init__(module, source.filename)
        self._changed = source.compiled(mutant)

    def find_spec(
        self, fullname: str, _path: object, _target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, _fullname: str) -> CodeType:
        return self._changed


def _shares(
    keys: Sequence[Key], jobs: int, work: Callable[[Sequence[Key], Tell], None]
) -> Callable[[Tell], None]:
    """The work shared out to as many processes, which all tell the same listener."""

    def run(tell: Tell) -> None:
        children = []
        for job in range(jobs):
            child = os.fork()
            if not child:
                with _alone():
                    work(keys[job::jobs], tell)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)

    return run


def _judge(
    keys: Sequence[Key],
    sources: Mapping[str, Source],
    reach: Reach,
    run: Callable[[Key, Sequence[str]], str | None],
    tell: Tell,
) -> None:
    """Tells the verdict on each mutant; `run` is called in a fork and returns the killer."""
    kills: Counter[str] = Counter()
    for key in keys:
        source = sources[key[0]]
        tests = reach.of(key[0], source, source.mutants[key[1]])
        tests.sort(key=lambda test: reach.seconds[test] / (1 + kills[test]))
        ending, killer = _forked(functools.partial(run, key, tests)) if tests else (SURVIVED, "")
        kills[killer] += 1
        tell(Verdict(key, ending, killer))


def _forked(run: Callable[[], str | None]) -> tuple[int, str]:
    """How a fork that runs this ended, and what it said killed the mutant."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with _alone():
            os.close(read)
            signal.alarm(LONGEST_SECONDS)
            size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (size + MORE_MEMORY, size + MORE_MEMORY))
            killer = run()
            os.write(write, (killer or "").encode())
            os._exit(KILLED if killer else SURVIVED)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        killer = pipe.read().decode()
    ending = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return (TIMED_OUT if ending == -signal.SIGALRM else ending), killer


def _told(work: Callable[[Tell], None]) -> Iterator[object]:
    """What a forked process, and those that it forks, tell as they go."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        with _alone():
            work(lambda one: _write_all(write, pickle.dumps(one)))
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        while pipe.peek(1):
            yield pickle.load(pipe)
    os.waitpid(child, 0)


def _write_all(place: int, some: bytes) -> None:
    """In one piece as long as it is short, so that several processes can tell one listener."""
    while some:
        some = some[os.write(place, some) :]


@contextmanager
def _alone() -> Iterator[None]:
    """A forked process: it reads and prints nothing, and ends where its work ends."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1):
        os.dup2(nowhere, place)
    try:
        yield
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(2)
    os._exit(0)


def _reach(items: Mapping[str, pytest.Item], filenames: set[str]) -> Reach:
    reach = Reach()
    remembering = _remembering()
    for test, item in items.items():
        for one in remembering:  # else a test runs less than it would alone
            one.cache_clear()
        lines: defaultdict[str, set[int]] = defaultdict(set)
        began = time.process_time()
        with _traced(filenames, lines):
            is_failed = _fails(item)
        reach.seconds[test] = time.process_time() - began
        reach.lines[test] = dict(lines)
        if is_failed:
            reach.failed.append(test)
    for one in remembering:
        one.cache_clear()
    return reach


def _first_failing(items: Sequence[pytest.Item], reach: Reach) -> str | None:
    for item in items:
        limit = LEAST_SECONDS + PATIENCE * reach.seconds[item.nodeid]
        signal.setitimer(signal.ITIMER_PROF, limit)  # of processor time: others may be busy
        if _fails(item):
            return item.nodeid
    signal.setitimer(signal.ITIMER_PROF, 0)
    return None


class Stranger:
    """Stands for a next test in another file: what is set up for the whole session stays."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list[pytest.Session]:
        return [self._session]


def _fails(item: pytest.Item) -> bool:
    following: Any = Stranger(item.session)
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


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


def _functions(filenames: set[str]) -> dict[tuple[str, str], list[FunctionType]]:
    """The functions in these files by file and qualified name."""
    found: defaultdict[tuple[str, str], list[FunctionType]] = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename in filenames:
            found[one.__code__.co_filename, one.__code__.co_qualname].append(one)
    return found


def _replace(functions: Sequence[FunctionType], source: Source, mutant: Mutant) -> None:
    """Puts changed code into the functions that have the original's name and place."""
    codes = {(c.co_qualname, c.co_firstlineno): c for c in function_codes(source.compiled(mutant))}
    for one in functions:
        one.__code__ = codes[one.__code__.co_qualname, one.__code__.co_firstlineno]


@functools.cache
def _imports(file: Path, module: str) -> bool:
    package, _, name = module.rpartition(".")
    text = file.read_text(encoding="utf-8")
    pattern = rf"(from {re.escape(module)} |from {re.escape(package)} import .*\b{name}\b)"
    return re.search(pattern, text) is not None
