"""Who may read, who may write, and what a browser may load."""

import time
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from telemetry.errors import ConfigurationError
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.http.access import AccessGate
from web.http.guard import local_path
from web.service import server

PAGES = [
    "/",
    "/teams/k8s",
    "/portfolio",
    "/programs/x",
    "/definitions",
    "/runs",
    "/api/docs",
    "/api/v1/teams",
    "/no-such-page",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_answer_forbids_what_is_not_ours(client, path):
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES[:5])
def test_no_page_names_another_host_to_load_from(client, path):
    text = client.get(path).text
    for word in ('src="http', "src='http", 'src="//', "@import", 'rel="stylesheet" href="http'):
        assert word not in text


@pytest.mark.parametrize("host", ["evil.example.com", "127.0.0.1.evil.example.com", "[::1", ""])
def test_an_unknown_host_name_is_refused(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:1", "[::1]:8000", "LOCALHOST"])
def test_the_names_of_loopback_are_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example.com"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/api/v1/runs", "/runs", "/sign-in", "/sign-out"])
def test_another_site_cannot_write(locked, path, headers):
    locked.headers["Authorization"] = "Bearer open-sesame"
    assert locked.post(path, headers=headers).status_code == 403


def test_our_own_page_can_write(locked):
    locked.headers["Authorization"] = "Bearer open-sesame"
    headers = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert locked.post("/api/v1/runs", headers=headers).status_code == 202


def test_without_the_token_a_page_leads_to_the_sign_in(locked):
    answer = locked.get("/teams/k8s?issues=added")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Fteams%2Fk8s%3Fissues%3Dadded"


def test_without_the_token_the_api_says_how_to_send_it(locked):
    answer = locked.get("/api/v1/teams")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_token_as_bearer_opens_the_api(locked):
    answer = locked.get("/api/v1/teams", headers={"Authorization": "Bearer open-sesame"})
    assert answer.status_code == 200


def test_health_needs_no_token(locked):
    assert locked.get("/healthz").status_code == 200
    assert locked.get("/readyz").status_code == 200


def test_signing_in_opens_the_pages_and_signing_out_closes_them(locked):
    given = {"token": "open-sesame", "next": "/teams/k8s"}
    answer = locked.post("/sign-in", data=given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/teams/k8s")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "open-sesame" not in cookie
    assert locked.get("/teams/k8s").status_code == 200
    locked.post("/sign-out")
    assert locked.get("/teams/k8s").status_code == 303


def test_a_wrong_token_is_told_and_guessing_is_slowed_down_but_never_the_right_one(locked):
    answers = [locked.post("/sign-in", data={"token": f"guess {n}"}) for n in range(11)]
    assert answers[0].status_code == 403
    assert "not the access token" in answers[0].text
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0
    assert locked.post("/sign-in", data={"token": "open-sesame"}).status_code == 303


@pytest.mark.parametrize("cookie", ["", "1.2", "99999999999.abc", "x.y", "é.é", "9" * 5000])
def test_an_invented_session_opens_nothing(cookie):
    assert not AccessGate("secret", lambda: NOW).is_session(cookie)


def test_a_session_ends_after_a_month_and_with_its_token():
    clock = [NOW]
    gate = AccessGate("secret", lambda: clock[0])
    session = gate.new_session()
    assert gate.is_session(session)
    assert not AccessGate("another", lambda: NOW).is_session(session)
    clock[0] += timedelta(days=31)
    assert not gate.is_session(session)


@pytest.mark.parametrize(
    "wanted", ["//evil.example.com", "https://evil.example.com", "/\\evil", "/\r\nx", "x"]
)
def test_signing_in_never_leads_to_another_site(wanted):
    assert local_path(wanted) == "/"


def test_an_open_server_beyond_loopback_is_refused_with_the_remedy():
    with pytest.raises(ConfigurationError, match="TELEMETRY_ACCESS_TOKEN"):
        server(FakeReports(), host="0.0.0.0", port=0, access_token=None, clock=lambda: NOW)


def test_with_a_token_the_server_may_bind_anywhere():
    made = server(FakeReports(), host="0.0.0.0", port=0, access_token="x", clock=lambda: NOW)
    app: Any = made.config.app
    client = TestClient(app, base_url="http://telemetry.example.com")
    assert client.get("/healthz").status_code == 200


def test_files_never_expire_and_pages_are_asked_for_again(client):
    page = client.get("/teams/k8s")
    assert page.headers["cache-control"] == "no-cache"
    again = client.get("/teams/k8s", headers={"If-None-Match": page.headers["etag"]})
    assert again.status_code == 304
    script = next(part for part in page.text.split('"') if part.endswith("/page.js"))
    assert "immutable" in client.get(script).headers["cache-control"]
    assert client.get(script.replace("/assets/", "/assets/0")).status_code == 404


def test_plotly_is_sent_packed(client):
    page = client.get("/teams/k8s").text
    url = next(part for part in page.split('"') if part.endswith("/plotly.js"))
    started = time.perf_counter()
    answer = client.get(url, headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["content-encoding"] == "br"
    assert "Plotly" in answer.text
    assert int(answer.headers["content-length"]) < 1_300_000
    assert time.perf_counter() - started < 60
