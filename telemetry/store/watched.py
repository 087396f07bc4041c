"""The store's file while it is in use: gone, replaced or read-only, it is noticed at once.

SQLite goes on with a file that was deleted as if nothing had happened, and makes an empty one for
the next connection. So each transaction looks first, which takes some microseconds. What was
opened is left alone, and where it comes back the work goes on.
"""

import os
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, event

from telemetry.errors import StoreError
from telemetry.logs import get_logger

log = get_logger()

_watched: "WeakKeyDictionary[Engine, WatchedFile]" = WeakKeyDictionary()


class WatchedFile:
    """The file that an engine opened."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened = _identity(file)
        self._said: str | None = None
        self._saying = Lock()

    def trouble(self) -> str | None:
        """What is wrong with it now, None where nothing is; the log is told when that changes."""
        sentence = self.lost() or self._read_only()
        if sentence != self._said:
            with self._saying:
                before, self._said = self._said, sentence
            if sentence is not None:
                log.error("store cannot be used", reason=sentence)
            elif before is not None:
                log.info("store works again", file=str(self._file))
        return sentence

    def lost(self) -> str | None:
        """Whether another file, or none, is where it was."""
        found = _identity(self._file)
        if found == self._opened:
            return None
        if found is None:
            return (
                f"The store {self._file} is gone: it was deleted or moved while in use. Put it "
                "back, or restart telemetry to begin a new one."
            )
        return (
            f"The store {self._file} was replaced by another file while in use. Put the former "
            "one back, or restart telemetry to use this one."
        )

    def _read_only(self) -> str | None:
        if os.access(self._file, os.W_OK) and os.access(self._file.parent, os.W_OK):
            return None
        return (
            f"The store {self._file} cannot be written: it or its folder is read-only. Give this "
            "user write access to both."
        )


def watch(engine: Engine, file: Path) -> None:
    """From now on, begin no transaction and open no connection where the file is another."""
    watched = _watched[engine] = WatchedFile(file)

    @event.listens_for(engine, "do_connect")
    def _connecting(*_: Any) -> None:
        _refuse(watched.lost())

    # before the one that begins: nothing is to be rolled back
    @event.listens_for(engine, "begin", insert=True)
    def _beginning(connection: Connection) -> None:
        sentence = watched.trouble()
        is_reading = connection.get_execution_options().get("is_reading", False)
        _refuse(watched.lost() if is_reading else sentence)


def trouble_of(engine: Engine) -> str | None:
    """What is wrong with the store's file, None where nothing is or it has none."""
    watched = _watched.get(engine)
    return None if watched is None else watched.trouble()


def _refuse(sentence: str | None) -> None:
    if sentence is not None:
        raise StoreError(sentence)


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
