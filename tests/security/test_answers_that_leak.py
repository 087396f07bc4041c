"""Answers that a shared cache, a plain connection or a page of another could make use of."""

import re

import pytest
from starlette.testclient import TestClient

from telemetry.report.reports import Reports
from telemetry.settings.running import WebSettings
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests.bench.teams import fill
from tests.security.test_long_parameters import _routes
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app
from web.http.reach import Reach

TOKEN = "open-sesame"
SIGNED_IN = {"Authorization": f"Bearer {TOKEN}"}
NAMES = {"team": "team-1", "key": "team-1"}  # other parts of an address are 27
PART = re.compile(r"{(\w+)(?::\w+)?}")
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


def application(reach=None, reports=None):
    return create_app(
        reports or FakeReports(),
        access_token=TOKEN,
        allowed_hosts=(),
        clock=lambda: NOW,
        trigger_pull=lambda: True,
        reach=reach,
    )


APP = application()


def asking(app, base="http://127.0.0.1"):
    return TestClient(app, base_url=base, follow_redirects=False)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """The page over a real store."""
    engine = open_store("sqlite:///telemetry.db", base=tmp_path_factory.mktemp("leaking"))
    upgrade(engine)
    fill(engine, 2, 4)
    yield asking(application(reports=Reports(engine)))
    engine.dispose()


def addresses():
    """Each route's method and an address of it, and some that are none."""
    yield from (("GET", "/api/openapi.json"), ("GET", "/nothing/here"), ("PUT", "/runs"))
    for route in _routes(APP.routes):
        for method in route.methods:
            if route.path != "/events":
                yield method, PART.sub(lambda part: NAMES.get(part[1], "27"), route.path)


@pytest.mark.parametrize("address", sorted(set(addresses())), ids=" ".join)
@pytest.mark.parametrize("who", [SIGNED_IN, {}], ids=["signed in", "a stranger"])
def test_every_route_forbids_what_is_not_ours_and_shared_caches(client, address, who):
    method, path = address
    answer = client.request(method, path, headers=who)
    assert answer.status_code != 500
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    kept = answer.headers["cache-control"]
    assert kept in ("private, no-cache", "no-store") or path.startswith("/assets/")
    assert "set-cookie" not in answer.headers or path.startswith("/sign-")


def test_the_refusals_of_all_routes_are_as_guarded(client):
    for headers, status in (
        ({"Host": "evil.example.com"}, 400),
        ({"Authorization": "Bearer wrong"}, 401),
        ({"Content-Length": "9999"}, 413),
    ):
        answer = client.get("/api/v1/teams", headers=SIGNED_IN | headers)
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/problem+json"


def test_behind_tls_a_browser_keeps_to_it_and_sends_the_cookie_nowhere_else():
    reach = Reach()
    plain = asking(APP).post("/sign-in", data={"token": TOKEN})
    assert "strict-transport-security" not in plain.headers
    assert "secure" not in plain.headers["set-cookie"].lower()
    reach.follow(WebSettings(url="https://telemetry.example.com"))
    answer = asking(application(reach)).post("/sign-in", data={"token": TOKEN})
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "; secure" in answer.headers["set-cookie"].lower()


def test_a_path_with_a_slash_too_many_leads_nowhere(client):
    for path in ("/teams/team-1/", "/runs/", "/api/v1/teams/", "/teams//team-1", "/wall/"):
        assert client.get(path, headers=SIGNED_IN).status_code == 404


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/", "GET, HEAD"),
        ("/runs", "GET, HEAD, POST"),
        ("/api/v1/runs", "GET, HEAD, POST"),
        ("/sign-in", "GET, HEAD, POST"),
        ("/sign-out", "POST"),
        ("/api/v1/teams/team-1/time", "GET, HEAD"),
        ("/events", "GET"),
        ("/healthz", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_are_allowed(client, path, methods):
    for method in ("DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"):
        answer = client.request(method, path, headers=SIGNED_IN)
        assert answer.status_code == 405
        assert answer.headers["allow"] == methods


@pytest.mark.parametrize("path", ["/", "/teams/team-1", "/runs", "/api/v1/teams", "/healthz"])
def test_head_is_answered_as_get_is_without_the_body(client, path):
    got = client.get(path, headers=SIGNED_IN)
    head = client.head(path, headers=SIGNED_IN)
    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "cache-control", "etag", "content-length"):
        assert head.headers.get(name) == got.headers.get(name)


def test_a_stranger_learns_nothing_by_head(client):
    assert client.head("/teams/team-1").status_code == 303
    assert client.head("/api/v1/teams").status_code == 401
