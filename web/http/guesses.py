"""Wrong tokens of the last minute: who tries many, or many that begin alike, is told to wait.

The right token is let in whatever was tried before, so that nobody can lock another out.
"""

import hashlib
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from web.http.addresses import block

PERIOD = timedelta(minutes=1)
TRIES = 10  # within the period, from one address or of one beginning
KEPT = 2000
BEGINNING = 4  # letters by which tokens are alike: who searches in order keeps them


class Guesses:
    """Counts them; what was tried is kept as a hash of its beginning."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._wrong: deque[tuple[datetime, str, bytes]] = deque(maxlen=KEPT)
        self._lock = Lock()

    def another(self, address: str, token: str) -> int:
        """Remembers a wrong token from a client address.

        Returns how many seconds this address, or who tries such tokens, was to wait with it; 0
        where they may go on.
        """
        now, of, like = self._clock(), block(address), _beginning(token)
        with self._lock:
            while self._wrong and now - self._wrong[0][0] >= PERIOD:
                self._wrong.popleft()
            tries = [
                [at for at, address, _ in self._wrong if address == of],
                [at for at, _, beginning in self._wrong if beginning == like],
            ]
            self._wrong.append((now, of, like))
        ends = [found[-TRIES] + PERIOD for found in tries if len(found) >= TRIES]
        return max(1, int((max(ends) - now).total_seconds())) if ends else 0


def _beginning(token: str) -> bytes:
    return hashlib.sha256(token[:BEGINNING].encode("utf-8", "replace")).digest()[:8]
