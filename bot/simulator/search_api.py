"""Search: Cloud's token pages and Data Center's numbered ones; Cloud's bulk fetch of issues."""

import base64
import binascii
from typing import Any

from bot.simulator.calls import Call, Handler, JiraProblem
from bot.simulator.jql import JqlError, parse
from bot.simulator.render import Payload
from bot.simulator.searching import is_bounded
from bot.simulator.state import Issue

_removed = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at "
    "https://developer.atlassian.com/changelog/#CHANGE-2046"
)
_unbounded = (
    "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
)
_embedded_histories = 40
_single_histories = 100


def removed(call: Call) -> Payload:
    raise JiraProblem(410, _removed)


def wanted_fields(call: Call, default: list[str] | None) -> list[str] | None:
    """The field ids asked for; None for all. Names are not ids and find nothing."""
    asked = call.words("fields") or default
    if asked is None or "*all" in asked or "*navigable" in asked:
        return None
    return [name for name in asked if not name.startswith("-")]


def shown_issue(
    call: Call, issue: Issue, fields: list[str] | None, most: int | None, base: str = "api"
) -> Payload:
    """An issue with its changelog if that was asked for.

    Cloud: at most `most` histories, newest first; Data Center: all, oldest first.
    """
    payload = call.renderer.issue(issue, fields, base)
    if "changelog" in call.words("expand"):
        histories = issue.histories
        if call.is_cloud:
            histories = histories[::-1][:most]
        shown = [call.renderer.history(history) for history in histories]
        total = len(shown) if most == _embedded_histories else len(issue.histories)
        payload["changelog"] = {
            "startAt": 0,
            "maxResults": len(shown),
            "total": total,
            "histories": shown,
        }
    return payload


def _bounded_find(call: Call) -> list[Issue]:
    try:
        query = parse(call.text("jql"))
    except JqlError as error:
        raise JiraProblem(400, str(error)) from error
    if not is_bounded(query):
        raise JiraProblem(400, _unbounded)
    return call.search(call.text("jql"))


def _start(token: str, found: list[Issue]) -> int:
    """Where the page after a token begins: behind the last issue seen, if it is still found."""
    if not token:
        return 0
    try:
        end, _, last = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        position, number = int(end), int(last)
    except (ValueError, binascii.Error):
        raise JiraProblem(400, "The provided next page token is invalid.") from None
    if 0 < position <= len(found) and found[position - 1].id == number:
        return position
    places = {issue.id: place for place, issue in enumerate(found)}
    return places.get(number, position - 1) + 1


def search_jql(call: Call) -> Payload:
    """Cloud's search: token pages without a total; the token tells the last issue seen."""
    call_fields = wanted_fields(call, ["id"])
    is_bare = call_fields is not None and set(call_fields) <= {"id", "key"}
    is_bare = is_bare and not call.words("expand")
    size = call.page_size(50, 5000 if is_bare else 100)
    found = _bounded_find(call)
    start = _start(call.text("nextPageToken"), found)
    if call.options.thin_pages and size > 2:
        size -= (start * 7 + 3) % max(2, size // 3)
    page = found[start : start + size]
    end = start + len(page)
    if is_bare:
        keyed = "key" in (call_fields or [])
        issues: list[Payload] = [
            {"id": str(i.id), "key": i.key} if keyed else {"id": str(i.id)} for i in page
        ]
    else:
        fields = call_fields
        issues = [shown_issue(call, issue, fields, _embedded_histories) for issue in page]
    if end >= len(found) or not page:
        return {"issues": issues, "isLast": True}
    token = base64.urlsafe_b64encode(f"{end}:{page[-1].id}".encode()).decode()
    return {"issues": issues, "nextPageToken": token, "isLast": False}


def approximate_count(call: Call) -> Payload:
    return {"count": len(_bounded_find(call))}


def search(call: Call) -> Payload:
    """Data Center's search: startAt, maxResults (at most 1000), total."""
    found = call.search(call.text("jql"))
    start, size = call.number("startAt", 0), call.page_size(50, 1000)
    fields = wanted_fields(call, None)
    issues = [shown_issue(call, issue, fields, None) for issue in found[start : start + size]]
    return {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(found),
        "issues": issues,
    }


def issue(call: Call) -> Payload:
    fields = wanted_fields(call, None)
    return shown_issue(call, call.issue(call.path["key"]), fields, _single_histories)


def bulk_fetch(call: Call) -> Payload:
    """Up to 100 issues in id order; what is missing or hidden is left out in silence."""
    names = listed(call, "issueIdsOrKeys", 100)
    found: dict[int, Issue] = {}
    for name in names:
        try:
            known = call.issue(str(name))
        except JiraProblem:
            continue
        found[known.id] = known
    fields = wanted_fields(call, None)
    shown = [shown_issue(call, found[n], fields, _embedded_histories) for n in sorted(found)]
    return {"issues": shown, "issueErrors": []}


def listed(call: Call, name: str, most: int) -> list[Any]:
    """A list of the body; raises a 400 when it is missing or too long."""
    values = call.body.get(name) if isinstance(call.body, dict) else None
    if not isinstance(values, list) or not values:
        raise JiraProblem(400, f"{name} is required.")
    if len(values) > most:
        raise JiraProblem(400, f"The number of {name} exceeds the limit of {most}.")
    return values


cloud_routes: list[tuple[str, str, Handler]] = [
    ("GET", "/search", removed),
    ("POST", "/search", removed),
    ("GET", "/search/jql", search_jql),
    ("POST", "/search/jql", search_jql),
    ("POST", "/search/approximate-count", approximate_count),
    ("POST", "/issue/bulkfetch", bulk_fetch),
]
datacenter_routes: list[tuple[str, str, Handler]] = [
    ("GET", "/search", search),
    ("POST", "/search", search),
]
routes: list[tuple[str, str, Handler]] = [("GET", "/issue/{key}", issue)]
