"""The session of one site as the `jira` package makes it: checked address, credentials, pools.

Its own request() is passed by: it follows no time-outs with another try, cannot read HTTP dates
and puts headers and bodies into its errors.
"""

from typing import Any
from urllib.parse import urlsplit

import requests
from jira import JIRA

from bot.jira.http.auth import Auth
from bot.jira.http.exchange import WatchedAdapter, settle_environment
from telemetry.errors import ConfigurationError


def session_of(url: str, auth: Auth, requests_at_once: int) -> requests.Session:
    """A session that sends the credentials, and whose connections a Deadline can end."""
    credentials: dict[str, Any] = (
        {"token_auth": auth.reveal()}
        if auth.is_bearer
        else {"basic_auth": (auth.user or "", auth.reveal())}
    )
    jira = JIRA(server=url, get_server_info=False, max_retries=0, logging=False, **credentials)
    session: requests.Session = jira._session
    adapter = WatchedAdapter(pool_maxsize=requests_at_once)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers["Accept-Encoding"] = "gzip, deflate"  # which unpack bit by bit
    settle_environment(session, url)
    return session


def checked_url(url: str) -> str:
    """The base address without a slash at its end; raises ConfigurationError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigurationError(f"url '{url}' is not an address such as https://jira.example.com")
    if parts.username or parts.password:
        raise ConfigurationError(
            f"the url of {parts.hostname} holds credentials; move them to auth: user and secret"
        )
    return url.rstrip("/")
