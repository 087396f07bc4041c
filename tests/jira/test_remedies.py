"""Each cause for which Jira cannot be asked names itself, and the line that is to be changed."""

import socket
import ssl
import threading
from contextlib import contextmanager, suppress

import pytest
import requests

from bot.jira.client import Auth, Written, connect
from bot.jira.http.faults import meaning
from bot.jira.http.retry import Patience
from bot.jira.http.scopes import ALL, scopes_for
from bot.jira.server import page_url
from telemetry.errors import (
    AccessDenied,
    NotInTracker,
    ScopeMissing,
    TelemetryError,
    TrackerError,
    TrackerUnavailable,
    UnexpectedAnswer,
)
from tests.jira.conftest import Answer

URL_LINE, AUTH_LINE = "jira.url (telemetry.yml:2)", "jira.auth (telemetry.yml:3)"
WRITTEN = Written.at("telemetry.yml:2: jira.url", "telemetry.yml:3: jira.auth")
PAGE = b"<!DOCTYPE html><title>Log in</title>"
SCOPE = {"code": 401, "message": "Unauthorized; scope does not match"}
MYSELF = {"accountId": "1"}


def client_of(url, deployment="auto", auth=Auth("token", "bot@example.com", "s3cret")):  # noqa: B008
    patience = Patience(tries=2)
    return connect(
        "main", url, deployment, auth, sleep=lambda _: None, patience=patience, written=WRITTEN
    )


def sentence_of(url, error=TelemetryError):
    with pytest.raises(error) as caught, client_of(url):
        pass
    return str(caught.value)


def test_a_host_that_is_misspelt():
    said = sentence_of("http://jira.invalid", TrackerUnavailable)
    assert "its host name is not found (2 tries" in said
    assert f"check the host name in {URL_LINE}" in said


def test_a_port_on_which_nothing_listens():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        said = sentence_of(f"http://127.0.0.1:{taken.getsockname()[1]}", TrackerUnavailable)
    assert "connection refused" in said
    assert f"check host and port in {URL_LINE}" in said


@contextmanager
def talking(act):
    """The port of a server that does this to each who connects."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                with client, suppress(OSError):
                    act(client)

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1]
    listening.close()


def test_a_port_that_speaks_no_tls():
    def plain(client):
        client.recv(4096)
        client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with talking(plain) as port:
        said = sentence_of(f"https://127.0.0.1:{port}", TrackerUnavailable)
    assert f"does not speak TLS there; check https:// and the port in {URL_LINE}" in said


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed", "not trust"),
        ("certificate verify failed: Hostname mismatch, certificate is not valid", "another host"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired", "days are over"),
        ("[SSL: TLSV1_ALERT_PROTOCOL_VERSION] tlsv1 alert", "no TLS version in common"),
    ],
)
def test_a_certificate_that_does_not_do(told, words):
    error = requests.exceptions.SSLError(ssl.SSLError(1, told))
    found = meaning(error, "https://jira.example.com", (5, 60), WRITTEN)
    assert isinstance(found, TrackerUnavailable)
    assert words in str(found)
    assert URL_LINE in str(found)


def test_a_proxy_that_is_not_there_is_named_without_its_password(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        for name in ("HTTP_PROXY", "http_proxy"):
            monkeypatch.setenv(name, f"http://me:s3cret@127.0.0.1:{port}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        said = sentence_of("http://jira.example.com", TrackerUnavailable)
    assert f"no connection through the proxy 127.0.0.1:{port}" in said
    assert "NO_PROXY" in said
    assert URL_LINE in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Answer(PAGE), AccessDenied, "with a web page instead of data"),
        (Answer(PAGE, 400), AccessDenied, "with a web page instead of data (HTTP 400)"),
        (Answer(PAGE, 403), AccessDenied, "with a web page instead of data (HTTP 403)"),
        (Answer(PAGE, 404), NotInTracker, "there is no Jira at"),
        (Answer({}, 404), NotInTracker, "there is no Jira at"),
        (Answer({}, 302, {"Location": "/login.jsp"}), AccessDenied, "to a login page"),
        (
            Answer({}, 301, {"Location": "https://right.example.com/x/rest/api/2/serverInfo"}),
            TrackerError,
            f"set {URL_LINE} to https://right.example.com/x",
        ),
        (Answer({}, 308, {"Location": "https://a.example.com/"}), TrackerError, f"set {URL_LINE}"),
        (
            Answer({}, 307, {"Location": "https://a.example.com/ls/?SAMLRequest=x"}),
            AccessDenied,
            "to a login page at https://a.example.com",
        ),
        (Answer({}, 302, {"Location": "https://idp.example.com/x"}), AccessDenied, "to a login"),
        (Answer({"errorMessage": "Payment required"}, 402), TrackerError, "its subscription"),
        (Answer({}, 418), TrackerError, f"no reason given; check {URL_LINE}"),
        (Answer({"error": "rejected address"}, 451), TrackerError, "(HTTP 451): rejected address;"),
        (
            Answer(b"Not from here", 421, {"Content-Type": "text/plain"}),
            TrackerError,
            "(HTTP 421): Not from here; check",
        ),
        (Answer(b"no JSON"), TrackerError, "its answer is not JSON"),
        (
            Answer({}, 403, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}),
            AccessDenied,
            "until its CAPTCHA is answered",
        ),
        (
            Answer({}, 401, {"X-Authentication-Denied-Reason": "CAPTCHA_CHALLENGE; login-url=x"}),
            AccessDenied,
            "until its CAPTCHA is answered",
        ),
        (
            Answer({}, 200, {"X-Seraph-LoginReason": "AUTHENTICATION_DENIED"}),
            AccessDenied,
            "until its CAPTCHA is answered",
        ),
        (
            Answer({}, 200, {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}),
            AccessDenied,
            f"check {AUTH_LINE}",
        ),
    ],
)
def test_what_answers_in_place_of_jira(jira_server, answer, error, words):
    jira_server.on("/rest/api/2/serverInfo", answer)
    said = sentence_of(jira_server.url, error)
    assert words in said
    assert URL_LINE in said or "subscription" in said


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "latin-1"])
def test_what_a_gateway_recodes_is_read(jira_server, coding):
    told = '{"accountId": "1", "displayName": "Zo\u00eb \u00df"}'.encode(coding)
    jira_server.on("/rest/api/3/myself", Answer(told))
    with client_of(jira_server.url, "cloud") as jira:
        assert jira.myself()["accountId"] == "1"


@pytest.mark.parametrize(
    ("told", "error", "line"),
    [
        ({"message": "Complete the challenge"}, UnexpectedAnswer, URL_LINE),
        ({"displayName": "Anonymous", "self": "x"}, AccessDenied, AUTH_LINE),
        ({}, AccessDenied, AUTH_LINE),
    ],
)
def test_who_is_nobody_is_told_from_who_is_not_told(jira_server, told, error, line):
    jira_server.on("/rest/api/3/myself", Answer(told))
    with client_of(jira_server.url, "cloud") as jira, pytest.raises(error) as caught:
        jira.myself()
    assert line in str(caught.value)


@pytest.mark.parametrize(
    ("path", "ask", "scope"),
    [
        ("/rest/api/3/myself", lambda jira: jira.myself(), "read:jira-user"),
        ("/rest/api/3/field", lambda jira: jira.fields(), "read:jira-work"),
        ("/rest/agile/1.0/board/1", lambda jira: jira.board(1), "read:board-scope:jira-software"),
        (
            "/rest/agile/1.0/board/1/configuration",
            lambda jira: jira.board_configuration(1),
            "read:board-scope.admin:jira-software",
        ),
        (
            "/rest/agile/1.0/board/1/sprint",
            lambda jira: list(jira.sprints(1)),
            "read:sprint:jira-software",
        ),
    ],
)
@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_lacks_a_scope(jira_server, path, ask, scope, status):
    jira_server.on(path, Answer(SCOPE, status))
    with client_of(jira_server.url, "cloud") as jira, pytest.raises(ScopeMissing) as caught:
        ask(jira)
    said = str(caught.value)
    assert f"the token lacks a scope: make one with {scope}" in said
    assert AUTH_LINE in said
    assert "user and secret" not in said
    assert not caught.value.is_of_site


def test_a_plain_401_names_user_and_secret(jira_server):
    jira_server.on("/rest/api/3/myself", Answer({}, 401))
    with client_of(jira_server.url, "cloud") as jira, pytest.raises(AccessDenied) as caught:
        jira.myself()
    assert f"check kind, user and secret of {AUTH_LINE}" in str(caught.value)


def test_every_question_has_its_scopes():
    assert set(scopes_for("/elsewhere")) == set(ALL)
    assert scopes_for("/rest/api/3/search/jql") == ("read:jira-work",)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 500, 501])
def test_a_jira_without_the_list_of_permissions_does_not_tell(jira_server, status):
    jira_server.on("/rest/api/2/mypermissions", Answer({}, status))
    with client_of(jira_server.url, "datacenter") as jira:
        assert jira.permissions("K8S") == {}


GATE = "https://api.atlassian.com/ex/jira/1"


@pytest.mark.parametrize(
    ("url", "base", "pages"),
    [
        (GATE, "https://x.atlassian.net", "https://x.atlassian.net"),
        (GATE, "https://x.atlassian.net/", "https://x.atlassian.net"),
        ("http://jira:8080", "https://jira.example.com/jira", "https://jira.example.com/jira"),
        (
            "https://jira.example.com/jira",
            "http://jira.example.com",
            "https://jira.example.com/jira",
        ),
        ("https://jira.example.com", "http://localhost:8080", "https://jira.example.com"),
        ("https://jira.example.com", "http://jira:8080", "https://jira.example.com"),
        ("https://jira.example.com", "", "https://jira.example.com"),
        ("https://jira.example.com", "None", "https://jira.example.com"),
        ("https://jira.example.com", "javascript:alert(1)", "https://jira.example.com"),
        ("https://jira.example.com", "https://u:p@evil.example.com", "https://jira.example.com"),
        ("https://jira.example.com", "https://[", "https://jira.example.com"),
    ],
)
def test_links_lead_to_the_sites_own_pages(url, base, pages):
    assert page_url(url, base) == pages


def test_a_site_behind_the_gateway_is_asked_for_its_pages_once(jira_server):
    jira_server.on("/rest/api/2/serverInfo", {"baseUrl": "https://x.atlassian.net"})
    with client_of(jira_server.url, "cloud") as jira:
        assert jira.page_url() == jira.page_url() == "https://x.atlassian.net"
    assert jira_server.paths() == ["/rest/api/2/serverInfo"]


def test_a_site_that_hides_its_address_keeps_the_configured_one(jira_server):
    jira_server.on("/rest/api/2/serverInfo", Answer(SCOPE, 401))
    with client_of(jira_server.url, "cloud") as jira:
        assert jira.page_url() == jira_server.url


def test_an_address_that_repeats_a_secret_is_not_taken(jira_server):
    jira_server.on("/rest/api/2/serverInfo", {"baseUrl": "https://s3cret-token.example.com"})
    auth = Auth("pat", None, "s3cret-token")
    with client_of(jira_server.url, "cloud", auth) as jira:
        assert jira.page_url() == jira_server.url
