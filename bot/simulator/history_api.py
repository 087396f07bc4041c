"""Changelogs and work logs, as the platform API pages them."""

import base64
import binascii
from collections.abc import Iterable
from itertools import islice, takewhile
from typing import Any

from bot.simulator.calls import Call, Handler, JiraProblem
from bot.simulator.render import Payload
from bot.simulator.search_api import listed
from bot.simulator.state import History, milliseconds

_minute = 60_000
_no_limit = 10**9


def changelog(call: Call) -> Payload:
    """Cloud's paged changelog of one issue, oldest first."""
    issue = call.issue(call.path["key"])
    page = call.page(issue.histories, call.renderer.history, 100, 100)
    return {"self": call.renderer.link(f"issue/{issue.id}/changelog"), **page}


def changelog_bulk(call: Call) -> Payload:
    """Cloud: many issues' histories in one order of time, so one issue spans pages."""
    names = listed(call, "issueIdsOrKeys", 1000)
    wanted = {str(field) for field in call.words("fieldIds")}
    if len(wanted) > 10:
        raise JiraProblem(400, "The number of fieldIds exceeds the limit of 10.")
    rows: list[tuple[int, int, int, History]] = []
    for name in dict.fromkeys(str(name) for name in names):
        try:
            issue = call.issue(name)
        except JiraProblem:
            continue
        rows += [(h.at, h.id, issue.id, h) for h in issue.histories]
    rows = sorted({row[1]: row for row in rows}.values())
    shown = [(number, _bulk_history(call, history, wanted)) for _, _, number, history in rows]
    shown = [(number, history) for number, history in shown if history["items"]]
    start, size = _offset(call), max(1, call.page_size(1000, 10000))
    by_issue: dict[int, list[Payload]] = {}
    for number, history in shown[start : start + size]:
        by_issue.setdefault(number, []).append(history)
    answer: Payload = {
        "issueChangeLogs": [
            {"issueId": str(number), "changeHistories": histories}
            for number, histories in by_issue.items()
        ]
    }
    if start + size < len(shown):
        answer["nextPageToken"] = base64.b64encode(f"{start + size}".encode()).decode()
    return answer


def _bulk_history(call: Call, history: History, wanted: set[str]) -> Payload:
    payload = call.renderer.history(history)
    payload["created"] = history.at
    if wanted:
        payload["items"] = [i for i in payload["items"] if i.get("fieldId") in wanted]
    return payload


def _offset(call: Call) -> int:
    text = call.text("nextPageToken")
    try:
        return int(base64.b64decode(text)) if text else 0
    except (ValueError, binascii.Error):
        raise JiraProblem(400, "The provided next page token is invalid.") from None


def issue_work_logs(call: Call) -> Payload:
    """The work logs of an issue by creation; Data Center gives 20 unless asked for more."""
    issue = call.issue(call.path["key"])
    numbers = issue.work_logs
    after, before = call.number("startedAfter", -_no_limit), call.text("startedBefore")
    if call.is_cloud and after > 0:
        logs = call.world.work_logs
        numbers = [number for number in numbers if logs[number].started_at >= after]
    if call.is_cloud and before:
        limit = call.number("startedBefore", 0)
        numbers = [n for n in numbers if call.world.work_logs[n].started_at < limit]
    size = call.page_size(5000 if call.is_cloud else 20, 5000)
    start = call.number("startAt", 0)
    return call.renderer.work_logs(numbers[start : start + size], start, size, len(numbers))


def work_logs_updated(call: Call) -> Payload:
    """Ids of the site's work logs by their last update, oldest first."""
    rows = call.world.updated_work_logs(call.number("since", 0))
    return _changed(call, rows, "updated")


def work_logs_deleted(call: Call) -> Payload:
    since = call.number("since", 0)
    gone = call.world.deleted_work_logs
    rows = sorted((log.at, log.id) for log in gone if log.at >= since)
    return _changed(call, rows, "deleted")


def _changed(call: Call, rows: Iterable[tuple[int, int]], what: str) -> Payload:
    """At most 1000 of the rows, without those of the last minute."""
    since = call.number("since", 0)
    newest = milliseconds(call.now) - _minute
    size = min(1000, call.options.page_cut or 1000)
    ripe = takewhile(lambda row: row[0] < newest, rows)
    page = list(islice(ripe, size))
    is_last = next(ripe, None) is None
    until = page[-1][0] if page else max(since, newest)
    link = call.renderer.link(f"worklog/{what}")
    answer: dict[str, Any] = {
        "values": [
            {"worklogId": number, "updatedTime": at, "properties": []} for at, number in page
        ],
        "since": since,
        "until": until,
        "self": f"{link}?since={since}",
        "lastPage": is_last,
    }
    return answer if is_last else answer | {"nextPage": f"{link}?since={until}"}


def work_log_list(call: Call) -> list[Payload]:
    """Bodies of up to 1000 work logs by id; missing and hidden ones are left out."""
    found = []
    for number in listed(call, "ids", 1000):
        log = call.world.work_logs.get(int(number) if str(number).isdecimal() else 0)
        if log is None or not call.sees_issues:
            continue
        if not call.world.is_visible(call.world.issues[log.issue]):
            continue
        found.append(call.renderer.work_log(log))
    return found


routes: list[tuple[str, str, Handler]] = [
    ("GET", "/issue/{key}/worklog", issue_work_logs),
]
work_log_lists: list[tuple[str, str, Handler]] = [
    ("GET", "/worklog/updated", work_logs_updated),
    ("GET", "/worklog/deleted", work_logs_deleted),
    ("POST", "/worklog/list", work_log_list),
]
cloud_routes: list[tuple[str, str, Handler]] = [
    ("GET", "/issue/{key}/changelog", changelog),
    ("POST", "/changelog/bulkfetch", changelog_bulk),
]
