"""Ends a pull that asks on and on and brings nothing new, while one that gets on may take days."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from telemetry.errors import TrackerUnavailable
from telemetry.words.durations import duration

LEAST = timedelta(minutes=10)
UNKNOWN = timedelta(hours=1)  # where no pull before tells how long they take
MOST = timedelta(hours=6)
TIMES_USUAL = 5


def longest(usual: timedelta | None) -> timedelta:
    """How long questions may bring nothing new, by how long pulls usually take as a whole."""
    return UNKNOWN if usual is None else min(max(LEAST, TIMES_USUAL * usual), MOST)


class Standstill:
    """How long questions have been asked since something new came; for any thread.

    Time in which nothing is asked, as while figures are computed, does not count.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self.most = MOST
        self._clock = clock
        self._lock = threading.Lock()
        self._since = self._answered_at = clock()
        self._asking = 0

    def progressed(self) -> None:
        """Something new came."""
        with self._lock:
            self._since = self._answered_at = self._clock()

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Within, a question is asked."""
        with self._lock:
            if not self._asking:
                self._since += max(self._clock() - self._answered_at, 0.0)
            self._asking += 1
        try:
            yield
        finally:
            with self._lock:
                self._asking -= 1
                self._answered_at = self._clock()

    def check(self, url: str) -> None:
        """Raises TrackerUnavailable where it is too long."""
        with self._lock:
            until = self._clock() if self._asking else self._answered_at
            lasts = timedelta(seconds=until - self._since)
        if lasts > self.most:
            raise TrackerUnavailable(
                f"{url} has been asked for {duration(lasts)} without telling anything new, far "
                "longer than a pull takes: it is broken off, and the next one tries again"
            )
