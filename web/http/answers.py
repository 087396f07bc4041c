"""How an answer is made: its ETag, 304, errors, and what many ask for at once made once."""

import hashlib
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar

import orjson
from starlette.requests import Request
from starlette.responses import Response

from web.show.numbers import DECIMAL

REVALIDATE = "no-cache"


def tag(*parts: object) -> str:
    """A weak ETag of what an answer depends on, beside how its reader writes numbers."""
    text = "\0".join(str(part) for part in (*parts, DECIMAL.get()))
    return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def is_known(request: Request, etag: str) -> bool:
    """Whether the asker already holds the answer with this ETag."""
    given = request.headers.get("if-none-match", "")
    bare = etag.removeprefix("W/")
    known = {one.strip().removeprefix("W/") for one in given.split(",")}
    return "*" in known or bare in known


def not_modified(etag: str) -> Response:
    """An empty answer: what you have is right."""
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": REVALIDATE})


def conditional(request: Request, content: bytes, media_type: str) -> Response:
    """The content with the ETag of itself, or 304 where the asker has it."""
    etag = tag(hashlib.sha256(content).hexdigest())
    if is_known(request, etag):
        return not_modified(etag)
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    return Response(content, media_type=media_type, headers=headers)


HTML = "text/html; charset=utf-8"


MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None
) -> Response:
    """An error answer with `title`, `status` and `detail`."""
    body = orjson.dumps({"title": title, "status": status, "detail": detail})
    return Response(body, status, headers, MEDIA_TYPE)


V = TypeVar("V")


class _Entry(Generic[V]):
    def __init__(self) -> None:
        self.lock = Lock()
        self.made: tuple[V] | None = None


class Remembered(Generic[V]):
    """The values last asked for by key, at most so many."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._entries: dict[Hashable, _Entry[V]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value of the key; who asks while it is being made waits for it. Raises as `make`."""
        with self._lock:
            entry = self._entries.pop(key, None) or _Entry[V]()
            self._entries[key] = entry
            while len(self._entries) > self._most:
                del self._entries[next(iter(self._entries))]
        with entry.lock:
            if entry.made is None:
                entry.made = (make(),)
            return entry.made[0]
