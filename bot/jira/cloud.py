"""Searches of Jira Cloud: pages by token, issues and changelogs in bulk."""

from collections.abc import Iterator, Sequence

from bot.jira.completing import Completer
from bot.jira.http.shapes import issues_with
from bot.jira.http.transport import Transport
from bot.jira.paging import Raw, chunks
from bot.jira.tokens import token_pages
from telemetry.errors import TrackerError

api = "/rest/api/3"
_issues_a_page = 100
_light_a_page = 1000  # Cloud gives as many as it likes, the more the fewer fields are asked
_ids_a_page = 5000


class CloudIssues:
    """Issues of a Cloud site, whole. The JQL must be bounded, or Cloud refuses it."""

    def __init__(self, transport: Transport, requests_at_once: int) -> None:
        self._transport = transport
        self._completer = Completer(transport, api, requests_at_once)

    def close(self) -> None:
        self._completer.close()

    def pages(self, jql: str, fields: Sequence[str], with_changelog: bool) -> Iterator[list[Raw]]:
        """Pages of whole issues; Cloud may make them shorter than asked."""
        is_light = not with_changelog and "worklog" not in fields
        size = _light_a_page if is_light else _issues_a_page
        body: Raw = {"jql": jql, "fields": list(fields), "maxResults": size}
        if with_changelog:
            body["expand"] = "changelog"
        for issues in self._search(body):
            yield self._completed(issues, fields, with_changelog)
            del issues  # not to hold them while the next are asked for

    def ids(self, jql: str) -> Iterator[int]:
        body: Raw = {"jql": jql, "fields": ["id"], "maxResults": _ids_a_page}
        for issues in self._search(body):
            found = [int(issue["id"]) for issue in issues]
            del issues
            yield from found

    def count(self, jql: str) -> int | None:
        """About how many issues match; the resource takes a query without its order."""
        body: Raw = {"jql": jql.partition(" ORDER BY ")[0]}
        answer = self._transport.post(f"{api}/search/approximate-count", body)
        count = answer.get("count")
        return count if isinstance(count, int) else None

    def by_ids(
        self, ids: Sequence[int], fields: Sequence[str], with_changelog: bool
    ) -> Iterator[list[Raw]]:
        """Pages of the issues that exist and are visible; the others are simply absent."""
        for some in chunks(ids, _issues_a_page):
            body: Raw = {"issueIdsOrKeys": list(map(str, some)), "fields": list(fields)}
            if with_changelog:
                body["expand"] = ["changelog"]
            path = f"{api}/issue/bulkfetch"
            issues = self._transport.post(path, body, shape=issues_with(fields))["issues"]
            if issues:
                yield self._completed(issues, fields, with_changelog)
            del issues

    def _search(self, body: Raw) -> Iterator[list[Raw]]:
        def refused(words: str) -> TrackerError:
            return TrackerError(f"{self._transport.url} refused the JQL {body['jql']!r}: {words}")

        path = f"{api}/search/jql"
        shape = issues_with(body["fields"])
        for page in token_pages(self._transport, path, body, {400: refused}, shape, _issue_ids):
            yield page["issues"]
            del page

    def _completed(
        self, issues: list[Raw], fields: Sequence[str], with_changelog: bool
    ) -> list[Raw]:
        if with_changelog:
            self._completer.cloud_histories(issues)
        if "worklog" in fields:
            self._completer.work_logs(issues)
        return issues


def _issue_ids(page: Raw) -> set[object]:
    return {str(issue["id"]) for issue in page["issues"]}
