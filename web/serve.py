"""Runs the web application with uvicorn; beyond loopback only with an access token."""

import gc
import ipaddress
import socket
from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING

import uvicorn

from telemetry.errors import ConfigurationError
from web.app import create_app
from web.events import Events
from web.hooks import Hooks
from web.security import ANY_HOST

if TYPE_CHECKING:
    from telemetry.report.reports import Reports


class Server(uvicorn.Server):
    """A server that ends the streams of events itself: they would go on for ever."""

    def __init__(self, config: uvicorn.Config, events: Events) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends what is open."""
        self._events.close()
        await super().shutdown(sockets)


def server(
    reports: "Reports",
    *,
    host: str,
    port: int,
    access_token: str | None,
    clock: Callable[[], datetime],
    allowed_hosts: Collection[str] = (),
    trigger_pull: Callable[[], bool] | None = None,
    hooks: Hooks | None = None,
) -> uvicorn.Server:
    """A server ready to `run()`; setting its `should_exit` ends it.

    Where a token is asked for and no host name is given, every name is answered to: a page of
    another name has no cookie of ours. Raises ConfigurationError for an open server beyond
    loopback.
    """
    if not is_loopback(host) and not access_token:
        raise ConfigurationError(
            f"The web application would be open to everybody who reaches {host}: set "
            "TELEMETRY_ACCESS_TOKEN to a long random value, or use --host 127.0.0.1."
        )
    names = list(allowed_hosts)
    if access_token and not names:
        names = [ANY_HOST]
    app = create_app(
        reports,
        access_token=access_token or None,
        allowed_hosts=names,
        clock=clock,
        trigger_pull=trigger_pull,
        hooks=hooks,
    )
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return Server(config, app.state.events)


def spare_collector() -> None:
    """Spare the garbage collector walks that find little: call it when all code is loaded.

    A page leaves some hundred objects to collect; more at once would hold up a single answer.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def serve(
    reports: "Reports",
    *,
    host: str,
    port: int,
    access_token: str | None,
    clock: Callable[[], datetime],
    allowed_hosts: Collection[str] = (),
    trigger_pull: Callable[[], bool] | None = None,
) -> None:
    """Serves until it is interrupted; raises as `server` does."""
    server(
        reports,
        host=host,
        port=port,
        access_token=access_token,
        clock=clock,
        allowed_hosts=allowed_hosts,
        trigger_pull=trigger_pull,
    ).run()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
