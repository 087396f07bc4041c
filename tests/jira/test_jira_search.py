"""Complete issues from both flavours, however their pages are cut."""

import threading
import time
import weakref
from collections.abc import Generator, Iterator
from datetime import UTC, datetime

import pytest

from bot.jira.paging import Part, ahead, pages_by_position
from telemetry.errors import AccessDenied, NoSprints, NotInTracker, TrackerError, UnexpectedAnswer

SEARCH3, SEARCH2 = "/rest/api/3/search/jql", "/rest/api/2/search"
BULK = "/rest/api/3/changelog/bulkfetch"
FIELDS = ["summary", "worklog"]


def history(number, created="2026-03-02T10:00:00.000+0000"):
    return {"id": str(number), "created": created, "items": []}


def issue(number, histories=0, logs=0, total_logs=None):
    return {
        "id": str(number),
        "key": f"K-{number}",
        "fields": {
            "worklog": {
                "total": logs if total_logs is None else total_logs,
                "maxResults": 20,
                "worklogs": [{"id": str(n)} for n in range(logs)],
            }
        },
        "changelog": {
            "total": histories,
            "maxResults": histories,
            "histories": [history(n) for n in range(histories)],
        },
    }


def found(pages):
    return [int(one["id"]) for page in pages for one in page]


@pytest.mark.parametrize(
    "last", [{}, {"nextPageToken": None}, {"nextPageToken": ""}, {"isLast": True}, "both"]
)
def test_cloud_pages_end_however_the_last_one_says_so(jira_server, cloud, last):
    end = {"nextPageToken": "c", "isLast": True} if last == "both" else last
    jira_server.in_turn(
        SEARCH3,
        {"issues": [issue(1), issue(2)], "nextPageToken": "a"},
        {"issues": [], "nextPageToken": "b", "isLast": False},
        {"issues": [issue(3)], **end},
        method="POST",
    )
    assert found(cloud.search("project = K", FIELDS)) == [1, 2, 3]
    bodies = [asked.body for asked in jira_server.asked]
    tried = ["c"] if last == "both" else []
    assert [body.get("nextPageToken") for body in bodies] == [None, "a", "b", *tried]
    assert bodies[0] == {
        "jql": "project = K",
        "fields": FIELDS,
        "maxResults": 100,
        "expand": "changelog",
    }


def test_a_page_token_that_comes_again_is_an_error_not_an_endless_pull(jira_server, cloud):
    jira_server.on(SEARCH3, {"issues": [issue(1)], "nextPageToken": "a"}, "POST")
    with pytest.raises(UnexpectedAnswer, match="same page token"):
        found(cloud.search("project = K", FIELDS))


def test_jiras_own_words_on_a_wrong_query_come_through(jira_server, cloud, datacenter, answer):
    said = answer({"errorMessages": ["The value 'X' does not exist for the field 'project'."]}, 400)
    jira_server.on(SEARCH3, said, "POST")
    jira_server.on(SEARCH2, said)
    for jira in (cloud, datacenter):
        with pytest.raises(TrackerError, match=r"'project = X': The value 'X' does not exist"):
            found(jira.search("project = X", FIELDS))


def test_cut_changelogs_are_completed_in_bulk_though_split_over_pages(jira_server, cloud):
    jira_server.on(SEARCH3, {"issues": [issue(1, 40), issue(2, 3), issue(3, 41)]}, "POST")

    def bulk(asked):
        assert sorted(asked.body["issueIdsOrKeys"]) == ["1", "3"]
        first = asked.body.get("nextPageToken") is None
        numbers = range(60) if first else range(60, 90)
        logs = [
            {"issueId": one, "changeHistories": [history(n, 1772445600000) for n in numbers]}
            for one in ("1", "3")
        ]
        return {"issueChangeLogs": logs} | ({"nextPageToken": "x"} if first else {})

    jira_server.on(BULK, bulk, "POST")
    [page] = cloud.search("project = K", FIELDS)
    assert [len(one["changelog"]["histories"]) for one in page] == [90, 3, 90]
    assert page[0]["changelog"]["total"] == 90


def test_an_untrue_total_also_means_a_cut_changelog(jira_server, cloud):
    cut = issue(1, 2)
    cut["changelog"]["total"] = 3
    jira_server.on(SEARCH3, {"issues": [cut]}, "POST")
    log = {"issueId": "1", "changeHistories": [history(n) for n in range(3)]}
    jira_server.on(BULK, {"issueChangeLogs": [log]}, "POST")
    [[whole]] = cloud.search("project = K", FIELDS)
    assert len(whole["changelog"]["histories"]) == 3


@pytest.mark.parametrize("bulk_status", [400, 404, "silent"])
def test_without_bulk_changelogs_they_are_paged(jira_server, cloud, answer, bulk_status):
    jira_server.on(SEARCH3, {"issues": [issue(1, 40), issue(2, 50)]}, "POST")
    none = {"issueChangeLogs": []} if bulk_status == "silent" else answer({}, bulk_status)
    jira_server.on(BULK, none, "POST")

    def page(asked):
        start = int(asked.params["startAt"])
        values = [history(n) for n in range(start, min(start + 100, 230))]
        return {"values": values, "total": 230, "isLast": start + len(values) >= 230}

    jira_server.on("/rest/api/3/issue/K-1/changelog", page)
    jira_server.on("/rest/api/3/issue/K-2/changelog", page)
    [whole] = cloud.search("project = K", FIELDS)
    assert [len(one["changelog"]["histories"]) for one in whole] == [230, 230]


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_work_logs_beyond_the_embedded_twenty_are_fetched(jira_server, open_jira, flavour):
    jira = open_jira(flavour)
    api = 3 if flavour == "cloud" else 2
    cut = {"issues": [issue(1, 0, 20, 45), issue(2, 0, 5), issue(3, 0, 20)], "total": 3}
    jira_server.on(SEARCH3, cut, "POST")
    jira_server.on(SEARCH2, cut)

    def page(asked):  # a server that never gives more than 20, and whose total is too great
        start = int(asked.params["startAt"])
        return {
            "total": 60,
            "worklogs": [{"id": str(n)} for n in range(start, min(start + 20, 45))],
        }

    jira_server.on(f"/rest/api/{api}/issue/K-1/worklog", page)
    jira_server.on(f"/rest/api/{api}/issue/K-3/worklog", page)
    [whole] = jira.search("project = K", FIELDS)
    assert [len(one["fields"]["worklog"]["worklogs"]) for one in whole] == [45, 5, 45]


def test_a_server_that_ignores_positions_does_not_hold_up_the_pull(jira_server, datacenter):
    jira_server.on(SEARCH2, {"issues": [issue(1, 0, 20, 50)], "total": 1})
    same = {"total": 50, "worklogs": [{"id": str(n)} for n in range(20)]}
    jira_server.on("/rest/api/2/issue/K-1/worklog", same)
    [[whole]] = datacenter.search("project = K", FIELDS)
    assert len(whole["fields"]["worklog"]["worklogs"]) == 20


def test_work_logs_left_out_though_time_is_spent_are_fetched(jira_server, datacenter):
    bare = {"id": "1", "key": "K-1", "fields": {"timespent": 60}, "changelog": {"histories": []}}
    idle = {"id": "2", "key": "K-2", "fields": {"timespent": None}, "changelog": {"histories": []}}
    jira_server.on(SEARCH2, {"issues": [bare, idle], "total": 2})
    jira_server.on("/rest/api/2/issue/K-1/worklog", {"total": 1, "worklogs": [{"id": "7"}]})
    [page] = datacenter.search("project = K", FIELDS)
    assert page[0]["fields"]["worklog"]["total"] == 1
    assert "worklog" not in page[1]["fields"]


def test_work_logs_nobody_asked_for_are_not_fetched(jira_server, cloud):
    jira_server.on(SEARCH3, {"issues": [issue(1, 60, 20, 45)]}, "POST")
    list(cloud.search("project = K", ["summary"], with_changelog=False))
    assert cloud.requests == 1


def paged_search(numbers, size):
    def page(asked):
        start = int(asked.params["startAt"])
        issues = [issue(n) for n in numbers[start : start + size]]
        return {"startAt": start, "maxResults": size, "total": len(numbers), "issues": issues}

    return page


def test_data_center_pages_advance_by_what_came(jira_server, datacenter):
    jira_server.on(SEARCH2, paged_search(list(range(10, 45)), 7))
    assert found(datacenter.search("project = K", FIELDS)) == list(range(10, 45))
    assert jira_server.asked[0].params == {
        "jql": "project = K",
        "startAt": "0",
        "maxResults": "100",
        "fields": "summary,worklog",
        "expand": "changelog",
    }


def test_an_issue_deleted_while_pages_are_read_hides_no_other(jira_server, datacenter):
    numbers = list(range(30))
    page = paged_search(numbers, 10)

    def shrinking(asked):
        if len(jira_server.asked) == 2:
            del numbers[0:2]
        return page(asked)

    jira_server.on(SEARCH2, shrinking)
    assert sorted(found(datacenter.search("project = K", FIELDS))) == list(range(30))


def test_an_empty_page_ends_a_search_whose_total_is_too_great(jira_server, datacenter):
    jira_server.in_turn(SEARCH2, {"total": 9, "issues": [issue(1)]}, {"total": 9, "issues": []})
    assert found(datacenter.search("project = K", FIELDS)) == [1]


def test_a_long_query_goes_into_the_body(jira_server, datacenter):
    jira_server.on(SEARCH2, {"total": 1, "issues": [issue(1)]}, "POST")
    assert found(datacenter.search("project = K AND " + "x" * 3000, FIELDS)) == [1]
    assert jira_server.asked[0].body["expand"] == ["changelog"]


def test_a_changelog_left_out_by_the_search_is_asked_for(jira_server, datacenter):
    bare = {"id": "1", "key": "K-1", "fields": {}}
    jira_server.on(SEARCH2, {"total": 1, "issues": [bare]})
    jira_server.on("/rest/api/2/issue/K-1", issue(1, 3))
    [[whole]] = datacenter.search("project = K", ["summary"])
    assert len(whole["changelog"]["histories"]) == 3


def test_ids_alone_come_in_great_pages(jira_server, cloud, datacenter):
    jira_server.on(SEARCH3, {"issues": [{"id": "5"}, {"id": "6"}]}, "POST")
    jira_server.on(SEARCH2, {"issues": [{"id": "5"}, {"id": "6"}], "total": 2})
    assert list(cloud.search_ids("project = K")) == [5, 6]
    assert list(datacenter.search_ids("project = K")) == [5, 6]
    assert [
        a.body["maxResults"] if a.body else a.params["maxResults"] for a in jira_server.asked
    ] == [
        5000,
        "1000",
    ]


def test_cloud_issues_by_id_come_in_hundreds_and_the_missing_are_absent(jira_server, cloud):
    def bulk(asked):
        assert len(asked.body["issueIdsOrKeys"]) <= 100
        return {"issues": [issue(int(n)) for n in asked.body["issueIdsOrKeys"] if int(n) % 2]}

    jira_server.on("/rest/api/3/issue/bulkfetch", bulk, "POST")
    assert found(cloud.issues(range(1, 251), FIELDS)) == list(range(1, 251, 2))
    assert cloud.requests == 3


def test_data_center_issues_by_id_survive_a_refused_query(jira_server, datacenter, answer):
    jira_server.on(SEARCH2, answer({"errorMessages": ["An issue with key '2' is gone"]}, 400))
    for number in (1, 3):
        jira_server.on(f"/rest/api/2/issue/{number}", issue(number, 2))
    assert found(datacenter.issues([3, 2, 1], FIELDS)) == [1, 3]


def test_an_error_on_a_page_ahead_comes_out_where_pages_are_read(jira_server, cloud, answer):
    jira_server.in_turn(
        SEARCH3,
        {"issues": [issue(1)], "nextPageToken": "a"},
        answer({"errorMessages": ["expired"]}, 400),
        method="POST",
    )
    pages = cloud.search("project = K", FIELDS)
    assert found([next(pages)]) == [1]
    with pytest.raises(TrackerError, match="expired"):
        next(pages)


def test_pages_are_made_ahead_but_not_without_end():
    made: list[int] = []

    def pages():
        for number in range(10):
            made.append(number)
            yield number

    read = ahead(pages(), 2)
    assert next(read) == 0
    deadline = time.monotonic() + 5
    while len(made) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.05)
    assert made == [0, 1]
    assert list(read) == list(range(1, 10))


class Page:
    """One whose end can be seen."""

    def __init__(self, alive: set[int], number: int) -> None:
        self.number = number
        alive.add(number)
        weakref.finalize(self, alive.discard, number)


def test_a_slow_reader_never_has_more_than_two_pages_in_memory():
    """The one in its hands and the one that waits."""
    alive: set[int] = set()
    pages = ahead((Page(alive, number) for number in range(12)), 2)
    most, read = 0, []
    for page in pages:
        time.sleep(0.005)
        most = max(most, len(alive))
        read.append(page.number)
        del page
    assert read == list(range(12))
    assert most == 2


def test_a_dropped_search_ends_its_thread():
    def endless() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    before = threading.active_count()
    read = ahead(endless(), 2)
    next(read)
    assert threading.active_count() == before + 1
    assert isinstance(read, Generator)
    read.close()
    deadline = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == before


@pytest.mark.parametrize("depth", [0, 1, 3])
def test_pages_ahead_are_the_same_pages(depth):
    assert list(ahead(iter(range(20)), depth)) == list(range(20))


# boards and sprints


def test_a_thinned_page_of_boards_is_not_the_last(jira_server, cloud):
    visible = {*range(47), *range(170, 173)}

    def page(asked):
        start = int(asked.params["startAt"])
        values = [{"id": n} for n in range(start, start + 50) if n in visible]
        return {"startAt": start, "maxResults": 50, "isLast": start > 150, "values": values}

    jira_server.on("/rest/agile/1.0/board", page)
    assert [board["id"] for board in cloud.boards("K")] == [*range(47), 170, 171, 172]
    assert jira_server.asked[0].params["projectKeyOrId"] == "K"


def ids_of(answers):
    """What is read of a list whose answers are these, by position."""
    pages = pages_by_position(lambda at: Part.of(answers[at], "values", at), "boards")
    return [one["id"] for page in pages for one in page]


def test_lists_without_is_last_end_at_their_total_or_an_empty_page():
    assert ids_of([{"values": [{"id": 1}], "total": 2}, {"values": [{"id": 2}], "total": 2}]) == [
        1,
        2,
    ]
    assert ids_of([{"values": [{"id": 1}]}, {"values": []}]) == [1]


def test_a_list_that_never_ends_is_an_error():
    with pytest.raises(UnexpectedAnswer, match="none is the last"):
        list(pages_by_position(lambda _: Part([], False), "boards"))


def test_an_unknown_project_of_boards_is_not_in_tracker(jira_server, cloud, answer):
    jira_server.on("/rest/agile/1.0/board", answer({"errorMessages": ["No project"]}, 400))
    with pytest.raises(NotInTracker, match=r"project 'NOPE'.*No project"):
        cloud.boards("NOPE")


@pytest.mark.parametrize(
    "words", ["The board does not support sprints", "The board doesn't support sprints."]
)
def test_a_kanban_board_has_no_sprints(jira_server, cloud, answer, words):
    jira_server.on("/rest/agile/1.0/board/4/sprint", answer({"errorMessages": [words]}, 400))
    with pytest.raises(NoSprints, match="board 4"):
        list(cloud.sprints(4))


def test_sprints_can_be_narrowed_by_state(jira_server, cloud):
    jira_server.on("/rest/agile/1.0/board/4/sprint", {"values": [{"id": 1}], "isLast": True})
    assert list(cloud.sprints(4, "active,future")) == [{"id": 1}]
    assert jira_server.asked[0].params["state"] == "active,future"


def test_team_managed_boards_are_asked_for_their_features(jira_server, cloud):
    path = "/rest/agile/1.0/board/{}/features"
    on = {"feature": "jsw.agility.sprints", "state": "ENABLED"}
    jira_server.on(path.format(1), {"features": [on]})
    jira_server.on(path.format(2), {"features": [on | {"state": "DISABLED"}]})
    jira_server.on(path.format(3), {"features": [{"boardFeature": "SPRINTS", "state": "ENABLED"}]})
    simple = [cloud.board_has_sprints({"id": n, "type": "simple"}) for n in (1, 2, 3, 4)]
    assert simple == [True, False, True, False]
    assert cloud.board_has_sprints({"id": 9, "type": "scrum"})
    assert not cloud.board_has_sprints({"id": 9, "type": "kanban"})


# the site


@pytest.mark.parametrize(
    ("info", "expected"),
    [
        ({"deploymentType": "Cloud"}, "cloud"),
        ({"deploymentType": "Server"}, "datacenter"),
        ({}, "datacenter"),
    ],
)
def test_auto_asks_the_server_what_it_is(jira_server, open_jira, info, expected):
    jira_server.on("/rest/api/2/serverInfo", info)
    assert open_jira("auto").deployment == expected


def test_the_servers_time_is_read_once_with_the_deployment(jira_server, open_jira):
    info = {"deploymentType": "Cloud", "serverTime": "2022-08-15T21:08:52.725+0200"}
    jira_server.on("/rest/api/2/serverInfo", info)
    jira = open_jira("auto")
    assert jira.server_time() == datetime(2022, 8, 15, 19, 8, 52, 725000, UTC)
    assert jira.requests == 1
    jira.server_time()
    assert jira.requests == 2


def test_an_anonymous_answer_is_never_taken_for_an_identity(jira_server, cloud):
    jira_server.on("/rest/api/3/myself", {"displayName": "Anonymous"})
    with pytest.raises(AccessDenied, match="anonymous"):
        cloud.myself()
    jira_server.on("/rest/api/3/myself", {"accountId": "1", "timeZone": "Europe/Paris"})
    assert cloud.myself()["timeZone"] == "Europe/Paris"


# work logs of the site


def test_changed_work_logs_are_read_page_by_page_from_until(jira_server, cloud):
    since = datetime(2026, 3, 1, tzinfo=UTC)
    first = int(since.timestamp() * 1000)

    def page(asked):
        start = int(asked.params["since"])
        if start == first:
            values = [{"worklogId": 1}, {"worklogId": 2}]
            wrong = "https://elsewhere.example.com/next"
            return {"values": values, "until": first + 500, "lastPage": False, "nextPage": wrong}
        assert start == first + 500
        return {
            "values": [{"worklogId": 2}, {"worklogId": 3}],
            "until": first + 900,
            "lastPage": True,
        }

    jira_server.on("/rest/api/3/worklog/updated", page)
    ids, until = cloud.work_logs_updated(since)
    assert ids == [1, 2, 3]
    assert until.timestamp() * 1000 == first + 900


def test_a_work_log_page_that_leads_nowhere_is_an_error(jira_server, cloud):
    stuck = {"values": [{"worklogId": 1}], "until": 5, "lastPage": False}
    jira_server.on("/rest/api/3/worklog/deleted", stuck)
    with pytest.raises(UnexpectedAnswer, match="--full"):
        cloud.work_logs_deleted(datetime(2026, 3, 1, tzinfo=UTC))


def test_a_server_without_work_log_lists_says_so(datacenter):
    with pytest.raises(NotInTracker):
        datacenter.work_logs_updated(datetime(2026, 3, 1, tzinfo=UTC))


def test_work_logs_lead_to_their_issues_a_thousand_at_a_time(jira_server, cloud):
    def listed(asked):
        return [{"id": str(n), "issueId": str(n + 10)} for n in asked.body["ids"] if n != 5]

    jira_server.on("/rest/api/3/worklog/list", listed, "POST")
    issues = cloud.work_log_issues(range(1500))
    assert issues[7] == 17
    assert 5 not in issues
    assert cloud.requests == 2
