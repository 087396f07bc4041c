from datetime import UTC, datetime

import pytest

from bot.simulator.jql import JqlError, parse
from bot.simulator.searching import found_issues
from bot.simulator.state import type_of_epic


@pytest.fixture
def many(site):
    world = site.world
    other = world.add_project("LB", "Load Balancer", lead=2)
    sprint = world.create_sprint(site.board.id, "Sprint 1, the first")
    epic = site.issue("Self-service", kind=type_of_epic, labels=["Q1-26"])
    story = site.issue("Story", epic=epic.id, sprint=sprint.id, components=["test"])
    site.issue("Part", parent=story.id)
    site.issue("Incident", labels=["Impediment"], status="10001")
    world.create_issue(other.id, "Elsewhere", datetime(2026, 3, 3, tzinfo=UTC))
    return site


def found(site, jql: str, zone: str = "UTC", **options) -> str:
    issues = found_issues(site.world, jql + " ORDER BY id", zone, **options)
    return " ".join(issue.summary for issue in issues)


@pytest.mark.parametrize(
    ("jql", "summaries"),
    [
        ("project = K8S", "Self-service Story Part Incident"),
        ("project in (LB)", "Elsewhere"),
        ("project = 'Load Balancer'", "Elsewhere"),
        ('project in (K8S, "LB")', "Self-service Story Part Incident Elsewhere"),
        ("sprint = 1", "Story Part"),
        ("sprint in (1)", "Story Part"),
        ('Sprint = "Sprint 1, the first"', "Story Part"),
        ("sprint is EMPTY AND project = K8S", "Self-service Incident"),
        ("id in (10002, 10003)", "Story Part"),
        ("key in (K8S-2, LB-1)", "Story Elsewhere"),
        ("parent = K8S-1", "Story"),
        ("parent in (K8S-2, K8S-1)", "Story Part"),
        ('"Epic Link" = K8S-1', "Story"),
        ("issuetype = Epic", "Self-service"),
        ("labels = impediment", "Incident"),
        ("labels in (impediment, Q1-26)", "Self-service Incident"),
        ("labels != impediment", "Self-service"),
        ("component = test", "Story"),
        ("status = Done", "Incident"),
        ("statusCategory = Done OR component = test", "Story Incident"),
        ("project = K8S AND NOT (labels is not EMPTY OR parent is not EMPTY)", ""),
        ("project = K8S and status not in (Done)", "Self-service Story Part"),
    ],
)
def test_a_query_finds(many, jql, summaries):
    assert found(many, jql) == summaries


def test_on_data_center_parent_finds_sub_tasks_only(many):
    assert found(many, "parent in (K8S-1, K8S-2)", epics_are_parents=False) == "Part"


def test_dates_are_read_in_the_callers_zone_by_the_minute(many):
    issue = many.issue("Late", at=datetime(2026, 3, 5, 12, 30, 59, tzinfo=UTC))
    many.world.touch(issue, datetime(2026, 3, 6, 12, 30, 59, tzinfo=UTC))
    assert found(many, 'updated >= "2026/03/06 12:30"') == "Late"
    assert found(many, 'updated >= "2026/03/06 12:31"') == ""
    assert found(many, 'updated >= "2026/03/06 13:30"', "Europe/Paris") == "Late"
    assert found(many, 'updated >= "2026/03/06 13:31"', "Europe/Paris") == ""
    assert found(many, 'created > "2026-03-05 12:29"') == "Late"
    assert found(many, 'created < "2026/03/03"') == "Self-service Story Part Incident"


def test_the_order_can_descend(many):
    issues = found_issues(many.world, "project in (K8S, LB) ORDER BY created DESC, id ASC", "UTC")
    assert issues[0].summary == "Elsewhere"


def test_hidden_and_deleted_issues_are_not_found(many):
    many.world.hide_issue(many.world.issue("K8S-4"))
    many.world.delete_issue(many.world.issue("K8S-2"), datetime(2026, 3, 4, tzinfo=UTC))
    assert found(many, "project = K8S") == "Self-service"
    with pytest.raises(JqlError, match="An issue with key 'K8S-2' does not exist"):
        found(many, "key in (K8S-2)")


@pytest.mark.parametrize(
    ("jql", "complaint"),
    [
        ("colour = red", "Field 'colour' does not exist"),
        ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'"),
        ("project K8S", "Expecting operator but got 'K8S'"),
        ("project = K8S labels = a", "Expecting either 'OR' or 'AND'"),
        ("project in (K8S", "but got end of the query"),
        ("project =", "Expecting a value but got end of the query"),
        ('project = "K8S', "is not allowed here"),
        ("updated >= yesterday", "Date value 'yesterday'"),
        ("labels > a", "operator '>' is not supported"),
        ("sprint = 99", "Sprint with name '99' does not exist"),
        ("project = K8S ORDER BY labels", "does not support sorting"),
    ],
)
def test_a_wrong_query_is_named(many, jql, complaint):
    with pytest.raises(JqlError, match=complaint.replace("(", r"\(")):
        found_issues(many.world, jql, "UTC")


def test_more_than_seven_orders_are_refused():
    with pytest.raises(JqlError, match="more than 7"):
        parse("project = A ORDER BY " + ", ".join(["id"] * 8))


def test_a_lagging_index_shows_issues_as_they_were(many):
    issue = many.world.issue("K8S-4")
    many.world.transition(issue, "3", datetime(2026, 3, 9, 12, tzinfo=UTC))
    seen_to = int(datetime(2026, 3, 9, 11, tzinfo=UTC).timestamp() * 1000)
    assert found(many, "status = Done", seen_to=seen_to) == "Incident"
    assert found(many, "status = Done") == ""
    assert found(many, 'updated >= "2026/03/09 00:00"', seen_to=seen_to) == ""
    view = found_issues(many.world, "status = Done", "UTC", seen_to)[0]
    assert view.histories == []
    assert issue.status == "3"


def at(day: int, hour: int) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp() * 1000)


def test_a_lagging_index_still_finds_the_deleted(many):
    story, part = many.world.issue("K8S-2"), many.world.issue("K8S-3")
    many.world.log_work(story, 2, at(8, 9), 60, at(8, 10))
    many.world.delete_issue(story, at(9, 12))
    assert found(many, "project = K8S", seen_to=at(9, 11)) == ("Self-service Story Part Incident")
    assert found(many, "project = K8S", seen_to=at(9, 12)) == "Self-service Incident"
    assert part.id not in many.world.issues
    issue = many.issue("Short-lived", at=at(10, 9))
    many.world.delete_issue(issue, at(10, 10))
    assert "Short-lived" not in found(many, "project = K8S", seen_to=at(10, 8))


def test_a_lagging_index_finds_the_moved_where_they_were(many):
    story, other = many.world.issue("K8S-2"), many.world.project("LB")
    many.world.set_components(story, ["core"], at(8, 12))
    many.world.move_to_project(story, other.id, at(9, 12))
    assert found(many, "project = LB", seen_to=at(9, 11)) == "Elsewhere"
    [view] = found_issues(many.world, "component = core", "UTC", at(9, 11))
    assert (view.key, view.project, view.components) == ("K8S-2", many.project.id, ("core",))
    [older] = found_issues(many.world, "component = test", "UTC", at(8, 11))
    assert older.components == ("test",)
    assert found(many, "project = LB") == "Elsewhere Story Part"


def test_a_lagging_index_forgets_a_deleted_sprint(many):
    story = many.world.issue("K8S-2")
    many.world.remove_from_sprint(story, at(9, 12))
    many.world.delete_sprint(many.world.sprints[1], at(9, 12))
    [view] = found_issues(many.world, "key = K8S-2", "UTC", at(9, 11))
    assert view.sprints == ()
