from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

start = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after(hours: float) -> datetime:
    return start + timedelta(hours=hours)


@pytest.fixture
def crowd(site):
    """Thirty issues, the first with 120 histories and 25 work logs."""
    for number in range(30):
        site.issue(f"Issue {number}", at=after(number / 60))
    busy = site.world.issue("K8S-1")
    for number in range(120):
        site.world.set_estimate(busy, number, after(1 + number))
    for number in range(25):
        site.world.log_work(busy, 2, after(200 + number), 600, after(201 + number))
    return site


def pages(client, **params):
    token, found = None, []
    while True:
        asked = params | ({"nextPageToken": token} if token else {})
        answer = client.get("/rest/api/3/search/jql", params=asked).json()
        found.append(answer)
        token = answer.get("nextPageToken")
        if token is None:
            return found


def ids(found):
    return [issue["id"] for page in found for issue in page["issues"]]


def test_the_old_search_is_gone(site):
    for version in ("2", "3"):
        answer = site.client().get(f"/rest/api/{version}/search?jql=project=K8S")
        assert answer.status_code == 410
        assert "migrate to the /rest/api/3/search/jql API" in answer.json()["errorMessages"][0]


def test_search_gives_ids_only_unless_fields_are_asked_for(crowd):
    answer = crowd.client().get("/rest/api/3/search/jql", params={"jql": "project = K8S"}).json()
    assert set(answer) == {"issues", "isLast"}
    assert set(answer["issues"][0]) == {"id"}


def test_token_pages_hold_every_issue_once(crowd):
    found = pages(crowd.client(), jql="project = K8S ORDER BY created", maxResults=7)
    assert [len(page["issues"]) for page in found] == [7, 7, 7, 7, 2]
    assert [page["isLast"] for page in found] == [False] * 4 + [True]
    assert len(set(ids(found))) == 30


def test_thin_pages_are_short_in_the_middle_and_lose_nothing(crowd):
    client = crowd.client(thin_pages=True)
    found = pages(client, jql="project = K8S ORDER BY created", maxResults=10, fields="summary")
    sizes = [len(page["issues"]) for page in found]
    assert any(size < 10 for size in sizes[:-1])
    assert len(set(ids(found))) == sum(sizes) == 30


def test_a_page_cut_bounds_every_page(crowd):
    found = pages(crowd.client(page_cut=4), jql="project = K8S", maxResults=100)
    assert max(len(page["issues"]) for page in found) == 4
    assert len(set(ids(found))) == 30


def test_an_issue_that_leaves_the_list_between_pages_makes_no_other_lost(crowd):
    client = crowd.client()
    asked = {"jql": "project = K8S ORDER BY created", "maxResults": 10}
    first = client.get("/rest/api/3/search/jql", params=asked).json()
    crowd.world.delete_issue(crowd.world.issue("K8S-2"), after(900))
    asked["nextPageToken"] = first["nextPageToken"]
    second = client.get("/rest/api/3/search/jql", params=asked).json()
    assert second["issues"][0]["id"] == "10011"


def test_get_and_post_of_a_search_agree(crowd):
    client = crowd.client()
    asked = {"jql": "project = K8S", "fields": "summary,labels", "maxResults": 3}
    sent = {"jql": "project = K8S", "fields": ["summary", "labels"], "maxResults": 3}
    got = client.get("/rest/api/3/search/jql", params=asked).json()
    assert client.post("/rest/api/3/search/jql", json=sent).json() == got
    assert set(got["issues"][0]["fields"]) == {"summary", "labels"}


@pytest.mark.parametrize("jql", ["", "ORDER BY key"])
def test_unbounded_queries_are_refused(crowd, jql):
    answer = crowd.client().get("/rest/api/3/search/jql", params={"jql": jql})
    assert answer.status_code == 400
    assert "Unbounded JQL" in answer.json()["errorMessages"][0]
    assert answer.json()["errors"] == {}


def test_the_approximate_count_counts(crowd):
    sent = {"jql": "project = K8S"}
    answer = crowd.client().post("/rest/api/3/search/approximate-count", json=sent)
    assert answer.json() == {"count": 30}


def test_embedded_changelogs_are_capped_newest_first(crowd):
    client = crowd.client()
    asked = {"jql": "id = 10001", "fields": "summary", "expand": "changelog"}
    found = client.get("/rest/api/3/search/jql", params=asked).json()["issues"][0]["changelog"]
    assert (len(found["histories"]), found["maxResults"], found["total"]) == (40, 40, 40)
    single = client.get("/rest/api/3/issue/K8S-1?expand=changelog").json()["changelog"]
    assert (len(single["histories"]), single["total"]) == (100, 145)
    newest = [int(history["id"]) for history in single["histories"]]
    assert newest == sorted(newest, reverse=True)
    assert found["histories"] == single["histories"][:40]


def test_the_paged_changelog_is_oldest_first_and_whole(crowd):
    client = crowd.client()
    histories: list[dict[str, Any]] = []
    while True:
        params = {"startAt": len(histories)}
        page = client.get("/rest/api/3/issue/10001/changelog", params=params).json()
        histories += page["values"]
        if page["isLast"]:
            break
    assert len(histories) == page["total"] == 145
    assert histories[0]["items"][0]["fieldId"] == "customfield_10028"


def test_bulk_changelogs_split_an_issue_over_pages_with_numbers_as_dates(crowd):
    client, token, seen = crowd.client(), None, []
    while True:
        sent = {"issueIdsOrKeys": ["K8S-1", "10002", "K8S-99"], "maxResults": 50}
        answer = client.post(
            "/rest/api/3/changelog/bulkfetch",
            json=sent | ({"nextPageToken": token} if token else {}),
        ).json()
        seen += [
            (log["issueId"], h) for log in answer["issueChangeLogs"] for h in log["changeHistories"]
        ]
        token = answer.get("nextPageToken")
        if token is None:
            break
    assert len(seen) == 145
    assert {number for number, _ in seen} == {"10001"}
    assert seen[0][1]["created"] == int(after(1).timestamp() * 1000)


def test_bulk_changelogs_can_be_narrowed_to_fields(crowd):
    sent = {"issueIdsOrKeys": ["K8S-1"], "fieldIds": ["timespent"]}
    answer = crowd.client().post("/rest/api/3/changelog/bulkfetch", json=sent).json()
    histories = answer["issueChangeLogs"][0]["changeHistories"]
    assert len(histories) == 25
    assert {item["field"] for h in histories for item in h["items"]} == {"timespent"}


def test_bulk_fetch_drops_the_missing_and_gives_the_new_key_in_id_order(crowd):
    other = crowd.world.add_project("LB", "Load Balancer", lead=2)
    crowd.world.move_to_project(crowd.world.issue("K8S-3"), other.id, after(500))
    crowd.world.hide_issue(crowd.world.issue("K8S-4"))
    sent = {"issueIdsOrKeys": ["K8S-3", "K8S-4", "K8S-404", "K8S-2"], "fields": ["summary"]}
    answer = crowd.client().post("/rest/api/3/issue/bulkfetch", json=sent).json()
    assert [issue["key"] for issue in answer["issues"]] == ["K8S-2", "LB-1"]
    assert answer["issueErrors"] == []
    too_many = {"issueIdsOrKeys": [str(n) for n in range(101)]}
    assert crowd.client().post("/rest/api/3/issue/bulkfetch", json=too_many).status_code == 400


def test_a_moved_issue_answers_to_its_old_key(crowd):
    other = crowd.world.add_project("LB", "Load Balancer", lead=2)
    crowd.world.move_to_project(crowd.world.issue("K8S-3"), other.id, after(500))
    answer = crowd.client().get("/rest/api/3/issue/K8S-3").json()
    assert (answer["key"], answer["id"]) == ("LB-1", "10003")


def test_embedded_work_logs_stop_at_twenty(crowd):
    client = crowd.client()
    embedded = client.get("/rest/api/3/issue/K8S-1?fields=worklog").json()["fields"]["worklog"]
    assert (embedded["total"], embedded["maxResults"], len(embedded["worklogs"])) == (25, 20, 20)
    whole = client.get("/rest/api/3/issue/K8S-1/worklog").json()
    assert len(whole["worklogs"]) == 25
    later = {"startedAfter": int(after(210).timestamp() * 1000)}
    assert client.get("/rest/api/3/issue/K8S-1/worklog", params=later).json()["total"] == 15


def test_rich_text_is_a_document_in_version_3_and_a_string_in_version_2(crowd):
    issue = crowd.world.issue("K8S-2")
    crowd.world.log_work(issue, 2, after(1), 60, after(2), comment="a & b")
    client = crowd.client()
    third = client.get("/rest/api/3/issue/10002/worklog").json()["worklogs"][0]["comment"]
    assert third["content"][0]["content"][0]["text"] == "a & b"
    second = client.get("/rest/api/2/issue/10002/worklog").json()["worklogs"][0]["comment"]
    assert second == "a & b"


def test_updated_work_logs_leave_out_the_last_minute(crowd):
    now = after(225) + timedelta(seconds=30)
    client = crowd.client(clock=lambda: now)
    answer = client.get("/rest/api/3/worklog/updated?since=0").json()
    assert len(answer["values"]) == 24
    assert answer["lastPage"]
    since = answer["values"][-1]["updatedTime"]
    again = client.get("/rest/api/3/worklog/updated", params={"since": since}).json()
    assert [row["worklogId"] for row in again["values"]] == [answer["values"][-1]["worklogId"]]


def test_updated_work_logs_page_on_from_until(crowd):
    client, since, seen = crowd.client(page_cut=10), 0, []
    while True:
        answer = client.get("/rest/api/3/worklog/updated", params={"since": since}).json()
        seen += [row["worklogId"] for row in answer["values"]]
        since = answer["until"]
        if answer["lastPage"]:
            break
        assert answer["nextPage"].endswith(f"since={since}")
    assert len(set(seen)) == 25


def test_deleted_work_logs_are_listed_and_missing_in_the_list_of_bodies(crowd):
    numbers = list(crowd.world.issue("K8S-1").work_logs[:2])
    crowd.world.delete_work_log(crowd.world.work_logs[numbers[0]], after(300))
    client = crowd.client()
    gone = client.get("/rest/api/3/worklog/deleted").json()["values"]
    assert [row["worklogId"] for row in gone] == numbers[:1]
    bodies = client.post("/rest/api/3/worklog/list", json={"ids": numbers}).json()
    assert [(body["id"], body["issueId"]) for body in bodies] == [(str(numbers[1]), "10001")]


def test_a_lagging_index_hides_what_reading_the_issue_shows(crowd):
    fresh = crowd.issue("Fresh", at=after(1000))
    client = crowd.client(clock=lambda: after(1000.01), index_lag_seconds=60)
    asked = {"jql": 'project = K8S AND updated >= "2026/04/01 00:00"'}
    assert client.get("/rest/api/3/search/jql", params=asked).json()["issues"] == []
    assert client.get(f"/rest/api/3/issue/{fresh.key}").status_code == 200
    later = crowd.client(clock=lambda: after(1000.05), index_lag_seconds=60)
    assert len(later.get("/rest/api/3/search/jql", params=asked).json()["issues"]) == 1


def test_the_users_zone_is_not_the_one_of_the_timestamps(crowd):
    client = crowd.client()
    assert client.get("/rest/api/3/myself").json()["timeZone"] == "America/New_York"
    created = client.get("/rest/api/3/issue/10001").json()["fields"]["created"]
    assert created == "2026-03-02T10:00:00.000+0100"
    server = client.get("/rest/api/3/serverInfo").json()
    assert server["deploymentType"] == "Cloud"
    assert datetime.fromisoformat(server["serverTime"]) == datetime(2026, 4, 30, 9, tzinfo=UTC)


def test_items_of_some_fields_have_no_field_id(crowd):
    answer = crowd.client().get("/rest/api/3/issue/K8S-1?expand=changelog").json()
    items = [item for history in answer["changelog"]["histories"] for item in history["items"]]
    assert {item["field"]: item.get("fieldId") for item in items} == {
        "Story Points": "customfield_10028",
        "timespent": "timespent",
        "timeestimate": "timeestimate",
        "WorklogId": None,
    }


def test_a_sprint_is_json_in_its_field(crowd):
    sprint = crowd.world.create_sprint(crowd.board.id, "Sprint 1", goal="Calm")
    issue = crowd.issue("In sprint", sprint=sprint.id)
    fields = crowd.client().get(f"/rest/api/3/issue/{issue.key}").json()["fields"]
    assert fields["customfield_10020"] == [
        {"id": 1, "state": "future", "name": "Sprint 1", "goal": "Calm", "boardId": 1}
    ]


def test_a_work_log_edited_again_is_listed_at_its_last_update_only(crowd):
    numbers = crowd.world.issue("K8S-1").work_logs
    first = crowd.world.work_logs[numbers[0]]
    crowd.world.edit_work_log(first, after(300), seconds=1200)
    crowd.world.edit_work_log(first, after(301), seconds=1800)
    rows = crowd.client().get("/rest/api/3/worklog/updated").json()["values"]
    assert [row["worklogId"] for row in rows] == [*numbers[1:], first.id]
    assert rows[-1]["updatedTime"] == int(after(301).timestamp() * 1000)
