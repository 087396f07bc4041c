"""Exchanges end when their time is over, whichever was begun first; the environment holds."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from bot.jira.http.deadline import Deadline
from bot.jira.http.exchange import settle_environment

SITE = "https://jira.example.com"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def wait_over(ours: socket.socket, seconds: float) -> float:
    """How long a read lasted within a deadline."""
    began = time.monotonic()
    with Deadline(seconds) as deadline:
        deadline.watch(ours)
        ours.recv(1)
        assert deadline.is_over
    return time.monotonic() - began


def test_a_socket_is_shut_when_its_time_is_over(pair: tuple[socket.socket, socket.socket]):
    assert 0.05 <= wait_over(pair[0], 0.05) < 5


def test_a_shorter_time_that_begins_later_ends_earlier(pair: tuple[socket.socket, socket.socket]):
    with Deadline(60) as longer:
        assert wait_over(pair[0], 0.05) < 5
        assert not longer.is_over


def test_what_ended_in_time_is_not_cut(pair: tuple[socket.socket, socket.socket]):
    with Deadline(0.05) as deadline:
        deadline.watch(pair[0])
    time.sleep(0.1)
    assert not deadline.is_over
    pair[1].sendall(b"x")
    assert pair[0].recv(1) == b"x"


def test_many_exchanges_take_one_thread():
    for _ in range(3):
        with Deadline(60):
            names = [one.name for one in threading.enumerate()]
            assert names.count("deadlines") == 1


@pytest.mark.parametrize(
    ("without", "proxies"),
    [("", {"https": "http://proxy.example.com:3128"}), ("jira.example.com", {})],
)
def test_a_proxy_of_the_environment_is_used(
    monkeypatch: pytest.MonkeyPatch, without: str, proxies: dict[str, str]
):
    for name in ("http_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://proxy.example.com:3128")
    monkeypatch.setenv("no_proxy", without)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/own-ca.pem")
    session = requests.Session()
    settle_environment(session, SITE)
    monkeypatch.delenv("https_proxy")
    found = session.merge_environment_settings(SITE, {}, None, None, None)
    assert dict(found["proxies"] or {}) == proxies
    assert found["verify"] == "/etc/own-ca.pem"
