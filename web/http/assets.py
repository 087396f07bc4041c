"""Files for the browser at addresses that name their content, so that they never expire."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from threading import Lock

import brotli  # type: ignore[import-untyped]
import plotly
from starlette.requests import Request
from starlette.responses import Response

from web.http.inter import Inter

FOLDER = Path(__file__).parents[1] / "assets"
INTER, INTER_LICENCE = "inter.woff2", "inter-licence.txt"
IMMUTABLE = "public, max-age=31536000, immutable"
_PACKING = Lock()
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file with its type."""

    content: bytes
    media_type: str


class Assets:
    """The application's own files, its typeface and plotly.js, read once.

    Without a typeface the pages show the system's.
    """

    def __init__(self, folder: Path = FOLDER, inter: Inter | None = None) -> None:
        self._folder = folder
        self.inter = inter

    @cached_property
    def files(self) -> dict[str, Asset]:
        """Our own files by their path below the folder."""
        paths = sorted(path for path in self._folder.rglob("*") if path.is_file())
        found = {
            str(path.relative_to(self._folder).as_posix()): Asset(path.read_bytes(), _type(path))
            for path in paths
            if path != self._plotly_path
        }
        if self.inter is not None:
            found[INTER_LICENCE] = Asset(self.inter.licence, "text/plain")
        return found

    @cached_property
    def digest(self) -> str:
        """A hash of all our own files: one changed file changes every address."""
        whole = hashlib.sha256()
        for name, asset in self.files.items():
            whole.update(name.encode() + b"\0" + asset.content)
        if self.inter is not None:
            whole.update(self.inter.digest.encode())
        return whole.hexdigest()[:12]

    @property
    def _plotly_path(self) -> Path:
        smaller = self._folder / "vendor" / "plotly-cartesian.min.js"
        if smaller.is_file():
            return smaller
        return Path(plotly.__file__).parent / "package_data" / "plotly.min.js"

    @cached_property
    def _plotly(self) -> tuple[str, bytes]:
        content = self._plotly_path.read_bytes()
        return hashlib.sha256(content).hexdigest()[:12], content

    def url(self, name: str) -> str:
        """The address of one of our files; raises KeyError if there is none."""
        self.files[name]
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"/assets/{self.digest}/{name}"

    @property
    def plotly_url(self) -> str:
        """The address of plotly.js."""
        return f"/assets/{self._plotly[0]}/plotly.js"

    @property
    def plotly_content(self) -> bytes:
        """plotly.js itself."""
        return self._plotly[1]

    @property
    def inter_url(self) -> str | None:
        """The address of our typeface, None where there is none; what stands there may be made
        when it is first asked for.
        """
        return self._url(INTER) if self.inter is not None else None

    def respond_inter(self, digest: str) -> Response | None:
        """The typeface; the first asker of all waits seconds until it is made."""
        content = self.inter.content() if self.inter and digest == self.digest else None
        if content is None:
            return None
        return Response(content, media_type="font/woff2", headers={"Cache-Control": IMMUTABLE})

    def respond(self, request: Request, digest: str, name: str) -> Response | None:
        """The file, or None where there is none of this name and content."""
        if name == "plotly.js" and digest == self._plotly[0]:
            return self._respond_plotly("br" in request.headers.get("accept-encoding", ""))
        asset = self.files.get(name) if digest == self.digest else None
        if asset is None:
            return None
        return Response(
            asset.content, media_type=asset.media_type, headers={"Cache-Control": IMMUTABLE}
        )

    def _respond_plotly(self, is_packed: bool) -> Response:
        headers = {"Cache-Control": IMMUTABLE, "Vary": "Accept-Encoding"}
        if not is_packed:
            return Response(self._plotly[1], media_type="text/javascript", headers=headers)
        headers["Content-Encoding"] = "br"
        with _PACKING:
            packed = _packed(self._plotly[1])
        return Response(packed, media_type="text/javascript", headers=headers)


@cache
def _packed(content: bytes) -> bytes:
    """Compressed for the web; hold `_PACKING`: it takes seconds, once a process."""
    packed: bytes = brotli.compress(content, quality=9)
    return packed


def _type(path: Path) -> str:
    known = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0]
    return known or "application/octet-stream"
