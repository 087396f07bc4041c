"""Every ready-made fault as a client meets it over a real connection."""

import http.client
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
import requests
from requests.exceptions import ChunkedEncodingError

from bot.simulator import faults
from bot.simulator.server import running

auth = ("bot@example.com", "simulated-token")
path = "/rest/api/3/myself"
then = datetime(2026, 3, 2, 9, tzinfo=UTC)


@contextmanager
def asked(site, *troubles, flavour="cloud", **options):
    """A way to ask a site that does these to its first requests, one after the other."""
    left = list(troubles)
    hook = lambda _: left.pop(0) if left else None  # noqa: E731
    with running(site.world, flavour, faults=hook, **options) as server, requests.Session() as http:
        http.auth = auth
        yield lambda **values: http.get(server.url + path, **({"timeout": 20} | values))


def test_a_hanging_answer_comes_when_its_time_is_over(site):
    with asked(site, faults.hang(0.3), faults.hang(60)) as ask:
        began = time.monotonic()
        assert ask().json()["emailAddress"] == "bot@example.com"
        assert time.monotonic() - began >= 0.3
        with pytest.raises(requests.ReadTimeout):
            ask(timeout=0.2)
        assert ask().status_code == 200


def test_a_server_with_a_hanging_answer_still_stops_at_once_when_the_caller_hangs_up(site):
    began = time.monotonic()
    with asked(site, faults.hang(60)) as ask, pytest.raises(requests.ReadTimeout):
        ask(timeout=0.1)
    assert time.monotonic() - began < 5


def test_a_connection_is_reset_before_the_answer(site):
    with asked(site, faults.reset()) as ask:
        with pytest.raises(requests.ConnectionError, match="Connection reset by peer"):
            ask()
        assert ask().status_code == 200


def test_a_connection_is_reset_in_the_middle_of_the_body(site):
    with asked(site, faults.reset(0.5)) as ask, ask(stream=True) as answer:
        assert answer.status_code == 200
        with pytest.raises(ChunkedEncodingError, match="Connection reset by peer"):
            answer.content  # noqa: B018


def test_a_body_is_cut_short_of_its_length(site):
    with asked(site, faults.cut(0.5)) as ask, ask(stream=True) as answer:
        length = int(answer.headers["Content-Length"])
        with pytest.raises(ChunkedEncodingError, match="IncompleteRead"):
            answer.content  # noqa: B018
        whole = ask()
        assert (whole.status_code, len(whole.content)) == (200, length)


def test_a_cut_body_is_as_long_as_was_said(site):
    with running(site.world, "cloud", faults=lambda _: faults.cut(0.25)) as server:
        host = server.url.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=20)
        connection.request("GET", "/rest/api/3/serverInfo")
        answer = connection.getresponse()
        length = int(answer.headers["Content-Length"])
        with pytest.raises(http.client.IncompleteRead) as error:
            answer.read()
        assert len(error.value.partial) == length // 4
        connection.close()


def test_a_trickling_body_takes_its_time_and_is_whole(site):
    with asked(site, faults.trickle(0.4, pieces=4)) as ask:
        began = time.monotonic()
        assert ask().json()["emailAddress"] == "bot@example.com"
        assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (None, None),
        (120, "120"),
        (0.5, "0.5"),
        ("soon", "soon"),
        (then, "Mon, 02 Mar 2026 09:00:00 GMT"),
    ],
)
def test_a_rate_limit_says_when_to_come_back(site, given, sent):
    with asked(site, faults.rate_limited(given, reason="jira-burst-based")) as ask:
        answer = ask()
    assert answer.status_code == 429
    assert answer.headers.get("Retry-After") == sent
    assert answer.headers["RateLimit-Reason"] == "jira-burst-based"


def test_a_near_limit_is_told_with_the_true_answer(site):
    with asked(site, faults.near_limit(3, then)) as ask:
        answer = ask()
        assert "X-RateLimit-NearLimit" not in ask().headers
    assert answer.json()["emailAddress"] == "bot@example.com"
    assert answer.headers["X-RateLimit-Remaining"] == "3"
    assert answer.headers["X-RateLimit-Reset"] == "2026-03-02T09:00:00+00:00"


def test_answers_that_are_no_jiras(site):
    troubles = (
        faults.html_login(),
        faults.server_error(502),
        faults.server_error(503, retry_after=7),
        faults.unauthorized(),
        faults.redirect("http://127.0.0.1:9/login"),
        faults.not_json(),
    )
    with asked(site, *troubles) as ask:
        answers = [ask(allow_redirects=False) for _ in troubles]
        assert ask().status_code == 200
    assert [answer.status_code for answer in answers] == [200, 502, 503, 401, 302, 200]
    login, _, busy, _, away, broken = answers
    assert login.headers["Content-Type"].startswith("text/html")
    assert busy.headers["Retry-After"] == "7"
    assert away.headers["Location"] == "http://127.0.0.1:9/login"
    assert broken.headers["Content-Type"].startswith("application/json")
    with pytest.raises(requests.JSONDecodeError):
        broken.json()


def test_dates_of_all_answers_follow_jiras_clock(site):
    clock = lambda: then + timedelta(minutes=15)  # noqa: E731
    with asked(site, faults.server_error(), faults.hang(0), clock=clock) as ask:
        answers = [ask(), ask(), ask()]
    assert [answer.status_code for answer in answers] == [503, 200, 200]
    for answer in answers:
        assert parsedate_to_datetime(answer.headers["Date"]) == clock()


def test_an_old_data_center_lists_no_work_logs_of_the_site(site):
    client = site.client("datacenter", has_work_log_lists=False)
    assert client.get("/rest/api/2/worklog/updated?since=0").status_code == 404
    assert client.get("/rest/api/2/worklog/deleted?since=0").status_code == 404
    assert client.post("/rest/api/2/worklog/list", json={"ids": [1]}).status_code == 404
    issue = site.issue()
    assert client.get(f"/rest/api/2/issue/{issue.key}/worklog").status_code == 200


def test_a_fault_of_the_connection_says_what_it_needs(site):
    client = site.client(faults=lambda _: faults.cut())
    with pytest.raises(RuntimeError, match=r"serve the site with running\(\)"):
        client.get(path)
