"""Purging a team deletes what is its alone, and not a row of what others count."""

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner

from bot.simulator.state import type_of_epic, type_of_sub_task
from telemetry.cli import app
from telemetry.errors import ConfigurationError, StoreError
from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.pulls import pull_lock
from telemetry.store.purge import check_purgeable, purge
from telemetry.store.schema import metadata
from tests.first_pulls import begin_pulled
from tests.pulled import Story, a_team, contents, on, reconfigured, serving

pytestmark = pytest.mark.slow

K8S, WEB = a_team(board=1), a_team("web", "WEB", board=2)
OF_TEAMS = [t.name for t in metadata.sorted_tables if "team_key" in t.columns]


class Two(Story):
    """Two teams of one site whose work meets: a shared sprint, an epic of one with work of both."""

    def __init__(self) -> None:
        super().__init__()
        web = self.world.add_project("WEB", "Web", lead=2)
        web_board = self.world.add_board(web.id, "WEB board")
        own = self.sprint(on(1, 10), name="K8S sprint")
        theirs = self.sprint(on(1, 10), board=web_board.id, name="WEB sprint")
        self.epic = self.issue(kind=type_of_epic, summary="An epic of K8S")
        self.own = self.issue(3, sprint=own.id)
        self.shared = self.issue(5, sprint=theirs.id)
        self.other = self.issue(8, sprint=theirs.id, project=web.id, epic=self.epic.id)
        self.stranger = self.issue(2, sprint=own.id, project=web.id)
        self.part = self.issue(kind=type_of_sub_task, parent=self.own.id)
        self.their_part = self.issue(kind=type_of_sub_task, parent=self.shared.id)
        self.alone = self.issue(1, labels=["impediment"])
        for day, issue in enumerate((self.own, self.shared, self.other, self.alone), start=1):
            self.log(issue, on(day, 12), day)


@pytest.fixture
def story():
    return Two()


def keys(engine) -> set[str]:
    issues = metadata.tables["issues"].c
    with reading(engine) as connection:
        return set(connection.scalars(select(issues.key)))


def counts(engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {
            name: connection.scalar(select(func.count()).select_from(table)) or 0
            for name, table in metadata.tables.items()
            if name != "facts_shape"  # of the store itself, whoever is in it
        }


def rows_of(engine, team_key: str) -> dict[str, list[str]]:
    with reading(engine) as connection:
        return {
            name: sorted(
                map(repr, connection.execute(table.select().where(table.c.team_key == team_key)))
            )
            for name in OF_TEAMS
            for table in [metadata.tables[name]]
        }


def purged(engine, team_key="k8s", configured=("web",)):
    return purge(engine, check_purgeable(engine, team_key, configured))


def test_what_another_team_counts_stays_and_its_figures_do_not_change(story, store, tmp_path):
    with serving(story, store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
        before = rows_of(store, "web")
        done = purged(store)
        counted = (story.shared, story.their_part, story.other, story.stranger, story.epic)
        assert keys(store) == {issue.key for issue in counted}
        assert (done.issues, done.work_logs, done.boards) == (3, 2, 1)
        assert done.facts > 0
        assert not any(rows_of(store, "k8s").values())
        assert rows_of(store, "web") == before
        assert rebuild(store) == 0
        assert rows_of(store, "web") == before


def test_the_sprint_that_other_work_was_carried_from_stays(story, store, tmp_path):
    with serving(story, store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
        purged(store)
    assert counts(store)["sprints"] == 2  # the stranger of the K8S sprint is an issue of WEB


def test_a_team_of_the_same_project_keeps_all_of_it(story, store, tmp_path):
    narrowed = a_team("narrow", board=1, jql="labels = impediment")
    with serving(story, store, tmp_path / "a", [K8S, narrowed]) as pulled:
        begin_pulled(pulled)
        before = counts(store)
        done = purged(store, configured=("narrow",))
        after = counts(store)
        assert (done.issues, done.sprints, done.boards) == (0, 0, 0)
        assert {n: after[n] for n in ("issues", "changes", "work_logs", "sprints")} == {
            n: before[n] for n in ("issues", "changes", "work_logs", "sprints")
        }
        assert rebuild(store) == 0


def test_the_last_team_of_a_site_leaves_nothing_behind(story, store, tmp_path):
    with serving(story, store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
    purged(store)
    purged(store, "web", ())
    assert not any(counts(store).values())


def test_a_purged_team_comes_back_whole(story, store, tmp_path):
    with serving(story, store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
        before = contents(store)
        only_web = reconfigured(pulled, tmp_path / "b", [WEB])
        only_web.good_pull()
        purged(store)
        only_web.good_pull()
        again = reconfigured(pulled, tmp_path / "c", [K8S, WEB])
        again.good_pull()
        assert contents(store) == before
        for one in (only_web, again):
            one.context.engine.dispose()


def test_a_configured_team_and_an_unknown_one_are_refused(story, sqlite_store, tmp_path):
    with serving(story, sqlite_store, tmp_path / "a", [K8S]) as pulled:
        begin_pulled(pulled)
    with pytest.raises(ConfigurationError, match=r"remove it from telemetry\.yml first"):
        check_purgeable(sqlite_store, "k8s", ["k8s"])
    with pytest.raises(ConfigurationError, match=r"no team 'k9s' in the store; .*: k8s$"):
        check_purgeable(sqlite_store, "k9s", ["web"])


def test_a_site_that_is_being_pulled_is_not_touched(story, store, tmp_path):
    with serving(story, store, tmp_path / "a", [K8S]) as pulled:
        begin_pulled(pulled)
    before = counts(store)
    with pull_lock(store, "default"), pytest.raises(StoreError, match="another bot is pulling"):
        purged(store)
    assert counts(store) == before


def test_what_was_deleted_is_said_in_numbers(story, sqlite_store, tmp_path):
    with serving(story, sqlite_store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
    sentence = purged(sqlite_store).sentence("k8s")
    assert sentence.startswith("Team 'k8s' is purged: 3 issues with ")
    assert "2 work logs" in sentence


@pytest.fixture
def command(story, sqlite_store, tmp_path):
    """`telemetry db purge` where K8S was pulled, and only WEB is configured now."""
    with serving(story, sqlite_store, tmp_path / "a", [K8S, WEB]) as pulled:
        begin_pulled(pulled)
        only_web = reconfigured(pulled, tmp_path / "b", [WEB])
    context = only_web.context
    runner = CliRunner(env=context.environ)

    def run(*words: str, answer: str = ""):
        return runner.invoke(app, ["-c", str(context.path), "db", "purge", *words], input=answer)

    return run


def test_nobody_to_ask_needs_the_option(command, sqlite_store):
    refused = command("k8s")
    assert isinstance(refused.exception, ConfigurationError)
    assert "telemetry db purge k8s --yes" in str(refused.exception)
    assert any(rows_of(sqlite_store, "k8s").values())
    assert "Team 'k8s' is purged: 3 issues" in command("k8s", "--yes").output
    assert not any(rows_of(sqlite_store, "k8s").values())


def test_a_person_is_asked_first(command, sqlite_store, monkeypatch):
    monkeypatch.setattr("telemetry.commands.is_watched", lambda: True)
    assert "Nothing is deleted." in command("k8s", answer="n\n").output
    assert any(rows_of(sqlite_store, "k8s").values())
    assert "is purged" in command("k8s", answer="y\n").output


def test_a_configured_team_is_refused_before_anything_is_asked(command):
    refused = command("web", "--yes").exception
    assert isinstance(refused, ConfigurationError)
    assert refused.exit_code == 2
