"""The long-running parts, found by name so that neither knows the other.

The entry-point group `telemetry.services` names two callables:
`bot(context) -> RunningBot` starts the scheduled bot in the background;
`web(context, host, port, trigger_pull, announce)` takes the port and returns what serves on it
until the process is told to stop.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, Protocol

from telemetry.context import Context
from telemetry.errors import TelemetryError


class RunningBot(Protocol):
    """The scheduled bot at work in the background."""

    def trigger(self) -> bool:
        """Ask for a pull at once; False where one is running or waiting already."""

    def stop(self) -> None:
        """End after the page being written; returns when nothing runs any more."""


def _service(name: str) -> Callable[..., Any]:
    for point in entry_points(group="telemetry.services", name=name):
        loaded: Callable[..., Any] = point.load()
        return loaded
    raise TelemetryError(f"the part '{name}' is not installed: install agile-telemetry again")


def start_bot(context: Context) -> RunningBot:
    """Start the scheduled bot in the background."""
    bot: RunningBot = _service("bot")(context)
    return bot


def serve_web(
    context: Context,
    host: str,
    port: int,
    trigger_pull: Callable[[], bool] | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Serve the web application until the process is told to stop.

    `announce` is called once with the URL when the application answers.
    """
    _service("web")(context, host, port, trigger_pull, announce)()


def up(
    context: Context, host: str, port: int, announce: Callable[[str], None] | None = None
) -> None:
    """Run bot and web in one process until it is told to stop."""
    bots: list[RunningBot] = []

    def trigger() -> bool:
        return bool(bots) and bots[0].trigger()

    serve = _service("web")(context, host, port, trigger, announce)  # refuses before any pull
    bots.append(start_bot(context))
    try:
        serve()
    finally:
        bots[0].stop()
