"""Alerts beside the pulls: looks every few seconds for what changed, and sends what is due."""

import threading
from collections.abc import Callable
from datetime import datetime

from bot.alerts.evaluate import evaluate
from bot.alerts.sender import Send, send_due
from bot.channels.sending import send as send_by_apprise
from telemetry.context import Context
from telemetry.errors import TelemetryError
from telemetry.logs import get_logger

log = get_logger()

LOOK_EVERY_SECONDS = 5.0


class Alerts:
    """Works in a thread of its own between `start` and `stop`, with the newest configuration."""

    def __init__(
        self,
        context: Callable[[], Context],
        clock: Callable[[], datetime],
        send: Send = send_by_apprise,
        every_seconds: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._context = context
        self._clock = clock
        self._send = send
        self._every_seconds = every_seconds
        self._ending = threading.Event()
        self._broken: str | None = None
        self._began_at = clock()
        self._thread = threading.Thread(target=self._work, name="alerts", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being sent."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Look once, and send what is due."""
        context = self._context()
        now = self._clock()
        evaluate(context.engine, context.settings, now, began_at=self._began_at)
        send_due(context, self._clock, self._send, pause=self._pause)

    def _pause(self, seconds: float) -> None:
        self._ending.wait(seconds)

    def _work(self) -> None:
        while not self._ending.wait(self._every_seconds):
            try:
                self.look()
            except TelemetryError as error:
                self._note(str(error))
            except Exception as error:
                if self._broken != type(error).__name__:
                    log.exception("alerts broke off")
                self._broken = type(error).__name__
            else:
                self._note(None)

    def _note(self, reason: str | None) -> None:
        if reason is not None and reason != self._broken:
            log.error("alerts not looked at", reason=reason)
        if reason is None and self._broken is not None:
            log.info("alerts are looked at again")
        self._broken = reason
