"""The JSON API against the names that the contract gives it."""

import pytest
from starlette.testclient import TestClient

from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app

SPRINT = (
    "id name state goal started_at planned_end_at completed_at committed_points added_points "
    "removed_points reestimated_points burned_points reopened_points completed_points "
    "remaining_points done_points total_points completion_percent commitment_kept_percent "
    "carried_over_points unestimated_count expected_remaining_points behind_points "
    "projected_finish_on projected_finish_dates projected_finish_calibration "
    "finish_in_time_percent finish_in_time_calibration done_by_planned_end "
    "done_by_planned_end_calibration "
    "remaining_without_impediments_points impediment_cost time impediments gap "
    "impediments_unknown"
)
ITEMS = {
    "/teams": "key name is_stale reason misfits impediments_unknown active_sprints",
    "/teams/k8s/sprints": SPRINT,
    "/teams/k8s/sprints/27/issues": (
        "key summary url type status points outcome is_added is_impediment seconds"
    ),
    "/teams/k8s/time?from=2026-04-22&to=2026-05-06&by=day": (
        "start_on planned_seconds impediment_seconds off_plan_seconds natures"
    ),
    "/teams/k8s/impediments?from=2026-04-22&to=2026-05-06": (
        "key summary url nature opened_at closed_at seconds"
    ),
    "/runs": (
        "started_at ended_at state issues_changed work_logs_changed requests error "
        "issues_read issues_total found"
    ),
}
ONE = {
    "/teams/k8s/sprints/current": SPRINT,
    "/teams/k8s/sprints/27/burndown": "days events",
    "/teams/k8s/velocity": (
        "velocity_points_per_day average_completion_percent average_impediment_seconds sprints "
        "impediments_unknown"
    ),
}


@pytest.mark.parametrize(("path", "keys"), ITEMS.items())
def test_a_list_has_the_keys_of_the_contract(client, path, keys):
    answer = client.get("/api/v1" + path).json()
    assert answer["as_of"] == "2026-05-06T13:04:00Z"
    assert set(answer["items"][0]) == set(keys.split())


@pytest.mark.parametrize(("path", "keys"), ONE.items())
def test_an_answer_has_the_keys_of_the_contract(client, path, keys):
    answer = client.get("/api/v1" + path).json()
    assert set(answer) == {*keys.split(), "as_of"}


def test_the_parts_of_a_sprint_have_the_keys_of_the_contract(client):
    sprint = client.get("/api/v1/teams/k8s/sprints/27").json()
    assert set(sprint["time"]) == {
        "planned_seconds",
        "impediment_seconds",
        "off_plan_seconds",
        "impediment_share_percent",
    }
    assert set(sprint["impediments"]["by_nature"][0]) == {"nature", "count", "seconds"}
    assert set(sprint["gap"][0]) == {"cause", "points", "is_exact"}
    dates = sprint["projected_finish_dates"]
    assert dates["85"] == "2026-05-15"
    assert sprint["projected_finish_on"] == dates["50"]
    assert sprint["started_at"] == "2026-04-22T08:00:00Z"
    assert sprint["done_by_planned_end"] == {"50": 36, "85": 32}
    worth = sprint["done_by_planned_end_calibration"]["85"]
    assert (worth["promised_percent"], worth["count"]) == (85, 60)
    assert worth["came_true_percent"] < worth["uncorrected_came_true_percent"]
    assert set(sprint["projected_finish_calibration"]) == {"50", "85", "95"}
    assert sprint["finish_in_time_calibration"] == {
        "count": 60,
        "brier_score": 0.125,
        "uncorrected_brier_score": 0.15,
        "lender_count": 0,
    }


def test_a_burndown_has_the_keys_of_the_contract(client):
    answer = client.get("/api/v1/teams/k8s/sprints/current/burndown").json()
    moved = ("added", "removed", "reestimated", "burned", "reopened")
    parts = ("remaining", "remaining_without_impediments", "ideal", "scope", "done", *moved)
    assert set(answer["days"][0]) == {"day", *(f"{part}_points" for part in parts)}
    assert set(answer["events"][0]) == {"at", "issue_key", "kind", "points"}


def test_what_is_unknown_is_null_and_not_zero(client):
    sprint = client.get("/api/v1/teams/metal/sprints/current").json()
    assert sprint["completion_percent"] is None
    assert sprint["projected_finish_on"] is None
    assert sprint["projected_finish_dates"] is None
    assert sprint["finish_in_time_percent"] is None
    assert sprint["done_by_planned_end"] is None
    assert sprint["done_by_planned_end_calibration"] is None
    assert sprint["time"]["impediment_share_percent"] is None


def test_numbers_are_not_rounded(client):
    sprint = client.get("/api/v1/teams/k8s/sprints/27").json()
    assert sprint["completion_percent"] == 100 * 27 / 41


@pytest.mark.parametrize("path", [*ITEMS, *ONE])
def test_the_same_answer_is_not_sent_twice(client, path):
    first = client.get("/api/v1" + path)
    again = client.get("/api/v1" + path, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_a_changed_fact_changes_the_etag(client, reports):
    path = "/api/v1/teams/k8s/sprints/27"
    first = client.get(path).headers["etag"]
    reports.bump()
    assert client.get(path, headers={"If-None-Match": first}).status_code == 200


def test_pages_of_a_list_are_the_whole_list(client):
    path = "/api/v1/teams/k8s/sprints"
    whole = [one["id"] for one in client.get(path).json()["items"]]
    seen, cursor = [], None
    while True:
        params = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        answer = client.get(path, params=params).json()
        seen += [one["id"] for one in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert seen == whole


@pytest.mark.parametrize(
    "path",
    ["/teams/nope/sprints", "/teams/k8s/sprints/999", "/teams/k8s/sprints/abc", "/nothing"],
)
def test_what_is_not_there_is_a_problem_404(client, path):
    answer = client.get("/api/v1" + path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"title", "status", "detail"}


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/teams/k8s/time?by=month", "by"),
        ("/teams/k8s/time?from=yesterday", "from"),
        ("/teams/k8s/time?from=2026-05-06&to=2026-05-01", "from"),
        ("/teams?limit=0", "limit"),
        ("/teams?cursor=x", "cursor"),
        ("/teams/k8s/sprints?state=open", "state"),
    ],
)
def test_a_wrong_parameter_is_named(client, path, parameter):
    answer = client.get("/api/v1" + path)
    assert answer.status_code == 422
    assert parameter in answer.json()["detail"].lower()


@pytest.mark.parametrize(("started", "status"), [(True, 202), (False, 409)])
def test_a_pull_can_be_started_once(started, status):
    app = create_app(
        FakeReports(),
        access_token=None,
        allowed_hosts=(),
        clock=lambda: NOW,
        trigger_pull=lambda: started,
    )
    assert TestClient(app, base_url="http://localhost").post("/api/v1/runs").status_code == status


def test_without_a_bot_a_pull_cannot_be_started(client):
    answer = client.post("/api/v1/runs")
    assert answer.status_code == 503
    assert "telemetry up" in answer.json()["detail"]


def test_the_openapi_document_describes_every_answer(client):
    document = client.get("/api/openapi.json").json()
    assert len(document["paths"]) == 28
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            good = next(code for code in one["responses"] if code.startswith("2"))
            schema = one["responses"][good]["content"]["application/json"]["schema"]
            assert "$ref" in schema, (method, path)
            assert one["summary"]


def test_health_says_nothing_but_its_state(client, reports):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}
    reports.failing = True
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})
