"""The access token: sessions in a cookie, Bearer in a header, and a brake on guessing."""

import hashlib
import hmac
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from itsdangerous import BadSignature, TimestampSigner

COOKIE = "telemetry_session"
SESSION = timedelta(days=30)
PERIOD = timedelta(minutes=1)
TRIES = 10  # wrong tokens within the period from one address
TRIES_OF_ALL = 1000  # from all addresses together
_SIGNED = b"session"


class _Signer(TimestampSigner):
    """Signs with the time that our clock says."""

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        super().__init__(
            key, salt=b"telemetry", key_derivation="hmac", digest_method=hashlib.sha256
        )
        self._clock = clock

    def get_timestamp(self) -> int:
        """Now, in seconds."""
        return int(self._clock().timestamp())


class AccessGate:
    """Knows one access token; None means that everybody who reaches the server may read.

    A session is when it began, signed with the token: a new token ends all sessions.
    """

    def __init__(self, token: str | None, clock: Callable[[], datetime]) -> None:
        self._key = None if token is None else token.encode()
        self._clock = clock
        self._signer = _Signer(self._key or b"", clock)
        self._failures: deque[tuple[datetime, str]] = deque()
        self._lock = Lock()

    @property
    def is_open(self) -> bool:
        """Whether no token is asked for."""
        return self._key is None

    def is_token(self, given: str) -> bool:
        """Whether this is the access token; takes as long for any answer."""
        return self._key is not None and hmac.compare_digest(
            hashlib.sha256(given.encode()).digest(), hashlib.sha256(self._key).digest()
        )

    def seconds_to_wait(self, address: str) -> int:
        """How long this client address may not try, after too many wrong tokens in a minute."""
        now = self._clock()
        with self._lock:
            while self._failures and now - self._failures[0][0] >= PERIOD:
                self._failures.popleft()
            own = [at for at, of in self._failures if of == address]
            if len(own) >= TRIES:
                first = own[-TRIES]
            elif len(self._failures) >= TRIES_OF_ALL:
                first = self._failures[0][0]
            else:
                return 0
        return max(1, int((first + PERIOD - now).total_seconds()))

    def count_failure(self, address: str) -> None:
        """Remembers a wrong token from a client address."""
        with self._lock:
            self._failures.append((self._clock(), address))
            while len(self._failures) > TRIES_OF_ALL:
                self._failures.popleft()

    def new_session(self) -> str:
        """The value of a cookie that is good for a month."""
        return self._signer.sign(_SIGNED).decode()

    def is_session(self, cookie: str) -> bool:
        """Whether a cookie's value is ours and has not ended."""
        try:
            self._signer.unsign(cookie, int(SESSION.total_seconds()))
        except BadSignature:
            return False
        return True

    def lets_in(self, authorization: str, cookie: str | None, address: str) -> bool:
        """Whether a request with these credentials, from this client address, may read."""
        if self.is_open:
            return True
        scheme, _, given = authorization.partition(" ")
        if scheme.lower() == "bearer":
            if self.seconds_to_wait(address):
                return False
            if self.is_token(given.strip()):
                return True
            self.count_failure(address)
            return False
        return cookie is not None and self.is_session(cookie)
