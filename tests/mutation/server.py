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
import signal
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest

from tests.mutation.forks import SURVIVED, Tell, forked, shares, told
from tests.mutation.mutants import Mutant, Source, function_codes
from tests.mutation.reach import Reach, fails, reach_of

OPTIONS = (
    *("-q", "-s", "-p", "no:cacheprovider", "-p", "no:xdist", "-k", "not postgresql"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),  # what forks share is imported already
)
PATIENCE, LEAST_SECONDS = 10, 2.0  # of processor time, for a test and for any test

Key = tuple[str, int]  # a module's name, and the place of the mutant among its mutants


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: how its fork ended, and the test that killed it."""

    key: Key
    ending: int
    killer: str = ""


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
    for one in told(lambda tell: _warm(sources, inside, tests, jobs, tell)):
        if isinstance(one, Verdict):
            yield one
        elif isinstance(one, Reach):
            reach = one
    if reach.failed or not reach.seconds:
        raise SystemExit(f"unchanged, these fail: {', '.join(reach.failed[:9]) or 'all'}")

    def cold(key: Key, some: Sequence[str]) -> str | None:
        source = sources[key[0]]
        sys.meta_path.insert(0, Changed(key[0], source, source.mutants[key[1]]))
        loop = Ordered(some, reach)
        is_complete = pytest.main(loop.arguments(), plugins=[loop]) in (0, 1, 5)
        return loop.killer if is_complete and loop.has_run else "the import"

    work = shares(outside, jobs, lambda share, tell: _judge(share, sources, reach, cold, tell))
    for one in told(work):
        if isinstance(one, Verdict):
            yield one


def _warm(
    sources: Mapping[str, Source], keys: Sequence[Key], tests: Sequence[str], jobs: int, tell: Tell
) -> None:
    class Loop:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            if session.testsfailed:
                return True
            items = {item.nodeid: item for item in session.items}
            filenames = {source.filename for source in sources.values()}
            gc.unfreeze()  # functions are looked for among all that there is
            functions = _functions(filenames)
            reach = reach_of(items, filenames)
            tell(reach)

            def hot(key: Key, some: Sequence[str]) -> str | None:
                source, mutant = sources[key[0]], sources[key[0]].mutants[key[1]]
                _replace(functions[source.filename, str(mutant.function)], source, mutant)
                return _first_failing([items[test] for test in some], reach)

            if not reach.failed:
                gc.freeze()  # forks share what nobody collects
                shares(keys, jobs, lambda share, tell: _judge(share, sources, reach, hot, tell))(
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
        ending, killer = forked(functools.partial(run, key, tests)) if tests else (SURVIVED, "")
        kills[killer] += 1
        tell(Verdict(key, ending, killer))


def _first_failing(items: Sequence[pytest.Item], reach: Reach) -> str | None:
    for item in items:
        limit = LEAST_SECONDS + PATIENCE * reach.seconds[item.nodeid]
        signal.setitimer(signal.ITIMER_PROF, limit)  # of processor time: others may be busy
        if fails(item):
            return item.nodeid
    signal.setitimer(signal.ITIMER_PROF, 0)
    return None


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
