"""The page of alerts, the line on a sprint's page, the API, and mutes."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from telemetry.report.reports import Reports
from telemetry.settings.running import WebSettings
from tests.alerts.desk import Desk
from tests.bench.teams import NOW as FILLED
from tests.web import invented_alerts
from web.app import create_app
from web.http.mutes import Mutes
from web.http.reach import Reach


@pytest.fixture
def warned(reports):
    reports.open_alerts = invented_alerts.OPEN
    reports.past_alerts = invented_alerts.PAST
    return reports


def test_every_page_tells_how_many_alerts_are_open(client, reports):
    assert "open-alerts" not in client.get("/").text
    reports.open_alerts = invented_alerts.OPEN
    reports.bump()
    for page in ("/", "/teams/k8s", "/portfolio", "/programs", "/runs", "/definitions", "/alerts"):
        assert (
            '<span class="open-alerts">3<span class="away"> open</span></span>'
            in client.get(page).text
        )


def test_the_page_shows_open_ones_worst_first_and_how_they_were_told(client, warned):
    page = client.get("/alerts").text
    assert page.index("data stale") < page.index("impediment open") < page.index("scope grown")
    assert "mail It refused the mail (550)" in page.replace("given up: ", "")
    assert "■</span> mail given up: It refused the mail (550)." in page
    assert "known before, not told" in page
    assert 'href="https://jira.example.com/browse/K8S-816"' in page
    assert "its sprint was closed" in page
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "zoë &lt;b&gt;" in page
    assert "and 2 other teams" in page
    assert "2 alerts not told: It refused the mail (550)." in page


def test_without_alerts_the_page_says_so_and_how_to_look(client):
    page = client.get("/alerts").text
    assert "No alert is open." in page
    assert "telemetry alerts evaluate --dry-run" in page


def test_a_team_may_be_asked_for_alone(client, warned):
    page = client.get("/alerts?team=k8s").text
    assert "of Managed Kubernetes" in page
    assert "data stale" not in page.split("Before")[0].split("Muted")[0]
    assert client.get("/alerts?team=nobody").status_code == 404


def test_a_sprints_page_has_its_open_alerts_in_a_line(client, warned):
    page = client.get("/teams/k8s").text
    assert "2 open alerts" in page
    assert "Scope grew by 25" in page
    assert "K8S-816 scope grew by" in page
    assert "open alert" not in client.get("/teams/k8s/sprints/26").text.split("Sprint 26")[-1]


def test_runs_tell_of_looks_and_messages(client):
    page = client.get("/runs").text
    assert "Looks for alerts" in page
    assert "given up" in page
    assert "It refused us (401)." in page


def test_the_api_lists_alerts_by_state_and_team_in_pages(client, warned):
    answer = client.get("/api/v1/alerts?state=open&limit=2").json()
    assert [one["id"] for one in answer["items"]] == [1, 2]
    assert answer["next_cursor"] == "2"
    rest = client.get(f"/api/v1/alerts?state=open&limit=2&cursor={answer['next_cursor']}").json()
    assert [one["id"] for one in rest["items"]] == [3]
    assert rest["items"][0]["team"] is None
    assert [one["id"] for one in client.get("/api/v1/alerts?state=resolved").json()["items"]] == [4]
    assert client.get("/api/v1/alerts?state=shut").status_code == 422
    assert client.get("/api/v1/alerts?team=nobody").status_code == 404
    first = answer["items"][0]
    assert first["sentence"].startswith("scope grew by 25\u202f%: 10 points.")
    assert first["deliveries"][1]["error"] == "It refused the mail (550)."
    assert first["url"] == "/teams/k8s/sprints/27"


def test_where_the_page_has_an_address_the_api_tells_it(warned):
    reach = Reach()
    reach.follow(WebSettings(url="https://telemetry.example.com"))
    app = create_app(warned, access_token=None, allowed_hosts=(), clock=lambda: FILLED, reach=reach)
    with TestClient(app, base_url="https://telemetry.example.com") as client:
        [first, *_] = client.get("/api/v1/alerts").json()["items"]
    assert first["url"] == "https://telemetry.example.com/teams/k8s/sprints/27"


@pytest.fixture
def desk(sqlite_store, tmp_path):
    return Desk(sqlite_store, tmp_path)


@pytest.fixture
def served(desk):
    app = create_app(
        Reports(desk.engine),
        access_token=None,
        allowed_hosts=(),
        clock=lambda: FILLED,
        mutes=Mutes(desk.engine, lambda: FILLED),
    )
    with TestClient(app, base_url="http://127.0.0.1") as client:
        yield client


def test_a_mute_is_made_listed_and_ended_by_the_api(served):
    until = (FILLED + timedelta(days=2)).isoformat()
    new = {"team": "team-1", "rule": "scope_grown", "until": until, "by": "zoë"}
    made = served.post("/api/v1/alerts/mutes", json=new)
    assert made.status_code == 201, made.text
    [listed] = served.get("/api/v1/alerts/mutes").json()["items"]
    assert listed == made.json()
    assert listed["made_by"] == "zoë"
    assert served.delete(f"/api/v1/alerts/mutes/{listed['id']}").json() == {"state": "ended"}
    assert served.delete(f"/api/v1/alerts/mutes/{listed['id']}").status_code == 404
    assert served.get("/api/v1/alerts/mutes").json()["items"] == []


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"team": "nobody"}, 404),
        ({"rule": "nothing"}, 422),
        ({"until": "2020-01-01T00:00:00Z"}, 422),
        ({"until": "2126-01-01T00:00:00Z"}, 422),
        ({"until": "2026-05-07T00:00:00"}, 422),
        ({"by": ""}, 422),
        ({"by": "x" * 81}, 422),
    ],
)
def test_a_wrong_mute_is_refused(served, wrong, status):
    until = (FILLED + timedelta(days=2)).isoformat()
    new = {"team": "team-1", "until": until} | wrong
    answer = served.post("/api/v1/alerts/mutes", json=new)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_another_site_may_mute_nothing(served):
    for path in ("/alerts/mutes", "/api/v1/alerts/mutes"):
        answer = served.post(
            path, data={"team": "team-1"}, headers={"Origin": "http://evil.example"}
        )
        assert answer.status_code == 403


def test_the_page_mutes_and_ends_a_mute(served, desk):
    desk.grow(10.0)
    desk.round()
    desk.grow(10.0)
    desk.round()
    page = served.get("/alerts").text
    assert "Team 1 of the platform" in page
    answer = served.post(
        "/alerts/mutes", data={"team": "team-1", "rule": "scope_grown", "until": "1w"}
    )
    assert answer.status_code == 200
    assert "scope grown, until Wed 13 May; by page" in answer.text
    answer = served.post("/alerts/mutes/1/end")
    assert "Nothing is muted." in answer.text
    assert served.post("/alerts/mutes", data={"team": "nobody"}).status_code == 404
    assert served.post("/alerts/mutes", data={"team": "team-1", "rule": "x"}).status_code == 404


def test_what_pages_show_of_a_store_is_what_happened(served, desk):
    desk.round()
    desk.grow(10.0)
    desk.round()
    assert "Looks for alerts" in served.get("/runs").text
    page = served.get("/teams/team-1").text
    assert "1 open alert" in page
    before = served.get("/teams/team-2").headers["etag"]
    desk.grow(0.0)
    desk.round()
    assert served.get("/teams/team-2").headers["etag"] != before
    assert "open alert" not in served.get("/teams/team-1").text
    page = served.get("/alerts").text
    assert "back below three quarters of its threshold" in page
    assert "chat, resolved" in page
