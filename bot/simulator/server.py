"""Serves a simulated site on a free loopback port, in a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvicorn

from bot.simulator.app import create_app
from bot.simulator.flavours import Flavour
from bot.simulator.options import Options, RequestLog
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


@contextmanager
def running(
    world: World, flavour: Flavour, options: Options | None = None, port: int = 0, **changes: Any
) -> Iterator[RunningSite]:
    """Serves the world until the block ends; `changes` are single options by name."""
    app = create_app(world, flavour, replace(options or Options(), **changes))
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="simulated Jira", daemon=True)
    thread.start()
    try:
        yield RunningSite(_url(server, thread), world, app.state.requests, world.lock)
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
