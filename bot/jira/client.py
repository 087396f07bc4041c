"""One face for Jira Cloud and Data Center: raw answers, complete, lazily, with retries.

Place: Jira → **here** → translate → history. Every answer is Jira's own JSON; `bot.translate`
gives it meaning. Errors are those of `telemetry.errors`.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Literal, Protocol, Self
from urllib.parse import quote

from bot.jira import cloud, datacenter
from bot.jira.boards import Boards, unknown
from bot.jira.http.auth import Auth, Written
from bot.jira.http.bodies import USUAL_BYTES
from bot.jira.http.giving_up import is_somebody
from bot.jira.http.retry import Patience
from bot.jira.http.shapes import (
    a_list,
    an_object_with,
    list_of,
)
from bot.jira.http.silences import Silences
from bot.jira.http.standstill import Standstill
from bot.jira.http.transport import Transport
from bot.jira.paging import Raw, ahead
from bot.jira.server import is_gateway, page_url, server_info
from bot.jira.work_logs import changed_work_logs, issues_of_work_logs
from telemetry.ending import Ending
from telemetry.errors import (
    AccessDenied,
    ConfigurationError,
    TrackerError,
    TrackerUnavailable,
    UnexpectedAnswer,
)

__all__ = ["Auth", "Jira", "Written", "connect"]

_fresh_seconds = 30.0
_of_a_user = ("self", "displayName", "active", "timeZone")


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


class Jira(Boards):
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
        self.deployment: Literal["cloud", "datacenter"] = "cloud" if is_cloud else "datacenter"
        super().__init__(transport)
        self._api = cloud.api if is_cloud else datacenter.api
        self._issues: IssueSource = (
            cloud.CloudIssues(transport, requests_at_once)
            if is_cloud
            else datacenter.DataCenterIssues(transport, requests_at_once)
        )
        self._clock = clock
        self._info, self._info_at, self._info_lock = info, clock(), threading.Lock()
        self._base_url = None if info is None else self._shown(info)
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
        with self._info_lock:
            info, self._info = self._info, None
        if info is None or self._clock() - self._info_at > _fresh_seconds:
            info = self._server_info()
        try:
            told = datetime.fromisoformat(str(info.get("serverTime")))
            if told.tzinfo is not None:  # else it may be any hour of that day
                return told.astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise UnexpectedAnswer(f"{self.url} gives no time that can be read in its serverInfo")

    def page_url(self) -> str:
        """The address under which people find its issues, which need not be the one we ask.

        A token with scopes asks through Atlassian's gateway, and bots may have a way of their own.
        """
        if self._base_url is None:
            try:
                self._server_info()
            except TrackerError as error:
                if error.is_of_site:
                    raise
                self._base_url = ""
        return page_url(self.url, self._base_url)

    def _server_info(self) -> Raw:
        info = server_info(self._transport)
        self._base_url = self._shown(info)
        return info

    def _shown(self, info: Raw) -> str:
        """Its base address, unless that repeats a secret."""
        told = str(info.get("baseUrl"))
        return told if self._transport.said(told) == told else ""

    def myself(self) -> Raw:
        """Who Jira thinks we are; raises AccessDenied where it takes us for nobody."""
        me: Raw = self._transport.get(f"{self._api}/myself")
        if not is_somebody(me):
            if me and me.keys().isdisjoint(_of_a_user):
                raise UnexpectedAnswer(
                    f"{self.url} does not tell who we are, as Jira does; check "
                    f"{self._transport.written.url}, and what stands before it (proxy, firewall)"
                )
            raise AccessDenied(
                f"{self.url} takes {self._transport.who} for an anonymous visitor; "
                f"check user and secret of {self._transport.written.auth}"
            )
        return me

    def fields(self) -> list[Raw]:
        answer: list[Raw] = self._transport.get(f"{self._api}/field", shape=a_list)
        return answer

    def statuses(self) -> list[Raw]:
        answer: list[Raw] = self._transport.get(f"{self._api}/status", shape=a_list)
        return answer

    def project(self, key: str) -> Raw:
        answer: Raw = self._transport.get(
            f"{self._api}/project/{quote(key, safe='')}",
            refusals=unknown(self._transport, "project", key),
        )
        return answer

    def project_keys(self) -> list[str]:
        """The keys of projects that we see; of very many only the first."""
        if self.deployment == "cloud":
            answer = self._transport.get(
                f"{self._api}/project/search", {"maxResults": 100}, shape=list_of("values")
            )["values"]
        else:
            answer = self._transport.get(f"{self._api}/project", shape=a_list)
        return [str(one["key"]) for one in answer if isinstance(one, dict) and "key" in one]

    def project_statuses(self, key: str) -> list[Raw]:
        """The statuses that issues of a project can have, each once."""
        path = f"{self._api}/project/{quote(key, safe='')}/statuses"
        answer = self._transport.get(path, {}, unknown(self._transport, "project", key), a_list)
        kinds = [kind.get("statuses") for kind in answer if isinstance(kind, dict)]
        known = [one for some in kinds if isinstance(some, list) for one in some]
        every = {
            str(one["id"]): one
            for one in known
            if isinstance(one, dict) and "id" in one and "name" in one
        }
        return list(every.values())

    def permissions(self, project_key: str) -> Raw:
        """What we may do in a project: `{name: {havePermission, ...}}`; {} where it does not tell.

        Old servers have no such list, and one that has it need not know the project.
        """
        try:
            answer = self._transport.get(
                f"{self._api}/mypermissions",
                {"projectKey": project_key, "permissions": "BROWSE_PROJECTS"},
                shape=an_object_with("permissions"),
            )
        except UnexpectedAnswer:
            raise
        except TrackerError as error:
            if error.is_of_site:
                raise
            return {}
        permissions: Raw = answer["permissions"]
        return permissions

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
