"""The service `web` of `telemetry.services`: the application of one configuration."""

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

import uvicorn

from telemetry.context import Context
from telemetry.errors import ConfigurationError
from telemetry.report.reports import Reports
from web.serve import server

TOKEN_VARIABLE = "TELEMETRY_ACCESS_TOKEN"  # noqa: S105 - a variable's name


def prepare(
    context: Context,
    host: str,
    port: int,
    trigger_pull: Callable[[], bool] | None,
    announce: Callable[[str], None] | None,
) -> Callable[[], None]:
    """Take the port; what is returned serves until the process is told to stop.

    `announce` gets the URL once it answers. Raises ConfigurationError where it would be open to
    others without an access token, and where the port is taken.
    """
    serving = server(
        Reports.of(context.settings, context.engine),
        host=host,
        port=port,
        access_token=context.environ.get(TOKEN_VARIABLE),
        clock=lambda: datetime.now(UTC),
        trigger_pull=trigger_pull,
    )
    listening = _listen(host, port)

    def run() -> None:
        if announce is not None:
            watcher = threading.Thread(target=_announce, args=(serving, announce), daemon=True)
            watcher.start()
        serving.run(sockets=[listening])

    return run


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
