"""Facts have a generation: whatever changes them shows at once, with a pull or without."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
import requests
from sqlalchemy import func, select, update

from telemetry.facts import rebuild
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.purge import purge
from telemetry.store.teams import read_teams
from tests.pulled import DONE, Story, a_team, on, reconfigured, serving
from tests.served import served

pytestmark = pytest.mark.slow

WRONG, SHOWN = 137.5, "137.5"
PAGES = ("/", "/teams/k8s")
ANSWERS = "/api/v1/teams/k8s/sprints/current", "/api/v1/teams/k8s/sprints"


@pytest.fixture
def story():
    """A sprint of two issues that began today and has one done."""
    story = Story()
    sprint = story.sprint(on(5, 9), on(16, 18))
    for points in (3, 5):
        issue = story.issue(points, sprint=sprint.id)
    story.world.transition(issue, DONE, on(5, 12))
    return story


@contextmanager
def shown(pulled):
    """Answers of the application over the store as it is, kept from one question to the next."""
    with served(pulled.reports, pulled.story.clock) as url, requests.Session() as session:

        def ask(path, **headers):
            return session.get(url + path, headers=headers, timeout=10)

        def hear():
            answer = session.get(f"{url}/events?team=k8s", stream=True, timeout=10)
            lines = answer.iter_lines(1, decode_unicode=True)
            return (line for line in lines if line.startswith("id: "))

        yield ask, hear


def falsify(engine):
    with writing(engine) as connection:
        wrong = {"remaining_points": WRONG, "done_points": WRONG, "committed_points": WRONG}
        assert connection.execute(update(s.sprint_facts).values(**wrong)).rowcount == 1


def generation(engine):
    with reading(engine) as connection:
        return connection.scalar(select(func.sum(s.teams.c.facts_version)))


def test_a_rebuild_shows_at_once_on_pages_in_answers_and_in_the_stream(store, tmp_path, story):
    with serving(story, store, tmp_path) as pulled:
        pulled.good_pull()
        falsify(pulled.engine)
        with shown(pulled) as (ask, hear):
            before = {path: ask(path) for path in PAGES + ANSWERS}
            assert [path for path, answer in before.items() if SHOWN not in answer.text] == []
            told = hear()
            first = next(told)
            assert rebuild(pulled.engine) == 1
            for path, answer in before.items():
                after = ask(path, **{"If-None-Match": answer.headers["ETag"]})
                assert after.status_code == 200, path
                assert SHOWN not in after.text, path
                assert after.headers["ETag"] != answer.headers["ETag"]
                again = ask(path, **{"If-None-Match": after.headers["ETag"]})
                assert again.status_code == 304
            assert next(told) != first


def test_a_pull_that_changes_nothing_begins_no_generation(store, tmp_path, story):
    with serving(story, store, tmp_path) as pulled:
        pulled.good_pull()
        before = generation(pulled.engine)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        assert generation(pulled.engine) == before
        story.world.set_estimate(next(iter(story.world.issues.values())), 8, on(5, 18))
        story.now += timedelta(hours=1)
        pulled.good_pull()
        assert generation(pulled.engine) > before


def test_a_new_name_is_shown_though_no_figure_follows_from_it(store, tmp_path, story):
    with serving(story, store, tmp_path) as pulled:
        pulled.good_pull()
        with shown(pulled) as (ask, _):
            assert "Zonal failover" not in ask("/teams/k8s").text
            issue = next(iter(story.world.issues.values()))
            story.world.set_summary(issue, "Zonal failover", on(5, 18))
            pulled.good_pull()
            assert "Zonal failover" in ask("/teams/k8s").text


def test_teams_that_leave_and_are_purged_let_no_generation_of_all_come_twice(
    store, tmp_path, story
):
    twins = [a_team("one"), a_team("two")]
    with serving(story, store, tmp_path / "a", twins) as pulled:
        pulled.good_pull()
        seen = [generation(pulled.engine)]
        (tmp_path / "b").mkdir()
        left = reconfigured(pulled, tmp_path / "b", twins[:1])
        left.good_pull()
        seen.append(generation(left.engine))
        with reading(left.engine) as connection:
            [gone] = read_teams(connection, is_configured=False)
        purge(left.engine, gone)
        seen.append(generation(left.engine))
        left.context.engine.dispose()
    assert seen == sorted(set(seen))
