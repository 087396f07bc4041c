"""Counts a server's connections, makes room for new ones, and ends those that only wait."""

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Protocol

import structlog

from web.http.addresses import block
from web.http.bounds import Bounds

log = structlog.get_logger()

LOOK_SECONDS = 1.0
TELL_SECONDS = 60.0
SPARED_SECONDS = 1.0  # a connection that just opened is about to ask


class Counted(Protocol):
    """A connection as the door sees it."""

    address: str

    def idle_since(self) -> float | None:
        """Since when it owes us a request, in the loop's time; None while it is served."""

    def look(self, now: float) -> None:
        """End by itself where its time is over."""

    def drop(self) -> None:
        """End now, without a word."""


class Door:
    """The connections of one server."""

    def __init__(
        self, bounds: Bounds, is_proxy: Callable[[str], bool] = lambda address: False
    ) -> None:
        self.bounds = bounds
        self.refused: set[Counted] = set()
        self._is_proxy = is_proxy
        self._inside: dict[Counted, str] = {}  # in the order they came, as they are counted
        self._addresses: Counter[str] = Counter()
        self._untold: Counter[str] = Counter()
        self._told_at: dict[str, float] = {}

    def enter(self, one: Counted, now: float) -> bool:
        """Whether there is a place; who only waits gives way to who comes."""
        name = block(one.address)
        is_full = len(self._inside) >= self.bounds.connections
        is_crowd = not self._is_proxy(one.address) and (
            self._addresses[name] >= self.bounds.of_address
        )
        if (is_full or is_crowd) and not self._make_room(name if is_crowd else None, now):
            self.tell("too many connections", one.address, now)
            self.refused.add(one)
            return False
        self._inside[one] = name
        self._addresses[name] += 1
        return True

    def leave(self, one: Counted) -> None:
        """It has ended."""
        self.refused.discard(one)
        name = self._inside.pop(one, None)
        if name is not None:
            self._addresses[name] -= 1
            if not self._addresses[name]:
                del self._addresses[name]

    def _make_room(self, name: str | None, now: float) -> bool:
        """End the connection (of this address) that waits longest, if one does."""
        for other, of in self._inside.items():
            since = other.idle_since()
            if name in (None, of) and since is not None and now - since >= SPARED_SECONDS:
                self.tell("idle connections ended to make room", other.address, now)
                self.leave(other)
                other.drop()
                return True
        return False

    def tell(self, reason: str, address: str, now: float) -> None:
        """Log what was refused: the first at once, then a count a minute."""
        self._untold[reason] += 1
        if now - self._told_at.get(reason, -TELL_SECONDS) >= TELL_SECONDS:
            log.warning(
                "requests refused", reason=reason, count=self._untold.pop(reason), last=address
            )
            self._told_at[reason] = now

    async def watch(self) -> None:
        """Look at all connections once a second, until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            for one in (*self._inside, *self.refused):
                try:
                    one.look(loop.time())
                except Exception:
                    log.exception("a connection could not be looked at")
                    one.drop()
