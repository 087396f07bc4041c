"""Serves a simulated site on a free loopback port, in a thread of this process."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.simulator.app import create_app
from bot.simulator.flavours import Flavour
from bot.simulator.options import Options, RequestLog
from bot.simulator.webhooks import Webhooks, posting
from bot.simulator.world import World


class SiteDidNotStart(RuntimeError):
    """The server thread ended or hung before it listened."""


@dataclass(slots=True, frozen=True)
class RunningSite:
    """A site that answers at `url`. Hold `lock` while the world is changed."""

    url: str
    world: World
    requests: RequestLog
    lock: Any
    webhooks: Webhooks | None = None
    """What posts its webhooks, where `Options.webhook_url` is given."""


class _Protocol(HttpToolsProtocol):
    """HTTP that hands each request its connection, for faults that break it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


@contextmanager
def running(
    world: World, flavour: Flavour, options: Options | None = None, port: int = 0, **changes: Any
) -> Iterator[RunningSite]:
    """Serves the world until the block ends; `changes` are single options by name."""
    chosen = replace(options or Options(), **changes)
    app = create_app(world, flavour, chosen)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        date_header=False,
        http=_Protocol,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="simulated Jira", daemon=True)
    thread.start()
    try:
        url = _url(server, thread)
        with ExitStack() as stack:
            webhooks = None
            if chosen.webhook_url is not None:
                webhooks = stack.enter_context(posting(world, flavour, url, chosen))
            yield RunningSite(url, world, app.state.requests, world.lock, webhooks)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        if thread.is_alive():
            server.force_exit = True
            thread.join(timeout=10)


def _url(server: uvicorn.Server, thread: threading.Thread) -> str:
    deadline = time.monotonic() + 20
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise SiteDidNotStart("the simulated Jira did not start on 127.0.0.1")
        time.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    return f"http://{host}:{port}"
