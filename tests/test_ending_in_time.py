"""What runs ends within two seconds of Ctrl-C or SIGTERM, whatever it waits for."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot.schedule import start as start_bot
from telemetry.errors import StoreError
from telemetry.live import Live
from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from telemetry.store.presence import Presence, no_bot
from tests.depth import parametrize_in_turn
from tests.pulled import TOKEN, Story, a_team, configure, serving, url_of

AT_MOST_SECONDS = 2.0
REST = b"HTTP/1.1 429 No\r\nRetry-After: 120\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
COMPUTING = "import bot.schedule as s; s.compute_due = lambda *_: sum(1 for _ in iter(int, 1))"
RESOLVING = "import socket, ctypes; socket.getaddrinfo = lambda *_: ctypes.CDLL(None).sleep(30)"
WAITING_PAGE = "import time, web.pages.runs.page as p; p.words.progress = lambda *_: time.sleep(30)"


@contextmanager
def answering(act: Callable[[socket.socket], Any]) -> Iterator[tuple[str, threading.Event]]:
    """The address of a server that does this to each who asks, and whether anybody asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    asked, kept = threading.Event(), []

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                kept.append(client)
                client.recv(65536)
                act(client)
                asked.set()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
    for one in (listening, *kept):
        one.close()


def refused(client: socket.socket) -> None:
    client.sendall(REST)
    client.close()


def silent(_client: socket.socket) -> None:
    """Says nothing, and stays."""


def begun(client: socket.socket) -> None:
    client.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"issues": [')


@contextmanager
def running(folder: Path, url: str, *words: str, prelude: str = "") -> Iterator[Any]:
    """The process of a command on an empty store, with a Jira at this address."""
    teams = [{"key": "k8s", "project": "K8S"}]
    context = configure(folder, url, f"sqlite:///{folder / 'telemetry.db'}", teams)
    code = f"{prelude}\nfrom telemetry.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "-c", str(context.path), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | context.environ,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def ends_in_time(process: Any, number: int = signal.SIGTERM) -> str:
    """Tells it to end; what it had said."""
    began = time.monotonic()
    process.send_signal(number)
    said, _ = process.communicate(timeout=30)
    took = time.monotonic() - began
    assert process.returncode == 128 + number, said
    assert "Traceback" not in said
    assert took < AT_MOST_SECONDS, said
    return said


def pulls_of(folder: Path) -> list[tuple[str, str | None]]:
    engine = open_store("sqlite:///telemetry.db", base=folder)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT state, error FROM pulls").fetchall()
    engine.dispose()
    return [tuple(row) for row in rows]


@pytest.mark.slow
@parametrize_in_turn(
    ("words", "act", "number"),
    [
        (("bot",), refused, signal.SIGTERM),
        (("bot",), begun, signal.SIGINT),
        (("pull",), silent, signal.SIGTERM),
    ],
    1,
)
def test_whatever_jira_lets_it_wait_for(tmp_path, words, act, number):
    with answering(act) as (url, asked), running(tmp_path, url, *words) as process:
        assert asked.wait(60)
        time.sleep(0.2)
        assert TOKEN.encode() not in Path(f"/proc/{process.pid}/cmdline").read_bytes()
        ends_in_time(process, number)
    assert pulls_of(tmp_path) == [("failed", "The pull was stopped before it ended.")]


@pytest.mark.slow
@parametrize_in_turn("prelude", [COMPUTING, RESOLVING], 1)
def test_whatever_it_is_busy_with(tmp_path, prelude):
    with running(tmp_path, "http://jira.example.com", "bot", prelude=prelude) as process:
        until = time.monotonic() + 60
        while not (tmp_path / "telemetry.db.bot1.lock").exists() and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.3)
        ends_in_time(process)


@pytest.mark.slow
def test_a_name_that_is_looked_up_by_the_main_thread(tmp_path):
    said = "print('asked', flush=True) or " + RESOLVING.rpartition("lambda *_: ")[2]
    prelude = f"import socket, ctypes; socket.getaddrinfo = lambda *_: {said}"
    with running(tmp_path, "http://jira.example.com", "pull", prelude=prelude) as process:
        assert "asked" in process.stdout.readline()
        time.sleep(0.2)
        ends_in_time(process)
    assert pulls_of(tmp_path) == [("failed", "The pull was stopped before it ended.")]


@pytest.mark.slow
def test_pages_that_listen_and_pages_that_wait(tmp_path):
    with (
        answering(silent) as (url, asked),
        running(tmp_path, url, "up", "--port", "0", prelude=WAITING_PAGE) as process,
    ):
        at = re.search(r":(\d+)/", process.stdout.readline())
        assert at
        assert asked.wait(60)
        with ExitStack() as open_ones:
            for begun in ("GET /events HTTP/1.1", "GET /runs HTTP/1.1", "GET / HT"):
                client = socket.create_connection(("127.0.0.1", int(at[1])))
                open_ones.enter_context(client)
                client.sendall(begun.encode() + b"\r\nHost: localhost\r\n\r\n" * ("1.1" in begun))
            time.sleep(0.5)
            ends_in_time(process)


def test_a_bot_that_stops_says_so_and_leaves_no_team_failed(sqlite_store, tmp_path):
    story = Story()
    story.issue(3)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.pull()
        teams = pulled.contents("teams")
        with answering(silent) as (url, asked):
            context = configure(tmp_path / "b", url, url_of(sqlite_store), [a_team()])
            bot = start_bot(Live(context))
            assert asked.wait(20)
            began = time.monotonic()
            bot.stop()
            assert time.monotonic() - began < AT_MOST_SECONDS
            context.engine.dispose()
        newest = pulled.reports.pulls(1)[0][0]
        assert (newest.state, newest.error) == ("failed", "The pull was stopped before it ended.")
        assert pulled.contents("teams") == teams


def test_a_bot_that_rests_keeps_others_from_the_store_until_it_ends(store):
    bots = [Presence(store), Presence(store)]
    for bot in bots:
        bot.keep()
        bot.keep()
    for bot in bots:
        with pytest.raises(StoreError, match="rests between two pulls: stop it"), no_bot(store):
            pass
        bot.give_up()
    with no_bot(store):
        pass


@pytest.mark.slow
def test_a_bot_that_crashed_keeps_nobody_from_the_store(tmp_path):
    engine = open_store("sqlite:///telemetry.db", base=tmp_path)
    upgrade(engine)
    with running(tmp_path, "http://127.0.0.1:9", "bot") as process:
        until = time.monotonic() + 60
        while not (tmp_path / "telemetry.db.bot1.lock").exists() and time.monotonic() < until:
            time.sleep(0.05)
        with pytest.raises(StoreError, match="stop it first"), no_bot(engine):
            pass
        process.kill()
        process.wait()
        with no_bot(engine):
            pass
    engine.dispose()
