"""Pages of several teams at once, each process with an application of its own.

A process ends with the one that started it: it waits at a pipe whose other end nobody else holds.
"""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Final

from telemetry.collecting import rare_collections
from telemetry.errors import TelemetryError
from telemetry.logs import trace_of
from web.export.team_pages import Pages, TeamFiles, Wanted

Open = Callable[[], Pages]  # opens the store and makes the application, in any process
Make = Callable[[Iterable[Wanted]], Iterator[TeamFiles]]

MOST: Final = 4  # processes; each takes some 250 MB
LEAST_TEAMS: Final = 4  # a process: fewer take less time than its start


def processes_for(teams: int) -> int:
    """How many processes are worth it; 1 is this one alone."""
    has_affinity = hasattr(os, "sched_getaffinity")  # not everywhere
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return max(1, min(MOST, cores, teams // LEAST_TEAMS))


@contextmanager
def at_once(opened: Open, count: int) -> Iterator[Make]:
    """So many processes, started here and gone at the end; `opened` travels to them by pickle."""
    spawning = multiprocessing.get_context("spawn")
    ends: dict[Connection, SpawnProcess] = {}
    try:
        for _ in range(count):
            ours, theirs = spawning.Pipe()
            process = spawning.Process(target=_work, args=(theirs, opened), daemon=True)
            process.start()
            theirs.close()
            ends[ours] = process
        yield lambda wanted: _handed_out(ends, iter(wanted))
    finally:
        for end, process in ends.items():
            end.close()
            process.terminate()
            process.join()


def _handed_out(
    ends: dict[Connection, SpawnProcess], wanted: Iterator[Wanted]
) -> Iterator[TeamFiles]:
    """What comes back, in the order in which it does; a free process gets the next team."""
    busy: list[Connection] = []
    for end in ends:
        _send_next(end, wanted, busy)
    while busy:
        for end in [one for one in wait(busy) if isinstance(one, Connection)]:
            busy.remove(end)
            try:
                found = end.recv()
            except (EOFError, OSError):
                ends[end].join()
                code = ends[end].exitcode
                raise TelemetryError(
                    f"a process that made pages ended by itself (exit code {code}): "
                    "see whether memory was short, and run it again"
                ) from None
            if isinstance(found, str):
                raise TelemetryError(found)
            _send_next(end, wanted, busy)
            yield found


def _send_next(end: Connection, wanted: Iterator[Wanted], busy: list[Connection]) -> None:
    for one in wanted:
        end.send(one)
        busy.append(end)
        return


def _work(end: Connection, opened: Open) -> None:
    """Answer each team with its pages, or with why there are none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one ends it
    try:
        pages = None
        while True:
            wanted: Wanted = end.recv()
            pages = pages or opened()
            with rare_collections():
                end.send(asyncio.run(pages.team(wanted)))
    except (EOFError, BrokenPipeError):
        return
    except TelemetryError as error:
        end.send(str(error))
    except Exception as error:
        end.send(f"pages can't be made, by an error that nobody foresaw:\n{trace_of(error)}")
