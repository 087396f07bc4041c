"""What a list says of itself is not believed: totals, empty pages, pages that come again."""

from datetime import UTC, datetime

import pytest

from bot.jira.completing import NOT_WHOLE, UNSHOWN
from telemetry.errors import UnexpectedAnswer
from tests.jira.conftest import Answer

SEARCH = "/rest/api/2/search"


def ids(jira):
    pages = jira.search("project = K", ["summary"], with_changelog=False)
    return [int(issue["id"]) for page in pages for issue in page]


def page_of(numbers, asked, total, size=4):
    start = int(asked.params["startAt"])
    issues = [{"id": str(n), "fields": {}} for n in numbers[start : start + size] if n is not None]
    return {"issues": issues, "total": total, "maxResults": size, "startAt": start}


@pytest.mark.parametrize("total", [0, 1, 3, 4, 11, 12, 500])
def test_a_wrong_total_loses_no_issue(jira_server, datacenter, total):
    numbers = list(range(1, 13))
    jira_server.on(SEARCH, lambda asked: page_of(numbers, asked, total))
    assert ids(datacenter) == numbers


def test_an_empty_page_in_the_middle_hides_nothing_behind_it(jira_server, datacenter):
    def page(asked):
        start = int(asked.params["startAt"])
        hole = 7 <= start < 12
        return page_of([None] * 30 if hole else list(range(1, 31)), asked, 30)

    jira_server.on(SEARCH, page)
    found = ids(datacenter)
    assert set(range(1, 8)) | set(range(16, 31)) <= set(found)
    assert len(found) == len(set(found))


def test_pages_that_bring_nothing_new_end_with_an_error(jira_server, datacenter):
    asked = []

    def page(question):
        asked.append(question)
        return {"issues": [{"id": "1", "fields": {}}], "total": 90, "maxResults": 4}

    jira_server.on(SEARCH, page)
    with pytest.raises(UnexpectedAnswer, match="without anything new"):
        ids(datacenter)
    assert len(asked) < 6


def test_tokens_that_bring_nothing_new_end_with_an_error(jira_server, cloud):
    asked = []

    def page(question):
        asked.append(question)
        return {"issues": [{"id": "1", "fields": {}}], "nextPageToken": str(len(asked))}

    jira_server.on("/rest/api/3/search/jql", page, "POST")
    with pytest.raises(UnexpectedAnswer, match="without anything new"):
        ids(cloud)
    assert len(asked) < 6


def a_log(asked, values, **more):
    return {"values": values, "since": int(asked.params["since"]), **more}


@pytest.mark.parametrize("step", [1, 1000])
def test_changed_work_logs_that_creep_on_without_a_new_one_end_with_an_error(
    jira_server, cloud, step
):
    def page(asked):
        until = int(asked.params["since"]) + step
        return a_log(asked, [{"worklogId": 1}], until=until, lastPage=False)

    jira_server.on("/rest/api/3/worklog/updated", page)
    with pytest.raises(UnexpectedAnswer, match="that lead nowhere"):
        cloud.work_logs_updated(datetime(2026, 3, 2, tzinfo=UTC))
    assert len(jira_server.asked) == 3


@pytest.mark.parametrize("until", [10**30, -1, 0, 2.5, "soon", None, True])
def test_an_instant_that_is_none_moves_no_cursor(jira_server, cloud, until):
    since = datetime(2026, 3, 2, tzinfo=UTC)
    jira_server.on(
        "/rest/api/3/worklog/updated",
        lambda asked: a_log(asked, [{"worklogId": 1}], until=until, lastPage=True),
    )
    assert cloud.work_logs_updated(since) == ([1], since)


def test_empty_pages_with_ever_new_tokens_end_with_an_error(jira_server, cloud):
    asked = []

    def page(question):
        asked.append(question)
        return {"issues": [], "nextPageToken": str(len(asked))}

    jira_server.on("/rest/api/3/search/jql", page, "POST")
    with pytest.raises(UnexpectedAnswer, match=r"21 pages of .* without anything new"):
        ids(cloud)


def test_a_few_empty_pages_with_tokens_hide_nothing_behind_them(jira_server, cloud):
    asked = []

    def page(question):
        asked.append(question)
        more = {} if len(asked) > 8 else {"nextPageToken": str(len(asked))}
        issues = [{"id": str(len(asked)), "fields": {}}] if len(asked) in (1, 9) else []
        return {"issues": issues} | more

    jira_server.on("/rest/api/3/search/jql", page, "POST")
    assert ids(cloud) == [1, 9]


@pytest.mark.parametrize("histories", [[], [{"id": "7"}]])
def test_changelogs_with_ever_new_tokens_cost_their_issue(jira_server, cloud, histories):
    asked = []

    def page(question):
        asked.append(question)
        logs = [{"issueId": "1", "changeHistories": histories}]
        return {"issueChangeLogs": logs, "nextPageToken": str(len(asked))}

    jira_server.on("/rest/api/3/changelog/bulkfetch", page, "POST")
    jira_server.on("/rest/api/3/search/jql", {"issues": [{"id": "1", "fields": {}}]}, "POST")
    [[issue]] = cloud.search("project = K", ["summary"])
    assert "no /rest/api/3/issue/1/changelog" in issue[NOT_WHOLE]
    assert len(asked) < 30


@pytest.mark.parametrize("is_repeated", [True, False])
def test_a_last_page_with_a_token_hides_nothing_behind_it(jira_server, cloud, is_repeated):
    asked = []

    def page(question):
        asked.append(question)
        token = {"nextPageToken": "2" if is_repeated else str(len(asked))}
        issues = [{"id": str(min(len(asked), 3)), "fields": {}}]
        return {"issues": issues, "isLast": True} | token

    jira_server.on("/rest/api/3/search/jql", page, "POST")
    assert ids(cloud) == ([1, 2] if is_repeated else [1, 2, 3])
    assert len(asked) == (2 if is_repeated else 4)


def test_a_token_of_a_last_page_that_is_refused_ends_the_list(jira_server, cloud):
    page = {"issues": [{"id": "1", "fields": {}}], "isLast": True, "nextPageToken": "x"}
    refused = Answer({"errorMessages": ["The provided next page token is invalid."]}, 400)
    jira_server.in_turn("/rest/api/3/search/jql", page, refused, method="POST")
    assert ids(cloud) == [1]


def test_what_a_page_lists_twice_comes_once(jira_server, cloud):
    boards = [{"id": 1, "type": "scrum"}, {"id": "1", "type": "scrum"}, {"id": 2, "type": "scrum"}]
    told = {"values": boards, "isLast": True, "maxResults": 50, "startAt": 0}
    jira_server.on("/rest/agile/1.0/board", lambda _: told)
    assert [int(board["id"]) for board in cloud.boards("K")] == [1, 2]


def histories(*numbers):
    return [{"id": str(number), "created": 0, "items": []} for number in numbers]


def an_issue(shown, total):
    log = {"histories": histories(*shown), "total": total, "maxResults": len(shown)}
    return {"id": "7", "key": "K-7", "fields": {}, "changelog": log}


@pytest.mark.parametrize(("shown", "unshown"), [((1, 2, 3), None), ((1, 3), 1), ((), 2)])
def test_a_history_that_a_search_cut_is_asked_for_and_what_stays_hidden_is_told(
    jira_server, datacenter, shown, unshown
):
    page = {"issues": [an_issue([3], 3)], "total": 1, "maxResults": 100, "startAt": 0}
    jira_server.on(SEARCH, lambda _: page)
    jira_server.on("/rest/api/2/issue/K-7", lambda _: an_issue(shown, len(shown)))
    [[issue]] = datacenter.search("project = K", ["summary"])
    assert {one["id"] for one in issue["changelog"]["histories"]} == {"3", *map(str, shown)}
    assert issue.get(UNSHOWN) == unshown


@pytest.mark.parametrize("paged", [(1, 2, 3), (3,)])
def test_a_bulk_history_that_is_short_is_asked_for_page_by_page(jira_server, cloud, paged):
    page = {"issues": [an_issue([3], 3)], "isLast": True}
    jira_server.on("/rest/api/3/search/jql", lambda _: page, "POST")
    bulk = {"issueId": "7", "changeHistories": histories(3)}
    jira_server.on("/rest/api/3/changelog/bulkfetch", lambda _: {"issueChangeLogs": [bulk]}, "POST")
    values = {"values": histories(*paged), "isLast": True, "maxResults": 100, "startAt": 0}
    jira_server.on("/rest/api/3/issue/K-7/changelog", lambda _: values)
    [[issue]] = cloud.search("project = K", ["summary"])
    assert len(issue["changelog"]["histories"]) == len(paged)
    assert issue.get(UNSHOWN) == (None if len(paged) == 3 else 2)


@pytest.mark.parametrize(("status", "has_sprints"), [(200, True), (400, False)])
def test_a_board_of_no_kind_has_sprints_if_it_lists_them(jira_server, cloud, status, has_sprints):
    told = Answer({"values": [], "isLast": True}, status)
    jira_server.on("/rest/agile/1.0/board/7/sprint", lambda _: told)
    for kind in ({}, {"type": None}, {"type": "agility"}):
        assert cloud.board_has_sprints({"id": 7} | kind) is has_sprints


@pytest.mark.parametrize("step", [1, 60_000])
def test_a_list_of_changes_that_creeps_on_is_ended(jira_server, cloud, step):
    def page(asked):
        at = int(asked.params["since"])
        return {"values": [{"worklogId": at}], "until": at + step, "lastPage": False}

    jira_server.on("/rest/api/3/worklog/updated", page)
    with pytest.raises(UnexpectedAnswer, match="that lead nowhere"):
        cloud.work_logs_updated(datetime(2026, 3, 1, tzinfo=UTC))
    assert len(jira_server.asked) < 200


def test_a_long_list_of_changes_is_read_to_its_end(jira_server, cloud):
    def page(asked):
        at = int(asked.params["since"])
        values = [{"worklogId": at + n} for n in range(20)]
        return {"values": values, "until": at + 20, "lastPage": len(jira_server.asked) > 150}

    jira_server.on("/rest/api/3/worklog/updated", page)
    ids, _ = cloud.work_logs_updated(datetime(2026, 3, 1, tzinfo=UTC))
    assert len(ids) == 151 * 20
