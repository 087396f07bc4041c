"""A list of the whole site that Jira refuses, damages or leaves empty costs what needs it."""

from datetime import timedelta
from itertools import product

import pytest

from bot.check import check_all
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import delete_cursor, read_pulls
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, Story, a_team, on
from tests.refusing import damaged

PARTS = {"field": "fields", "status": "statuses"}
ANSWERS = {
    "401": (401, b"{}"),
    "403": (403, b'{"errorMessages": ["no"]}'),
    "404": (404, b"{}"),
    "500": (500, b"{}"),
    "503": (503, b"{}"),
    "empty": (200, b"[]"),
    "an object": (200, b"{}"),
    "no JSON": (200, b"[{"),
    "other things": (200, b'["x", null, {"id": null}]'),
    "a page": (200, b"<html><body>Log in</body></html>"),
}

KINDS: tuple[dict[str, bool], ...] = ({"reconcile": True}, {"full": True}, {})

pytestmark = pytest.mark.slow


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for points in (1, 2, 3):
        story.issue(points, sprint=1, nature="network")
        story.issue(points, project=web.id, sprint=2)
    return story


def refusing(answers):
    """Answers so to questions whose path ends with one of the names."""

    def damage(path, status, body):
        name = path.partition("?")[0].rpartition("/")[2]
        return answers.get(name, (status, body))

    return damage


def named(pulled):
    return [key for key, _ in pulled.unread()]


@parametrize_in_turn(
    ("part", "answer", "options"),
    list(product(PARTS, ANSWERS, [{"reconcile": True}, {"full": True}, {}])),
    5,
    ids=str,
)
def test_a_list_that_is_refused_later_stands_as_last_known(
    sqlite_store, tmp_path, story, part, answer, options
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-1"), DONE, on(5.9))
        pulled.damage = refusing({part: ANSWERS[answer]})
        for _ in range(1 if options else 4):  # the fields are asked for at every fourth
            outcome = pulled.good_pull(**options)
            story.now += timedelta(minutes=5)
        assert pulled.figures().burned_points == 1
        if options or part == "status":
            name = f"Jira's list of {PARTS[part]}"
            [line] = outcome.refused
            assert line.startswith(name)
            assert "what it told last time goes on counting" in line
            assert named(pulled) == [name]
            assert pulled.unread() == pulled.unread("web")
            with reading(pulled.engine) as connection:
                [run, *_] = read_pulls(connection, 1)
            assert (run.state, run.error) == ("done", line)
        pulled.damage = None
        pulled.good_pull(reconcile=True)
        assert named(pulled) == []


def test_of_refused_fields_all_teams_go_on_and_a_new_one_joins_them(sqlite_store, tmp_path, story):
    teams = [a_team("k8s", board=1)]
    (tmp_path / "later").mkdir()
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        begin_pulled(pulled)
    teams.append(a_team("web", "WEB", board=2, impediment={"nature_field": "Nature"}))
    teams.append(a_team("odd", "WEB", board=2, estimate="Made since"))
    with damaged(story, sqlite_store, tmp_path / "later", teams) as pulled:
        pulled.damage = refusing({"field": ANSWERS["403"]})
        outcome = pulled.pull()
        assert set(outcome.failures) == {"odd"}
        assert "its list of fields is the one of last time: " in outcome.failures["odd"]
        assert "(HTTP 403)" in outcome.failures["odd"]
        assert pulled.figures("web").total_points == 6


@parametrize_in_turn("answer", ["403", "500", "empty", "no JSON"], 1)
def test_refused_fields_fail_a_first_pull_whose_teams_cannot_do_without(
    sqlite_store, tmp_path, story, answer
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing({"field": ANSWERS[answer]})
        outcome = pulled.pull()
        assert set(outcome.failures) == {"k8s", "web"}
        assert all("/field" in sentence for sentence in outcome.failures.values())
        pulled.damage = None
        pulled.good_pull()


@parametrize_in_turn("answer", ["401", "404", "empty", "no JSON"], 1)
def test_refused_statuses_of_a_first_pull_are_those_of_the_projects(
    sqlite_store, tmp_path, story, answer
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        pulled.damage = refusing({"status": ANSWERS[answer]})
        [line] = pulled.good_pull().refused
        assert "the statuses of the teams' projects stand for it" in line
        assert named(pulled) == ["Jira's list of statuses"]


@pytest.mark.parametrize("is_known", [True, False])
@parametrize_in_turn("answer", ["500", "503", "no JSON", "empty"], 1)
def test_a_project_that_jira_cannot_tell_is_known_by_its_issues(
    sqlite_store, tmp_path, story, answer, is_known
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        if is_known:
            pulled.good_pull()
        pulled.damage = refusing({"K8S": ANSWERS[answer]})
        pulled.good_pull(reconcile=True)
        assert pulled.figures().total_points == 6


@pytest.mark.parametrize("is_known", [True, False])
@parametrize_in_turn("answer", ["401", "404", "other things"], 1)  # none is asked twice
def test_refused_lists_are_told_by_the_check_and_all_else_is_checked(
    sqlite_store, tmp_path, story, answer, is_known
):
    teams = [
        a_team("k8s", board=1, impediment={"labels": ["Nobody"], "nature_field": "Nature"}),
        a_team("web", "WEB", board=2, jql="labels = nothing"),
        a_team("gone", "WEB", board=9),
    ]
    with damaged(story, sqlite_store, tmp_path, teams) as pulled:
        if is_known:
            pulled.pull()
        told = {one.line() for one in check_all(pulled.context, story.clock)}
        refused = dict.fromkeys((*PARTS, "statuses"), ANSWERS[answer])
        pulled.damage = refusing(refused)
        now = {one.line() for one in check_all(pulled.context, story.clock)}
        fields, statuses = sorted(now - told)
        assert fields.startswith("FAIL  jira: ")
        assert "/field" in fields
        assert ("goes on counting" in fields) == is_known
        assert "/status" in statuses
        gone = told - now
        assert all("estimates by" in one or "natures from" in one for one in gone)
        assert bool(gone) != is_known
        assert any("'Nobody'" in one for one in now)
        assert any("matches the JQL" in one for one in now)
        assert any("board 9" in one for one in now)


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_a_first_pull_without_fields_reads_the_teams_that_need_none(
    sqlite_store, tmp_path, story, flavour
):
    story.world.add_board(story.project.id, "Kanban", kind="kanban")
    issue = story.world.issue("K8S-1")
    story.world.set_labels(issue, ["impediment"], on(2))
    story.log(issue, on(3), 2)
    teams = [
        a_team("time", boards=[3]),
        a_team("k8s", board=1),
        a_team("flags", boards=[3], impediment={"flagged": True}),
    ]
    with damaged(story, sqlite_store, tmp_path, teams, flavour) as pulled:
        pulled.damage = refusing({"field": ANSWERS["403"]})
        outcome = pulled.pull()
        assert set(outcome.failures) == {"k8s", "flags"}
        [line] = outcome.refused
        assert "teams go on that need nothing more of it" in line
        assert pulled.unread("time") == [tuple(line.split(": ", 1))]
        [day] = pulled.reports.time("time", on(3).date(), on(3).date())
        assert day.time.impediment_seconds == 2 * 3600
        pulled.damage = None
        pulled.good_pull()
        assert pulled.figures().total_points == 6
        assert pulled.unread("time") == []
        assert pulled.good_pull().issues_changed == 0


def test_a_store_that_never_kept_the_fields_goes_on_with_what_they_were_found_for(
    sqlite_store, tmp_path, story
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        with writing(pulled.engine) as connection:
            delete_cursor(connection, "default", "fields")
        pulled.damage = refusing({"field": ANSWERS["403"]})
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-1"), DONE, on(5.9))
        for options in ({"reconcile": True}, {"full": True}, {}):
            pulled.good_pull(**options)
            assert pulled.figures().burned_points == 1
        assert named(pulled) == ["Jira's list of fields"]
