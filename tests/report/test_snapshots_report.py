"""From a pulled Jira to the page: what later edits changed of a closed sprint, and which issues."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from telemetry.errors import NotFound
from tests.pulled import DONE, Pulled, Story, on, serving
from web.app import create_app

pytestmark = pytest.mark.slow

HOUR = 3600
CLOSED_AT = on(12, 18)


@pytest.fixture
def story() -> Story:
    """A closed sprint: issue 1 done, issue 2 not, issue 3 done, and an impediment beside it."""
    story = Story()
    sprint = story.sprint(on(1, 10), CLOSED_AT)
    one, _, three = (story.issue(n, sprint=sprint.id, summary=f"<b>{n}</b>") for n in (3, 2, 5))
    story.issue(labels=["impediment"], at=on(2, 8))
    for _ in range(8):  # a backlog: one issue that is deleted is then few of many
        story.issue()
    for issue in (one, three):
        story.world.transition(issue, DONE, on(3))
    story.world.close_sprint(sprint, None, CLOSED_AT)
    story.now = on(13)
    return story


def page(pulled: Pulled) -> TestClient:
    app = create_app(
        pulled.reports, access_token=None, allowed_hosts=(), clock=lambda: pulled.story.now
    )
    return TestClient(app, base_url="http://127.0.0.1:8000")


def plain(client: TestClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.text))


def test_later_edits_are_named_with_their_issues(store, tmp_path, story):
    world = story.world
    one, _, three, lost, *_ = world.issues.values()
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.snapshots("k8s", 1).edited is None
        story.now = on(14)
        story.log(one, on(4), 2, at=on(13, 12))
        story.log(lost, on(5), 1, at=on(13, 12))
        world.delete_issue(three, on(13, 13))
        pulled.good_pull(full=True)
        then = pulled.reports.snapshots("k8s", 1)
        client = page(pulled)
        told = plain(client, "/teams/k8s/sprints/1")
        compared = plain(client, "/teams/k8s/sprints/1/snapshots")
        answer = client.get("/api/v1/teams/k8s/sprints/1/snapshots").json()
    changed = {pair.slug: (pair.then, pair.now) for pair in then.close.changed_figures}
    assert changed["committed"] == (10, 5)
    assert changed["completed"] == (8, 3)
    assert changed["planned_time"] == (0, 2 * HOUR)
    assert changed["impediment_time"] == (0, HOUR)
    assert changed["impediment_share"] == (None, pytest.approx(100 / 3))
    assert "remaining" not in changed
    assert [(i.id, i.key, [c.kind for c in i.changes]) for i in then.close.issues] == [
        (one.id, "K8S-1", ["seconds"]),
        (three.id, None, ["scope"]),
    ]
    assert [(i.id, i.key) for i in then.start.issues] == [(three.id, None)]
    assert (
        "K8S-1 (time logged), an issue that is no longer visible (scope) were edited later." in told
    )
    assert "&lt;b&gt;3" in compared
    assert "&lt;b&gt;5" not in compared  # the title of the deleted issue
    assert "time logged 0 h →, now 2 h +2" in compared
    assert answer["close"]["issues"][1]["summary"] is None
    assert answer["start"]["is_edited"]


def test_a_running_sprint_tells_that_its_start_was_moved(store, tmp_path):
    story = Story()
    sprint = story.sprint(on(2, 10), CLOSED_AT)
    first = story.issue(3, sprint=sprint.id)
    late = story.issue(5, at=on(1, 12), sprint=sprint.id)
    story.world.transition(late, DONE, on(2, 9))
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.snapshots("k8s", sprint.id).edited is None
        sprint.activated_at = None
        story.world.redate_sprint(sprint, on(1, 20), CLOSED_AT)
        story.now = on(6)
        pulled.good_pull()
        record = pulled.reports.snapshots("k8s", sprint.id).edited
        compared = plain(page(pulled), f"/teams/k8s/sprints/{sprint.id}/snapshots")
    assert (record.moment, record.at, record.now_at) == ("start", on(2, 10), on(1, 20))
    assert [(pair.then, pair.now) for pair in record.figures] == [(3, 8)]
    [edited] = record.issues
    assert (edited.id, edited.changes[0].kind) == (late.id, "is_done_before")
    assert first.id != late.id
    assert "It started on Tue 3 Mar, 10:00; Jira now says Mon 2 Mar, 20:00." in compared


def test_without_a_record_the_page_says_when_one_is_made(sqlite_store, tmp_path):
    story = Story()
    sprint = story.sprint(on(5, 9), CLOSED_AT)
    story.issue(3, sprint=sprint.id)
    planned = story.sprint(None, name="Planned")
    story.now = on(5, 9) + timedelta(minutes=2)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        client = page(pulled)
        assert "Nothing is kept of this sprint yet." in plain(
            client, f"/teams/k8s/sprints/{sprint.id}/snapshots"
        )
        assert "it has not started" in plain(client, f"/teams/k8s/sprints/{planned.id}/snapshots")
        answer = client.get(f"/api/v1/teams/k8s/sprints/{sprint.id}/snapshots")
        assert answer.status_code == 404
        assert "nothing is kept" in answer.json()["detail"].lower()
        with pytest.raises(NotFound):
            pulled.reports.snapshots("k8s", 99)
        assert client.get("/teams/k8s/sprints/99/snapshots").status_code == 404


def test_a_deleted_sprint_shows_what_was_known(sqlite_store, tmp_path, story):
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        story.world.delete_sprint(next(iter(story.world.sprints.values())), on(13))
        story.now = on(14)
        pulled.good_pull(full=True)
        client = page(pulled)
        text = plain(client, "/teams/k8s/sprints/1/snapshots")
        answer = client.get("/api/v1/teams/k8s/sprints/1/snapshots").json()
    assert "only what was known at its close on Fri 13 Mar is left." in text
    assert (answer["name"], answer["close"]["has_figures_now"]) == (None, False)
    assert {one["now"] for one in answer["close"]["figures"]} == {None}
