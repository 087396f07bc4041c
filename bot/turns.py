"""Which sites are being pulled: each by one thread at a time, and none waits for another."""

import threading
from collections.abc import Callable


class Turns:
    """The sites at work; its methods may be called from any thread."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}
        self._next: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()

    @property
    def running(self) -> frozenset[str]:
        """The sites that are being pulled now."""
        with self._lock:
            return frozenset(self._threads)

    def begin(self, site: str, work: Callable[[], None], *, is_kept: bool = False) -> bool:
        """Begin this work on a site, which must not raise; False where there is other work on it.

        Where it is to be kept, it follows then, once.
        """
        with self._lock:
            if site in self._threads:
                if is_kept:
                    self._next[site] = work
                return False
            thread = threading.Thread(
                target=self._work, args=(site, work), name=f"site {site}", daemon=True
            )
            self._threads[site] = thread
        thread.start()
        return True

    def join(self) -> None:
        """Wait until nothing is at work any more."""
        while True:
            with self._lock:
                self._next.clear()
                threads = tuple(self._threads.values())
            if not threads:
                return
            for thread in threads:
                thread.join()

    def _work(self, site: str, work: Callable[[], None]) -> None:
        following: Callable[[], None] | None = work
        while following is not None:
            try:
                following()
            finally:
                with self._lock:
                    following = self._next.pop(site, None)
                    if following is None:
                        del self._threads[site]
