"""The service `web` of `telemetry.services`: the application of one configuration."""

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


def serve_context(
    context: Context,
    host: str,
    port: int,
    trigger_pull: Callable[[], bool] | None,
    announce: Callable[[str], None] | None,
) -> None:
    """Serve until the process is told to stop; `announce` gets the URL once it answers.

    Raises ConfigurationError where it would be open to others without an access token, and where
    the port is taken.
    """
    serving = server(
        Reports.of(context.settings, context.engine),
        host=host,
        port=port,
        access_token=context.environ.get(TOKEN_VARIABLE),
        clock=lambda: datetime.now(UTC),
        trigger_pull=trigger_pull,
    )
    if announce is not None:
        watcher = threading.Thread(target=_announce, args=(serving, announce), daemon=True)
        watcher.start()
    try:
        serving.run()
    except SystemExit:
        raise ConfigurationError(
            f"{host}:{port} cannot be listened on: another program may use it; give another --port"
        ) from None


def _announce(serving: uvicorn.Server, announce: Callable[[str], None]) -> None:
    while not serving.started:
        if serving.should_exit:
            return
        time.sleep(0.02)
    host, port = serving.servers[0].sockets[0].getsockname()[:2]
    announce(f"http://{'localhost' if host in {'127.0.0.1', '::1'} else host}:{port}/")
