"""What a person sees of a pull that takes longer than two seconds."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

SHOWN_AFTER_SECONDS = 2.0
NOTED_EVERY_SECONDS = 2.0


class Shown(Protocol):
    """Told what is being read; `total` is None where Jira does not say how much there is."""

    def begin(self, what: str, total: int | None) -> None: ...

    def advance(self, count: int) -> None: ...


class Silent:
    """Shows nothing."""

    def begin(self, what: str, total: int | None) -> None:
        """Nothing is shown."""

    def advance(self, count: int) -> None:
        """Nothing is shown."""


class Noted:
    """Passes on what is shown, and notes it every few seconds for those who watch the pages."""

    def __init__(
        self,
        shown: Shown,
        note: Callable[[int, int | None], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shown = shown
        self._note = note
        self._clock = clock
        self._noted_at = clock()
        self._read = 0
        self._total: int | None = None

    def begin(self, what: str, total: int | None) -> None:
        self._shown.begin(what, total)
        self._read, self._total = 0, total

    def advance(self, count: int) -> None:
        self._shown.advance(count)
        self._read += count
        if self._total is not None and self._clock() - self._noted_at > NOTED_EVERY_SECONDS:
            self._note(self._read, self._total)
            self._noted_at = self._clock()


class Together:
    """What several sites read at the same time, shown as one."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._parts: list[_Part] = []
        self._lock = threading.Lock()

    def part(self) -> Shown:
        """What one of the sites is to tell."""
        self._parts.append(_Part(self))
        return self._parts[-1]

    def begin(self, what: str) -> None:
        with self._lock:
            totals = [part.total for part in self._parts]
            self._shown.begin(what, None if None in totals else sum(filter(None, totals)))
            self._shown.advance(sum(part.read for part in self._parts))

    def advance(self, count: int) -> None:
        with self._lock:
            self._shown.advance(count)


class _Part:
    def __init__(self, whole: Together) -> None:
        self._whole = whole
        self.read = 0
        self.total: int | None = 0

    def begin(self, what: str, total: int | None) -> None:
        self.read, self.total = 0, total
        self._whole.begin(what)

    def advance(self, count: int) -> None:
        self.read += count
        self._whole.advance(count)


class _Bar:
    """A progress bar that appears only when the work takes its time."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._began = time.monotonic()
        self._task = bar.add_task("connecting", total=None)

    def begin(self, what: str, total: int | None) -> None:
        self._bar.reset(self._task, description=what, total=total)

    def advance(self, count: int) -> None:
        self._bar.advance(self._task, count)
        if not self._bar.live.is_started and time.monotonic() - self._began > SHOWN_AFTER_SECONDS:
            self._bar.start()


@contextmanager
def progress(stream: TextIO, quiet: bool = False) -> Iterator[Shown]:
    """A progress bar on the stream where a person watches, else nothing."""
    if quiet or not stream.isatty():
        yield Silent()
        return
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("left:"),
        TimeRemainingColumn(compact=True),
        console=Console(file=stream),
        transient=True,
    )
    try:
        yield _Bar(bar)
    finally:
        bar.stop()
