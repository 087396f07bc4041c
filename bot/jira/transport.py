"""Questions to one Jira over HTTP, with retries: the only user of the `jira` package.

The package gives authentication and the session. Its own request() is passed by: it follows no
time-outs with another try, cannot read HTTP dates and puts headers and bodies into its errors.
"""

import threading
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import orjson
import requests
from jira import JIRA
from requests.adapters import HTTPAdapter

from bot.jira.answers import Refusals, data_of
from bot.jira.auth import Auth
from bot.jira.retry import Failure, Patience
from telemetry.errors import ConfigurationError, TrackerUnavailable, UnexpectedAnswer

_nothing: Refusals = MappingProxyType({})


class Transport:
    """Asks one Jira, from any thread, and counts the requests made.

    Without `sleep` it waits on an event that `close()` sets, so that closing ends every wait.
    """

    def __init__(
        self,
        url: str,
        auth: Auth,
        *,
        timeout: tuple[float, float],
        sleep: Callable[[float], object] | None,
        clock: Callable[[], float],
        patience: Patience,
        connections: int,
    ) -> None:
        self.url = checked_url(url)
        self.who = auth.who
        self.requests = 0
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._clock = clock
        self._timeout = timeout
        self._patience = patience
        self._lock = threading.Lock()
        self._jira = _package(self.url, auth)
        self._session: requests.Session = self._jira._session
        adapter = HTTPAdapter(pool_connections=connections, pool_maxsize=connections)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def get(
        self,
        path: str,
        params: Mapping[str, str | int] | None = None,
        refusals: Refusals = _nothing,
    ) -> Any:
        """The decoded answer to GET; `path` begins with /rest."""
        return self._ask("GET", path, params, None, refusals)

    def post(self, path: str, body: Mapping[str, Any], refusals: Refusals = _nothing) -> Any:
        """The decoded answer to POST; every one we make only reads, so it may be repeated."""
        return self._ask("POST", path, None, orjson.dumps(body), refusals)

    def close(self) -> None:
        """Ends waits and connections."""
        self._closed.set()
        self._session.close()

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: bytes | None,
        refusals: Refusals,
    ) -> Any:
        begun, tried = self._clock(), 0
        while True:
            if self._closed.is_set():
                raise TrackerUnavailable(f"the connection to {self.url} was closed meanwhile")
            tried += 1
            try:
                return self._once(method, path, params, body, refusals)
            except Failure as failure:
                wait = self._patience.wait_seconds(tried, failure)
                spent = self._clock() - begun
                over = spent + wait > self._patience.budget_seconds
                if over or tried >= self._patience.tries:
                    raise self._final(method, path, failure, tried, spent) from None
            self._sleep(wait)

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, str | int] | None,
        body: bytes | None,
        refusals: Refusals,
    ) -> Any:
        with self._lock:
            self.requests += 1
        try:
            response = requests.Session.request(
                self._session,
                method,
                self.url + path,
                params=params,
                data=body,
                timeout=self._timeout,
                allow_redirects=False,
            )
        except requests.exceptions.SSLError:
            raise TrackerUnavailable(
                f"{self.url} shows a certificate that this machine does not trust; "
                "add its authority to REQUESTS_CA_BUNDLE"
            ) from None
        except requests.exceptions.ConnectTimeout:
            raise Failure(f"no connection within {self._timeout[0]:g} s") from None
        except requests.exceptions.Timeout:
            raise Failure(f"no answer within {self._timeout[1]:g} s") from None
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ):
            raise Failure("its answer breaks off", is_garbled=True) from None
        except requests.exceptions.ConnectionError:
            raise Failure("no connection") from None
        except requests.exceptions.RequestException as error:
            raise UnexpectedAnswer(
                f"{self.url} cannot be asked for {path} ({type(error).__name__}); check url"
            ) from None
        return data_of(response, self.url, path, self.who, refusals)

    def _final(
        self, method: str, path: str, failure: Failure, tried: int, spent: float
    ) -> TrackerUnavailable | UnexpectedAnswer:
        tries = f"{tried} tries in {spent:.0f} s" if tried > 1 else "1 try"
        if failure.is_garbled:
            return UnexpectedAnswer(
                f"{self.url} did not answer {method} {path} as Jira does: {failure.reason} "
                f"({tries}); check url, and any proxy between"
            )
        after = failure.retry_after_seconds
        when = f"in {after:.0f} s" if after else "later"
        return TrackerUnavailable(
            f"{self.url} did not answer {method} {path}: {failure.reason} ({tries}); "
            f"try again {when}",
            after,
        )


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


def _package(url: str, auth: Auth) -> JIRA:
    credentials: dict[str, Any] = (
        {"token_auth": auth.secret}
        if auth.is_bearer
        else {"basic_auth": (auth.user or "", auth.secret)}
    )
    return JIRA(server=url, get_server_info=False, max_retries=0, logging=False, **credentials)
