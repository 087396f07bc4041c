from datetime import UTC, datetime, timedelta

import pytest

from bot.simulator.site import UnknownThing
from bot.simulator.state import Item, milliseconds, type_of_bug, type_of_epic

start = datetime(2026, 3, 2, 9, tzinfo=UTC)


def after(hours: float) -> datetime:
    return start + timedelta(hours=hours)


def test_values_given_at_creation_leave_no_change(site):
    sprint = site.world.create_sprint(site.board.id, "Sprint 1")
    issue = site.issue(points=3, labels=["impediment"], sprint=sprint.id, nature="incident")
    assert issue.histories == []
    assert issue.sprints == (sprint.id,)


def test_a_transition_to_done_sets_the_resolution_in_the_same_history(site, changes):
    issue = site.issue()
    site.world.transition(issue, "3", after(1))
    site.world.transition(issue, "10001", after(2))
    assert changes(issue) == [
        Item("status", "10000", "To Do", "3", "In Progress"),
        Item("resolution", None, None, "10000", "Done"),
        Item("status", "3", "In Progress", "10001", "Done"),
    ]
    assert len(issue.histories) == 2
    assert issue.resolved_at == milliseconds(after(2))


def test_reopening_clears_the_resolution(site, changes):
    issue = site.issue(status="10001")
    site.world.transition(issue, "3", after(1))
    assert changes(issue)[0] == Item("resolution", "10000", "Done", None, None)
    assert issue.resolved_at is None


def test_story_points_change_as_texts_without_from_and_to(site, changes):
    issue = site.issue(points=2)
    site.world.set_estimate(issue, 3, after(1))
    site.world.set_estimate(issue, None, after(2))
    site.world.set_estimate(issue, 0.5, after(3))
    assert changes(issue) == [
        Item("points", None, "2", None, "3"),
        Item("points", None, "3", None, None),
        Item("points", None, None, None, "0.5"),
    ]


def test_labels_are_one_string_joined_by_spaces(site, changes):
    issue = site.issue(labels=["a"])
    site.world.set_labels(issue, ["a", "impediment"], after(1))
    assert changes(issue) == [Item("labels", None, "a", None, "a impediment")]


def test_a_flag_goes_on_from_nothing_and_off_to_an_empty_string(site, changes):
    issue = site.issue()
    site.world.set_flag(issue, True, after(1))
    site.world.set_flag(issue, False, after(2))
    assert changes(issue) == [
        Item("flagged", None, None, "[10019]", "Impediment"),
        Item("flagged", "[10019]", "Impediment", "", ""),
    ]


def test_doing_the_same_twice_writes_nothing(site):
    issue = site.issue(points=3, labels=["a"])
    site.world.set_estimate(issue, 3, after(1))
    site.world.set_labels(issue, ["a"], after(1))
    site.world.set_flag(issue, False, after(1))
    site.world.transition(issue, "10000", after(1))
    assert issue.histories == []
    assert issue.updated_at == issue.created_at


def test_epic_nature_type_and_assignee_are_recorded_with_their_ids(site, changes):
    epic = site.issue("Self-service", kind=type_of_epic)
    issue = site.issue()
    site.world.set_epic(issue, epic, after(1))
    site.world.set_nature(issue, "incident", after(2))
    site.world.set_type(issue, type_of_bug, after(3))
    site.world.assign(issue, 2, after(4))
    assert changes(issue) == [
        Item("epic", None, None, str(epic.id), epic.key),
        Item("nature", None, None, site.world.nature_id("incident"), "incident"),
        Item("type", "10001", "Story", "10004", "Bug"),
        Item("assignee", None, None, "2", "Zoë <Ng>"),
    ]
    assert issue.id in site.world.by_epic[epic.id]


def test_unfinished_issues_moved_to_the_next_sprint_keep_the_closed_one(site, changes):
    world = site.world
    first, second = (world.create_sprint(site.board.id, f"S, {n}") for n in (1, 2))
    issue, ready = site.issue(sprint=first.id), site.issue(sprint=first.id, status="10001")
    world.start_sprint(first, after(300), after(1))
    unfinished = world.close_sprint(first, second, after(300))
    assert unfinished == [issue]
    assert changes(issue) == [Item("sprint", "1", "S, 1", "1, 2", "S, 1, S, 2")]
    assert changes(ready) == []


def test_unfinished_issues_sent_to_the_backlog_get_no_item(site):
    world = site.world
    sprint = world.create_sprint(site.board.id, "S1")
    issue = site.issue(sprint=sprint.id)
    world.start_sprint(sprint, after(300), after(1))
    world.close_sprint(sprint, None, after(300))
    assert issue.histories == []
    assert issue.sprints == (sprint.id,)
    assert issue.updated_at == issue.created_at


def test_leaving_an_open_sprint_writes_its_removal(site, changes):
    world = site.world
    first, second = (world.create_sprint(site.board.id, f"S{n}") for n in (1, 2))
    issue = site.issue()
    world.move_to_sprint(issue, first, after(1))
    world.move_to_sprint(issue, second, after(2))
    world.remove_from_sprint(issue, after(3))
    assert [(item.old, item.new) for item in changes(issue)] == [("", "1"), ("1", "2"), ("2", "")]


def test_sprint_events_touch_no_issue(site):
    world = site.world
    sprint = world.create_sprint(site.board.id, "S1")
    issue = site.issue(sprint=sprint.id)
    world.start_sprint(sprint, after(300), after(5), start_at=after(2))
    world.rename_sprint(sprint, "Renamed")
    world.redate_sprint(sprint, end_at=after(310))
    world.close_sprint(sprint, None, after(300))
    world.reopen_sprint(sprint)
    assert issue.updated_at == issue.created_at
    assert (sprint.start_at, sprint.activated_at) == (
        milliseconds(after(2)),
        milliseconds(after(5)),
    )
    assert (sprint.state, sprint.complete_at) == ("active", None)


@pytest.mark.parametrize("touches_issues", [False, True])
def test_deleting_a_sprint_takes_its_issues_out(site, changes, touches_issues):
    sprint = site.world.create_sprint(site.board.id, "S1")
    issue = site.issue(sprint=sprint.id)
    site.world.delete_sprint(sprint, after(1), touches_issues=touches_issues)
    written = [Item("sprint", "1", "S1", "", "")] if touches_issues else []
    assert changes(issue) == written
    assert (issue.updated_at > issue.created_at) is touches_issues
    assert issue.sprints == ()
    assert sprint.id not in site.world.sprints


def test_a_moved_issue_keeps_its_id_and_its_old_key_resolves(site, changes):
    other = site.world.add_project("LB", "Load Balancer", lead=2)
    issue = site.issue()
    site.world.move_to_project(issue, other.id, after(1))
    assert issue.key == "LB-1"
    assert site.world.issue("K8S-1") is site.world.issue("LB-1") is issue
    assert [item.code for item in changes(issue)] == ["project", "key"]


def test_sub_tasks_move_with_their_parent(site, changes):
    other = site.world.add_project("LB", "Load Balancer", lead=2)
    issue = site.issue()
    part = site.issue("Tests", parent=issue.id)
    site.world.move_to_project(issue, other.id, after(1))
    assert (part.project, part.key) == (other.id, "LB-2")
    assert [item.code for item in changes(part)] == ["project", "key"]


def test_a_deleted_issue_leaves_no_tombstone_and_its_work_logs_are_listed(site):
    issue = site.issue()
    part = site.issue("Tests", parent=issue.id)
    log = site.world.log_work(part, 2, after(1), 3600, after(2))
    sprint = site.world.create_sprint(site.board.id, "S1")
    site.world.move_to_sprint(issue, sprint, after(2))
    site.world.delete_issue(issue, after(3))
    assert not site.world.by_sprint[sprint.id]
    with pytest.raises(UnknownThing):
        site.world.issue("K8S-2")
    assert [gone.id for gone in site.world.deleted_work_logs] == [log.id]
    assert not site.world.issues


def test_logged_work_is_one_history_dated_at_its_entry(site, changes):
    issue = site.issue(original_seconds=7200)
    log = site.world.log_work(issue, 2, after(1), 3600, after(20))
    assert changes(issue) == [
        Item("spent", None, None, "3600", "3600"),
        Item("remaining", "7200", "7200", "3600", "3600"),
        Item("work_log_added", None, None, str(log.id), str(log.id)),
    ]
    assert issue.histories[0].at == milliseconds(after(20))
    assert log.started_at == milliseconds(after(1))


def test_edited_and_deleted_work_logs_change_the_time_spent(site, changes):
    issue = site.issue()
    log = site.world.log_work(issue, 2, after(1), 3600, after(2))
    site.world.edit_work_log(log, after(3), seconds=1800)
    site.world.delete_work_log(log, after(4))
    spent = [(item.old, item.new) for item in changes(issue) if item.code == "spent"]
    assert spent == [(None, "3600"), ("3600", "1800"), ("1800", "0")]
    assert log.updated_at == milliseconds(after(3))
    assert [gone.at for gone in site.world.deleted_work_logs] == [milliseconds(after(4))]


def test_a_workflow_migration_shares_its_history_with_the_status(site, changes):
    issue = site.issue(status="10001")
    site.world.migrate_workflow(issue, "3", after(1))
    assert [item.code for item in changes(issue)] == ["workflow", "status"]
    assert len(issue.histories) == 1


def test_a_sub_task_is_where_its_parent_is(site):
    sprint = site.world.create_sprint(site.board.id, "S1")
    issue = site.issue()
    part = site.issue("Tests", parent=issue.id)
    site.world.move_to_sprint(issue, sprint, after(1))
    assert site.world.sprints_of(part) == (sprint.id,)
    assert part.histories == []


def test_a_history_out_of_order_is_refused(site):
    issue = site.issue()
    site.world.transition(issue, "3", after(2))
    with pytest.raises(ValueError, match="already has a history"):
        site.world.transition(issue, "10001", after(1))


def test_an_instant_without_a_zone_is_refused(site):
    with pytest.raises(ValueError, match="no time zone"):
        site.issue(at=datetime(2026, 3, 2))
