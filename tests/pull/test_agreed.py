"""What a team's figures mean never changes by itself: the team fails, and keeps its figures."""

from datetime import timedelta

import orjson
import pytest

from bot.check import check_all
from bot.simulator.state import Column
from telemetry.facts import rebuild
from telemetry.store.engine import writing
from telemetry.store.schema import cursors
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import DOING, DONE, TODO, Story, a_team, configure, on, url_of
from tests.refusing import Damaged, damaged

pytestmark = pytest.mark.slow

POINTS = "customfield_10028"
SPRINT = "customfield_10020"
K8S = a_team("k8s", "K8S", board=1)
WEB = a_team("web", "WEB", board=2, estimate="issue_count")
TEAMS = [K8S, WEB]


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for points in (1, 2, 3):
        story.issue(points, sprint=1)
        story.issue(points, project=web.id, sprint=2)
    return story


def without_field(field_id, *, is_listed=False):
    """Jira no longer shows a field: in its list (unless told otherwise), and of no issue."""

    def damage(path, status, body):
        data = orjson.loads(body)
        if path.endswith("/field") and not is_listed:
            return status, orjson.dumps([one for one in data if one["id"] != field_id])
        for issue in data.get("issues", []) if isinstance(data, dict) else []:
            issue.get("fields", {}).pop(field_id, None)
        return status, orjson.dumps(data)

    return damage


def retyped(field_id):
    def damage(path, status, body):
        data = orjson.loads(body)
        if path.endswith("/field"):
            for one in data:
                if one["id"] == field_id:
                    one["schema"] = {"type": "string", "custom": "customfieldtypes:textfield"}
        return status, orjson.dumps(data)

    return damage


def without_board(number, code=404):
    """A board that is gone, or hidden: from the list of boards, and by its id."""

    def damage(path, status, body):
        bare = path.partition("?")[0]
        if f"/board/{number}" in bare:
            return code, b'{"errorMessages":["cannot be viewed"]}'
        if bare.endswith("/board"):
            data = orjson.loads(body)
            data["values"] = [one for one in data["values"] if one["id"] != number]
            return status, orjson.dumps(data)
        return status, body

    return damage


def told(pulled, key="k8s"):
    """The sentence of the team, which alone fails and whose page says the same."""
    outcome = pulled.pull()
    assert set(outcome.failures) == {key}
    assert pulled.reason(key) == outcome.failures[key]
    return outcome.failures[key]


def told_soon(pulled, pulls=2):
    """The same, where a pull or two may pass in which nothing is asked."""
    for _ in range(pulls - 1):
        pulled.pull()
    return told(pulled)


def stands(pulled, whole):
    """The team fails at every pull of any kind and keeps its figures, a rebuild included."""
    for asked in ({"full": True}, {}, {}):
        pulled.story.now += timedelta(minutes=10)
        assert set(pulled.pull(**asked).failures) == {"k8s"}
        assert pulled.figures() == whole
        assert pulled.figures("web").total_points == 3
    assert rebuild(pulled.engine) == 0


def decided(pulled, tmp_path, **values):
    """The same store under another configuration of the team."""
    teams = [a_team("k8s", "K8S", **values), WEB]
    context = configure(tmp_path / "decided", pulled.url, url_of(pulled.engine), teams)
    return Damaged(pulled.story, pulled.url, context, pulled.requests)


@pytest.mark.parametrize("is_listed", [False, True])
@parametrize_in_turn("estimate", ["board", "Story Points"], 1)
def test_an_estimate_field_that_goes_takes_no_estimate_with_it(
    sqlite_store, tmp_path, story, estimate, is_listed
):
    teams = [a_team("k8s", "K8S", board=1, estimate=estimate), WEB]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        pulled.damage = without_field(POINTS, is_listed=is_listed)
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-1"), ["x"], on(5.9))
        pulled.pull()
        assert pulled.figures().total_points == whole.total_points
        if is_listed:  # hidden of the issues alone: their estimates stand as last known
            assert [said for _, said in pulled.unread()] == [
                "its Story Points, which Jira no longer shows"
            ]
            return
        sentence = told_soon(pulled)
        for part in ("'Story Points' (customfield_10028)", "telemetry.yml:", "'estimate:'"):
            assert part in sentence
        assert ("--accept-vanished" in sentence) == (estimate == "board")
        stands(pulled, whole)
        if estimate == "board":
            pulled.good_pull(accept_vanished=True)
            pulled.good_pull()
            pulled.good_pull(full=True)
        pulled.damage = None
        pulled.good_pull()


def test_a_person_decides_by_the_configuration_or_by_accepting(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        story.world.set_estimation(story.board, "issueCount")
        sentence = told_soon(pulled)
        assert "board 1 (K8S board) estimates by issue count now" in sentence
        found = [one.sentence for one in check_all(pulled.context) if not one.is_good]
        assert [one for one in found if one in sentence]
        assert "'Story Points' (customfield_10028)" in sentence
        stands(pulled, pulled.figures())
        named = decided(pulled, tmp_path, board=1, estimate="Story Points")
        named.good_pull()
        assert named.figures().total_points == 6
        named.good_pull()
        pulled.pull()
        pulled.good_pull(accept_vanished=True)
        assert pulled.figures().total_points == 3
        pulled.good_pull()
        pulled.good_pull(full=True)
        assert pulled.figures().total_points == 3
        assert rebuild(pulled.engine) == 0


@pytest.mark.parametrize("estimation", ["other_points", "timeoriginalestimate"])
def test_a_board_that_estimates_by_another_field_changes_no_unit(
    sqlite_store, tmp_path, story, estimation
):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        story.world.set_estimation(story.board, estimation)
        assert "estimates by" in told_soon(pulled)
        story.world.set_estimation(story.board, "points")
        pulled.good_pull()
        assert pulled.figures().total_points == 6


def test_a_field_of_another_type_is_not_the_one_agreed_on(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        pulled.damage = retyped(POINTS)
        assert "of another type now (string, before number)" in told_soon(pulled, 3)


def test_a_unit_that_no_board_gave_stays_when_a_field_appears(sqlite_store, tmp_path, story):
    def no_points(path, status, body):
        data = orjson.loads(body)
        if path.endswith("/field"):
            return status, orjson.dumps([f for f in data if "oint" not in f["name"]])
        if "/configuration" in path:
            data["estimation"] = {"type": "none"}
        return status, orjson.dumps(data)

    def none(path, status, body):
        data = orjson.loads(body)
        if "/configuration" in path:
            data["estimation"] = {"type": "none"}
        return status, orjson.dumps(data)

    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        pulled.damage = no_points
        pulled.good_pull()
        assert pulled.figures().total_points == 3
        pulled.damage = none
        pulled.good_pull(full=True)
        assert pulled.figures().total_points == 3


@parametrize_in_turn("configured", [1, None], 1)
def test_a_board_made_anew_takes_no_past_sprint_away(sqlite_store, tmp_path, story, configured):
    board = {} if configured is None else {"board": configured}
    with damaged(story, sqlite_store, tmp_path, [a_team("k8s", "K8S", **board), WEB]) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        made = story.world.add_board(story.project.id, "K8S again")
        pulled.good_pull()
        made.foreign_sprints.append(1)
        pulled.damage = without_board(1)
        sentence = told(pulled)
        assert "board 1 (K8S board)" in sentence
        assert f"'boards: [1, {made.id}]' (" in sentence
        assert "telemetry.yml:" in sentence
        stands(pulled, whole)
        named = decided(pulled, tmp_path, boards=[1, made.id])
        named.good_pull()
        assert named.figures().total_points == whole.total_points
        next_one = story.sprint(story.now - timedelta(hours=1), board=made.id, name="Next")
        story.issue(5, sprint=next_one.id, at=story.now - timedelta(hours=2))
        for asked in ({}, {"full": True}, {"reconcile": True}, {}):
            named.good_pull(**asked)
            assert {s.id for s in named.reports.sprints("k8s")} == {1, next_one.id}
        assert rebuild(named.engine) == 0
        pulled.damage = None
        named.good_pull(full=True)


def test_a_hidden_board_is_not_accepted_because_another_lists_a_sprint_of_it(
    sqlite_store, tmp_path, story
):
    other = story.world.add_board(story.project.id, "Other")
    other.foreign_sprints.append(1)
    teams = [a_team("k8s", "K8S", boards=[1, other.id]), WEB]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        for code in (404, 403):
            pulled.damage = without_board(1, code)
            for asked in ({}, {"full": True}, {}):
                assert set(pulled.pull(**asked).failures) == {"k8s"}
                assert pulled.figures() == whole


@parametrize_in_turn("kind", ["kanban", "simple"], 1)
def test_a_board_that_loses_its_sprints_keeps_those_of_the_past(
    sqlite_store, tmp_path, story, kind
):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        story.board.kind, story.board.has_sprints = kind, False
        told(pulled)
        stands(pulled, whole)
        assert "has no sprints any more" in pulled.pull(full=True).failures["k8s"]
        story.board.kind, story.board.has_sprints = "scrum", True
        pulled.good_pull()


def test_a_second_board_of_the_project_changes_nothing(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path, [a_team("k8s", "K8S"), WEB]) as pulled:
        begin_pulled(pulled)
        story.world.add_board(story.project.id, "Second")
        for asked in ({"full": True}, {"reconcile": True}, {}):
            pulled.good_pull(**asked)
        assert pulled.figures().total_points == 6


LAST = Column("Done", (DONE,))


@parametrize_in_turn(
    ("columns", "is_same"),
    [
        ([Column("To Do", (TODO,)), Column("Doing", (DOING,))], False),
        ([Column("To Do", (TODO,)), LAST, Column("Released", (DOING,))], False),
        ([Column("To Do", (TODO,)), Column("Doing", (DOING,)), Column("Done", ())], False),
        ([Column("To Do", ()), Column("Done", ())], False),
        ([Column("To Do", (TODO, DOING)), Column("Closed", (DONE,))], True),
        ([Column("To Do", (TODO,)), Column("Done", (DONE, DOING))], True),
    ],
    3,
)
def test_the_column_that_says_what_is_done_is_kept(sqlite_store, tmp_path, story, columns, is_same):
    story.world.set_columns(
        story.board, [Column("To Do", (TODO,)), Column("Doing", (DOING,)), LAST]
    )
    story.world.transition(story.world.issue("K8S-1"), DONE, on(2))
    teams = [a_team("k8s", "K8S", board=1, done="board_column"), WEB]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        assert whole.done_points == 1
        story.world.set_columns(story.board, columns)
        if is_same:
            pulled.good_pull()
            pulled.good_pull()
        else:
            assert "column 'Done'" in told_soon(pulled)
            stands(pulled, whole)
        assert pulled.figures().done_points == 1


@pytest.mark.parametrize("is_listed", [False, True])
def test_a_hidden_sprint_field_empties_no_sprint(sqlite_store, tmp_path, story, is_listed):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        pulled.damage = without_field(SPRINT, is_listed=is_listed)
        assert set(pulled.pull().failures) == {"k8s", "web"}
        assert "Sprint" in pulled.reason("k8s")
        pulled.damage = None
        pulled.good_pull()
        whole = pulled.figures()
        pulled.damage = without_field(SPRINT, is_listed=is_listed)
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-1"), ["x"], on(5.9))
        pulled.pull()
        for asked in ({"reconcile": True}, {"full": True}):
            pulled.pull(**asked)
            assert pulled.figures().total_points == whole.total_points
        assert "Sprint" in pulled.reason("k8s")
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().total_points == whole.total_points


def test_a_store_of_before_knows_what_was_agreed_by_its_rules(sqlite_store, tmp_path, story):
    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        with writing(pulled.engine) as connection:
            connection.execute(cursors.delete().where(cursors.c.name == "agreed:k8s"))
        story.world.set_estimation(story.board, "issueCount")
        assert "estimates by issue count now" in told_soon(pulled)
        assert pulled.figures().total_points == 6


@pytest.mark.parametrize("names", [["Done"], ["Done", "In Progress"]])
def test_a_done_status_that_is_renamed_stays_done(sqlite_store, tmp_path, story, names):
    story.world.transition(story.world.issue("K8S-1"), DONE, on(2))
    teams = [a_team("k8s", "K8S", board=1, done_statuses=names), WEB]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        begin_pulled(pulled)
        story.world.rename_status(DONE, "Completed")
        assert "'Done' (10001)" in told(pulled)
        assert "is called 'Completed' now" in told(pulled)
        assert pulled.figures().done_points == 1
        named = decided(pulled, tmp_path, board=1, done_statuses=["Completed"])
        named.good_pull()
        assert named.figures().done_points == 1


def test_a_board_whose_filter_shows_nothing_any_more_keeps_its_sprints(
    sqlite_store, tmp_path, story
):
    def damage(path, status, body):
        if "/board/1/sprint" not in path:
            return status, body
        return status, orjson.dumps({"values": [], "isLast": True, "total": 0})

    with damaged(story, sqlite_store, tmp_path, TEAMS) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        pulled.damage = damage
        for asked in ({}, {}, {"reconcile": True}, {"full": True}):
            pulled.good_pull(**asked)
            assert pulled.figures() == whole


def test_a_team_that_fails_keeps_its_figures_while_another_reads_its_project(
    sqlite_store, tmp_path, story
):
    with_count = a_team("web", "K8S", board=1, estimate="issue_count")
    with damaged(story, sqlite_store, tmp_path, [K8S, with_count]) as pulled:
        begin_pulled(pulled)
        whole = pulled.figures()
        pulled.damage = without_field(POINTS)
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-1"), DONE, on(5.9))
        for asked in ({}, {"full": True}, {"reconcile": True}, {}):
            told_of = pulled.pull(**asked).failures
            assert set(told_of) == {"k8s"}
            assert pulled.figures() == whole
            assert pulled.figures("web").burned_points == 1
        assert rebuild(pulled.engine) == 0
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().burned_points == 1
