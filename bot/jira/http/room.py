"""The memory that large answers take as objects, ten times their size, within one bound for all.

An answer counts until nobody holds any of its values: each keeps a share of it. A site may always
hold a little; what is more waits its turn, whichever site asked, and is refused in the end. So
ordinary pages never wait, and no number of sites and connections adds up.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

from bot.jira.http.bodies import KILOBYTE, TooMuch, light_bytes
from bot.jira.http.retry import Failure

WAIT_SECONDS = 60.0
HOLD_SECONDS = 20.0  # while others wait, before a site is told to finish with what it holds
_LOOK_SECONDS = 0.02
_BODIES = 2  # more than one, so that a slow site does not hold up another
_LEAST_RATE = 512 * KILOBYTE  # a second, of a body for which others have waited


class Tenant:
    """A site as its answers are counted."""

    def __init__(self) -> None:
        self.light = 0
        self.large = 0
        self.since = 0.0  # when it began to hold something large


class Share:
    """The bytes of one answer, given back when nothing refers to them any more."""

    __slots__ = ("_back", "is_large", "size", "tenant")

    def __init__(
        self, back: "deque[tuple[Tenant, int, bool]]", tenant: Tenant, size: int, is_large: bool
    ) -> None:
        self._back = back
        self.tenant = tenant
        self.size = size
        self.is_large = is_large

    def __del__(self) -> None:
        # no lock: whoever drops a value may be anywhere, even in here
        self._back.append((self.tenant, self.size, self.is_large))


class Held(dict[str, Any]):
    """An object of an answer, with the shares of all answers that it is made of."""

    __slots__ = ("shares",)

    def __init__(self, value: dict[str, Any], share: Share) -> None:
        super().__init__(value)
        self.shares: tuple[Share, ...] = (share,)


def keep(whole: dict[str, Any], *parts: dict[str, Any]) -> None:
    """Count what an object took over of other answers for as long as that object."""
    if isinstance(whole, Held):
        shares = (share for part in parts if isinstance(part, Held) for share in part.shares)
        whole.shares = tuple({*whole.shares, *shares})


class _Body:
    """A large body that is read, or waits to be."""

    def __init__(self, tenant: Tenant, give_way: Callable[[], object]) -> None:
        self.tenant = tenant
        self.give_way = give_way
        self.size = 0
        self.since = 0.0

    def note(self, size: int) -> None:
        """So much came."""
        self.size += size

    def is_slow(self, now: float) -> bool:
        """Whether it has had its time, and came too slowly in it."""
        seconds = now - self.since
        return seconds >= HOLD_SECONDS and self.size < seconds * _LEAST_RATE


class Room:
    """What all sites of the process hold."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = Lock()
        self._back: deque[tuple[Tenant, int, bool]] = deque()
        self._waiting: deque[tuple[Tenant, float]] = deque()  # and since when, the first first
        self._large = 0
        self._bodies: list[_Body] = []
        self._bodies_to_come: list[_Body] = []

    def take(self, tenant: Tenant, size: int, most: int, check: Callable[[], object]) -> Share:
        """Room for an answer of that many bytes where one may have `most`; waits until there is.

        Calls `check` meanwhile, which may raise. Raises TooMuch where others hold it too long.
        """
        with self._lock:
            share = self._light(tenant, size, most)
            if share is not None:
                return share
            turn = (tenant, self._clock())
            self._waiting.append(turn)
        try:
            while (share := self._next(turn, size, most)) is None:
                check()
                if self._clock() - turn[1] >= WAIT_SECONDS:
                    raise TooMuch("more than can be held beside what was read before")
                self._sleep(_LOOK_SECONDS)
        finally:
            with self._lock:
                self._waiting.remove(turn)
        return share

    def is_wanted(self, tenant: Tenant) -> bool:
        """Whether others have waited long for what this site holds."""
        if not tenant.large:
            return False
        with self._lock:
            self._settle()
            late = self._clock() - HOLD_SECONDS
            is_late = bool(tenant.large) and tenant.since <= late
            return is_late and any(of is not tenant and at <= late for of, at in self._waiting)

    @contextmanager
    def body(
        self,
        tenant: Tenant,
        seconds: float,
        check: Callable[[], object],
        give_way: Callable[[], object],
    ) -> Iterator[Callable[[int], None]]:
        """Within, one of few large bodies is read; a site has one at a time.

        Yields what is to be told how much came. Calls `check` while it waits, which may raise, and
        `give_way` of one that comes slowly where others wait; it is to end it.
        Raises Failure where none of the others ends within that time.
        """
        one = _Body(tenant, give_way)
        begun = self._clock()
        with self._lock:
            self._bodies_to_come.append(one)
        try:
            while not self._begins(one):
                check()
                if self._clock() - begun >= seconds:
                    told = f"others' large answers left no room for its own for {seconds:g} s"
                    raise Failure(told, is_silent=False)
                self._sleep(_LOOK_SECONDS)
            yield one.note
        finally:
            with self._lock:
                for some in (self._bodies_to_come, self._bodies):
                    if one in some:
                        some.remove(one)

    def _begins(self, one: _Body) -> bool:
        """Whether it is the turn of that body; else those that are slow are told to give way."""
        with self._lock:
            now = self._clock()
            busy = [other.tenant for other in self._bodies]
            able = [other for other in self._bodies_to_come if other.tenant not in busy]
            if len(busy) < _BODIES and able[:1] == [one]:
                self._bodies_to_come.remove(one)
                self._bodies.append(one)
                one.since = now
                return True
            slow = [other for other in self._bodies if other.is_slow(now)]
        for other in slow:
            other.give_way()
        return False

    def _light(self, tenant: Tenant, size: int, most: int) -> Share | None:
        self._settle()
        if tenant.light + size > light_bytes(most):
            return None
        tenant.light += size
        return Share(self._back, tenant, size, is_large=False)

    def _next(self, turn: tuple[Tenant, float], size: int, most: int) -> Share | None:
        tenant = turn[0]
        with self._lock:
            share = self._light(tenant, size, most)
            is_room = not self._large or self._large + size <= most
            if share is not None or self._waiting[0] != turn or not is_room:
                return share
            if not tenant.large:
                tenant.since = self._clock()
            tenant.large += size
            self._large += size
            return Share(self._back, tenant, size, is_large=True)

    def _settle(self) -> None:
        while self._back:
            tenant, size, is_large = self._back.popleft()
            if is_large:
                tenant.large -= size
                self._large -= size
            else:
                tenant.light -= size


ROOM = Room()
