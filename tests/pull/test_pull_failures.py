"""What goes wrong at a pull: one clear sentence, the other teams go on, the next pull heals."""

from contextlib import contextmanager

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.pull.run import pull_sites
from telemetry.errors import ConfigurationError
from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.pulls import read_pulls
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import (
    DONE,
    FACTS,
    HISTORY,
    StopAfter,
    Stopped,
    Story,
    a_team,
    contents,
    on,
    reconfigured,
    serving,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def store(sqlite_store):
    """One database: what these pulls write is compared on both by the soak."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    story = Story()
    sprint = story.sprint(on(1, 10))
    for number in range(12):
        story.issue(number % 4 + 1, sprint=sprint.id if number % 2 else None)
    story.log(story.world.issue("K8S-2"), on(2), 3)
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1, 10), board=board.id, name="Web 1")
    story.issue(2, project=web.id, sprint=2)
    return story


def reason(pulled, key: str) -> str | None:
    return pulled.reports.team(key, pulled.story.now).freshness.reason


def assert_fails_alone(pulled, *words: str) -> str:
    """Team k8s fails with one sentence of these words; team web goes on."""
    outcome = pulled.pull()
    assert set(outcome.failures) == {"k8s"}
    sentence = outcome.failures["k8s"]
    assert all(word in sentence for word in words), sentence
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert reason(pulled, "k8s") == sentence
    assert reason(pulled, "web") is None
    assert pulled.reports.sprint("web", "current").figures.committed_points == 2
    return sentence


WEB = a_team("web", "WEB")


@pytest.mark.parametrize(
    ("team", "words"),
    [
        (a_team(project="KX8"), ["'KX8'", "correct 'project:'", "browse"]),
        (a_team(board=99), ["board 99", "correct 'board:'"]),
        (a_team(estimate="Story Ponts"), ["'Story Ponts'", "telemetry check"]),
        (a_team(impediment={"nature_field": "Natur"}), ["'Natur'", "telemetry check"]),
        (a_team(jql="componente = x"), ["componente = x"]),
    ],
)
def test_a_wrong_team_fails_alone_and_heals(sqlite_store, tmp_path, story, team, words):
    with serving(story, sqlite_store, tmp_path / "a", [team, WEB]) as pulled:
        assert_fails_alone(pulled, *words)
        assert_fails_alone(pulled, *words)
        healed = reconfigured(pulled, tmp_path / "a", [a_team(), WEB])
        healed.good_pull()
        assert reason(healed, "k8s") is None
        assert healed.reports.sprint("k8s", "current").figures.committed_points == 18
        assert rebuild(healed.engine) == 0
        healed.context.engine.dispose()


def test_several_scrum_boards_are_named_with_the_remedy(sqlite_store, tmp_path, story):
    story.world.add_board(story.project.id, "Second board")
    with serving(story, sqlite_store, tmp_path / "a", [a_team(), WEB]) as pulled:
        assert_fails_alone(pulled, "1 (K8S board)", "3 (Second board)", "'board:'")


def refusing(kind: str):
    """A fault that lasts while the returned list holds something."""
    is_on = [True]

    def fault(request) -> Response | None:
        if not is_on:
            return None
        if kind == "login page":
            return HTMLResponse("<html><title>Log in</title></html>")
        if kind == "anonymous" and request.url.path.endswith("/myself"):
            return JSONResponse({"displayName": "Anonymous"})
        if kind == "token" and request.url.path.endswith("/myself"):
            return JSONResponse({"errorMessages": ["no"]}, 401)
        return None

    return is_on, fault


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
@pytest.mark.parametrize("kind", ["login page", "anonymous", "token"])
def test_a_site_that_denies_us_fails_each_team(sqlite_store, tmp_path, story, kind, flavour):
    is_on, fault = refusing(kind)
    teams = [a_team(), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams, flavour, faults=fault) as pulled:
        for _ in range(2):
            outcome = pulled.pull()
            assert set(outcome.failures) == {"k8s", "web"}
            for key, sentence in outcome.failures.items():
                assert pulled.url in sentence
                assert "check" in sentence
                assert "simulated-token" not in sentence
                assert reason(pulled, key) == sentence
        is_on.clear()
        pulled.good_pull()
        assert reason(pulled, "k8s") is None
        with reading(pulled.engine) as connection:
            assert [p.state for p in read_pulls(connection, 9)] == ["done", "failed", "failed"]


@contextmanager
def over(pulled, url):
    """The same configuration over an empty store."""
    context = type(pulled.context)(pulled.context.path, pulled.context.environ | {"STORE_URL": url})
    yield type(pulled)(pulled.story, pulled.url, context, pulled.requests)
    context.engine.dispose()


@parametrize_in_turn("pages", range(0, 8, 2), 2)
def test_a_stopped_first_pull_is_made_good_by_the_next(
    store, other_store_url, tmp_path, story, pages
):
    with serving(story, store, tmp_path / "a", [a_team(), WEB], page_cut=3) as pulled:
        with pytest.raises(Stopped):
            pulled.pull(progress=StopAfter(pages))
        with reading(pulled.engine) as connection:
            assert "stopped" in read_pulls(connection, 1)[0].error
        rebuild(pulled.engine)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        with over(pulled, other_store_url("fresh")) as fresh:
            fresh.good_pull()
            assert contents(fresh.engine, *HISTORY, *FACTS) == pulled.contents()


def test_new_rules_survive_a_pull_that_is_stopped(sqlite_store, tmp_path, story):
    story.world.set_labels(story.world.issue("K8S-2"), ["toil"], on(3))
    teams = [a_team(), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams, page_cut=3) as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.time.impediment_seconds == 0
        story.now = on(6)
        story.log(story.world.issue("K8S-4"), on(6), 1)
        changed = [a_team(impediment={"labels": ["toil"]}), WEB]
        other = reconfigured(pulled, tmp_path / "a", changed)
        with pytest.raises(Stopped):
            other.pull(progress=StopAfter(0))
        other.good_pull()
        assert other.reports.sprint("k8s", 1).figures.time.impediment_seconds == 3 * 3600
        assert rebuild(other.engine) == 0
        other.context.engine.dispose()


def test_a_narrowed_team_gets_its_matches_after_a_stopped_pull(sqlite_store, tmp_path, story):
    teams = [a_team(jql="labels = x"), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull(accept_vanished=True)
        assert pulled.reports.sprint("k8s", 1).figures.total_points == 0
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-2"), ["x"], on(6))
        with pytest.raises(Stopped):
            pulled.pull(progress=StopAfter(0))
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", 1).figures.total_points == 2


def test_a_project_that_jira_refuses_does_not_stop_the_others(sqlite_store, tmp_path, story):
    teams = [a_team(), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        begin_pulled(pulled)
        story.now = on(6)
        story.world.transition(story.world.issue("WEB-1"), DONE, on(6))
        story.world.projects[story.project.id].key = "GONE"
        sentence = pulled.pull().failures["k8s"]
        assert "project K8S still exists" in sentence
        assert pulled.reports.sprint("web", "current").figures.remaining_points == 0
        assert pulled.reports.team("web", story.now).freshness.reason is None
        story.world.projects[story.project.id].key = "K8S"
        pulled.good_pull()


def test_only_the_teams_asked_for_are_pulled(sqlite_store, tmp_path, story):
    teams = [a_team(impediment={"nature_field": "Nature"}), WEB]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        story.world.set_nature(story.world.issue("K8S-2"), "Zone", on(3))
        pulled.good_pull(only=frozenset({"web"}))
        assert [team.key for team in pulled.reports.teams(story.now)] == ["web"]
        pulled.good_pull(only=frozenset({"k8s"}))
        pulled.good_pull(only=frozenset({"web"}), full=True)
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-2"), ["impediment"], on(6))
        pulled.good_pull()
        natures = pulled.reports.sprint("k8s", "current").figures.impediments.by_nature
        assert [(n.nature, n.count) for n in natures] == [("Zone", 1)]
        with pytest.raises(ConfigurationError, match="no team 'nobody'; teams: k8s, web"):
            pulled.pull(only=frozenset({"nobody"}))


def test_a_new_team_does_not_make_the_site_forget_the_fields_of_others(
    sqlite_store, tmp_path, story
):
    story.world.set_nature(story.world.issue("K8S-2"), "Zone", on(3))
    first = [a_team(impediment={"nature_field": "Nature"})]
    with serving(story, sqlite_store, tmp_path / "a", first) as pulled:
        begin_pulled(pulled)
        both = reconfigured(pulled, tmp_path / "a", [*first, WEB])
        both.good_pull(only=frozenset({"web"}))
        story.now = on(6)
        story.world.set_labels(story.world.issue("K8S-2"), ["impediment"], on(6))
        both.good_pull()
        natures = both.reports.sprint("k8s", "current").figures.impediments.by_nature
        assert [n.nature for n in natures] == ["Zone"]
        both.context.engine.dispose()


EVERY_KIND = pytest.mark.parametrize("options", [{}, {"reconcile": True}, {"full": True}], ids=str)


@EVERY_KIND
def test_vanished_issues_leave_at_the_next_pull(store, tmp_path, story, options):
    with serving(story, store, tmp_path / "a", [a_team(), WEB]) as pulled:
        begin_pulled(pulled)
        before = pulled.reports.sprint("k8s", "current").figures.total_points
        story.world.delete_issue(story.world.issue("K8S-4"), on(5))
        pulled.good_pull(**options)
        assert pulled.reports.sprint("k8s", "current").figures.total_points == before - 4
        assert rebuild(pulled.engine) == 0


@EVERY_KIND
def test_more_than_a_fifth_vanished_is_refused_until_accepted(store, tmp_path, story, options):
    hidden = [story.world.issue(f"K8S-{number}") for number in (2, 4, 6)]
    with serving(story, store, tmp_path / "a", [a_team(), WEB]) as pulled:
        begin_pulled(pulled)
        before = pulled.reports.sprint("k8s", "current")
        for issue in hidden:
            story.world.hide_issue(issue)
        outcome = pulled.pull(**options)
        assert set(outcome.failures) == {"k8s"}
        assert "3 of 12 issues of project K8S" in outcome.failures["k8s"]
        assert "telemetry pull --accept-vanished" in outcome.failures["k8s"]
        assert (
            pulled.reports.sprint("k8s", "current").figures.total_points
            == before.figures.total_points
        )
        pulled.good_pull(accept_vanished=True)
        after = pulled.reports.sprint("k8s", "current").figures.total_points
        assert after == before.figures.total_points - sum(issue.points for issue in hidden)
        for issue in hidden:
            story.world.show_issue(issue)
        pulled.good_pull(full=True)
        assert pulled.reports.sprint("k8s", "current") == before
        assert rebuild(pulled.engine) == 0


def test_a_foreign_issue_that_leaves_the_sprint_is_noticed(sqlite_store, tmp_path, story):
    stranger = story.world.add_project("ELSE", "Elsewhere", lead=2)
    foreign = story.issue(5, project=stranger.id, sprint=1)
    with serving(story, sqlite_store, tmp_path / "a", [a_team(), WEB]) as pulled:
        begin_pulled(pulled)
        assert pulled.reports.sprint("k8s", 1).figures.total_points == 18 + 5
        story.now = on(6)
        story.world.remove_from_sprint(foreign, on(6))
        pulled.good_pull()
        summary = pulled.reports.sprint("k8s", 1)
        assert (summary.figures.total_points, summary.figures.removed_points) == (18, 0)
        assert rebuild(pulled.engine) == 0


@pytest.mark.parametrize("is_full", [False, True])
def test_a_deleted_sprint_leaves_all_figures(sqlite_store, tmp_path, story, is_full):
    stranger = story.world.add_project("ELSE", "Elsewhere", lead=2)
    with serving(story, sqlite_store, tmp_path / "a", [a_team(), WEB]) as pulled:
        second = story.sprint(on(2, 10), name="Second")
        story.log(story.issue(3, sprint=second.id), on(3), 2)
        story.issue(8, project=stranger.id, sprint=1)
        pulled.good_pull()
        assert len(pulled.reports.sprints("k8s")) == 2
        story.now = on(6)
        story.world.delete_sprint(second, on(6))
        pulled.good_pull(full=is_full)
        assert [s.id for s in pulled.reports.sprints("k8s")] == [1]
        assert pulled.reports.sprint("k8s", 1).figures.total_points == 18 + 8
        assert rebuild(pulled.engine) == 0
        pulled.good_pull(full=True)
        assert pulled.reports.sprint("k8s", 1).figures.total_points == 18 + 8


def test_a_removed_team_keeps_its_data_and_comes_back(store, tmp_path, story):
    with serving(story, store, tmp_path / "a", [a_team(), WEB]) as pulled:
        begin_pulled(pulled)
        rows = pulled.contents("sprint_facts")
        alone = reconfigured(pulled, tmp_path / "a", [WEB])
        alone.good_pull()
        assert [team.key for team in alone.reports.teams(story.now)] == ["web"]
        assert alone.contents("sprint_facts") == rows
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-2"), DONE, on(6))
        alone.good_pull()
        back = reconfigured(pulled, tmp_path / "a", [a_team(), WEB])
        outcome = back.good_pull()
        assert outcome.kind == "first", "it is read anew: nobody watched it"
        assert back.reports.sprint("k8s", "current").figures.burned_points == 2
        assert rebuild(back.engine) == 0
        alone.context.engine.dispose()
        back.context.engine.dispose()


def test_a_team_that_comes_back_and_fails_says_so(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a", [a_team(), WEB]) as pulled:
        begin_pulled(pulled)
        reconfigured(pulled, tmp_path / "a", [WEB]).good_pull()
        story.now = on(6)
        story.world.transition(story.world.issue("K8S-2"), DONE, on(6))
        wrong = reconfigured(pulled, tmp_path / "a", [a_team(board=99), WEB])
        assert_fails_alone(wrong, "board 99")
        back = reconfigured(pulled, tmp_path / "a", [a_team(), WEB])
        back.good_pull()
        assert back.reports.sprint("k8s", "current").figures.burned_points == 2
        assert rebuild(back.engine) == 0


def test_a_damaged_configuration_of_one_pull_names_no_secret(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        del pulled.context.environ["JIRA_TOKEN"]
        [outcome] = pull_sites(pulled.context, clock=story.clock)
        assert "JIRA_TOKEN" in outcome.failures["k8s"]
