"""The access token: sessions in a cookie, Bearer in a header."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, TimestampSigner

from telemetry.store.sessions import LONGEST_AGENT, Session
from web.http.guesses import Guesses
from web.http.sessions import HeldSessions, Sessions

COOKIE = "telemetry_session"
SESSION = timedelta(days=30)
SHORTEST = 16  # letters of a token, as of privacy.key


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

    A session is a random name and when it began, signed with the token, so that a new token ends
    all; and it is known, until somebody signs out of it or ends it.
    """

    def __init__(
        self,
        token: str | None,
        clock: Callable[[], datetime],
        sessions: Sessions | None = None,
    ) -> None:
        self.sessions = HeldSessions() if sessions is None else sessions
        self._key = None if token is None else token.encode()
        self._clock = clock
        self._signer = _Signer(self._key or b"", clock)
        self.guesses = Guesses(clock)

    @property
    def is_open(self) -> bool:
        """Whether no token is asked for."""
        return self._key is None

    def is_token(self, given: str) -> bool:
        """Whether this is the access token; takes as long for any answer."""
        return self._key is not None and hmac.compare_digest(
            hashlib.sha256(given.encode()).digest(), hashlib.sha256(self._key).digest()
        )

    def new_session(self, agent: str = "") -> str:
        """The value of a cookie that is good for a month, for what the browser calls itself."""
        name, now = secrets.token_hex(16), self._clock()
        shown = "".join(letter for letter in agent if letter.isprintable())[:LONGEST_AGENT]
        self.sessions.begin(Session(_hashed(name), now, now + SESSION, shown))
        return self._signer.sign(name.encode()).decode()

    def is_session(self, cookie: str) -> bool:
        """Whether a cookie's value is ours, has not ended and was not ended."""
        name = self._name(cookie)
        return name is not None and self.sessions.is_good(name)

    def named(self, cookie: str) -> str | None:
        """What tells a session from others, without what would let anybody in; None if not ours."""
        name = self._name(cookie)
        return None if name is None else f"session {name[:8]}"

    def end_session(self, cookie: str) -> None:
        """Sign out whoever holds this cookie's value."""
        name = self._name(cookie)
        if name is not None:
            self.sessions.end(name)

    def _name(self, cookie: str) -> str | None:
        """What a session is kept as, None where we never signed it or its month is over."""
        try:
            return _hashed(self._signer.unsign(cookie, int(SESSION.total_seconds())).decode())
        except BadSignature:
            return None

    def lets_in(self, token: str | None, cookie: str | None) -> bool:
        """Whether a request with this token or, without one, this cookie may read."""
        if self.is_open:
            return True
        if token is not None:
            return self.is_token(token)
        return cookie is not None and self.is_session(cookie)


def _hashed(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def bearer(authorization: str) -> str | None:
    """The token in an Authorization header, None where it holds none."""
    scheme, _, given = authorization.partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None
