"""Inter, the typeface of the pages: cut once to what they write, and kept in the user's cache.

Cache: `$XDG_CACHE_HOME/agile-telemetry`, or `~/.cache/agile-telemetry`, so that all stores, demos
and processes of a user share one file. Where nothing can be kept, each process cuts its own.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, cached_property
from importlib import metadata, resources
from pathlib import Path
from threading import Lock

import structlog

from telemetry.children import told

FONT = "files/Inter[opsz,wght].ttf"
LICENCE = "LICENSE"
PATIENCE_SECONDS = 120
log = structlog.get_logger()


class Inter:
    """The font of a package's folder; `folder` is None where nothing can be kept."""

    def __init__(self, package: Path, folder: Path | None) -> None:
        self._font = package / FONT
        self._folder = folder
        self._lock = Lock()
        self._content: bytes | None = None
        self._is_tried = False
        self.licence = (package / LICENCE).read_bytes()

    @cached_property
    def digest(self) -> str:
        """A hash of all that the content is made from, known before it is made."""
        recipe = Path(__file__).with_name("subset.py").read_bytes()
        made_by = metadata.version("fonttools").encode()
        return hashlib.sha256(self._font.read_bytes() + recipe + made_by).hexdigest()[:12]

    def content(self) -> bytes | None:
        """The WOFF2, read or made on the first call; None where it cannot be made."""
        with self._lock:
            if not self._is_tried:
                self._content = self._kept() or self._made()
                self._is_tried = True
            return self._content

    @property
    def _place(self) -> Path | None:
        return self._folder / f"inter-{self.digest}.woff2" if self._folder else None

    def _kept(self) -> bytes | None:
        with suppress(OSError):
            if self._place and (content := self._place.read_bytes()).startswith(b"wOF2"):
                return content
        return None

    def _made(self) -> bytes | None:
        command = [sys.executable, "-P", "-m", "web.http.subset", str(self._font)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                command,
                capture_output=True,
                check=True,
                env=told(os.environ),
                timeout=PATIENCE_SECONDS,
            )
        except (OSError, subprocess.SubprocessError) as error:
            said = getattr(error, "stderr", None) or str(error).encode()
            reason = said.decode(errors="replace").strip().rpartition("\n")[2]
            log.warning("pages show the system's typeface: Inter cannot be made", reason=reason)
            return None
        with suppress(OSError):
            self._keep(done.stdout)
        return done.stdout

    def _keep(self, content: bytes) -> None:
        """Whole or not at all, whoever else does the same at the same time."""
        if self._place is None:
            return
        self._place.parent.mkdir(parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(dir=self._place.parent, prefix=".inter-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(unfinished).chmod(0o644)  # no secret, and perhaps of an image that others run
            os.replace(unfinished, self._place)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise


@cache
def installed() -> Inter | None:
    """Inter of the package `fontpkg-inter`, one a process; None where it is not installed."""
    try:
        package = Path(str(resources.files("fontpkg_inter")))
        return Inter(package, cache_folder(os.environ))
    except (ModuleNotFoundError, OSError):
        return None


def cache_folder(environ: Mapping[str, str]) -> Path | None:
    """Where this user's programs keep what they can make again; None without a home."""
    given = environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):
        return Path(given, "agile-telemetry")
    try:
        return Path.home() / ".cache" / "agile-telemetry"
    except RuntimeError:
        return None
