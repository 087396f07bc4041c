"""Pulling what did not change changes nothing, whatever the pages look like."""

import pytest

from telemetry.facts import rebuild
from tests.depth import parametrize_in_turn
from tests.pulled import DOING, DONE, Story, a_team, contents, on, serving

pytestmark = pytest.mark.slow


def a_lively_story() -> Story:
    """Two sprints, an impediment with a sub-task, carried-over and off-plan work."""
    story = Story()
    world = story.world
    first = story.sprint(on(1, 9), on(5, 18))
    issues = [story.issue(points, sprint=first.id) for points in (1, 2, 3, 5, None)]
    for number in range(30):
        story.issue(number % 4, labels=["later"])
    trouble = story.issue(labels=["Impediment", "nature:network"], at=on(2))
    part = story.issue(parent=trouble.id, at=on(2))
    world.transition(issues[0], DOING, on(1, 12))
    story.log(issues[0], on(1, 10), 2, at=on(1, 13))
    world.transition(issues[0], DONE, on(2))
    story.log(trouble, on(2, 14), 1)
    story.log(part, on(3), 1.5)
    world.set_estimate(issues[1], 8, on(3))
    for hour in range(30):
        story.log(issues[2], on(3, 10 + hour / 10), 0.1)
    world.remove_from_sprint(issues[3], on(4))
    second = story.sprint(None)
    world.close_sprint(first, second, on(5, 17))
    world.start_sprint(second, on(12, 18), on(8))
    world.transition(trouble, DONE, on(8, 12))
    story.now = on(9, 12)
    return story


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_second_pull_of_an_unchanged_jira_changes_no_row(store, tmp_path, flavour):
    with serving(a_lively_story(), store, tmp_path / "a", flavour=flavour) as pulled:
        first = pulled.good_pull()
        assert first.kind == "first"
        assert first.issues_changed == 37
        assert first.work_logs_changed == 33
        before = pulled.contents()
        again = pulled.good_pull()
        assert (again.kind, again.issues_changed, again.work_logs_changed) == ("incremental", 0, 0)
        assert again.facts_changed == 0
        full = pulled.good_pull(full=True)
        assert (full.kind, full.issues_changed, full.facts_changed) == ("full", 0, 0)
        assert pulled.contents() == before
        assert rebuild(pulled.engine) == 0


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
@pytest.mark.parametrize("options", [{"page_cut": 3}, {"page_cut": 7, "thin_pages": True}])
def test_the_size_of_pages_changes_nothing(
    sqlite_store, other_store_url, tmp_path, flavour, options
):
    story = a_lively_story()
    with serving(story, sqlite_store, tmp_path / "a", flavour=flavour) as plain:
        plain.good_pull()
        url = other_store_url("other")
    with serving(story, sqlite_store, tmp_path / "b", flavour=flavour, **options) as thin:
        thin.context.environ["STORE_URL"] = url
        thin.good_pull()
        assert contents(thin.engine, *_but_sites()) == contents(sqlite_store, *_but_sites())


def _but_sites() -> list[str]:
    """All tables but `sites`, which holds an address."""
    from tests.pulled import FACTS, HISTORY

    return [name for name in (*HISTORY, *FACTS) if name != "sites"]


def test_both_flavours_give_the_same_facts(sqlite_store, other_store_url, tmp_path):
    story = a_lively_story()
    facts = []
    for flavour in ("cloud", "datacenter"):
        with serving(story, sqlite_store, tmp_path / flavour, flavour=flavour) as pulled:
            pulled.context.environ["STORE_URL"] = other_store_url(flavour)
            pulled.good_pull()
            names = ("team_days", "sprint_facts", "sprint_days", "sprint_events", "sprint_issues")
            facts.append(pulled.contents(*names, "sprint_time", "impediments", "work_logs"))
    for table, rows in facts[0].items():
        if table != "work_logs":  # authors are other accounts on Data Center
            assert rows == facts[1][table]
    assert all(facts[0].values())


def test_an_idle_pull_asks_at_most_a_request_a_board_and_eight(sqlite_store, tmp_path):
    teams = [a_team(f"team-{number}") for number in range(3)]
    with serving(a_lively_story(), sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        pulled.story.now = on(9, 13)
        assert pulled.good_pull().requests <= 3 + 8


def test_rebuilding_gives_the_same_rows_after_teams_share_a_project(store, tmp_path):
    teams = [
        a_team("all", calendar={"timezone": "Asia/Kolkata"}),
        a_team("some", jql="labels = impediment", impediment={"flagged": True, "labels": ["x"]}),
    ]
    with serving(a_lively_story(), store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        pulled.story.now = on(10)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0


@parametrize_in_turn("summary", ["a\0b", "a\0\0b", "\\u0000 stays", "\\\0"], 2)
def test_a_nul_character_does_not_stop_a_pull(store, tmp_path, summary):
    story = Story()
    sprint = story.sprint(on(1))
    story.issue(1, sprint=sprint.id, summary=summary)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        [issue] = pulled.reports.issues("k8s", "current")
    assert issue.summary == summary.replace("\0", "")


def test_a_clock_that_goes_back_takes_the_figures_with_it_until_it_is_then_again(
    sqlite_store, tmp_path
):
    story = a_lively_story()
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        before, as_of, then = pulled.contents(), pulled.reports.as_of(), story.now
        story.now = on(9, 11.75)
        pulled.good_pull()
        assert pulled.reports.as_of() == story.now
        assert rebuild(pulled.engine) == 0
        story.now = then
        pulled.good_pull()
        assert (pulled.contents(), pulled.reports.as_of()) == (before, as_of)
