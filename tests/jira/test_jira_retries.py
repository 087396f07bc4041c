"""What is asked again, how long the waits are, and what remains an error."""

import logging
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.jira.client import connect
from bot.jira.http.auth import Auth
from bot.jira.http.retry import (
    Failure,
    Patience,
    retry_after,
)
from telemetry.errors import (
    AccessDenied,
    ConfigurationError,
    NotInTracker,
    TrackerError,
    TrackerUnavailable,
    UnexpectedAnswer,
)

FIELD = "/rest/api/3/field"
HTML = b"<!DOCTYPE html><html><body>Log in</body></html>"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_asked_again(jira_server, cloud, answer, waits, status):
    jira_server.in_turn(FIELD, answer({}, status), answer({}, status), [{"id": "summary"}])
    assert cloud.fields() == [{"id": "summary"}]
    assert len(waits) == 2
    assert waits[1] > waits[0] > 0
    assert cloud.requests == 3


def test_retry_after_seconds_are_waited_in_full(jira_server, cloud, answer, waits):
    jira_server.in_turn(FIELD, answer({}, 429, {"Retry-After": "120"}), [])
    cloud.fields()
    assert 120 <= waits[0] <= 130


def test_retry_after_as_a_date_is_read_on_the_servers_clock():
    now = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
    later = format_datetime(now + timedelta(seconds=90), usegmt=True)
    headers = {"Retry-After": later, "Date": format_datetime(now, usegmt=True)}
    assert retry_after(headers) == 90


@pytest.mark.parametrize("value", ["", "soon", "Tue, 99 Foo"])
def test_an_unreadable_retry_after_is_none(value):
    assert retry_after({"Retry-After": value}) is None


def test_retry_after_zero_still_waits_a_little(jira_server, cloud, answer, waits):
    jira_server.in_turn(FIELD, answer({}, 429, {"Retry-After": "0"}), [])
    cloud.fields()
    assert waits[0] > 1


def test_waits_grow_and_are_spread():
    low, high = Patience(jitter=lambda: 0.0), Patience(jitter=lambda: 1.0)
    failure = Failure("HTTP 503")
    assert [high.wait_seconds(n, failure) for n in (1, 2, 3)] == [1, 2, 4]
    assert [low.wait_seconds(n, failure) for n in (1, 2, 3)] == [0.5, 1, 2]


def test_after_five_tries_jira_counts_as_unavailable(jira_server, cloud, answer, waits):
    jira_server.on(FIELD, answer({}, 503))
    with pytest.raises(TrackerUnavailable, match=r"HTTP 503 \(5 tries in 15 s\); try again later"):
        cloud.fields()
    assert cloud.requests == 5 + 1  # and who we are


def test_a_penalty_beyond_the_budget_is_not_waited_for(jira_server, cloud, answer, waits):
    jira_server.on(FIELD, answer({}, 429, {"Retry-After": "3600"}))
    with pytest.raises(TrackerUnavailable, match="try again in 3600 s") as caught:
        cloud.fields()
    assert caught.value.retry_after_seconds == 3600
    assert not waits


def test_an_answer_that_comes_too_late_is_asked_for_again(jira_server, open_jira, waits):
    def slow_once(asked):
        if len(jira_server.asked) == 1:
            time.sleep(0.6)
        return []

    jira_server.on(FIELD, slow_once)
    assert open_jira("cloud", timeout=(1, 0.2)).fields() == []
    assert len(waits) == 1


def test_no_server_at_all_is_unavailable(open_jira, jira_server, waits):
    jira = open_jira("cloud")
    jira._transport.url = "http://127.0.0.1:9"
    with pytest.raises(TrackerUnavailable, match="nothing listens there"):
        jira.fields()
    assert len(waits) == 4


def test_closing_a_client_ends_its_waits(jira_server, answer):
    jira_server.on(FIELD, answer({}, 429, {"Retry-After": "100"}))
    jira = connect("main", jira_server.url, "cloud", Auth("pat", None, "x"))
    raised: list[BaseException] = []

    def ask():
        try:
            jira.fields()
        except TrackerUnavailable as error:
            raised.append(error)

    waiting = threading.Thread(target=ask)
    waiting.start()
    while not jira_server.asked:
        time.sleep(0.01)
    jira.close()
    waiting.join(timeout=10)
    assert "was closed meanwhile" in str(raised[0])


@pytest.mark.parametrize("body", [b'[{"id": oops', b""])
def test_an_answer_that_is_no_whole_json_is_retried_then_unexpected(
    jira_server, cloud, answer, body
):
    jira_server.in_turn(FIELD, answer(body), [])
    assert cloud.fields() == []
    jira_server.on(FIELD, answer(body))
    with pytest.raises(UnexpectedAnswer, match="5 tries"):
        cloud.fields()


@pytest.mark.parametrize("status", [401, 403])
def test_refused_credentials_are_denied_at_once(jira_server, cloud, answer, waits, status):
    jira_server.on(FIELD, answer({"errorMessages": ["no way"]}, status))
    with pytest.raises(AccessDenied, match=r"bot@example\.com.*no way"):
        cloud.fields()
    assert cloud.requests == (1 if status == 403 else 2)  # and who we are


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/html"}, {"Content-Type": "application/json"}]
)
def test_a_login_page_with_status_200_is_access_denied(jira_server, cloud, answer, headers):
    jira_server.on(FIELD, answer(HTML, 200, headers))
    with pytest.raises(AccessDenied, match="web page instead of data"):
        cloud.fields()


def test_a_redirect_to_a_login_is_access_denied(jira_server, cloud, answer):
    jira_server.on(FIELD, answer({}, 302, {"Location": "https://id.example.com/login?x=1"}))
    with pytest.raises(AccessDenied, match=r"login page at https://id\.example\.com"):
        cloud.fields()


def test_another_redirect_tells_where_jira_is(jira_server, cloud, answer):
    jira_server.on(FIELD, answer({}, 301, {"Location": "https://jira.example.com/rest"}))
    with pytest.raises(TrackerError, match=r"set url to the address"):
        cloud.fields()


def test_a_failed_login_that_answers_as_anonymous_is_denied(jira_server, cloud, answer):
    jira_server.on(FIELD, answer([], 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}))
    with pytest.raises(AccessDenied):
        cloud.fields()


def test_a_removed_resource_says_to_check_the_deployment(jira_server, datacenter, answer):
    said = {"errorMessages": ["The requested API has been removed."]}
    jira_server.on("/rest/api/2/search", answer(said, 410))
    with pytest.raises(TrackerError, match=r"HTTP 410.*has been removed.*deployment"):
        list(datacenter.search("project = A", ["summary"]))


@pytest.mark.parametrize("body", [None, 5, "text", [], {"errors": None, "errorMessages": None}])
def test_any_error_body_makes_a_sentence(jira_server, cloud, answer, body):
    jira_server.on(FIELD, answer(body, 400))
    with pytest.raises(TrackerError, match="no reason given"):
        cloud.fields()


def test_an_unknown_project_is_named(jira_server, cloud, answer):
    with pytest.raises(NotInTracker, match="project 'A/B' is unknown to http"):
        cloud.project("A/B")


def test_no_message_and_no_log_holds_the_secret(jira_server, open_jira, answer, caplog):
    caplog.set_level(logging.DEBUG)
    for auth in (
        Auth("token", "bot@example.com", "s3cret"),
        Auth("pat", None, "s3cret"),
        Auth("basic", "bot", "s3cret"),
    ):
        jira = open_jira("cloud", auth=auth)
        for status in (302, 400, 401, 403, 404, 410, 500):
            jira_server.on(FIELD, answer({"message": "no"}, status, {"X-Secret": "s3cret"}))
            with pytest.raises(TrackerError) as caught:
                jira.fields()
            assert "s3cret" not in str(caught.value)
        assert "s3cret" not in repr(auth)
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize(
    ("auth", "header"),
    [
        (Auth("token", "u", "p"), "Basic dTpw"),
        (Auth("basic", "u", "p"), "Basic dTpw"),
        (Auth("token", None, "p"), "Bearer p"),
        (Auth("pat", None, "p"), "Bearer p"),
    ],
)
def test_each_kind_of_credential_is_sent_as_jira_wants_it(jira_server, open_jira, auth, header):
    jira_server.on(FIELD, [])
    open_jira("cloud", auth=auth).fields()
    assert jira_server.asked[0].headers["authorization"] == header


@pytest.mark.parametrize("url", ["jira.example.com", "ftp://x", "https://u:p@jira.example.com"])
def test_an_impossible_address_is_a_configuration_error(url):
    with pytest.raises(ConfigurationError):
        connect("main", url, "cloud", Auth("pat", None, "x"))
