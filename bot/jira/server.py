"""What a Jira says of itself: where it is, and what time it has."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from bot.jira.http.transport import Transport
from bot.jira.paging import Raw

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
