"""The long-running parts, found by name so that neither knows the other.

The entry-point group `telemetry.services` names two callables:
`bot(live) -> RunningBot` starts the scheduled bot in the background;
`web(live, host, port, trigger_pull, announce, received)` takes the port and returns what serves on
it until the process is told to stop. Both follow the configuration as it changes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from typing import Any, Protocol

from telemetry.context import Context
from telemetry.ending import promptly
from telemetry.errors import TelemetryError
from telemetry.live import Live
from telemetry.logs import take_over
from telemetry.received import Received


class RunningBot(Protocol):
    """The scheduled bot at work in the background."""

    def trigger(self) -> bool:
        """Ask for a pull at once; False where one is running or waiting already."""

    def stop(self) -> None:
        """Stop the running pull; returns when nothing runs any more."""


def _service(name: str) -> Callable[..., Any]:
    for point in entry_points(group="telemetry.services", name=name):
        loaded: Callable[..., Any] = point.load()
        return loaded
    raise TelemetryError(f"the part '{name}' is not installed: install agile-telemetry again")


@contextmanager
def running_bot(context: Context) -> Iterator[RunningBot]:
    """The scheduled bot at work in the background, stopped at the end."""
    take_over()
    with promptly(context.ending), Live(context) as live:
        bot: RunningBot = _service("bot")(live)
        try:
            yield bot
        finally:
            bot.stop()


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
    take_over()
    with promptly(context.ending), Live(context) as live:
        _service("web")(live, host, port, trigger_pull, announce)()


def up(
    context: Context,
    host: str,
    port: int,
    announce: Callable[[str], None] | None = None,
    received: Received | None = None,
) -> None:
    """Run bot and web in one process until it is told to stop.

    `received` is what the demo's own chat and mailbox got: then there are pages that show it.
    """
    bots: list[RunningBot] = []

    def trigger() -> bool:
        return bool(bots) and bots[0].trigger()

    take_over()
    with promptly(context.ending), Live(context) as live:

        def answers(url: str) -> None:
            live.context.listens_at = url.rstrip("/")
            if announce is not None:
                announce(url)

        serve = _service("web")(
            live, host, port, trigger, answers, received
        )  # refuses before any pull
        bots.append(_service("bot")(live))
        try:
            serve()
        finally:
            bots[0].stop()
