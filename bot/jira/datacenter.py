"""Searches of Jira Data Center and Server: pages by position, whole changelogs."""

from collections.abc import Iterator, Sequence

from bot.jira.completing import Completer
from bot.jira.jql import any_of
from bot.jira.paging import Raw, chunks
from bot.jira.transport import Transport
from telemetry.errors import NotInTracker, TrackerError

api = "/rest/api/2"
_issues_a_page = 100
_ids_a_page = 1000
_most_steps_back = 50  # so that a total that trembles ends
_longest_query = 2000  # characters that surely fit into a URL


class _Refused(TrackerError):
    """Data Center did not take the JQL."""


class DataCenterIssues:
    """Issues of a Data Center or Server site, whole."""

    def __init__(self, transport: Transport, requests_at_once: int) -> None:
        self._transport = transport
        self._completer = Completer(transport, api, requests_at_once)

    def close(self) -> None:
        self._completer.close()

    def pages(self, jql: str, fields: Sequence[str], with_changelog: bool) -> Iterator[list[Raw]]:
        """Pages of whole issues; the server may make them shorter than asked."""
        for issues in self._search(jql, fields, with_changelog, _issues_a_page):
            yield self._completed(issues, fields, with_changelog)

    def ids(self, jql: str) -> Iterator[int]:
        for issues in self._search(jql, ["id"], False, _ids_a_page):
            for issue in issues:
                yield int(issue["id"])

    def count(self, jql: str) -> int | None:
        """How many issues match."""
        body: Raw = {"jql": jql, "fields": ["id"], "startAt": 0, "maxResults": 0}
        answer = self._transport.post(f"{api}/search", body)
        return int(answer["total"]) if "total" in answer else None

    def by_ids(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> Iterator[list[Raw]]:
        """Pages of the issues that exist and are visible; the others are simply absent.

        Some versions refuse `id in (...)` where one id is gone: those are asked for one by one.
        """
        for some in chunks(ids, _issues_a_page):
            try:
                pages = list(
                    self._search(any_of("id", some), fields, with_changelog, _issues_a_page)
                )
                issues = [issue for page in pages for issue in page]
            except _Refused:
                issues = self._one_by_one(some, fields, with_changelog)
            if issues:
                yield self._completed(issues, fields, with_changelog)

    def _one_by_one(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> list[Raw]:
        params = {"fields": ",".join(fields)} | ({"expand": "changelog"} if with_changelog else {})
        found: list[Raw] = []

        def fetch(stub: Raw) -> None:
            try:
                found.append(self._transport.get(f"{api}/issue/{stub['id']}", params))
            except NotInTracker:
                return

        self._completer.each(fetch, [{"id": one} for one in ids])
        return sorted(found, key=lambda issue: int(issue["id"]))

    def _search(
        self, jql: str, fields: Sequence[str], with_changelog: bool, size: int
    ) -> Iterator[list[Raw]]:
        """New issues page by page, advancing by what came, not by what was asked for.

        Where the total shrinks meanwhile, later issues have moved up: that far it steps back.
        """
        start = known_total = steps_back = 0
        seen: set[str] = set()
        while True:
            page = self._page(jql, fields, with_changelog, start, size)
            issues, total = page.get("issues") or [], page.get("total")
            if isinstance(total, int):
                lost, known_total = known_total - total, total
                if lost > 0 and steps_back < _most_steps_back:
                    steps_back += 1
                    start = max(start - lost, 0)
                    continue
            new = [issue for issue in issues if issue["id"] not in seen]
            seen.update(issue["id"] for issue in new)
            if new:
                yield new
            start += len(issues)
            if not issues or (isinstance(total, int) and start >= total):
                return

    def _page(
        self, jql: str, fields: Sequence[str], with_changelog: bool, start: int, size: int
    ) -> Raw:
        def refused(words: str) -> TrackerError:
            return _Refused(f"{self._transport.url} refused the JQL {jql!r}: {words}")

        query: Raw = {"jql": jql, "startAt": start, "maxResults": size}
        path, refusals = f"{api}/search", {400: refused}
        if len(jql) > _longest_query:
            expand = {"expand": ["changelog"]} if with_changelog else {}
            body = query | {"fields": list(fields)} | expand
            page: Raw = self._transport.post(path, body, refusals)
        else:
            expand_names = {"expand": "changelog"} if with_changelog else {}
            params = query | {"fields": ",".join(fields)} | expand_names
            page = self._transport.get(path, params, refusals)
        return page

    def _completed(
        self, issues: list[Raw], fields: Sequence[str], with_changelog: bool
    ) -> list[Raw]:
        if with_changelog:
            self._completer.expanded_histories(issues)
        if "worklog" in fields:
            self._completer.work_logs(issues)
        return issues
