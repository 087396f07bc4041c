"""What is typed on a review: kept, merged by field, bounded, and written by our own page alone."""

import json
from threading import Thread

import pytest
from starlette.testclient import TestClient

from telemetry.store.engine import open_store
from tests.pulled import DONE, Story, on, serving
from web.app import create_app
from web.http.notes import ReviewNotes

CLOSED_AT = on(12, 18)
REVIEW = "/api/v1/teams/k8s/reviews/1"
NOTES = f"{REVIEW}/notes"
TOKEN = "open-sesame-and-more"


@pytest.fixture(scope="module")
def pulled(tmp_path_factory):
    story = Story()
    sprint = story.sprint(on(1, 10), CLOSED_AT, name="Sprint <1>")
    sprint.goal = "No window & no noise"
    one, _ = (story.issue(n, sprint=sprint.id, summary="<b>x</b>") for n in (3, 2))
    story.world.transition(one, DONE, on(3))
    story.world.close_sprint(sprint, None, CLOSED_AT)
    story.issue(None, sprint=story.sprint(None, name="Sprint 2").id)
    story.now = on(13)
    folder = tmp_path_factory.mktemp("reviews")
    store = open_store("sqlite:///store.db", base=folder)
    with serving(story, store, folder / "site") as served:
        served.good_pull()
        yield served
    store.dispose()


def client_of(pulled, token=None):
    def clock():
        return pulled.story.now

    notes = ReviewNotes(pulled.engine, clock)
    app = create_app(pulled.reports, access_token=token, allowed_hosts=(), clock=clock, notes=notes)
    return TestClient(app, base_url="http://127.0.0.1:8000")


@pytest.fixture
def client(pulled):
    return client_of(pulled)


def put(client, version, headers=None, **fields):
    return client.put(NOTES, json={"version": version, **fields}, headers=headers or {})


def version_of(client):
    return client.get(NOTES).json()["version"]


def test_what_is_typed_is_kept_and_an_older_text_is_never_lost(client):
    start = version_of(client)
    first = put(client, start, notes="<i>One</i>", goal_reached="partly").json()
    second = put(client, first["version"], notes="Two").json()
    assert (second["notes"], second["goal_reached"]) == ("Two", "partly")
    then = client.get(NOTES, params={"version": first["version"]}).json()
    assert then["notes"] == "<i>One</i>"
    history = client.get("/teams/k8s/reviews/1/history").text
    assert "&lt;i&gt;One&lt;/i&gt;" in history
    assert "nobody was signed in" in history
    assert "partly" in client.get("/teams/k8s/reviews").text


def test_two_who_type_at_once_are_merged_by_field(client):
    start = version_of(client)
    put(client, start, ticks={"scope": True})
    theirs = put(client, start, notes="Theirs").json()
    assert theirs["overtaken"] == []
    assert theirs["ticks"]["scope"]
    mine = put(client, start, notes="Mine").json()
    assert mine["notes"] == "Mine"
    assert [one["field"] for one in mine["overtaken"]] == ["notes"]
    kept = client.get(NOTES, params={"version": mine["overtaken"][0]["version"]}).json()
    assert kept["notes"] == "Theirs"


def test_many_who_write_at_once_lose_nothing(pulled):
    notes = ReviewNotes(pulled.engine, pulled.story.clock)

    def write(n):
        notes.put("k8s", "1", {"notes": f"text {n}"}, 0, None)

    threads = [Thread(target=write, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = pulled.reports.notes_history("k8s", "1")
    assert {f"text {n}" for n in range(5)} <= {one.value for one in every}


def test_the_same_text_again_is_no_version(client):
    put(client, version_of(client), notes="Same")
    before = version_of(client)
    assert put(client, before, notes="Same").json()["version"] == before


@pytest.mark.parametrize("text", ["x" * 102_401, "é" * 51_201, "y" * 900_000])
def test_notes_beyond_100_kb_are_refused_with_the_limit(client, text):
    before = client.get(NOTES).json()
    answer = put(client, before["version"], notes=text)
    assert answer.status_code == 413
    assert "100 KB" in answer.json()["detail"]
    assert client.get(NOTES).json() == before


def test_notes_of_100_kb_are_taken_however_json_writes_them(client):
    text = "\x01" * 102_400
    assert put(client, version_of(client), notes=text).json()["notes"] == text
    put(client, version_of(client), notes="")


@pytest.mark.parametrize(
    "body",
    [
        {"notes": "without a version"},
        {"version": -1},
        {"version": 0, "notes": "\0"},
        {"version": 0, "goal_reached": "perhaps"},
        {"version": 0, "ticks": {"x" * 59: True}},
        {"version": 0, "ticks": {"": True}},
        {"version": 0, "ticks": {str(n): True for n in range(51)}},
    ],
)
def test_what_makes_no_sense_is_refused(client, body):
    assert client.put(NOTES, json=body).status_code == 422


def test_half_a_character_is_refused(client):
    body = json.dumps({"version": 0, "notes": "\ud800"})
    answer = client.put(NOTES, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422


def test_a_review_that_is_not_there_takes_nothing(client):
    gone = NOTES.replace("reviews/1", "reviews/99")
    assert client.put(gone, json={"version": 0, "notes": "x"}).status_code == 404
    assert client.put(NOTES.replace("k8s", "nope"), json={"version": 0}).status_code == 404
    assert client.get("/teams/k8s/reviews/99").status_code == 404


def test_another_site_may_not_write(client):
    answer = put(client, 0, {"Origin": "https://evil.example"}, notes="theirs")
    assert answer.status_code == 403


def test_who_is_signed_in_is_kept_without_what_lets_in(pulled):
    client = client_of(pulled, TOKEN)
    assert put(client, 0, notes="nobody").status_code == 401
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    start = client.get(NOTES, headers=bearer).json()["version"]
    put(client, start, bearer, notes="by the token")
    client.post("/sign-in", data={"token": TOKEN})
    put(client, start + 1, notes="by a browser")
    newest, before, *_ = pulled.reports.notes_history("k8s", "1")
    assert (before.made_by, newest.value) == ("access token", "by a browser")
    assert newest.made_by.startswith("session ")
    assert len(newest.made_by) == len("session ") + 8


def test_the_api_tells_of_a_review_what_its_page_says(client):
    found = client.get(REVIEW).json()
    page = client.get("/teams/k8s/reviews/1").text
    assert (found["state"], found["goal"], found["is_gone"]) == (
        "frozen",
        "No window & no noise",
        False,
    )
    assert "No window &amp; no noise" in page
    assert "Sprint &lt;1&gt;" in page
    assert "<b>x</b>" not in page
    assert found["sprint"]["committed_points"] == 5
    assert [one["key"] for one in found["decisions"]] == ["unestimated"]
    assert "Frozen at the close" in page
    assert found["sentences"]["status"].startswith("Frozen at the close")
    [item] = client.get("/api/v1/teams/k8s/reviews").json()["items"]
    assert (item["id"], item["state"], item["committed_points"]) == (1, "frozen", 5)


WEEK = "/api/v1/teams/k8s/reviews/2026-W10"


def test_a_week_is_a_page_and_an_answer_and_takes_notes_of_its_own(client):
    found = client.get(WEEK).json()
    page = client.get("/teams/k8s/reviews/2026-W10").text
    assert (found["id"], found["name"], found["state"]) == ("2026-W10", "Week 10 of 2026", "frozen")
    assert (found["starts_on"], found["ends_on"]) == ("2026-03-02", "2026-03-08")
    assert (found["figures"]["done_count"], [one["key"] for one in found["done"]]) == (1, ["K8S-1"])
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<b>x</b>" not in page
    assert "Mon 2 Mar – Sun 8 Mar 2026" in page
    assert [one["left_points"] for one in found["sprints"]] == [2]
    client.put(f"{WEEK}/notes", json={"version": 0, "notes": "of the week", "ticks": {"a": True}})
    assert client.get(f"{WEEK}/notes").json()["notes"] == "of the week"
    assert client.get(NOTES).json()["notes"] != "of the week"
    history = client.get("/teams/k8s/reviews/2026-W10/history").text
    assert "of the week" in history
    assert "the review of week 10 of 2026" in history


def test_weeks_stand_in_a_list_of_their_own(client):
    items = client.get("/api/v1/teams/k8s/reviews", params={"of": "weeks"}).json()["items"]
    assert [(one["id"], one["kind"], one["state"]) for one in items] == [
        ("2026-W11", "week", "draft"),
        ("2026-W10", "week", "frozen"),
    ]
    assert "/teams/k8s/reviews/2026-W10" in client.get("/teams/k8s/reviews?of=weeks").text
    assert "/teams/k8s/reviews/2026-W10" not in client.get("/teams/k8s/reviews").text


@pytest.mark.parametrize(
    ("review", "status"),
    [
        ("2026-W12", 404),
        ("2026-W09", 404),
        ("2025-W53", 404),
        ("9999-W01", 422),
        ("0000-W01", 422),
        ("2026-W1", 422),
        ("2026-w10", 422),
        ("9999999999999999999", 404),
        ("99999999999999999999", 422),
        ("-1", 422),
        ("1e3", 422),
        ("current", 422),
    ],
)
def test_a_review_that_there_cannot_be_is_refused(client, review, status):
    for address in (f"/api/v1/teams/k8s/reviews/{review}", f"/teams/k8s/reviews/{review}"):
        for place in (address, f"{address}/{'notes' if 'api' in address else 'history'}"):
            assert client.get(place).status_code == status, place
