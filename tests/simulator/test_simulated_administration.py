"""What nobody sees in a history: permissions, boards, names."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.state import Column, Item, milliseconds, type_of_epic

start = datetime(2026, 3, 2, 9, tzinfo=UTC)
search = "/rest/api/3/search/jql"


def after(hours: float) -> datetime:
    return start + timedelta(hours=hours)


def found(client, jql):
    answer = client.get(search, params={"jql": jql, "fields": "summary"})
    assert answer.status_code == 200, answer.text
    return {issue["fields"]["summary"] for issue in answer.json()["issues"]}


@pytest.fixture
def known(site):
    """A story with a sub-task and a work log, in a sprint."""
    sprint = site.world.create_sprint(site.board.id, "S1")
    story = site.issue("Story", sprint=sprint.id, components=["api"], nature="incident")
    site.issue("Part", parent=story.id)
    site.issue("Other")
    site.world.log_work(story, 2, after(1), 3600, after(2))
    return site


def everywhere(client):
    """Where the story and its work log show up."""
    bodies = {"issueIdsOrKeys": ["K8S-1"], "fields": ["summary"]}
    return {
        "search": "Story" in found(client, "project = K8S"),
        "get": client.get("/rest/api/3/issue/K8S-1").status_code == 200,
        "bulk": bool(client.post("/rest/api/3/issue/bulkfetch", json=bodies).json()["issues"]),
        "logs": bool(client.post("/rest/api/3/worklog/list", json={"ids": [10001]}).json()),
        "sprint": bool(client.get("/rest/agile/1.0/sprint/1/issue").json()["issues"]),
    }


def test_a_hidden_issue_shows_nowhere_until_it_is_shown_again(known):
    client, story = known.client(), known.world.issue("K8S-1")
    updated = story.updated_at
    assert all(everywhere(client).values())
    known.world.hide_issue(story)
    assert not any(everywhere(client).values())
    assert found(client, "project = K8S") == {"Other"}
    assert client.get(search, params={"jql": "key in (K8S-1)"}).status_code == 400
    known.world.show_issue(story)
    assert all(everywhere(client).values())
    assert found(client, "project = K8S") == {"Story", "Part", "Other"}
    assert story.updated_at == updated


def test_a_hidden_project_is_refused_with_its_board_sprints_and_issues(known):
    client, asked = known.client(), {"jql": "project = K8S"}
    known.world.hide_project(known.project.id)
    answer = client.get(search, params=asked)
    assert answer.status_code == 400
    complaint = "The value 'K8S' does not exist for the field 'project'."
    assert answer.json()["errorMessages"] == [complaint]
    for path in ("api/3/project/K8S", "api/3/issue/K8S-1", "agile/1.0/board/1"):
        assert client.get(f"/rest/{path}").status_code == 404
    assert client.get("/rest/agile/1.0/sprint/1").status_code == 404
    assert client.get("/rest/agile/1.0/board").json()["values"] == []
    assert client.get("/rest/api/3/project/search").json()["values"] == []
    assert client.get(search, params={"jql": "sprint = 1"}).status_code == 400
    known.world.show_project(known.project.id)
    assert found(client, "project = K8S") == {"Story", "Part", "Other"}
    assert client.get("/rest/agile/1.0/sprint/1").status_code == 200


def test_a_hidden_project_can_answer_as_empty(known):
    known.world.hide_project(known.project.id)
    assert found(known.client(hidden_projects_are_empty=True), "project = K8S") == set()


def test_a_sprint_of_a_hidden_board_shows_while_an_issue_of_it_does(known):
    other = known.world.add_project("LB", "Load Balancer", lead=2)
    known.world.create_issue(other.id, "Guest", after(1), sprint=1)
    known.world.hide_project(known.project.id)
    assert known.client().get("/rest/agile/1.0/sprint/1").status_code == 200
    assert found(known.client(), "sprint = 1") == {"Guest"}


def test_components_change_item_by_item(known, changes):
    story = known.world.issue("K8S-1")
    known.world.set_components(story, ["core", "test"], after(3))
    known.world.set_components(story, ["core", "test"], after(4))
    ids = known.world.component_id
    assert changes(story)[-3:] == [
        Item("component", ids("api"), "api", None, None),
        Item("component", None, None, ids("core"), "core"),
        Item("component", None, None, ids("test"), "test"),
    ]
    assert story.updated_at == milliseconds(after(3))
    fields = known.client().get("/rest/api/3/issue/K8S-1").json()["fields"]
    assert [one["name"] for one in fields["components"]] == ["core", "test"]
    assert found(known.client(), "component = test") == {"Story"}


def test_renamed_components_and_natures_show_on_all_issues_and_touch_none(known):
    story, client = known.world.issue("K8S-1"), known.client()
    before = client.get("/rest/api/3/issue/K8S-1").json()["fields"]
    known.world.rename_component("api", "interface")
    known.world.rename_nature_option("incident", "outage")
    after_it = client.get("/rest/api/3/issue/K8S-1").json()["fields"]
    for field, key, name in (("components", "name", "interface"), (None, "value", "outage")):
        nature = "customfield_10042"
        old, new = before[field or nature], after_it[field or nature]
        old, new = (old[0], new[0]) if field else (old, new)
        assert (new["id"], new[key]) == (old["id"], name)
    assert after_it["updated"] == before["updated"]
    assert len(story.histories) == 1
    assert found(client, "component = interface") == {"Story"}
    assert client.get(search, params={"jql": "component = api"}).status_code == 400


def test_a_status_can_be_renamed_and_change_its_category(known):
    story, client = known.world.issue("K8S-1"), known.client()
    known.world.rename_status("10000", "Ready")
    known.world.set_status_category("10000", "done")
    status = client.get("/rest/api/3/issue/K8S-1").json()["fields"]["status"]
    assert (status["name"], status["statusCategory"]["key"]) == ("Ready", "done")
    assert "Story" in found(client, "status = Ready AND statusCategory = Done")
    assert story.updated_at == milliseconds(after(2))


def test_a_boards_columns_and_estimation_can_change(known):
    client, address = known.client(), "/rest/agile/1.0/board/1/configuration"
    known.world.set_columns(known.board, [Column("All", ("10000", "3")), Column("End", ("6",))])
    known.world.set_estimation(known.board, "issueCount")
    shown = client.get(address).json()
    columns = shown["columnConfig"]["columns"]
    assert [(c["name"], len(c["statuses"])) for c in columns] == [("All", 2), ("End", 1)]
    assert shown["estimation"] == {"type": "issueCount"}
    for estimation, field in (
        ("points", "customfield_10028"),
        ("other_points", "customfield_10016"),
        ("timeoriginalestimate", "timeoriginalestimate"),
    ):
        known.world.set_estimation(known.board, estimation)
        assert client.get(address).json()["estimation"]["field"]["fieldId"] == field


@pytest.mark.parametrize("touches_issue", [True, False])
def test_work_log_acts_can_leave_the_issue_untouched(known, touches_issue):
    world, issue, client = known.world, known.issue("Quiet"), known.client()
    log = world.log_work(issue, 2, after(1), 60, after(2), touches_issue=touches_issue)
    world.edit_work_log(log, after(3), seconds=120, touches_issue=touches_issue)
    rows = client.get("/rest/api/3/worklog/updated").json()["values"]
    assert [log.id, milliseconds(after(3))] in [[r["worklogId"], r["updatedTime"]] for r in rows]
    world.delete_work_log(log, after(4), touches_issue=touches_issue)
    gone = client.get("/rest/api/3/worklog/deleted").json()["values"]
    assert [row["worklogId"] for row in gone] == [log.id]
    assert len(issue.histories) == (3 if touches_issue else 0)
    assert (issue.updated_at > issue.created_at) is touches_issue


def test_closed_sprints_can_be_renamed_redated_and_reopened(known):
    world, sprint = known.world, known.world.sprints[1]
    world.start_sprint(sprint, after(300), after(1))
    world.close_sprint(sprint, None, after(300))
    world.rename_sprint(sprint, "Renamed")
    world.redate_sprint(sprint, start_at=after(0), end_at=after(200))
    closed = known.client().get("/rest/agile/1.0/sprint/1").json()
    assert (closed["state"], closed["name"]) == ("closed", "Renamed")
    assert closed["startDate"] == "2026-03-02T09:00:00.000Z"
    assert "completeDate" in closed
    world.reopen_sprint(sprint)
    reopened = known.client().get("/rest/agile/1.0/sprint/1").json()
    assert reopened["state"] == "active"
    assert "completeDate" not in reopened


def test_a_sub_task_can_change_its_parent_and_an_issue_its_epic(known, changes):
    world = known.world
    part, other = world.issue("K8S-2"), world.issue("K8S-3")
    epic = known.issue("Epic", kind=type_of_epic)
    world.set_parent(part, other, after(3))
    world.set_epic(other, epic, after(3))
    world.set_epic(other, None, after(4))
    assert found(known.client(), "parent = K8S-3") == {"Part"}
    assert found(known.client(), "parent = K8S-1") == set()
    assert [item.code for item in changes(part)] == ["parent"]
    assert [(item.old, item.new) for item in changes(other)] == [
        (None, str(epic.id)),
        (str(epic.id), None),
    ]
