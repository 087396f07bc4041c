"""Processes of their own for mutants: forks that share what is loaded, and tell how they ended."""

import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

LONGEST_SECONDS = 300  # for a mutant that waits instead of working
MORE_MEMORY = 2**31  # bytes
KILLED, SURVIVED, TIMED_OUT = 1, 0, -signal.SIGPROF  # how a fork ends

Tell = Callable[[object], None]
Task = TypeVar("Task")


def shares(
    tasks: Sequence[Task], jobs: int, work: Callable[[Sequence[Task], Tell], None]
) -> Callable[[Tell], None]:
    """The work shared out to as many processes, which all tell the same listener."""

    def run(tell: Tell) -> None:
        children = []
        for job in range(jobs):
            child = os.fork()
            if not child:
                with _alone():
                    work(tasks[job::jobs], tell)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)

    return run


def forked(run: Callable[[], str | None]) -> tuple[int, str]:
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


def told(work: Callable[[Tell], None]) -> Iterator[object]:
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
