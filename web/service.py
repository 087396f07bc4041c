"""The service `web` of `telemetry.services`: the application of a configuration, followed."""

import asyncio
import gc
import ipaddress
import logging
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import Any, cast

import uvicorn

from telemetry.context import Context
from telemetry.ending import Ending
from telemetry.errors import ConfigurationError
from telemetry.live import Live
from telemetry.ports import take_port
from telemetry.received import Received
from telemetry.report.reports import Reports
from telemetry.secrecy import know
from web.app import create_app
from web.http.access import SHORTEST
from web.http.bounds import Bounds
from web.http.connection import Connection
from web.http.door import Door
from web.http.events import Events
from web.http.inter import Inter
from web.http.mutes import Mutes
from web.http.notes import ReviewNotes
from web.http.reach import Reach
from web.http.sessions import Sessions, StoredSessions
from web.http.webhooks import Hooks


class Server(uvicorn.Server):
    """A server that ends the streams of events itself: they would go on for ever.

    Its typeface is made ready once it answers, beside the first requests. Its door ends connections
    that take too long.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        events: Events,
        inter: Inter | None,
        ending: Ending | None,
        door: Door,
    ) -> None:
        super().__init__(config)
        self._ending = ending
        self._events = events
        self._inter = inter
        self._door = door
        self._watching: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Answers, then makes ready what can wait."""
        await super().startup(sockets)
        self._watching = asyncio.create_task(self._door.watch())
        if self._inter is not None:
            threading.Thread(target=self._inter.content, daemon=True).start()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ends within the time that the whole process has for it."""
        if self._ending is not None:
            self._ending.end_process(sig)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends what is open; that a page is broken off now is no error to be told."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self._events.close()
        await super().shutdown(sockets)
        if self._watching is not None:
            self._watching.cancel()


def server(
    reports: Reports,
    *,
    host: str,
    port: int,
    access_token: str | None,
    clock: Callable[[], datetime],
    allowed_hosts: Collection[str] = (),
    trigger_pull: Callable[[], bool] | None = None,
    hooks: Hooks | None = None,
    mutes: Mutes | None = None,
    notes: ReviewNotes | None = None,
    ending: Ending | None = None,
    bounds: Bounds | None = None,
    reach: Reach | None = None,
    sessions: Sessions | None = None,
    received: Received | None = None,
) -> uvicorn.Server:
    """A server ready to `run()`; setting its `should_exit` ends it, and a signal all of `ending`.

    Where a token is asked for and no host name is given, every name is answered to: a page of
    another name has no cookie of ours. Raises ConfigurationError for an open server beyond
    loopback.
    """
    if not is_loopback(host) and not access_token:
        raise ConfigurationError(
            f"The web application would be open to everybody who reaches {host}: set "
            "TELEMETRY_ACCESS_TOKEN to a long random value, or use --host 127.0.0.1."
        )
    reach = reach or Reach(allowed_hosts)
    if access_token:
        reach.take_any_name()
    app = create_app(
        reports,
        access_token=access_token or None,
        allowed_hosts=(),
        clock=clock,
        trigger_pull=trigger_pull,
        hooks=hooks,
        mutes=mutes,
        notes=notes,
        reach=reach,
        sessions=sessions,
        received=received,
    )
    door = Door(bounds or Bounds.here(), reach.is_proxy)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=cast("Any", partial(Connection, door=door)),
        ws="none",
        proxy_headers=False,  # it would believe whoever asks from this machine: see Proxied
        log_config=None,  # the log of the process is the one there is
        log_level="error",  # what is refused is counted by the door, not told of each
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config, app.state.events, app.state.inter, ending, door)


def spare_collector() -> None:
    """Spare the garbage collector walks that find little: call it when all code is loaded.

    A page leaves some hundred objects to collect; more at once would hold up a single answer.
    """
    gc.freeze()
    gc.set_threshold(5_000, 20, 50)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a host name or address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


TOKEN_VARIABLE = "TELEMETRY_ACCESS_TOKEN"  # noqa: S105 - a variable's name


def access_token(environ: Mapping[str, str]) -> str | None:
    """The token that is asked for, None where none is set.

    Raises ConfigurationError for one that is blank or could be guessed.
    """
    given = environ.get(TOKEN_VARIABLE)
    if given is not None:
        check_length(given, TOKEN_VARIABLE)
    return None if given is None else given.strip()


def check_length(secret: str, name: str) -> None:
    """Raises ConfigurationError where what keeps others out is blank or could be guessed."""
    if len(secret.strip()) < SHORTEST:
        has = f"has {len(secret.strip())} characters" if secret.strip() else "is blank"
        raise ConfigurationError(
            f"{name} {has} and could be guessed; set it to at least {SHORTEST} random ones, "
            "such as from: openssl rand -hex 32"
        )


class Configured:
    """What of the web application depends on the configuration, and follows it."""

    def __init__(self, reports: Reports, hooks: Hooks, reach: Reach) -> None:
        self._reports = reports
        self._hooks = hooks
        self._reach = reach

    def check(self, context: Context) -> None:
        """Raises ConfigurationError where a secret of the webhooks is missing or short."""
        for site, secret in context.webhook_secrets().items():
            if secret is not None:
                place = context.settings.place("jira", site, "webhook_secret")
                check_length(secret.reveal(), f"{place}: the secret")

    def take(self, context: Context) -> None:
        """Answer by this configuration from now on."""
        self._reach.follow(context.settings.web)
        self._hooks.secrets = context.webhook_secrets()
        self._reports.follow(context.settings)


def prepare(
    live: Live,
    host: str,
    port: int,
    trigger_pull: Callable[[], bool] | None,
    announce: Callable[[str], None] | None,
    received: Received | None = None,
) -> Callable[[], None]:
    """Take the port; what is returned serves until the process is told to stop.

    `announce` gets the URL once it answers. Raises ConfigurationError where it would be open to
    others without an access token, where a secret is missing, and where the port is taken.
    """
    context = live.context
    reports = Reports.of(context.settings, context.engine)
    hooks = Hooks(context.engine, _now)
    reach = Reach()
    live.join(Configured(reports, hooks, reach))
    token = access_token(context.environ)
    know(token or "")
    sessions = StoredSessions(context.engine, _now)
    sessions.look()
    serving = server(
        reports,
        host=host,
        port=port,
        access_token=token,
        clock=_now,
        trigger_pull=trigger_pull,
        hooks=hooks,
        mutes=Mutes(context.engine, _now),
        notes=ReviewNotes(context.engine, _now),
        ending=context.ending,
        reach=reach,
        sessions=sessions,
        received=received,
    )
    listening = take_port(host, port)

    def run() -> None:
        if announce is not None:
            watcher = threading.Thread(target=_announce, args=(serving, announce), daemon=True)
            watcher.start()
        spare_collector()
        serving.run(sockets=[listening])

    return run


def _now() -> datetime:
    return datetime.now(UTC)


def _announce(serving: uvicorn.Server, announce: Callable[[str], None]) -> None:
    while not serving.started:
        if serving.should_exit:
            return
        time.sleep(0.02)
    host, port = serving.servers[0].sockets[0].getsockname()[:2]
    everywhere = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}  # noqa: S104
    here = {"127.0.0.1": "localhost", "::1": "localhost"}
    announce(f"http://{(everywhere | here).get(host, host)}:{port}/")
