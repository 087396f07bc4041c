"""Searches of Jira Data Center and Server: pages by position, whole changelogs."""

from collections.abc import Iterator, Sequence

from bot.jira.completing import NOT_WHOLE, Completer
from bot.jira.http.shapes import (
    an_object_with,
    issues_with,
)
from bot.jira.http.transport import Transport
from bot.jira.jql import any_of
from bot.jira.paging import Part, Raw, chunks, pages_by_position
from telemetry.errors import NotInTracker, TrackerError

api = "/rest/api/2"
_issues_a_page = 100
_light_a_page = 1000  # where neither changelogs nor work logs come along
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
        is_light = not with_changelog and "worklog" not in fields
        size = _light_a_page if is_light else _issues_a_page
        for issues in self._search(jql, fields, with_changelog, size):
            yield self._completed(issues, fields, with_changelog)
            del issues  # not to hold them while the next are asked for

    def ids(self, jql: str) -> Iterator[int]:
        for issues in self._search(jql, ["id"], False, _light_a_page):
            found = [int(issue["id"]) for issue in issues]
            del issues
            yield from found

    def count(self, jql: str) -> int | None:
        """How many issues match."""
        body: Raw = {"jql": jql, "fields": ["id"], "startAt": 0, "maxResults": 0}
        answer = self._transport.post(f"{api}/search", body)
        total = answer.get("total")
        return total if isinstance(total, int) else None

    def by_ids(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> Iterator[list[Raw]]:
        """Pages of the issues that exist and are visible; the others are simply absent.

        Some versions refuse `id in (...)` where one id is gone: those are asked for one by one.
        """
        for some in chunks(ids, _issues_a_page):
            pages = self._search(any_of("id", some), fields, with_changelog, _issues_a_page)
            try:
                issues = [issue for page in pages for issue in page]
            except _Refused:
                issues = self._one_by_one(some, fields, with_changelog)
            if issues:
                yield self._completed(issues, fields, with_changelog)
            del issues

    def _one_by_one(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> list[Raw]:
        params = {"fields": ",".join(fields)} | ({"expand": "changelog"} if with_changelog else {})
        found: list[Raw] = []

        def fetch(stub: Raw) -> None:
            try:
                path = f"{api}/issue/{stub['id']}"
                found.append(
                    self._transport.get(path, params, shape=an_object_with("id", "fields"))
                )
            except NotInTracker:
                return

        stubs: list[Raw] = [{"id": str(one)} for one in ids]
        self._completer.each(fetch, stubs)
        found += [stub for stub in stubs if NOT_WHOLE in stub]
        return sorted(found, key=lambda issue: int(issue["id"]))

    def _search(
        self, jql: str, fields: Sequence[str], with_changelog: bool, size: int
    ) -> Iterator[list[Raw]]:
        """New issues page by page, though issues come and go meanwhile."""

        def page(at: int) -> Part:
            return Part.of(self._page(jql, fields, with_changelog, at, size), "issues", at)

        return pages_by_position(page, f"issues of {self._transport.url}")

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
            page: Raw = self._transport.post(path, body, refusals, issues_with(fields))
        else:
            expand_names = {"expand": "changelog"} if with_changelog else {}
            params = query | {"fields": ",".join(fields)} | expand_names
            page = self._transport.get(path, params, refusals, issues_with(fields))
        return page

    def _completed(
        self, issues: list[Raw], fields: Sequence[str], with_changelog: bool
    ) -> list[Raw]:
        if with_changelog:
            self._completer.expanded_histories(issues)
        if "worklog" in fields:
            self._completer.work_logs(issues)
        return issues
