"""Days of no calendar, forged places, broken encodings: a wrong parameter, never a server error."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from telemetry.report.reports import Reports
from tests.bench.teams import NOW, fill
from tests.web.conftest import BASE
from web.app import create_app
from web.http.forms import form_fields
from web.http.reach import ANY_HOST

pytestmark = pytest.mark.slow

API, PAGE = "/api/v1/teams/team-1", "/teams/team-1"
DAYS = [
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "1989-12-31",
    "2200-01-01",
    "-001-01-01",
    "2026-02-30",
    "2026-13-01",
    "2026-1-1",
    "20260101",
    "2026-W01-1",
    "2026-01-01T00:00:00",
    "1767225600",
    "1e9",
    "9" * 400,
    "NaN",
    "inf",
    "%D9%A2%D9%A0%D9%A2%D9%A6-01-01",
    "2026-01-01%00",
    "%00",
    "%ED%A0%80",
    "%FF",
    "%zz",
    "%",
]
NUMBERS = ["-1", "0.5", "1e3", "0x10", "9" * 30, "9" * 5000, "%D9%A3", "NaN", "%00", "%FF", "1,2"]
DAYED = [f"{API}/time", f"{API}/flow", f"{API}/impediments", f"{PAGE}/flow"]
NUMBERED = [
    f"{API}/sprints?limit={{}}",
    f"{API}/sprints?cursor={{}}",
    f"{API}/impediments?cursor={{}}",
    "/api/v1/runs?cursor={}",
    "/api/v1/runs?limit={}",
    f"{API}/impediments/report?over={{}}",
    "/runs?before={}",
    f"{PAGE}/sprints?page={{}}",
    f"{PAGE}/impediments?sprint={{}}",
    "/wall?every={}",
]
SPRINTS = [
    f"{API}/sprints/{{}}",
    f"{API}/sprints/{{}}/burndown",
    f"{API}/sprints/{{}}/issues",
    f"{API}/sprints/{{}}/snapshots",
    f"{PAGE}/sprints/{{}}",
    f"{PAGE}/sprints/{{}}/snapshots",
]


@pytest.fixture(scope="module")
def client(tmp_path_factory, sqlite_template):
    """The page over a real store."""
    from telemetry.store.engine import open_store
    from telemetry.store.migrate import upgrade

    engine = open_store("sqlite:///telemetry.db", base=tmp_path_factory.mktemp("nonsense"))
    upgrade(engine)
    fill(engine, 2, 4)
    app = create_app(
        Reports(engine), access_token=None, allowed_hosts=(), clock=lambda: NOW, hooks=None
    )
    yield TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False)
    engine.dispose()


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("path", DAYED)
def test_a_day_of_no_calendar_is_a_wrong_parameter(client, path, name):
    for day in DAYS:
        with capture_logs() as logs:
            answer = client.get(f"{path}?{name}={day}")
        assert answer.status_code == 422, day
        assert name in answer.text.lower() or "NUL" in answer.text
        assert len(logs) <= 1


@pytest.mark.parametrize("path", DAYED)
@pytest.mark.parametrize(
    ("first", "last"),
    [("2026-05-02", "2026-05-01"), ("1990-01-01", "2199-12-31"), ("2010-01-01", "2026-01-01")],
)
def test_days_that_end_before_they_begin_or_span_ages_are_refused(client, path, first, last):
    assert client.get(f"{path}?from={first}&to={last}").status_code == 422


@pytest.mark.parametrize("path", DAYED)
@pytest.mark.parametrize(
    "asked",
    ["to=1990-01-01", "to=2199-12-31", "from=1990-01-01&to=1990-01-01", "from=2199-12-31"],
)
def test_the_first_and_last_days_of_all_are_answered(client, path, asked):
    for by in ("day", "week", "sprint"):
        answer = client.get(f"{path}?{asked}&by={by}")
        assert answer.status_code in (200, 422), answer.text
        assert answer.status_code == 200 or "from=2199" in asked


@pytest.mark.parametrize("path", NUMBERED)
def test_a_number_that_is_none_is_a_wrong_parameter(client, path):
    for number in NUMBERS:
        answer = client.get(path.format(number))
        assert answer.status_code in (303, 404, 422), (number, answer.text)


@pytest.mark.parametrize("path", SPRINTS)
def test_a_sprint_that_cannot_be_is_not_found(client, path):
    for number in (*NUMBERS, str(2**63), str(2**63 - 1), "0", "CURRENT", "current%00", "%2e%2e"):
        answer = client.get(path.format(number))
        assert answer.status_code in (404, 414, 422), (number, answer.text)


@pytest.mark.parametrize(
    "team",
    ["%00", "a%00b", "%ED%A0%80", "%FF", "%zz", "%2F", "..%2f..", "'", '"', "\\", "%0a"],
)
@pytest.mark.parametrize(
    "path", ["/teams/{}", "/api/v1/teams/{}/time", "/wall?team={}", "/?q={}", "/go?q={}"]
)
def test_a_team_that_cannot_be_is_not_found(client, path, team):
    answer = client.get(path.format(team))
    assert answer.status_code in (200, 303, 404, 422)


@pytest.mark.parametrize(
    "origin",
    [
        "http://[",
        "http://]",
        "http://[::1",
        "http://127.0.0.1:8000x",
        "//127.0.0.1:8000",
        "[",
        "",
        "http://127.0.0.1:99999999",
        "javascript://127.0.0.1:8000",
        "http://user@127.0.0.1:8000",
        "http://127.0.0.1:8000/",
        "http://\xff",
        "null",
        "http://127.0.0.1:8000, http://evil",
    ],
)
@pytest.mark.parametrize("path", ["/runs", "/api/v1/runs", "/sign-out", "/hooks/jira"])
def test_an_origin_that_cannot_be_read_may_not_write(client, path, origin):
    with capture_logs() as logs:
        answer = client.post(path, headers={"Origin": origin.encode("latin-1")})
    assert answer.status_code == 403
    assert len(logs) <= 1


@pytest.mark.parametrize(
    "host", ["[", "]", "[::1", "a[b", "x:y", "x:99999", "x@y", "x/y", "x?y", "x#y", "é", "", "%00"]
)
def test_a_host_that_cannot_be_read_is_refused_even_where_all_are_answered(client, host):
    app = create_app(
        client.app.state.events._reports,
        access_token="a-token-of-some-length",
        allowed_hosts=(ANY_HOST,),
        clock=lambda: NOW,
    )
    asked = TestClient(app, base_url=BASE, raise_server_exceptions=False, follow_redirects=False)
    for path in ("/", "/healthz", "/api/v1/teams"):
        answer = asked.get(path, headers={"Host": host.encode("latin-1")})
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept-Language", "-,_,--,en-,;q=,x;q=nan,y;q=1e999,z;q=-1," + "a" * 5000),
        ("Accept-Encoding", "gzip;q=x, br;q=nan, *;q=-"),
        ("If-None-Match", 'W/"' + "x" * 5000 + '", ,,,*x'),
        ("Cookie", "telemetry_session=\xff; =; ;;; telemetry_session"),
        ("Authorization", "Bearer \xff\xfe"),
        ("Authorization", "Basic"),
        ("Range", "bytes=-1-"),
        ("Last-Event-ID", "x" * 199),
        ("Content-Length", "99999999999999999999999999"),
        ("X-Forwarded-For", "[::, 1.2.3.4:x, ,"),
        ("X-Forwarded-Proto", "javascript"),
    ],
)
def test_headers_of_nonsense_break_nothing(client, name, value):
    for path in ("/", "/teams/team-1", "/api/v1/teams"):
        answer = client.get(path, headers={name: value.encode("latin-1")})
        assert answer.status_code in (200, 413), answer.text


NUL = "\\u0000"


@pytest.mark.parametrize(
    "body",
    [
        '{"team": "team-1%s", "until": "2026-05-08T00:00:00Z"}',
        '{"team": "team-1", "until": "2026-05-08T00:00:00Z", "by": "zoë%s"}',
    ],
)
def test_what_no_store_can_hold_is_refused_in_a_body(client, body):
    headers = {"Content-Type": "application/json"}
    for sign in (NUL, "\\ud800"):
        told = (body % sign).encode()
        answer = client.post("/api/v1/alerts/mutes", content=told, headers=headers)
        assert answer.status_code == 422


def test_a_form_with_what_no_store_can_hold_is_read_without_it():
    request = Request({"type": "http", "method": "POST"}, _body)
    with ThreadPoolExecutor(1) as thread:  # a browser's loop may be running in this one
        fields = thread.submit(asyncio.run, form_fields(request)).result()
    assert fields == {"team": "team-1"}


async def _body():
    return {"type": "http.request", "body": b"team=team-1%00", "more_body": False}
