"""Completes what a page of issues embeds only in part: changelogs and work logs.

Cloud cuts embedded changelogs to 40 or 100 histories, newest first, and both flavours cut
embedded work logs to 20; the embedded totals cannot be trusted alone.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from bot.jira.http.room import keep
from bot.jira.http.shapes import (
    NAMELESS,
    an_object_with,
    is_id,
    list_of,
)
from bot.jira.http.transport import Transport
from bot.jira.paging import Part, Raw, chunks, pages_by_position
from bot.jira.tokens import token_pages
from telemetry.errors import TrackerError, UnexpectedAnswer

NOT_WHOLE = "notWhole"  # why an issue could not be completed, in the issue itself
UNSHOWN = "unshown"  # how many entries of its history Jira counts and does not show, likewise
_fewest_cut_histories = 40
_fewest_cut_work_logs = 20
_work_logs_a_page = 1000
_histories_a_page = 1000
_longest_id = 40  # of what may be no id


class _NoBulk(TrackerError):
    """This site has no bulk changelogs."""


class Completer:
    """Completes pages of one site, with up to `requests_at_once` requests at a time."""

    def __init__(self, transport: Transport, api: str, requests_at_once: int) -> None:
        self._transport = transport
        self._api = api
        self._pool = ThreadPoolExecutor(requests_at_once, thread_name_prefix="jira-request")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def each(self, work: Callable[[Raw], None], issues: Iterable[Raw]) -> None:
        """Does `work` for every issue, several at a time; raises what concerns the whole site.

        An issue that is refused costs itself: it is marked as not whole.
        """

        def guarded(issue: Raw) -> None:
            try:
                work(issue)
            except TrackerError as error:
                if error.is_of_site:
                    raise
                issue[NOT_WHOLE] = str(error)

        todo = list(issues)
        if len(todo) == 1:
            guarded(todo[0])
        elif todo:
            for _ in self._pool.map(guarded, todo):
                pass

    def work_logs(self, issues: Iterable[Raw]) -> None:
        """Puts all work logs of each issue into `fields.worklog.worklogs`."""
        self.each(self._all_work_logs, filter(lacks_work_logs, issues))

    def cloud_histories(self, issues: Iterable[Raw]) -> None:
        """Puts all histories of each issue into `changelog.histories`, in bulk where possible."""
        cut = {str(issue["id"]): issue for issue in issues if lacks_histories(issue)}
        if not cut:
            return
        missing = set(cut)
        try:
            for some in chunks(list(cut), 1000):
                for issue_id, logs in self._bulk(some).items():
                    if issue_id in cut:
                        _add_histories(cut[issue_id], _histories_of(logs))
                        keep(cut[issue_id], *logs)
                        missing.discard(issue_id)
        except TrackerError as error:
            if error.is_of_site:
                raise
            missing = set(cut)
        short = {issue_id for issue_id, issue in cut.items() if _unshown(issue)}
        self.each(self._paged_histories, map(cut.__getitem__, sorted(missing | short)))
        for issue in cut.values():
            _note_unshown(issue)

    def expanded_histories(self, issues: Iterable[Raw]) -> None:
        """Asks one by one for the changelogs that a Data Center search left out or cut."""
        cut = [one for one in issues if not _has_histories(one) or _unshown(one)]
        self.each(self._expanded, cut)
        for issue in cut:
            _note_unshown(issue)

    def _bulk(self, ids: list[str]) -> dict[str, list[Raw]]:
        """The parts of each issue's changelog."""
        found: dict[str, list[Raw]] = {}
        body: Raw = {"issueIdsOrKeys": ids, "maxResults": _histories_a_page}
        path, refusals = f"{self._api}/changelog/bulkfetch", dict.fromkeys((400, 404, 405), _NoBulk)
        shape = list_of("issueChangeLogs", "issueId")
        pages = token_pages(self._transport, path, body, refusals, shape, _history_ids)
        for page in pages:
            for log in page["issueChangeLogs"]:
                found.setdefault(str(log["issueId"]), []).append(log)
        return found

    def _paged_histories(self, issue: Raw) -> None:
        for histories in self._paged(issue, "changelog", "values", 100):
            _add_histories(issue, histories)

    def _expanded(self, issue: Raw) -> None:
        params = {"fields": "status", "expand": "changelog"}
        path = self._path(issue)
        whole = self._transport.get(path, params, shape=an_object_with("changelog"))
        keep(issue, whole)
        if _has_histories(whole):
            log = whole["changelog"]
            _add_histories(issue, log["histories"], _total(log))
        elif not _has_histories(issue):
            raise UnexpectedAnswer(
                f"{self._transport.url} gave {path} without its changelog; try again later"
            )

    def _all_work_logs(self, issue: Raw) -> None:
        pages = self._paged(issue, "worklog", "worklogs", _work_logs_a_page)
        found = [log for logs in pages for log in logs]
        issue["fields"]["worklog"] = {
            "startAt": 0,
            "maxResults": len(found),
            "total": len(found),
            "worklogs": found,
        }

    def _paged(self, issue: Raw, what: str, name: str, size: int) -> Iterator[list[Raw]]:
        path = f"{self._path(issue)}/{what}"

        def page(at: int) -> Part:
            params = {"startAt": at, "maxResults": size}
            answer = self._transport.get(path, params, shape=list_of(name, "id"))
            if answer.get(NAMELESS):
                issue[NAMELESS] = issue.get(NAMELESS, 0) + answer[NAMELESS]
            return Part.of(answer, name, at)

        return pages_by_position(page, f"{path} of {self._transport.url}")

    def _path(self, issue: Raw) -> str:
        return f"{self._api}/issue/{quote(str(issue.get('key') or issue['id']), safe='')}"


def _history_ids(page: Raw) -> set[object]:
    return {
        (str(log["issueId"]), str(history.get("id"))[:_longest_id])
        for log in page["issueChangeLogs"]
        for history in _list(log.get("changeHistories"))
        if isinstance(history, dict)
    }


def _histories_of(logs: Iterable[Raw]) -> list[Raw]:
    return [history for log in logs for history in _list(log.get("changeHistories"))]


def lacks_histories(issue: Raw) -> bool:
    """Tells whether Cloud may have cut the embedded changelog."""
    if not _has_histories(issue):
        return True
    log = issue["changelog"]
    count = len(log["histories"])
    return count >= _fewest_cut_histories or _total(log) > count


def lacks_work_logs(issue: Raw) -> bool:
    """Tells whether the embedded work logs may be cut, or left out though time is spent."""
    fields = issue.get("fields")
    if not isinstance(fields, dict):
        return False  # nobody can read such an issue
    embedded = fields.get("worklog")
    if not isinstance(embedded, dict) or not isinstance(embedded.get("worklogs"), list):
        return bool(embedded or fields.get("timespent"))
    count = len(embedded["worklogs"])
    return count >= _fewest_cut_work_logs or _total(embedded) > count


def _has_histories(issue: Raw) -> bool:
    log = issue.get("changelog")
    return isinstance(log, dict) and isinstance(log.get("histories"), list)


def _total(page: Raw) -> int:
    total = page.get("total")
    return total if type(total) is int else 0


def _unshown(issue: Raw) -> int:
    """How many entries of its history it counts beyond those that it shows."""
    if not _has_histories(issue):
        return 0
    return max(_total(issue["changelog"]) - len(issue["changelog"]["histories"]), 0)


def _note_unshown(issue: Raw) -> None:
    """Note it in an issue that was asked for as a whole, for the translation to name."""
    if _unshown(issue):
        issue[UNSHOWN] = _unshown(issue)


def _add_histories(issue: Raw, histories: list[Raw], total: int = 0) -> None:
    """Adds the histories that are not there yet, by id; what is embedded stays, and its total."""
    told = _total(issue["changelog"]) if _has_histories(issue) else 0
    embedded = issue["changelog"]["histories"] if _has_histories(issue) else []
    known: dict[str, Raw] = {}
    odd = []  # for the translation to name
    for history in (*embedded, *histories):
        if isinstance(history, dict) and is_id(history.get("id")):
            known.setdefault(str(history["id"]), history)
        else:
            odd.append(history)
    whole = [*known.values(), *odd]
    issue["changelog"] = {
        "startAt": 0,
        "maxResults": len(whole),
        "total": max(len(whole), told, total),
        "histories": whole,
    }


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
