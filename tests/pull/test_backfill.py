"""A first pull that is stopped goes on where it was; what changed meanwhile is not missed."""

import pytest

from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.pulls import begin_pull, end_pull, note_progress, read_pulls
from tests.depth import parametrize_in_turn
from tests.pulled import FACTS, HISTORY, StopAfter, Stopped, Story, a_team, contents, on, serving

pytestmark = pytest.mark.slow

PAGE = 5


@pytest.fixture
def store(sqlite_store):
    """One database: a pull that is killed goes on upon both in the soak."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    story = Story()
    sprint = story.sprint(on(1, 10))
    for number in range(60):
        issue = story.issue(number % 4 + 1, at=on(1 - number, 7))
        if number % 9 == 0:
            story.world.move_to_sprint(issue, sprint, on(1, 9))
    return story


def fresh(pulled, url):
    context = type(pulled.context)(pulled.context.path, pulled.context.environ | {"STORE_URL": url})
    return type(pulled)(pulled.story, pulled.url, context, pulled.requests)


def without_gone(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without the deleted K8S-2, of which a later first pull never hears."""
    return tables | {"issues": [row for row in tables["issues"] if "'K8S-2'" not in row]}


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_a_stopped_first_pull_goes_on_where_it_was(
    store, other_store_url, tmp_path, story, flavour
):
    with serving(story, store, tmp_path / "a", [a_team()], flavour, page_cut=PAGE) as pulled:
        with pytest.raises(Stopped):
            pulled.pull(progress=StopAfter(10))
        first = pulled.requests.total
        story.now = on(6)
        story.world.set_estimate(story.world.issue("K8S-1"), 13, on(6))  # read already
        story.world.delete_issue(story.world.issue("K8S-2"), on(6))  # read already
        story.world.delete_issue(story.world.issue("K8S-57"), on(6))  # not yet
        pulled.good_pull()
        again = pulled.requests.total - first
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        other = fresh(pulled, other_store_url("fresh"))
        asked = other.requests.total
        other.good_pull()
        whole = other.requests.total - asked
        assert again + 5 <= whole, "the newest pages are not read again"
        assert without_gone(contents(other.engine, *HISTORY, *FACTS)) == without_gone(
            pulled.contents()
        )
        other.context.engine.dispose()


def test_the_record_of_a_running_pull_says_how_far_it_is(store):
    with store.begin() as connection:
        pull_id = begin_pull(connection, site="jira", kind="first", at=on(1))
        note_progress(connection, pull_id, 12_000, 200_000)
    with reading(store) as connection:
        [running] = read_pulls(connection, 1)
    assert (running.issues_read, running.issues_total) == (12_000, 200_000)
    with store.begin() as connection:
        end_pull(connection, pull_id, at=on(2), state="done", found={"vanished": 1})
    with reading(store) as connection:
        assert read_pulls(connection, 1)[0].found == {"vanished": 1}
