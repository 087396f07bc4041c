"""What one connection, one address and all together may take of this server, and refusals."""

import sys
from dataclasses import dataclass

import orjson

KIB = 1024
FILES_BESIDE = 200  # descriptors left to the store, its log, files and the bot


def _most_connections() -> int:
    """A thousand, or what the descriptors of this process leave."""
    if sys.platform == "win32":
        return 400
    import resource  # noqa: PLC0415 - is not there on Windows

    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    spare = 1000 if files == resource.RLIM_INFINITY else files - FILES_BESIDE
    return max(16, min(1000, spare))


@dataclass(frozen=True, slots=True)
class Bounds:
    """Of bytes, seconds and connections."""

    url_bytes: int = 8 * KIB
    head_bytes: int = 64 * KIB
    header_count: int = 128
    request_bytes: int = 4 * KIB * KIB  # as sent, whatever a route takes of it
    waiting_count: int = 16  # requests sent before the answer to the one before
    head_seconds: float = 10
    body_seconds: float = 30
    idle_seconds: float = 15  # between two requests
    stall_seconds: float = 30  # in which a reader takes less than `stall_bytes`
    stall_bytes: int = 16 * KIB
    linger_seconds: float = 2  # in which a refusal can be read
    linger_bytes: int = KIB * KIB
    lingering: int = 64
    connections: int = 1000
    of_address: int = 256

    @staticmethod
    def here() -> "Bounds":
        """Those of this process."""
        return Bounds(connections=_most_connections())


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is given before the application hears of a request."""

    status: int
    title: str
    detail: str

    def answer(self) -> bytes:
        """What is sent; the connection ends with it."""
        body = orjson.dumps({"title": self.title, "status": self.status, "detail": self.detail})
        lines = [
            f"HTTP/1.1 {self.status} {self.title}",
            "content-type: application/problem+json",
            f"content-length: {len(body)}",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            "connection: close",
        ]
        if self.status == 503:
            lines.append("retry-after: 10")
        return "\r\n".join((*lines, "", "")).encode() + body


NOT_HTTP = Refusal(400, "Bad Request", "This is not a request of HTTP/1.1.")
TOO_SLOW = Refusal(408, "Request Timeout", "The request did not come within its time.")
TOO_LARGE = Refusal(413, "Content Too Large", "The request is larger than this server takes.")
LONG_URL = Refusal(414, "URI Too Long", "The address is longer than 8 KiB.")
LONG_HEAD = Refusal(
    431, "Request Header Fields Too Large", "The headers are more than 128, or than 64 KiB."
)
TOO_EAGER = Refusal(
    429, "Too Many Requests", "More than 16 requests were sent without waiting for an answer."
)
TOO_MANY = Refusal(
    503, "Service Unavailable", "This server has as many connections as it takes; ask again later."
)
