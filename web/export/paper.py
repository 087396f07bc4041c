"""Chromium prints and draws the pages that it is given, and reaches nothing else."""

import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from telemetry.children import told
from telemetry.errors import TelemetryError

VARIABLE: Final = "TELEMETRY_CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_SECONDS: Final = 30
DRAWING_MILLISECONDS: Final = 5000  # of the page's own time, which passes as fast as it can
_SWEEPS, _SWEEP_SECONDS = 20, 0.05
_AT_ONCE: Final = BoundedSemaphore(2)
_FLAGS: Final = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
    f"--virtual-time-budget={DRAWING_MILLISECONDS}",
)


class NoChromium(TelemetryError):
    """There is nothing here that prints."""


def command(what: str = "a PDF") -> list[str]:
    """Chromium with the flags that this machine needs; raises NoChromium with the remedy."""
    given = shlex.split(os.environ.get(VARIABLE, ""))
    found = shutil.which(given[0]) if given else next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        said = f"{VARIABLE} names {given[0]!r}, which is not there" if given else "there is none"
        raise NoChromium(
            f"{what} needs Chromium, and {said}: install the package 'chromium', or set {VARIABLE}"
        )
    return [found, *given[1:]]


def can_print() -> bool:
    """Whether there is a Chromium that prints for this process."""
    return why_not() is None


def why_not(what: str = "a PDF") -> str | None:
    """Why nothing can be printed or drawn for this process, and what to do; None where it can."""
    try:
        words = command(what)
    except NoChromium as error:
        return str(error)
    return _why_not(words[0]) if _is_root() and "--no-sandbox" not in words else None


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def to_pdf(page: bytes) -> bytes:
    """The page on A4. Raises NoChromium, or TelemetryError where it can't be printed in time."""
    with opened(page, "a PDF", "--print-to-pdf={}/page.pdf") as folder:
        try:
            return (folder / "page.pdf").read_bytes()
        except OSError:
            raise nothing("a PDF") from None


@contextmanager
def opened(page: bytes, what: str, flag: str) -> Iterator[Path]:
    """What Chromium left in a folder, whose path stands for {} in the flag; `out` is what it said.

    Raises NoChromium, or TelemetryError where it takes too long.
    """
    chromium = command(what)
    with _AT_ONCE, _own_folder() as folder:
        (folder / "page.html").write_bytes(page)
        _run(
            [
                *chromium,
                *_FLAGS,
                f"--user-data-dir={folder / 'profile'}",
                flag.format(folder),
                (folder / "page.html").as_uri(),
            ],
            folder,
        )
        yield folder


@contextmanager
def _own_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="telemetry-paper-"))
    try:
        yield folder
    finally:
        for _ in range(_SWEEPS):  # what was killed may write its last meanwhile
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            time.sleep(_SWEEP_SECONDS)


def nothing(what: str) -> TelemetryError:
    """Why there is nothing where Chromium ran, and what to do."""
    return TelemetryError(_why_not(command(what)[0]))


def _run(words: Sequence[str], folder: Path) -> None:
    """Run it at home in the folder; it and its children are gone afterwards."""
    environment = {**told(os.environ), "HOME": str(folder), "TZ": "UTC"}
    with (
        (folder / "out").open("wb") as out,
        subprocess.Popen(  # noqa: S603 - Chromium, as found or as whoever set it up says
            words,
            env=environment,
            cwd=folder,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.DEVNULL,
        ) as started,
    ):
        try:
            started.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            raise TelemetryError(
                f"Chromium did not print the page within {PATIENCE_SECONDS} s: try again"
            ) from None
        finally:
            _end(started.pid)


def _end(group: int) -> None:
    try:
        os.killpg(group, 9)
    except OSError:
        return


def _why_not(chromium: str) -> str:
    if _is_root():
        return (
            "Chromium prints for no process of root: run this as another user, or set "
            f"{VARIABLE}='{chromium} --no-sandbox' where all that it is given can be trusted"
        )
    return f"Chromium printed nothing: see whether '{chromium} --headless' runs at all"
