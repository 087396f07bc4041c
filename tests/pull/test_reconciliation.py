"""What Jira gives no trace of is found all the same: by counting, in passing, by comparing."""

import pytest
from starlette.responses import JSONResponse

from bot.simulator.state import Column
from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.issues import known_issue_ids
from telemetry.store.pulls import read_pulls
from tests.first_pulls import begin_pulled
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, reconfigured, serving

pytestmark = pytest.mark.slow

WEB = a_team("web", "WEB")
TEAMS = [a_team(impediment={"nature_field": "Nature"}), WEB]


@pytest.fixture
def story() -> Story:
    story = Story()
    sprint = story.sprint(on(1, 10))
    for number in range(12):
        story.issue(number % 4 + 1, sprint=sprint.id if number % 2 else None)
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1, 10), board=board.id, name="Web 1")
    story.issue(2, project=web.id, sprint=2)
    return story


@pytest.fixture(params=["cloud", "datacenter"])
def pulled(request, story, sqlite_store, tmp_path):
    with serving(story, sqlite_store, tmp_path / "a", TEAMS, request.param) as pulled:
        begin_pulled(pulled)
        yield pulled
        assert rebuild(pulled.engine) == 0


def total(pulled, team: str = "k8s") -> float:
    return pulled.reports.sprint(team, "current").figures.total_points


def test_an_idle_pull_asks_once_a_board_and_eight_times_beside(pulled):
    for _ in range(5):
        assert pulled.good_pull().requests <= 2 + 8


def test_a_deleted_issue_is_found_because_the_number_is_off(pulled):
    pulled.story.world.delete_issue(pulled.story.world.issue("K8S-4"), on(5))
    before = total(pulled)
    outcome = pulled.good_pull()
    assert outcome.found == {"missing": 0, "changed": 0, "moved": 0, "vanished": 1}
    assert total(pulled) == before - 4
    assert pulled.good_pull().found == {}


def test_a_hidden_issue_that_is_shown_again_comes_back(pulled):
    before = total(pulled)
    hidden = pulled.story.world.issue("K8S-4")
    pulled.story.world.hide_issue(hidden)
    pulled.good_pull()
    assert total(pulled) == before - 4
    pulled.story.world.show_issue(hidden)
    assert pulled.good_pull().found["missing"] == 1
    assert total(pulled) == before


def test_an_issue_moved_to_a_project_of_no_team_leaves_and_is_not_called_deleted(pulled):
    elsewhere = pulled.story.world.add_project("ELSE", "Elsewhere", lead=2)
    pulled.story.now = on(6)
    pulled.story.world.remove_from_sprint(pulled.story.world.issue("K8S-4"), on(6))
    pulled.story.world.move_to_project(pulled.story.world.issue("K8S-4"), elsewhere.id, on(6))
    before = total(pulled)
    assert pulled.good_pull().found == {"missing": 0, "changed": 0, "moved": 1, "vanished": 0}
    assert total(pulled) == before - 4


def test_an_issue_moved_between_teams_keeps_its_id_and_counts_once(pulled):
    moved = pulled.story.world.issue("K8S-4")
    pulled.story.now = on(6)
    pulled.story.world.move_to_project(moved, pulled.story.world.issue("WEB-1").project, on(6))
    assert pulled.good_pull().found == {}
    with reading(pulled.engine) as connection:
        assert moved.id not in known_issue_ids(connection, "default", "K8S")
        assert moved.id in known_issue_ids(connection, "default", "WEB")


def test_a_renamed_option_touches_nothing_and_is_found_by_comparing(pulled):
    world = pulled.story.world
    pulled.story.now = on(6)
    world.set_labels(world.issue("K8S-2"), ["impediment"], on(6))
    world.set_nature(world.issue("K8S-2"), "Network", on(6))
    pulled.story.log(world.issue("K8S-2"), on(6), 1)
    pulled.good_pull()
    pulled.story.now = on(7)
    pulled.good_pull()
    world.rename_nature_option("Network", "Net")
    assert pulled.good_pull().issues_changed == 0
    outcome = pulled.good_pull(reconcile=True)
    assert (outcome.kind, outcome.found["changed"]) == ("reconcile", 1)
    with reading(pulled.engine) as connection:
        assert read_pulls(connection, 1)[0].found == outcome.found
    [nature] = pulled.reports.sprint("k8s", "current").figures.impediments.by_nature
    assert nature.nature == "Net"


def test_a_closed_sprint_is_renamed_within_a_round_of_pulls(pulled):
    world, sprint = pulled.story.world, pulled.story.world.sprints[1]
    world.close_sprint(sprint, None, on(5, 17))
    pulled.good_pull()
    world.rename_sprint(sprint, "Renamed after its close")
    for _ in range(3):  # two boards, and the statuses
        pulled.good_pull()
    assert pulled.reports.sprint("k8s", 1).name == "Renamed after its close"


def test_a_reopened_sprint_is_running_again_at_once(pulled):
    world, sprint = pulled.story.world, pulled.story.world.sprints[1]
    world.close_sprint(sprint, None, on(5, 17))
    pulled.good_pull()
    world.reopen_sprint(sprint)
    pulled.good_pull()
    assert pulled.reports.sprint("k8s", 1).state == "active"


def test_a_board_with_other_columns_counts_anew_within_a_round(story, sqlite_store, tmp_path):
    teams = [a_team(done="board_column"), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        pulled.story.now = on(6)
        world = pulled.story.world
        world.transition(world.issue("K8S-2"), DOING, on(6))
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.done_points == 0
        columns = [Column("To Do", (TODO,)), Column("Finished", (DOING, DONE))]
        world.set_columns(pulled.story.board, columns)
        for _ in range(3):
            pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.done_points == 2


def test_a_field_that_only_a_new_team_needs_is_read_for_all(pulled, tmp_path):
    world = pulled.story.world
    world.set_nature(world.issue("K8S-2"), "Network", on(5))
    other = [*TEAMS, a_team("more", "WEB", estimate="original_estimate")]
    deployment = pulled.context.settings.jira["default"].deployment
    more = reconfigured(pulled, tmp_path / "a", other, flavour=deployment)
    try:
        assert more.good_pull().kind == "first"
        assert more.good_pull().kind == "incremental"
    finally:
        more.context.engine.dispose()


def test_the_projects_whole_permission_lost_stops_the_team_and_heals(pulled):
    before = total(pulled)
    pulled.story.world.hide_project(pulled.story.project.id)
    outcome = pulled.pull()
    assert set(outcome.failures) == {"k8s"}
    assert total(pulled) == before
    pulled.story.world.show_project(pulled.story.project.id)
    pulled.good_pull()
    assert total(pulled) == before


@pytest.mark.parametrize("asked", [{"reconcile": True}, {"full": True}], ids=str)
def test_a_deleted_issue_of_a_foreign_project_leaves(pulled, asked):
    world = pulled.story.world
    other = world.add_project("ELSE", "Else", lead=2)
    before = total(pulled)
    foreign = pulled.story.issue(3, project=other.id, sprint=1, at=pulled.story.now)
    pulled.good_pull()
    assert total(pulled) == before + 3
    world.delete_issue(foreign, pulled.story.now)
    pulled.good_pull(**asked)
    assert total(pulled) == before


def test_a_foreign_issue_that_changes_after_its_sprint_is_closed_is_read(pulled):
    world = pulled.story.world
    other = world.add_project("ELSE", "Else", lead=2)
    foreign = pulled.story.issue(3, project=other.id, sprint=1, at=pulled.story.now)
    pulled.good_pull()
    world.close_sprint(world.sprints[1], None, on(5, 19))
    pulled.story.now = on(6)
    pulled.good_pull()
    world.set_labels(foreign, ["impediment"], on(6))
    assert pulled.good_pull().issues_changed == 1


def test_work_logged_while_an_issue_was_hidden_is_found_by_its_time_spent(pulled):
    world, issue = pulled.story.world, pulled.story.world.issue("K8S-4")
    world.hide_issue(issue)
    pulled.story.now = on(6)
    pulled.story.log(issue, on(6), 2, touches_issue=False)
    pulled.pull(accept_vanished=True)
    pulled.story.now = on(8)
    world.show_issue(issue)
    pulled.good_pull(reconcile=True)
    logged = sum(row.seconds for row in pulled.reports.issues("k8s", "current"))
    assert logged == 2 * 3600


def test_a_board_that_refuses_its_sprints_for_once_keeps_them(story, sqlite_store, tmp_path):
    is_refusing: list[bool] = []

    def fault(request):
        is_sprints = request.url.path.endswith("/board/1/sprint")
        return JSONResponse({"errorMessages": ["no"]}, 400) if is_refusing and is_sprints else None

    with serving(story, sqlite_store, tmp_path / "a", TEAMS, faults=fault) as pulled:
        pulled.good_pull()
        is_refusing.append(True)
        assert set(pulled.pull().failures) == {"k8s"}
        is_refusing.clear()
        pulled.good_pull()
        assert total(pulled) > 0
