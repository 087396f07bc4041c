"""The end of an exchange: a socket that is not done by then is shut."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

_this_thread = threading.local()


class Deadline:
    """The end of the exchange that this thread makes: then its socket is shut."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False
        self.gave_way = False
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        _this_thread.deadline = self
        _watch.add(self, self.seconds)
        return self

    def __exit__(self, *_: object) -> None:
        _this_thread.deadline = None
        _watch.remove(self)
        with self._lock:
            self._socket = None  # the next exchange's

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Within, time that is not Jira's does not count."""
        left = _watch.remove(self)
        try:
            yield
        finally:
            _watch.add(self, left)

    @contextmanager
    def adopted(self) -> Iterator[None]:
        """Within, the exchange of this thread ends with it, though another thread began it."""
        _this_thread.deadline = self
        try:
            yield
        finally:
            _this_thread.deadline = None

    def give_way(self) -> None:
        """End the exchange now, for the sake of another one."""
        self.gave_way = True
        self.cut()

    def watch(self, used: socket.socket) -> None:
        with self._lock:
            self._socket = used
            if self.is_over:
                _shut(used)

    def cut(self) -> None:
        """End the exchange now, from whichever thread."""
        with self._lock:
            self.is_over = True
            if self._socket is not None:
                _shut(self._socket)


def of_this_thread() -> Deadline | None:
    """The deadline of the exchange that this thread makes."""
    found: Deadline | None = getattr(_this_thread, "deadline", None)
    return found


class _Watch:
    """One thread that cuts all exchanges of the process whose time is over.

    A timer for each would be a thread for each, which costs as much as a small request.
    """

    def __init__(self) -> None:
        self._ends: dict[Deadline, float] = {}
        self._changed = threading.Condition()
        self._wakes_at: float | None = None
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, seconds: float) -> None:
        end = time.monotonic() + seconds
        with self._changed:
            self._ends[deadline] = end
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif self._wakes_at is None or end < self._wakes_at:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> float:
        """Watch it no more; returns the seconds that were left."""
        with self._changed:
            now = time.monotonic()
            return max(self._ends.pop(deadline, now) - now, 0.0)

    def _run(self) -> None:
        while True:
            for deadline in self._over():
                deadline.cut()

    def _over(self) -> list[Deadline]:
        """Waits for the next end, and takes out those that have come."""
        with self._changed:
            now = time.monotonic()
            over = [deadline for deadline, end in self._ends.items() if end <= now]
            for deadline in over:
                del self._ends[deadline]
            if not over:
                self._wakes_at = min(self._ends.values(), default=None)
                self._changed.wait(None if self._wakes_at is None else self._wakes_at - now)
            return over


_watch = _Watch()


def _shut(used: socket.socket) -> None:
    try:
        # past the TLS layer, whose own shutdown would disturb the thread that reads
        socket.socket.shutdown(used, socket.SHUT_RDWR)
    except OSError:
        return  # it was closed already
