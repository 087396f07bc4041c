"""A browser's connection: uvicorn's, with the bounds of bytes and time that it has no option for.

What passes a bound is answered with its reason, and the connection ends; nothing of it reaches
the application. The door looks at each once a second, so that no request needs a timer.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from web.http.bounds import (
    LONG_HEAD,
    LONG_URL,
    NOT_HTTP,
    TOO_EAGER,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    Refusal,
)
from web.http.door import Door


class _Refused(Exception):
    """Stops the parser; `why` is what is answered."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.title)
        self.why = why


class Connection(HttpToolsProtocol):
    """One connection, from its first byte to its last."""

    def __init__(self, *, door: Door, **given: Any) -> None:
        super().__init__(**given)
        self.address = ""
        self._door = door
        self._bounds = door.bounds
        self._has_place = False
        self._why: Refusal | None = None  # the reason that stopped the parser
        self._refused_at: float | None = None
        self._discarded = 0
        self._is_in_head = True
        self._bytes = 0  # of the request that is being read
        self._due: float | None = None  # when it must have come
        self._idle_since: float | None = None
        self._unsent = (0, 0.0)  # bytes, and since when there are no fewer
        self._running: RequestResponseCycle | None = None
        self._at_work = 0  # answers that are being made, also where nobody waits for them
        self._is_lost = False

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Take a place, or be told that there is none."""
        super().connection_made(transport)
        now = self.loop.time()
        self.address = self.client[0] if self.client else ""
        self._idle_since, self._due = now, now + self._bounds.head_seconds
        self._has_place = self._door.enter(self, now)
        if not self._has_place:
            self._due = now + self._bounds.linger_seconds
            if len(self._door.refused) > self._bounds.lingering:
                self._refuse(TOO_MANY)
                self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the place to another, once nothing is made any more for who had it."""
        self._is_lost = True
        if not self._at_work:
            self._door.leave(self)
        self._leave_unanswered()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Hand the parser no more than a head may have at a time."""
        if self._refused_at is not None:
            self._discard(data)
            return
        if not self._has_place:  # only now: what is unread when we close, the asker never reads
            self._refuse(TOO_MANY)
            return
        while data and self._refused_at is None and not self.transport.is_closing():
            most = self._bounds.head_bytes
            room = most - self._bytes if self._is_in_head else most
            part, data = data[:room], data[room:]
            self._bytes += len(part)
            super().data_received(part)
            if self._is_in_head and self._bytes >= most:
                self._refuse(LONG_HEAD)
            elif self._bytes > self._bounds.request_bytes:
                self._refuse(TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins. Raises _Refused where too many requests wait already."""
        super().on_message_begin()
        if len(self.pipeline) >= self._bounds.waiting_count:
            self._stop(TOO_EAGER)
        self._due = self.loop.time() + self._bounds.head_seconds

    def on_url(self, url: bytes) -> None:
        """A piece of the address. Raises _Refused where it is too long."""
        super().on_url(url)
        if len(self.url) > self._bounds.url_bytes:
            self._stop(LONG_URL)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header, or one that follows a body. Raises _Refused where they are too many."""
        super().on_header(name, value)
        if len(self.headers) > self._bounds.header_count:
            self._stop(LONG_HEAD)

    def on_headers_complete(self) -> None:
        """The head has come: the application hears of the request.

        Raises _Refused where its address names another host than its header.
        """
        if not self._is_of_one_host():
            self._stop(NOT_HTTP)
        self._is_in_head, self._idle_since = False, None
        self._due = self.loop.time() + self._bounds.body_seconds
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request has come as a whole."""
        super().on_message_complete()
        self._is_in_head, self._bytes, self._due = True, 0, None

    def on_response_complete(self) -> None:
        """The answer is given; the next request is owed, unless it is here."""
        super().on_response_complete()
        if not self.pipeline and self._is_in_head:
            self._idle_since = self.loop.time()
            self._due = self._idle_since + self._bounds.idle_seconds

    def send_400_response(self, msg: str) -> None:
        """Answer what the parser stopped at."""
        self._refuse(self._why or NOT_HTTP)

    def shutdown(self) -> None:
        """The server ends: after what is being answered."""
        if self._refused_at is not None:
            self.drop()
        else:
            super().shutdown()

    def idle_since(self) -> float | None:
        """Since when no request has come, None while one is read or answered."""
        return self._idle_since

    def drop(self) -> None:
        """End at once."""
        self.transport.abort()

    def look(self, now: float) -> None:
        """End what takes longer than it may."""
        if self._is_lost:
            return
        if self._refused_at is not None:
            if now - self._refused_at >= self._bounds.linger_seconds:
                self.drop()
        elif self._is_stalled(now):
            self._door.tell("answers not taken", self.address, now)
            self.drop()
        elif self._due is not None and now >= self._due and not self._is_answering:
            if self._bytes:
                self._refuse(TOO_SLOW)
            else:
                self.transport.close()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        async def counted(scope: Any, receive: Any, send: Any) -> None:
            try:
                await app(scope, receive, send)
            finally:
                self._at_work -= 1
                if self._is_lost and not self._at_work:
                    self._door.leave(self)

        self._running = cycle
        self._at_work += 1
        super()._start_asgi_task(cycle, counted)

    def _is_of_one_host(self) -> bool:
        """Whether nothing between us and who asks can have taken it for another's."""
        hosts = [value for name, value in self.headers if name == b"host"]
        start, is_absolute, rest = self.url.partition(b"://")
        if is_absolute and not start.startswith(b"/"):
            hosts.append(rest.partition(b"/")[0])
        return len(hosts) < 2 or (len(hosts) == 2 and bool(is_absolute) and hosts[0] == hosts[1])

    @property
    def _is_answering(self) -> bool:
        cycle = self._running
        return cycle is not None and not cycle.response_complete and not cycle.more_body

    def _is_stalled(self, now: float) -> bool:
        """Whether the other side has taken too little of what was sent for too long."""
        left, (before, since) = self.transport.get_write_buffer_size(), self._unsent
        if not left or not before or left <= before - self._bounds.stall_bytes:
            self._unsent = (left, now)
            return False
        return now - since >= self._bounds.stall_seconds

    def _stop(self, why: Refusal) -> None:
        self._why = why
        raise _Refused(why)

    def _refuse(self, why: Refusal) -> None:
        """Answer why, if nothing was answered, and take no more; who writes on can read it.

        The first reason is it: what passes several bounds at once is refused once.
        """
        if self._refused_at is not None:
            return
        now = self.loop.time()
        if self._has_place:
            self._door.tell(why.title.lower(), self.address, now)
        self._refused_at = now
        self._leave_unanswered()
        cycle = self._running
        is_answered = cycle is not None and cycle.response_started
        is_of_next = cycle is not None and cycle.response_complete and self._is_in_head
        if is_of_next or not is_answered:
            self.transport.write(why.answer())
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _leave_unanswered(self) -> None:
        """Tell what still answers that nobody hears it; of requests that wait, uvicorn's tells one
        that came later.
        """
        self.pipeline.clear()
        if self._running is not None and not self._running.response_complete:
            self._running.disconnected = True
            self._running.message_event.set()

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > self._bounds.linger_bytes:
            self.drop()
