"""How this server is reached: by which names, through which proxies, over TLS or not.

A reverse proxy asks in its own name, and tells of whom in X-Forwarded-For and X-Forwarded-Proto.
Anybody can write these, so they are believed of configured proxies only.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address, ip_network
from typing import Any, cast
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from telemetry.settings.running import WebSettings

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANY_HOST = "*"
_OF_NO_HOST = re.compile(r"[\x00-\x20/?#@\\%]")


class Reach:
    """The names answered to beside those of loopback ("*" for any), and the proxies believed."""

    def __init__(self, names: Collection[str] = ()) -> None:
        self._given = names
        self._names = LOOPBACK | {name.lower() for name in names}
        self.is_tls = False
        self.host = ""  # of the configured address, with its port
        self.proxies: tuple[str, ...] = ()

    def take_any_name(self) -> None:
        """Answer to every name where none was given: one of another has no cookie of ours."""
        self._given = self._given or (ANY_HOST,)
        if not self.host:
            self._names = LOOPBACK | set(self._given)

    def follow(self, web: WebSettings) -> None:
        """Take up the configuration: where it has an address, its name alone is answered to."""
        parts = urlsplit(web.url or "")
        names = {parts.hostname} if parts.hostname else {name.lower() for name in self._given}
        self._names = LOOPBACK | names
        self.host = parts.netloc.lower()
        self.is_tls = parts.scheme == "https"
        self.proxies = web.trusted_proxies

    @property
    def origin(self) -> str:
        """The configured address without its path; "" where none is, for addresses of our own."""
        scheme = "https" if self.is_tls else "http"
        return f"{scheme}://{self.host}" if self.host else ""

    def answers_to(self, host: str) -> bool:
        """Whether a Host header names this server; one that cannot be read never does."""
        name = _name(host)
        return name in self._names or (ANY_HOST in self._names and bool(name))

    def is_proxy(self, address: str) -> bool:
        """Whether an address is that of a proxy that is believed."""
        try:
            return any(ip_address(address) in ip_network(one) for one in self.proxies)
        except ValueError:
            return False


class Proxied:
    """ASGI middleware that finds who asks through a proxy; uvicorn's, for proxies that change."""

    def __init__(self, app: ASGIApp, reach: Reach) -> None:
        self._app = app
        self._reach = reach
        self._known: tuple[str, ...] = ()
        self._inner: ASGIApp = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._known != self._reach.proxies:
            self._known = self._reach.proxies
            self._inner = self._made() if self._known else self._app
        await self._inner(scope, receive, send)

    def _made(self) -> ASGIApp:
        return cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", self._app), list(self._known)))


def _name(host: str) -> str:
    """The host's name without port; "" where it cannot be read."""
    if not host.isascii() or _OF_NO_HOST.search(host):
        return ""
    try:
        parts = urlsplit(f"//{host}")
        return (parts.hostname or "").lower() if parts.port != 0 else ""
    except ValueError:
        return ""
