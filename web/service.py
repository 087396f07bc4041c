"""The service `web` of `telemetry.services`: the application of a configuration, followed."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import uvicorn

from telemetry.context import Context
from telemetry.errors import ConfigurationError
from telemetry.live import Live
from telemetry.report.reports import Reports
from web.hooks import Hooks
from web.serve import server, spare_collector

TOKEN_VARIABLE = "TELEMETRY_ACCESS_TOKEN"  # noqa: S105 - a variable's name


class Configured:
    """What of the web application depends on the configuration, and follows it."""

    def __init__(self, reports: Reports, hooks: Hooks) -> None:
        self._reports = reports
        self._hooks = hooks

    def check(self, context: Context) -> None:
        """Raises ConfigurationError where a secret of the webhooks is missing."""
        context.webhook_secrets()

    def take(self, context: Context) -> None:
        """Answer by this configuration from now on."""
        self._hooks.secrets = context.webhook_secrets()
        self._reports.follow(context.settings)


def prepare(
    live: Live,
    host: str,
    port: int,
    trigger_pull: Callable[[], bool] | None,
    announce: Callable[[str], None] | None,
) -> Callable[[], None]:
    """Take the port; what is returned serves until the process is told to stop.

    `announce` gets the URL once it answers. Raises ConfigurationError where it would be open to
    others without an access token, where a secret is missing, and where the port is taken.
    """
    context = live.context
    reports = Reports(context.engine)
    hooks = Hooks(context.engine, _now)
    live.join(Configured(reports, hooks))
    serving = server(
        reports,
        host=host,
        port=port,
        access_token=context.environ.get(TOKEN_VARIABLE),
        clock=_now,
        trigger_pull=trigger_pull,
        hooks=hooks,
    )
    listening = _listen(host, port)

    def run() -> None:
        if announce is not None:
            watcher = threading.Thread(target=_announce, args=(serving, announce), daemon=True)
            watcher.start()
        spare_collector()
        serving.run(sockets=[listening])

    return run


def _now() -> datetime:
    return datetime.now(UTC)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"{host}:{port} cannot be listened on ({error.strerror}): another program may use it; "
            "give another --port"
        ) from None
    return listening


def _announce(serving: uvicorn.Server, announce: Callable[[str], None]) -> None:
    while not serving.started:
        if serving.should_exit:
            return
        time.sleep(0.02)
    host, port = serving.servers[0].sockets[0].getsockname()[:2]
    everywhere = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}  # noqa: S104
    here = {"127.0.0.1": "localhost", "::1": "localhost"}
    announce(f"http://{(everywhere | here).get(host, host)}:{port}/")
