"""Tells open pages that their figures changed, as server-sent events: `GET /events?team=KEY`.

However many listen, the store is asked once a second, and only while somebody listens.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from telemetry.errors import NotFound, StoreError
from web.http.access import COOKIE, bearer
from web.http.addresses import block
from web.http.guard import client_address
from web.http.sessions import HeldSessions, Sessions

if TYPE_CHECKING:
    from telemetry.report.reports import Reports
    from web.http.site import Site

LOOK_SECONDS = 1.0
LISTENERS = 500
LISTENERS_OF_CLIENT = 50  # a browser has four at most; beyond, its pages ask every ten seconds
STREAM_SECONDS = 900  # then a browser asks again, so that a month that is over is noticed
RETRY_MILLISECONDS = 2000
GONE = "gone"


class Events:
    """Who listens to which team (None: to all), and the versions they are told of."""

    def __init__(
        self,
        reports: "Reports",
        look_seconds: float = LOOK_SECONDS,
        most: int = LISTENERS,
        most_of_client: int = LISTENERS_OF_CLIENT,
        prepare: Callable[[], None] = lambda: None,
        sessions: Sessions | None = None,
    ) -> None:
        self._reports = reports
        self._prepare = prepare  # what all who listen to all teams are about to ask for
        self._sessions = HeldSessions() if sessions is None else sessions
        self._ends = self._sessions.ends
        self._look_seconds = look_seconds
        self._most = most
        self._most_of_client = most_of_client
        self._clients: Counter[str] = Counter()
        self._listeners: Counter[str | None] = Counter()
        self._versions: dict[str | None, str] = {}
        self._stamp: str | None = None
        self._turn: asyncio.Event | None = None
        self._watching: asyncio.Task[None] | None = None
        self._is_closed = False

    @contextmanager
    def listening(self, team_key: str | None, client: str = "") -> Iterator[None]:
        """Counts a listener; raises HTTPException (503) where there are as many as there may be."""
        is_full = self._listeners.total() >= self._most
        is_crowd = self._clients[client] >= self._most_of_client
        if self._is_closed or is_full or is_crowd:
            raise HTTPException(503, "Too many pages listen already; ask again later.")
        counted: list[tuple[Counter[Any], str | None]] = [
            (self._listeners, team_key),
            (self._clients, client),
        ]
        for counter, key in counted:
            counter[key] += 1
        try:
            yield
        finally:
            for counter, key in counted:
                counter[key] -= 1
                if not counter[key]:
                    del counter[key]

    async def versions(
        self, team_key: str | None, may_listen: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[str]:
        """The version as it is, and again at every change, until `close` or the time is over.

        It ends, too, once sessions were ended and who listens may not any more.
        """
        until = asyncio.get_running_loop().time() + STREAM_SECONDS
        self._watch()
        turn, told = self._next_turn(), None
        version = await run_in_threadpool(self._version, team_key)
        while not self._is_closed:
            if version is not None and version != told:
                told = version
                yield version
            left = until - asyncio.get_running_loop().time()
            if left <= 0:
                return
            with suppress(TimeoutError):
                await asyncio.wait_for(turn.wait(), left)
            if not may_listen():
                return
            turn, version = self._next_turn(), self._versions.get(team_key, version)

    def close(self) -> None:
        """Ends all streams; call it in the loop that serves them."""
        self._is_closed = True
        if self._watching is not None:
            self._watching.cancel()
        self._wake()

    def _watch(self) -> None:
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while self._listeners:
            await asyncio.sleep(self._look_seconds)
            found = await run_in_threadpool(self._changed, tuple(self._listeners))
            is_any_ended = await run_in_threadpool(self._look_for_ends)
            self._versions |= found
            if found or is_any_ended:
                self._wake()

    def _changed(self, team_keys: Collection[str | None]) -> dict[str | None, str]:
        """The versions that are listened to, where something in the store changed."""
        stamp = self._version(None)
        if stamp is None or stamp == self._stamp:
            return {}
        self._stamp = stamp
        if None in team_keys:
            self._prepare()
        found = {key: stamp if key is None else self._version(key) for key in team_keys}
        return {key: version for key, version in found.items() if version is not None}

    def _look_for_ends(self) -> bool:
        """Whether sessions were ended since this was last asked."""
        if self._sessions.is_due():
            self._sessions.look()
        before, self._ends = self._ends, self._sessions.ends
        return before != self._ends

    def _version(self, team_key: str | None) -> str | None:
        """What changes with the team's figures, or with anything; None where it cannot be read."""
        reports = self._reports
        try:
            return reports.stamp() if team_key is None else reports.version(team_key)
        except NotFound:
            return GONE
        except StoreError:  # the pages themselves tell of it
            return None

    def _next_turn(self) -> asyncio.Event:
        if self._turn is None:
            self._turn = asyncio.Event()
        return self._turn

    def _wake(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.set()


def event_routes(site: "Site", events: Events) -> APIRouter:
    """`GET /events`: event `version` at once, unless it is the `Last-Event-ID`, and at changes."""
    router = APIRouter(include_in_schema=False)

    async def team_of(team: Annotated[str | None, Query(max_length=64)] = None) -> str | None:
        """The team asked for. Raises NotFound before the stream begins."""
        if team is not None:
            await run_in_threadpool(site.reports.team, team, site.clock())
        return team

    async def place(
        request: Request, team: Annotated[str | None, Depends(team_of)]
    ) -> AsyncIterator[str | None]:
        with events.listening(team, block(client_address(request))):
            yield team

    @router.get("/events", response_class=EventSourceResponse)
    async def stream(
        request: Request,
        team: Annotated[str | None, Depends(place)],
        last_event_id: Annotated[str | None, Header(max_length=200)] = None,
    ) -> AsyncIterator[ServerSentEvent]:
        token = bearer(request.headers.get("authorization", ""))
        may_listen = partial(site.gate.lets_in, token, request.cookies.get(COOKIE))
        yield ServerSentEvent(comment="listening", retry=RETRY_MILLISECONDS)
        async for version in events.versions(team, may_listen):
            if version != last_event_id:
                yield ServerSentEvent(event="version", data={"team": team}, id=version)
            last_event_id = None

    return router
