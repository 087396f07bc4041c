"""One face for Jira Cloud and Data Center: raw answers, complete, lazily, with retries.

Place: Jira → **here** → translate → history. Every answer is Jira's own JSON; `bot.translate`
gives it meaning. Errors are those of `telemetry.errors`.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, Self

from bot.jira import cloud, datacenter
from bot.jira.boards import Boards
from bot.jira.http.auth import Auth, Written
from bot.jira.http.bodies import USUAL_BYTES
from bot.jira.http.retry import Patience
from bot.jira.http.silences import Silences
from bot.jira.http.standstill import Standstill
from bot.jira.http.transport import Transport
from bot.jira.paging import Raw, ahead
from bot.jira.projects import Projects
from bot.jira.server import Server, is_gateway, server_info
from bot.jira.work_logs import changed_work_logs, issues_of_work_logs
from telemetry.ending import Ending
from telemetry.errors import ConfigurationError, TrackerError, TrackerUnavailable

__all__ = ["Auth", "Jira", "Written", "connect"]


class IssueSource(Protocol):
    """How one flavour of Jira is searched."""

    def pages(
        self, jql: str, fields: Sequence[str], with_changelog: bool
    ) -> Iterator[list[Raw]]: ...

    def ids(self, jql: str) -> Iterator[int]: ...

    def count(self, jql: str) -> int | None: ...

    def by_ids(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> Iterator[list[Raw]]: ...

    def close(self) -> None: ...


def connect(
    site: str,
    url: str,
    deployment: str,
    auth: Auth,
    *,
    sleep: Callable[[float], object] | None = None,
    clock: Callable[[], float] = time.monotonic,
    requests_at_once: int = 4,
    timeout: tuple[float, float] = (5, 60),
    patience: Patience | None = None,
    deadline_seconds: float = 180.0,
    ending: Ending | None = None,
    written: Written = Written(),  # noqa: B008 - it cannot change
    most_bytes: int = USUAL_BYTES,
) -> "Jira":
    """A client of one site, for any number of threads; `auto` asks once whether it is Cloud.

    `timeout` is for connecting and for a silence of the server, `deadline_seconds` for a whole
    request. `sleep` and `clock` (seconds) serve the retries; by default `close()` ends every wait.
    When `ending` begins, the client is closed and raises Stopped; `written` is for messages;
    an answer of more than `most_bytes` is refused.
    Raises ConfigurationError for an impossible address, TrackerError where Jira cannot be asked.
    """
    if deployment not in ("auto", "cloud", "datacenter"):
        raise ConfigurationError(f"deployment '{deployment}' is not auto, cloud or datacenter")
    transport = Transport(
        url,
        auth,
        timeout=timeout,
        sleep=sleep,
        clock=clock,
        patience=patience or Patience(),
        requests_at_once=requests_at_once,
        deadline_seconds=deadline_seconds,
        ending=ending or Ending(),
        written=written,
        most_bytes=most_bytes,
    )
    info: Raw | None = None
    try:
        if deployment == "auto" and not is_gateway(transport.url):
            info = server_info(transport)
            is_cloud = str(info.get("deploymentType", "")).lower() == "cloud"
        else:
            is_cloud = deployment != "datacenter"
    except BaseException:
        transport.close()
        raise
    return Jira(
        site,
        transport,
        is_cloud=is_cloud,
        requests_at_once=requests_at_once,
        clock=clock,
        info=info,
    )


class Jira(Boards, Projects):
    """A Jira site. Use it as a context manager, or close it."""

    def __init__(
        self,
        site: str,
        transport: Transport,
        *,
        is_cloud: bool,
        requests_at_once: int,
        clock: Callable[[], float],
        info: Raw | None,
    ) -> None:
        self.site = site
        self.url = transport.url
        Boards.__init__(self, transport)
        Projects.__init__(self, transport, is_cloud=is_cloud)
        self._server = Server(transport, clock, info)
        self._issues: IssueSource = (
            cloud.CloudIssues(transport, requests_at_once)
            if is_cloud
            else datacenter.DataCenterIssues(transport, requests_at_once)
        )
        self._leaves_counts = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends connections, waits and threads."""
        self._transport.close()
        self._issues.close()

    def hasty(self) -> AbstractContextManager[None]:
        """Meanwhile a server error of one question is its answer, and not asked for again."""
        return self._transport.hasty()

    def check_open(self) -> None:
        """Raises Stopped where all is to end, TrackerUnavailable where this was closed."""
        self._transport.check_open()

    @property
    def standstill(self) -> Standstill:
        """How long nothing new has come; the pull tells when something does."""
        return self._transport.standstill

    @property
    def silences(self) -> Silences:
        """Which questions hang."""
        return self._transport.silences

    @property
    def who(self) -> str:
        """The user as whom we ask, as messages name it."""
        return self._transport.who

    @property
    def requests(self) -> int:
        """How many HTTP requests were made so far, tries included."""
        return self._transport.requests

    @property
    def nameless(self) -> int:
        """How many issues were listed so far without an id: those not listed need not be gone."""
        return self._transport.nameless

    def server_time(self) -> datetime:
        """Jira's own clock now; what `connect` has just read serves once."""
        return self._server.time()

    def page_url(self) -> str:
        """The address under which people find its issues, which need not be the one we ask."""
        return self._server.page_url()

    def search(
        self,
        jql: str,
        fields: Sequence[str],
        *,
        with_changelog: bool = True,
        prefetch: int = 2,
    ) -> Iterator[list[Raw]]:
        """Pages of issues with whole `changelog.histories` and `fields.worklog.worklogs`.

        Up to `prefetch` pages are made ahead in one background thread. An issue that moves
        while the pages are read may come twice or late: the caller's writes are idempotent and
        its next window overlaps. Order by created or id, never by updated.
        """
        return ahead(self._issues.pages(jql, fields, with_changelog), prefetch)

    def count(self, jql: str) -> int | None:
        """About how many issues match, for a progress bar; None where Jira does not tell.

        Where it leaves one count without an answer, it is asked for no other.
        """
        if self._leaves_counts:
            return None
        try:
            return self._issues.count(jql)
        except TrackerUnavailable as error:
            self._leaves_counts = error.is_of_question
        except TrackerError:
            pass
        return None

    def search_ids(self, jql: str) -> Iterator[int]:
        """The ids of all issues that match, without anything else of them."""
        return self._issues.ids(jql)

    def issues(
        self,
        ids: Iterable[int],
        fields: Sequence[str],
        *,
        with_changelog: bool = True,
        prefetch: int = 2,
    ) -> Iterator[list[Raw]]:
        """Like `search`, by id. Those deleted or hidden are absent; keys may have changed."""
        return ahead(self._issues.by_ids(list(ids), fields, with_changelog), prefetch)

    def work_logs_updated(self, since: datetime) -> tuple[list[int], datetime]:
        """Ids of the site's work logs made or changed since then, and where to go on.

        Raises NotInTracker where the server lacks the list.
        """
        return changed_work_logs(self._transport, f"{self._api}/worklog/updated", since)

    def work_logs_deleted(self, since: datetime) -> tuple[list[int], datetime]:
        """Ids of the site's work logs deleted since then, and where to go on."""
        return changed_work_logs(self._transport, f"{self._api}/worklog/deleted", since)

    def work_log_issues(self, ids: Iterable[int]) -> dict[int, int]:
        """The issue id of each of these work logs; those that are gone are absent."""
        return issues_of_work_logs(self._transport, f"{self._api}/worklog/list", ids)
