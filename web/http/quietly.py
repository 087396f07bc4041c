"""Work that nobody waits for, done when nobody asks for anything: one piece after the other."""

import logging
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic

QUIET_SECONDS = 0.3  # since it was last wanted: others who heard of the same change ask, too
PATIENCE_SECONDS = 30.0  # for one piece, however much is asked

_log = logging.getLogger(__name__)


class Quietly:
    """Does `work` for each key that is wanted, once, soon after it was last asked for any.

    A change makes many ask at once; what is done in the same moment would make them wait.
    """

    def __init__(
        self,
        work: Callable[[str], None],
        quiet_seconds: float = QUIET_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._work = work
        self._quiet = quiet_seconds
        self._patience = patience_seconds
        self._wanted: dict[str, None] = {}  # a set in order
        self._last = self._first = 0.0
        self._is_working = False
        self._changed = Condition()

    def want(self, key: str) -> None:
        """Return at once; the work of the key is done in a thread."""
        with self._changed:
            self._last = monotonic()
            if not self._wanted:
                self._first = self._last
            self._wanted[key] = None
            if not self._is_working:
                self._is_working = True
                Thread(target=self._run, name="quietly", daemon=True).start()

    def rest(self, seconds: float) -> bool:
        """Wait until all that is wanted is done; whether it was."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._is_working, seconds)

    def _run(self) -> None:
        while (key := self._next()) is not None:
            try:
                self._work(key)
            except Exception:
                _log.exception("work for %s failed, for which nobody waits", key)

    def _next(self) -> str | None:
        """The key longest wanted, once it is quiet; None, and the thread ends, where none is."""
        with self._changed:
            while self._wanted:
                until = min(self._last + self._quiet, self._first + self._patience)
                left = until - monotonic()
                if left <= 0:
                    key = next(iter(self._wanted))
                    del self._wanted[key]
                    self._first = monotonic()
                    return key
                self._changed.wait(left)
            self._is_working = False
            self._changed.notify_all()
            return None
