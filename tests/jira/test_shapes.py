"""JSON that is not what Jira's API describes: an error, never an empty list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.jira.client import Jira
from bot.jira.completing import NOT_WHOLE
from bot.jira.http.retry import Patience
from telemetry.errors import AccessDenied, NotInTracker, TrackerUnavailable, UnexpectedAnswer

API3, API2, AGILE = "/rest/api/3", "/rest/api/2", "/rest/agile/1.0"
SINCE = datetime(2026, 3, 1, tzinfo=UTC)
ISSUE = {"id": "1", "key": "K-1", "fields": {}}
CUT = {
    "id": "1",
    "key": "K-1",
    "fields": {"worklog": {"total": 30, "worklogs": [{"id": "1"}]}},
    "changelog": {"histories": []},
}


@dataclass(frozen=True)
class Resource:
    """What is asked of a resource, and JSON that it must not take for an answer.

    `before` are good answers of other resources that lead to it.
    """

    method: str
    path: str
    ask: Callable[[Jira], Any]
    wrong: tuple[Any, ...]
    deployment: str = "cloud"
    before: tuple[tuple[str, str, Any], ...] = ()


def search(jira: Jira) -> Any:
    return list(jira.search("project = K", ["summary", "worklog"], with_changelog=False))


def all_of(jira: Jira) -> Any:
    return list(jira.search("project = K", ["summary"]))


ANYTHING: tuple[Any, ...] = (None, [], "text", 5, {})
NO_ISSUES: tuple[Any, ...] = (
    *ANYTHING,
    {"issues": None},
    {"issues": {}},
    {"issues": [None]},
    {"issues": [{"key": "K-1", "fields": {}}]},
    {"issues": [{"id": None, "fields": {}}]},
    {"issues": [{"id": "1"}]},
    {"issues": [{"id": "1", "fields": None}]},
)
NO_VALUES = (*ANYTHING, {"values": None}, {"values": [5]}, {"values": [{"name": "x"}]})
CUT_PAGE = {"issues": [CUT], "total": 1}
RESOURCES = [
    Resource("POST", f"{API3}/search/jql", search, NO_ISSUES),
    Resource("GET", f"{API2}/search", search, NO_ISSUES, "datacenter"),
    Resource("POST", f"{API3}/issue/bulkfetch", lambda j: list(j.issues([1], ["x"])), NO_ISSUES),
    Resource("POST", f"{API3}/search/jql", lambda j: list(j.search_ids("x")), NO_ISSUES[:10]),
    Resource("GET", f"{AGILE}/board", lambda j: j.boards(), NO_VALUES),
    Resource("GET", f"{AGILE}/board/4/sprint", lambda j: list(j.sprints(4)), NO_VALUES),
    Resource(
        "GET",
        f"{AGILE}/board/4/features",
        lambda j: j.board_has_sprints({"id": 4, "type": "simple"}),
        (*ANYTHING, {"features": None}),
    ),
    Resource("GET", f"{AGILE}/sprint/4", lambda j: j.sprint(4), (None, [], "text")),
    Resource("GET", f"{AGILE}/board/4", lambda j: j.board(4), (None, [], "text")),
    Resource(
        "GET", f"{AGILE}/board/4/configuration", lambda j: j.board_configuration(4), (None, [])
    ),
    Resource("GET", f"{API3}/status", lambda j: j.statuses(), (None, {}, [None])),
    Resource("GET", f"{API3}/myself", lambda j: j.myself(), (None, [], "text")),
    Resource("GET", f"{API3}/project/K", lambda j: j.project("K"), (None, [], "text")),
    Resource("GET", f"{API3}/mypermissions", lambda j: j.permissions("K"), ANYTHING),
    Resource(
        "GET",
        f"{API2}/serverInfo",
        lambda j: j.server_time(),
        (*ANYTHING, {"serverTime": None}, {"serverTime": "noon"}),
    ),
    Resource(
        "GET",
        f"{API3}/worklog/updated",
        lambda j: j.work_logs_updated(SINCE),
        (*ANYTHING, {"values": [{"worklogId": None}]}, {"values": [], "lastPage": False}),
    ),
    Resource(
        "POST",
        f"{API3}/worklog/list",
        lambda j: j.work_log_issues([1]),
        (None, {}, [None], [{"id": "1"}], [{"id": "1", "issueId": "x"}]),
    ),
]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: f"{one.method} {one.path}")
def test_what_is_not_jiras_answer_is_an_error_and_never_an_empty_list(
    jira_server, open_jira, resource
):
    jira = open_jira(resource.deployment, patience=Patience(tries=1))
    for method, path, body in resource.before:
        jira_server.on(path, body, method)
    for body in resource.wrong:
        jira_server.on(resource.path, body, resource.method)
        with pytest.raises(UnexpectedAnswer):
            resource.ask(jira)


PARTS = [
    Resource(
        "GET",
        f"{API3}/issue/K-1/worklog",
        search,
        (*ANYTHING, {"worklogs": None}, {"worklogs": [None]}, {"worklogs": [{}]}),
        before=(("POST", f"{API3}/search/jql", CUT_PAGE),),
    ),
    Resource(
        "GET",
        f"{API3}/issue/K-1/changelog",
        all_of,
        NO_VALUES,
        before=(("POST", f"{API3}/search/jql", {"issues": [ISSUE]}),),
    ),
    Resource(
        "GET",
        f"{API2}/issue/K-1",
        all_of,
        (*ANYTHING, {"changelog": None}, {"changelog": {}}, {"changelog": {"histories": None}}),
        "datacenter",
        before=(("GET", f"{API2}/search", {"issues": [ISSUE], "total": 1}),),
    ),
]


@pytest.mark.parametrize("resource", PARTS, ids=lambda one: f"{one.method} {one.path}")
def test_what_is_not_jiras_answer_about_one_issue_costs_that_issue(
    jira_server, open_jira, resource
):
    jira = open_jira(resource.deployment, patience=Patience(tries=1))
    for method, path, body in resource.before:
        jira_server.on(path, body, method)
    for body in resource.wrong:
        jira_server.on(resource.path, body, resource.method)
        [[issue]] = resource.ask(jira)
        assert resource.path in issue[NOT_WHOLE]


@pytest.mark.parametrize("total", [None, "many", [3], {}])
def test_a_total_that_is_no_number_loses_no_issue(jira_server, datacenter, total):
    def page(asked):
        start = int(asked.params["startAt"])
        issues = [{"id": str(n), "fields": {}} for n in range(start, min(start + 4, 11))]
        return {"issues": issues, "total": total}

    jira_server.on(f"{API2}/search", page)
    pages = datacenter.search("project = K", ["summary"], with_changelog=False)
    assert [int(issue["id"]) for page in pages for issue in page] == list(range(11))


@pytest.mark.parametrize("answer_of_count", [None, [], {}, {"count": "9"}, {"count": [9]}])
def test_a_count_that_is_no_number_is_unknown(jira_server, cloud, answer_of_count):
    jira_server.on(f"{API3}/search/approximate-count", answer_of_count, "POST")
    assert cloud.count("project = K") is None


@pytest.mark.parametrize("embedded", [None, [], {}, {"histories": None}, {"histories": {}}])
def test_an_embedded_changelog_that_is_none_is_asked_for(jira_server, datacenter, embedded):
    jira_server.on(f"{API2}/search", {"issues": [ISSUE | {"changelog": embedded}], "total": 1})
    whole = {"changelog": {"histories": [{"id": "7"}]}}
    jira_server.on(f"{API2}/issue/K-1", whole)
    [[issue]] = all_of(datacenter)
    assert issue["changelog"]["histories"] == [{"id": "7"}]


@pytest.mark.parametrize("status", [400, 404, 405, 410, 501])
@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_servers_without_work_log_lists_say_so_in_many_ways(
    jira_server, open_jira, answer, status, flavour
):

    jira = open_jira(flavour)
    api = API3 if flavour == "cloud" else API2
    jira_server.on(f"{api}/worklog/updated", answer({}, status))
    jira_server.on(f"{api}/worklog/list", answer({}, status), "POST")
    for ask in (lambda: jira.work_logs_updated(SINCE), lambda: jira.work_log_issues([1])):
        with pytest.raises(NotInTracker, match="pull with --full"):
            ask()
    assert jira.requests == 2


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_a_fault_between_two_pages_comes_after_the_pages_before(
    jira_server, open_jira, answer, flavour, status
):
    """What was read is written; a token that expires ends the pull there."""

    first = {"issues": [ISSUE], "total": 2, "nextPageToken": "a"}
    last = answer({}, status, {"Retry-After": "3600"} if status > 403 else {})
    jira_server.in_turn(f"{API3}/search/jql", first, last, method="POST")
    jira_server.in_turn(f"{API2}/search", first, last)
    pages = open_jira(flavour).search("project = K", ["summary"], with_changelog=False)
    assert next(pages)[0]["id"] == "1"
    with pytest.raises(AccessDenied if status < 429 else TrackerUnavailable) as caught:
        next(pages)
    assert getattr(caught.value, "retry_after_seconds", None) in (None, 3600)


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_light_listing_is_one_request_a_page_and_pages_are_large(jira_server, open_jira, flavour):
    """Even of issues whose changelogs and work logs would be cut."""
    bare = [{"id": str(n), "fields": {"updated": "2026-03-02", "timespent": 5}} for n in range(900)]

    def cloud_page(asked):
        start = int(asked.body.get("nextPageToken") or 0)
        token = {"nextPageToken": str(start + 300)} if start + 300 < len(bare) else {}
        return {"issues": bare[start : start + min(300, asked.body["maxResults"])], **token}

    def page(asked):
        start, size = int(asked.params["startAt"]), int(asked.params["maxResults"])
        return {"issues": bare[start : start + size], "total": 900, "maxResults": size}

    jira_server.on(f"{API3}/search/jql", cloud_page, "POST")
    jira_server.on(f"{API2}/search", page)
    jira = open_jira(flavour)
    found = [
        issue
        for page in jira.search("project = K", ["updated", "timespent"], with_changelog=False)
        for issue in page
    ]
    assert len(found) == 900
    assert jira.requests == (3 if flavour == "cloud" else 1)
