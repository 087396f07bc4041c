"""What every request passes: its Host, its Origin when it writes, the token, answer headers."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from web.http.access import (
    COOKIE,
    AccessGate,
    bearer,
)
from web.http.answers import problem
from web.http.reach import Reach
from web.http.viewer import IS_SIGNED_IN

LONGEST_PATH = 2000  # to which signing in leads back
_PUBLIC = ("/assets/", "/sign-in", "/healthz", "/readyz", "/favicon.ico", "/hooks/")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """ASGI middleware that lets a request in or answers why not."""

    def __init__(self, app: ASGIApp, gate: AccessGate, reach: Reach) -> None:
        self._app = app
        self._gate = gate
        self._reach = reach

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if scope["scheme"] == "https" or self._reach.is_tls:
                    headers["Strict-Transport-Security"] = "max-age=31536000"
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        request = Request(scope)
        sessions = self._gate.sessions
        if COOKIE in request.cookies and not self._gate.is_open and sessions.is_due():
            await run_in_threadpool(sessions.look)
        refusal = self._refusal(request)
        scope[IS_SIGNED_IN] = refusal is None and not self._gate.is_open
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, request: Request) -> Response | None:
        return self._nonsense(request) or self._stranger(request)

    def _nonsense(self, request: Request) -> Response | None:
        """The answer to what nobody who means well sends."""
        host = request.headers.get("host", "")
        if not self._reach.answers_to(host):
            return problem(
                400, "Unknown host", f"This server does not answer to the host name {host!r}."
            )
        path: str = request.scope["path"]
        if "\0" in path or b"%00" in request.scope["query_string"]:
            return problem(422, "Wrong parameter", "No address of ours holds a NUL.")
        if request.method not in ("GET", "HEAD") and not self._is_own_page(request, host):
            return problem(403, "Other origin", "Another site may not write here.")
        return None

    def _is_own_page(self, request: Request, host: str) -> bool:
        """Whether a writing request comes from our own page, or from no browser at all."""
        origin = request.headers.get("origin")
        if origin is not None:
            scheme, _, whose = origin.partition("://")
            is_ours = whose.lower() in (host.lower(), self._reach.host)
            return scheme in ("http", "https") and is_ours
        return request.headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _stranger(self, request: Request) -> Response | None:
        """The answer to who did not show the access token."""
        path: str = request.scope["path"]
        if path.startswith(_PUBLIC):
            return None
        token = bearer(request.headers.get("authorization", ""))
        if self._gate.lets_in(token, request.cookies.get(COOKIE)):
            return None
        if token is not None and (
            wait := self._gate.guesses.another(client_address(request), token)
        ):
            return too_many_guesses(wait)
        if path.startswith("/api/"):
            detail = "Send the access token as 'Authorization: Bearer TOKEN'."
            return problem(401, "Access token needed", detail, {"WWW-Authenticate": "Bearer"})
        wanted = path + (f"?{request.url.query}" if request.url.query else "")
        after = f"?next={quote(wanted, safe='')}" if len(wanted) <= LONGEST_PATH else ""
        return RedirectResponse(f"/sign-in{after}", status_code=303)


def too_many_guesses(wait: int) -> Response:
    """The answer to another wrong token after many."""
    detail = f"Too many wrong tokens. Try again in {wait} seconds."
    return problem(429, "Too many wrong tokens", detail, {"Retry-After": str(wait)})


def client_address(request: Request) -> str:
    """Who asks, as far as this server sees; behind a proxy that is told, its client."""
    return request.client.host if request.client else ""


def local_path(wanted: str) -> str:
    """Where to go after signing in: a path of ours, else the list of teams."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_ours = is_ours and len(wanted) <= LONGEST_PATH
    has_controls = any(ord(letter) < 32 for letter in wanted)
    return wanted if is_ours and not has_controls else "/"
