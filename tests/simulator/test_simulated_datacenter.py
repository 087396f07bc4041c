from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.state import type_of_epic

start = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after(hours: float) -> datetime:
    return start + timedelta(hours=hours)


@pytest.fixture
def center(site):
    """An epic, and a story in a closed and a running sprint whose names hold commas."""
    world = site.world
    epic = site.issue("Self-service", kind=type_of_epic)
    first, second = (world.create_sprint(site.board.id, f"LB-{n}, w1{n}") for n in (1, 2))
    story = site.issue("Story", sprint=first.id, assignee=2)
    world.set_epic(story, epic, after(1))
    world.start_sprint(first, after(300), after(2), start_at=after(1))
    world.close_sprint(first, second, after(310))
    world.start_sprint(second, after(700), after(311))
    world.log_work(story, 2, after(320), 3600, after(321))
    return site


def test_search_pages_by_number_with_a_total(center):
    client = center.client("datacenter")
    asked = {"jql": "project = K8S ORDER BY created, id", "maxResults": 1, "fields": "summary"}
    first = client.get("/rest/api/2/search", params=asked).json()
    assert (first["startAt"], first["maxResults"], first["total"]) == (0, 1, 2)
    second = client.post("/rest/api/2/search", json=asked | {"startAt": 1}).json()
    assert [i["key"] for i in first["issues"] + second["issues"]] == ["K8S-1", "K8S-2"]
    everything = client.get("/rest/api/2/search").json()
    assert everything["total"] == 2


def test_changelogs_are_whole_oldest_first_and_without_field_ids(center):
    story = center.world.issue("K8S-2")
    for number in range(150):
        center.world.set_estimate(story, number, after(400 + number))
    answer = center.client("datacenter").get("/rest/api/2/issue/K8S-2?expand=changelog").json()
    histories = answer["changelog"]["histories"]
    assert len(histories) == answer["changelog"]["total"] == 153
    assert [int(h["id"]) for h in histories] == sorted(int(h["id"]) for h in histories)
    items = [item for history in histories for item in history["items"]]
    assert all("fieldId" not in item for item in items)
    assert items[0]["field"] == "Epic Link"
    assert items[1] == {
        "field": "Sprint",
        "fieldtype": "custom",
        "from": "1",
        "fromString": "LB-1, w11",
        "to": "1, 2",
        "toString": "LB-1, w11, LB-2, w12",
    }


def test_the_sprint_field_is_text_with_commas_and_nulls(center):
    fields = center.client("datacenter").get("/rest/api/2/issue/K8S-2").json()["fields"]
    closed, running = fields["customfield_10101"]
    assert closed.startswith("com.atlassian.greenhopper.service.sprint.Sprint@")
    assert "[id=1,rapidViewId=1,state=CLOSED,name=LB-1, w11,startDate=2026-03-02T03:00" in closed
    assert "completeDate=<null>" in running
    assert "-07:00" in running


def test_an_emptied_sprint_field_is_null_in_the_changelog(center):
    story = center.world.issue("K8S-1")
    center.world.move_to_sprint(story, center.world.sprints[2], after(400))
    center.world.remove_from_sprint(story, after(401))
    url = "/rest/api/2/issue/K8S-1?expand=changelog"
    histories = center.client("datacenter").get(url).json()["changelog"]["histories"]
    values = [(h["items"][0]["from"], h["items"][0]["to"]) for h in histories]
    assert values == [(None, "2"), ("2", None)]


def test_users_have_names_and_keys_and_no_account_ids(center):
    client = center.client("datacenter")
    author = client.get("/rest/api/2/issue/K8S-2/worklog").json()["worklogs"][0]["author"]
    assert (author["name"], author["key"]) == ("zoe", "JIRAUSER10102")
    assert "accountId" not in author
    assert client.get("/rest/api/2/myself").json()["name"] == "bot"


def test_the_epic_is_a_key_in_the_epic_link(center):
    fields = center.client("datacenter").get("/rest/api/2/issue/K8S-2").json()["fields"]
    assert fields["customfield_10102"] == "K8S-1"
    assert "parent" not in fields
    assert (
        center.client().get("/rest/api/3/issue/K8S-2").json()["fields"]["parent"]["key"] == "K8S-1"
    )


def test_sprints_tell_their_activation_here_only(center):
    dates = center.client("datacenter").get("/rest/agile/1.0/sprint/1").json()
    assert dates["activatedDate"] == "2026-03-02T04:00:00.000-07:00"
    assert dates["startDate"] == "2026-03-02T03:00:00.000-07:00"
    cloud = center.client().get("/rest/agile/1.0/sprint/1").json()
    assert "activatedDate" not in cloud
    assert cloud["startDate"] == "2026-03-02T10:00:00.000Z"


@pytest.mark.parametrize(
    "path", ["issue/K8S-2/changelog", "search/jql", "project/search", "../3/myself"]
)
def test_what_only_cloud_has_is_not_found(center, path):
    assert center.client("datacenter").get(f"/rest/api/2/{path}").status_code == 404


def test_work_logs_come_by_twenty_unless_more_are_asked_for(center):
    story = center.world.issue("K8S-2")
    for number in range(30):
        center.world.log_work(story, 2, after(400 + number), 60, after(400 + number))
    client = center.client("datacenter")
    assert len(client.get("/rest/api/2/issue/K8S-2/worklog").json()["worklogs"]) == 20
    more = client.get("/rest/api/2/issue/K8S-2/worklog?startAt=20&maxResults=100").json()
    assert (len(more["worklogs"]), more["total"]) == (11, 31)
