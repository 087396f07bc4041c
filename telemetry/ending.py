"""Ending in time: what waits is closed, and what cannot be closed does not hold up the process.

The store's transactions make an end harmless at any moment: what was not committed never was.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

SECONDS = 1.3  # for an orderly end
_LAST_SECONDS = 0.4  # for what is done in any case
_told = [0]  # the signal that this process ends by, 0 without one


class Stopped(BaseException):
    """Work ends where it is because all is to end: nobody's error, and not to be mended."""


class Ending:
    """What is to be closed, by whoever opened it, when all is to end; for any thread."""

    def __init__(self) -> None:
        self.is_begun = False
        self._closers: list[Callable[[], None]] = []
        self._last_acts: list[Callable[[], None]] = []
        self._lock = threading.RLock()  # a signal may come while its own thread is in here

    def check(self) -> None:
        """Raises Stopped once the end has begun."""
        if self.is_begun:
            raise Stopped

    def add(self, close: Callable[[], None]) -> None:
        """Have this closed when the end begins; now, where it has."""
        with self._lock:
            self._closers.append(close)
        if self.is_begun:
            close()

    def remove(self, close: Callable[[], None]) -> None:
        """It is closed already."""
        with self._lock, suppress(ValueError):
            self._closers.remove(close)

    def begin(self) -> None:
        """Close what is open."""
        with self._lock:
            self.is_begun = True
            closers = tuple(self._closers)
        for close in closers:
            close()

    @contextmanager
    def at_last(self, act: Callable[[], None]) -> Iterator[None]:
        """Within, do this even where the process has no time to leave in good order."""
        self._last_acts.append(act)
        try:
            yield
        finally:
            self._last_acts.remove(act)

    def end_process(self, number: int) -> None:
        """Begin the end that this signal asks for; what is not over in time is broken off."""
        with self._lock:
            is_first, _told[0] = not _told[0], number
        if is_first:
            timer = threading.Timer(SECONDS, self._leave)
            timer.daemon = True
            timer.start()
            self.begin()

    def _leave(self) -> None:
        acting = threading.Thread(target=self._act, daemon=True)
        acting.start()
        acting.join(_LAST_SECONDS)
        os._exit(128 + _told[0])  # streams may be held by whoever is broken off

    def _act(self) -> None:
        for act in tuple(self._last_acts):
            with suppress(Exception):
                act()


def leave_if_told() -> None:
    """Leave the process where a signal ends it.

    All that was open is closed; the interpreter would take its time to put everything away.
    """
    if _told[0]:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(128 + _told[0])


@contextmanager
def promptly(ending: Ending) -> Iterator[None]:
    """Within, Ctrl-C and SIGTERM end the process in time, be it in the middle of a long call.

    Python's own handlers wait until such a call of the main thread returns; here the signal is
    heard by a thread of its own.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard, told = socket.socketpair()
    told.setblocking(False)

    def listen() -> None:
        with heard:
            while numbers := heard.recv(64):
                for number in numbers:
                    if number in (signal.SIGINT, signal.SIGTERM):
                        ending.end_process(number)

    thread = threading.Thread(target=listen, name="signals", daemon=True)
    thread.start()
    before = signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        told.close()
        thread.join()
