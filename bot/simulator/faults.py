"""Ready-made faults for `Options.faults`: answers in place of the true one, or done to it.

A hook returns a Response (given instead), a Treatment (given the true answer, returns what is
sent) or None. What touches the connection needs a site that `running` serves.
"""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

Treatment = Callable[[Response], Response]
Faults = Callable[[Request], Response | Treatment | None]
_json_type = "application/json;charset=UTF-8"


def hang(seconds: float) -> Treatment:
    """The true answer, after that time; a caller who has hung up meanwhile ends it."""
    return lambda answer: _Raw(answer, before_seconds=seconds)


def trickle(seconds: float, pieces: int = 10) -> Treatment:
    """The true answer, its body in as many pieces over that time."""
    return lambda answer: _Raw(answer, between_seconds=seconds / pieces, pieces=pieces)


def reset(body_fraction: float | None = None) -> Treatment:
    """A connection reset before the answer, or after that part of its body."""
    return lambda answer: _Raw(answer, body_fraction=body_fraction, ends_in="reset")


def cut(body_fraction: float = 0.5) -> Treatment:
    """A body that ends short of its Content-Length, the connection closed in good order."""
    return lambda answer: _Raw(answer, body_fraction=body_fraction, ends_in="close")


def near_limit(remaining: int, resets_at: datetime, limit: int = 100) -> Treatment:
    """The true answer, with headers that say how few requests are left until then."""
    told = {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": resets_at.isoformat(),
        "X-RateLimit-NearLimit": "true",
    }

    def treated(answer: Response) -> Response:
        answer.headers.update(told)
        return answer

    return treated


def html_login(status: int = 200) -> Response:
    """A login page where JSON was asked for."""
    return HTMLResponse("<!DOCTYPE html><title>Log in</title><form>…</form>", status)


def rate_limited(
    retry_after: float | datetime | str | None = None, reason: str | None = None
) -> Response:
    """A 429; `retry_after` in seconds, as an instant (sent as an HTTP date) or as it is."""
    headers = {} if reason is None else {"RateLimit-Reason": reason}
    return _refusal(429, "Rate limit exceeded.", headers | _retry_after(retry_after))


def server_error(status: int = 503, retry_after: float | datetime | str | None = None) -> Response:
    """A 5xx, with Retry-After if given; its body is a page of some proxy."""
    headers = _retry_after(retry_after)
    return HTMLResponse(f"<html><h1>{status} Service trouble</h1></html>", status, headers)


def unauthorized() -> Response:
    """A 401, as for a token that has expired."""
    return _refusal(401, "Client must be authenticated to access this resource.", {})


def redirect(to: str, status: int = 302) -> Response:
    """A redirect to an address."""
    return Response(status_code=status, headers={"Location": to})


def not_json(body: bytes = b'{"issues": [') -> Response:
    """A 200 that says it is JSON and is not."""
    return Response(body, media_type=_json_type)


def _refusal(status: int, message: str, headers: dict[str, str]) -> Response:
    body = f'{{"errorMessages":["{message}"],"errors":{{}}}}'
    return Response(body, status, headers, _json_type)


def _retry_after(value: float | datetime | str | None) -> dict[str, str]:
    if value is None:
        return {}
    if isinstance(value, datetime):
        return {"Retry-After": format_datetime(value, usegmt=True)}
    return {"Retry-After": value if isinstance(value, str) else f"{value:g}"}


class _Raw(Response):
    """An answer that is late, slow or broken off."""

    def __init__(
        self,
        answer: Response,
        *,
        before_seconds: float = 0,
        between_seconds: float = 0,
        pieces: int = 1,
        body_fraction: float | None = 1,
        ends_in: str | None = None,
    ) -> None:
        super().__init__(bytes(answer.body), answer.status_code)
        self.raw_headers = answer.raw_headers
        self._before_seconds = before_seconds
        self._between_seconds = between_seconds
        self._pieces = pieces
        self._body_fraction = body_fraction
        self._ends_in = ends_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._before_seconds and await _is_gone(receive, self._before_seconds):
            return
        if self._body_fraction is not None:
            await send(
                {
                    "type": "http.response.start",
                    "status": self.status_code,
                    "headers": self.raw_headers,
                }
            )
            if not await self._send_body(receive, send):
                return
        if self._ends_in is not None:
            await _break_off(scope, receive, self._ends_in)

    async def _send_body(self, receive: Receive, send: Send) -> bool:
        """Sends what is to be sent of the body; False where the caller has hung up."""
        whole = bytes(self.body)
        part = whole[: int(len(whole) * (self._body_fraction or 0))]
        size = max(1, -(-len(part) // self._pieces))
        for start in range(0, len(part), size):
            if self._between_seconds and await _is_gone(receive, self._between_seconds):
                return False
            piece = {"type": "http.response.body", "body": part[start : start + size]}
            await send(piece | {"more_body": True})
        if self._ends_in is None:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        return True


async def _is_gone(receive: Receive, seconds: float) -> bool:
    """Waits; whether the caller hung up before the time was over."""
    gone = asyncio.ensure_future(_hung_up(receive))
    done, _ = await asyncio.wait({gone}, timeout=seconds)
    gone.cancel()
    return bool(done)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _break_off(scope: Scope, receive: Receive, how: str) -> None:
    """Ends the connection: by `close`, or by `reset` as when the other side has crashed."""
    transport = scope.get("state", {}).get("transport")
    if transport is None:
        raise RuntimeError("this fault breaks a connection: serve the site with running()")
    await asyncio.sleep(0.01)  # what was sent so far is to be on its way
    if how == "close":
        transport.close()
    else:
        descriptor = transport.get_extra_info("socket").fileno()
        if descriptor >= 0:  # else the client was quicker and has left
            with socket.socket(fileno=os.dup(descriptor)) as same:
                same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            transport.abort()
    await _hung_up(receive)
