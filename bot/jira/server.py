"""What a Jira says of itself: where it is, and what time it has."""

import ipaddress
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from bot.jira.http.transport import Transport
from bot.jira.paging import Raw
from telemetry.errors import TrackerError, UnexpectedAnswer

_fresh_seconds = 30.0
GATEWAY = "api.atlassian.com"
"""The host through which tokens with scopes ask, at `/ex/jira/{cloudId}`: Cloud's alone."""


def server_info(transport: Transport) -> Raw:
    """Its version, clock and base address."""
    info: Raw = transport.get("/rest/api/2/serverInfo")
    return info


def is_gateway(url: str) -> bool:
    """Whether an address is Atlassian's gateway, which has no pages."""
    return urlsplit(url).hostname == GATEWAY


def page_url(url: str, base_url: str | None) -> str:
    """Where people find pages: the base address that Jira tells, unless it can't be right.

    Where only the scheme or the path differs, or a server thinks itself alone on its machine, the
    configured address is known to work.
    """
    asked, told = urlsplit(url), _split(base_url or "")
    if told is None or told.hostname == asked.hostname:
        return url
    is_astray = _is_local(told.hostname) and not _is_local(asked.hostname)
    return url if is_astray else told.geturl().rstrip("/")


class Server:
    """A Jira's clock and address; `info` is what it has just said of itself, if it was asked."""

    def __init__(self, transport: Transport, clock: Callable[[], float], info: Raw | None) -> None:
        self._transport = transport
        self._clock = clock
        self._info, self._info_at, self._lock = info, clock(), threading.Lock()
        self._base_url = None if info is None else self._shown(info)

    def time(self) -> datetime:
        """Jira's own clock now; what it has just said serves once."""
        with self._lock:
            info, self._info = self._info, None
        if info is None or self._clock() - self._info_at > _fresh_seconds:
            info = self._asked()
        try:
            told = datetime.fromisoformat(str(info.get("serverTime")))
            if told.tzinfo is not None:  # else it may be any hour of that day
                return told.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise UnexpectedAnswer(
            f"{self._transport.url} gives no time that can be read in its serverInfo"
        )

    def page_url(self) -> str:
        """The address under which people find its issues, which need not be the one we ask.

        A token with scopes asks through Atlassian's gateway, and bots may have a way of their own.
        """
        if self._base_url is None:
            try:
                self._asked()
            except TrackerError as error:
                if error.is_of_site:
                    raise
                self._base_url = ""
        return page_url(self._transport.url, self._base_url)

    def _asked(self) -> Raw:
        info = server_info(self._transport)
        self._base_url = self._shown(info)
        return info

    def _shown(self, info: Raw) -> str:
        """Its base address, unless that repeats a secret."""
        told = str(info.get("baseUrl"))
        return told if self._transport.said(told) == told else ""


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    is_clean = not (parts.username or parts.password or parts.query or parts.fragment)
    return parts if parts.scheme in ("http", "https") and parts.hostname and is_clean else None


def _is_local(host: str | None) -> bool:
    if host is None or host == "localhost" or "." not in host:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
