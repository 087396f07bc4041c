"""One HTTP request and its answer within a total time, and what its faults mean.

A time-out of a socket starts anew with every byte: a server that trickles would hold a request
for ever. Here a deadline shuts the socket when the time of the whole exchange is over.
"""

from collections.abc import Callable, Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.poolmanager import ProxyManager

from bot.jira.http.auth import Written
from bot.jira.http.bodies import TooMuch, read_body, too_much
from bot.jira.http.deadline import Deadline, of_this_thread
from bot.jira.http.faults import meaning
from bot.jira.http.retry import Failure
from telemetry.errors import UnexpectedAnswer


def _watch(connection: HTTPConnection) -> None:
    deadline = of_this_thread()
    if deadline is not None and connection.sock is not None:
        deadline.watch(connection.sock)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _watch(self)

    def request(self, *args: Any, **options: Any) -> None:
        _watch(self)
        super().request(*args, **options)


class _TlsConnection(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _watch(self)

    def request(self, *args: Any, **options: Any) -> None:
        _watch(self)
        super().request(*args, **options)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_pools = {"http": _Pool, "https": _TlsPool}


class WatchedAdapter(HTTPAdapter):
    """Connections that a Deadline can end."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _pools

    def proxy_manager_for(self, *args: Any, **options: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _pools
        return manager


def let_deadlines_end(adapter: HTTPAdapter) -> None:
    """Let a Deadline end the connections that an adapter of somebody else makes from now on."""
    adapter.poolmanager.pool_classes_by_scheme = _pools


def settle_environment(session: requests.Session, url: str) -> None:
    """Read proxies and certificates of the environment once, not anew for each request."""
    found: dict[str, Any] = dict(session.merge_environment_settings(url, {}, None, None, None))
    session.proxies, session.verify = found["proxies"], found["verify"]
    session.trust_env = False


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    params: Mapping[str, str | int] | None,
    body: bytes | None,
    timeout: tuple[float, float],
    deadline: Deadline,
    written: Written,
    most_bytes: int,
    when_large: Callable[[], Callable[[int], None]],
) -> requests.Response:
    """The whole answer, its body read, before the deadline; redirects are not followed.

    `when_large` is called before much of it is held, and may wait; what it returns is told then
    how many bytes are.
    Raises Failure where another try may help, a TrackerError where it would not.
    """
    with deadline:
        try:
            # the session's own class has a request() of the jira package: see transport
            response = requests.Session.request(
                session,
                method,
                url,
                params=params,
                data=body,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            )
            response._content = read_body(response, most_bytes, when_large)
        except TooMuch as error:
            raise too_much(url, error) from None
        except requests.exceptions.RequestException as error:
            if deadline.is_over:
                raise _late(deadline) from None
            raise meaning(error, url, timeout, written) from None
        except ValueError:  # such as a Location that is no address
            raise UnexpectedAnswer(
                f"{url} answered with headers that are not HTTP; check {written.url}, and any "
                "proxy between"
            ) from None
        if deadline.is_over:  # a body without a length looks whole when it is cut
            raise _late(deadline)
    return response


def _late(deadline: Deadline) -> Failure:
    if deadline.gave_way:
        return Failure("it sends much, and so slowly that others wait", is_silent=True)
    return Failure(f"its answer did not end within {deadline.seconds:g} s", is_silent=True)
