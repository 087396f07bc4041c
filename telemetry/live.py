"""The configuration of a running process: read again when its file changes.

A part of the process (bot, web) joins it, and is told of each new configuration that all parts
can work with. One that is broken is told once, and the old one goes on.
"""

import threading
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from telemetry.context import Context
from telemetry.errors import TelemetryError
from telemetry.logs import get_logger
from telemetry.settings import Settings
from telemetry.settings.files import Unreadable, read_small
from telemetry.settings.source import MOST_BYTES

log = get_logger()

LOOK_EVERY_SECONDS = 2.0


class Part(Protocol):
    """What works with the configuration."""

    def check(self, context: Context) -> None:
        """Do nothing, or raise TelemetryError where this part cannot work with it."""

    def take(self, context: Context) -> None:
        """Work with it from now on; called from any thread."""


class Live:
    """Looks at the configuration every few seconds while it is entered."""

    def __init__(self, context: Context, every_seconds: float = LOOK_EVERY_SECONDS) -> None:
        self.context = context
        self._every_seconds = every_seconds
        self._parts: list[Part] = []
        self._looking = threading.Lock()
        self._tried = self._seen = self._digest()
        self._broken: str | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="configuration", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join()

    def join(self, part: Part) -> None:
        """Let a part work with the configuration. Raises TelemetryError where it cannot."""
        with self._looking:
            part.check(self.context)
            part.take(self.context)
            self._parts.append(part)

    def look(self) -> bool:
        """Take up the configuration if it changed; whether it did.

        It must read the same twice in a row, lest we take up a file half written.
        """
        with self._looking:
            digest = self._digest()
            is_settled = digest == self._seen
            self._seen = digest
            if digest == self._tried or not is_settled:
                return False
            self._tried = digest
            return self._take_up()

    def _take_up(self) -> bool:
        try:
            context = self.context.renewed()
            for part in self._parts:
                part.check(context)
        except TelemetryError as error:
            if self._broken != str(error):
                self._broken = str(error)
                log.error("configuration not taken up, the old one goes on", reason=str(error))
            return False
        self.context = context
        for part in self._parts:
            part.take(context)
        teams = len(context.settings.teams)
        what = "configuration taken up" if self._broken is None else "configuration works again"
        log.info(what, file=str(context.path), teams=teams)
        self._broken = None
        self._tried = self._seen = self._digest()
        return True

    def _watch(self) -> None:
        while not self._ending.wait(self._every_seconds):
            try:
                self.look()
            except Exception:
                log.exception("configuration not taken up, the old one goes on")

    def _digest(self) -> bytes:
        """What the file, those it names and those of its secrets hold; unreadable ones as empty."""
        told = blake2b(digest_size=16)
        settings = self.context.settings
        files = [self.context.path, *settings.files, *_secret_files(settings)]
        for file in files:
            content = _content(file) if file is not None else b""
            told.update(len(content).to_bytes(8))
            told.update(content)
        return told.digest()


def _secret_files(settings: Settings) -> list[Path | None]:
    sites = settings.jira.values()
    secrets = [secret for site in sites for secret in (site.auth.secret, site.webhook_secret)]
    secrets += [channel.url for channel in settings.channels.values()]
    return [secret.file(settings.base) for secret in secrets if secret is not None]


def _content(file: Path) -> bytes:
    try:
        return read_small(file, MOST_BYTES)
    except (OSError, Unreadable):
        return b""
