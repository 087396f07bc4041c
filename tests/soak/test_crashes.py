"""Disk full, database locked or restarted, two bots, a rebuild meanwhile: one clear sentence.

After each, nothing is half-written and the next pull converges.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, make_url
from starlette.requests import Request

from telemetry.errors import StoreError
from telemetry.facts import rebuild
from telemetry.store.engine import open_store
from tests.depth import parametrize_in_turn
from tests.pulled import Pulled, serving
from tests.soak.sound import assert_converges, assert_sound, pull_records
from tests.soak.stores import OwnServer, SqliteStores, Stores
from tests.soak.town_of_issues import TEAMS, busy_story

ISSUES = 120
PATIENCE_SECONDS = 30


class At:
    """Does something once, at a request, as the simulated Jira's hook."""

    def __init__(self) -> None:
        self.request = 0
        self.do: Callable[[], Any] = lambda: None
        self.is_done = Event()
        self._count = 0

    def __call__(self, _request: Request) -> None:
        self._count += 1
        if self._count == self.request:
            self.do()
            self.is_done.set()

    def plan(self, request: int, do: Callable[[], Any]) -> None:
        self.request, self.do, self._count = request, do, 0


@pytest.fixture
def at() -> At:
    return At()


@pytest.fixture
def sqlite(tmp_path: Path, sqlite_template: Path) -> Stores:
    return SqliteStores(tmp_path, sqlite_template)


@contextmanager
def pulling(stores: Stores, folder: Path, at: At) -> Iterator[Pulled]:
    """A bot before its first pull, against a Jira that calls the hook."""
    store = open_store(stores.empty(), base=folder)
    with serving(
        busy_story(ISSUES), store, folder / "bot", TEAMS, page_cut=15, faults=at
    ) as pulled:
        store.dispose()
        yield pulled


def assert_one_sentence(error: BaseException, *words: str) -> None:
    sentence = str(error)
    assert "\n" not in sentence
    assert "Traceback" not in sentence
    assert "sqlalchemy" not in sentence.lower()
    for word in words:
        assert word in sentence


def on_new_connections(engine: Engine, pragma: str) -> Callable[[], None]:
    """Set this of all connections from now on; what is returned ends it."""

    def connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(pragma).close()

    event.listen(engine, "connect", connected)
    engine.dispose()

    def end() -> None:
        event.remove(engine, "connect", connected)
        engine.dispose()

    return end


@parametrize_in_turn("spare_pages", [0, 2, 5], 1)
def test_a_full_disk_ends_in_one_sentence(
    sqlite: Stores, tmp_path: Path, at: At, spare_pages: int
) -> None:
    with pulling(sqlite, tmp_path, at) as pulled:
        with pulled.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        end = on_new_connections(pulled.engine, f"PRAGMA max_page_count = {pages + spare_pages}")
        with pytest.raises(StoreError) as raised:
            pulled.pull()
        assert_one_sentence(raised.value, "full")
        end()
        assert_sound(pulled)
        assert_converges(pulled, sqlite.empty())


@parametrize_in_turn("request_number", [1, 12], 1)
def test_a_store_locked_by_another_writer_ends_in_one_sentence(
    sqlite: Stores, tmp_path: Path, at: At, request_number: int
) -> None:
    with pulling(sqlite, tmp_path, at) as pulled:
        end = on_new_connections(pulled.engine, "PRAGMA busy_timeout = 50")
        file = str(make_url(pulled.context.environ["STORE_URL"]).database)
        with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
            at.plan(request_number, lambda: other.execute("BEGIN IMMEDIATE"))
            with pytest.raises(StoreError) as raised:
                pulled.pull()
            assert_one_sentence(raised.value, "locked")
            with pytest.raises(StoreError) as again:
                pulled.pull()
            assert_one_sentence(again.value, "locked")
            other.execute("ROLLBACK")
        end()
        assert_sound(pulled)
        assert_converges(pulled, sqlite.empty())


@pytest.fixture(scope="module")
def own_server() -> Iterator[OwnServer]:
    with OwnServer() as server:
        yield server


@parametrize_in_turn("request_number", [2, 12, 20], 1)
def test_a_restarted_postgresql_is_survived(
    own_server: OwnServer, tmp_path: Path, at: At, request_number: int
) -> None:
    stores = own_server.stores()
    with pulling(stores, tmp_path, at) as pulled:
        at.plan(request_number, own_server.restart)
        try:
            pulled.good_pull()
        except StoreError as error:  # unless nothing was asked of it just then
            assert_one_sentence(error, "the store failed", "the next pull goes on")
        assert at.is_done.wait(PATIENCE_SECONDS)
        assert_sound(pulled)
        assert_converges(pulled, stores.empty())


@parametrize_in_turn("stores", ["sqlite", "postgresql"], 1, indirect=True)
def test_a_second_bot_does_nothing_while_one_pulls(stores: Stores, tmp_path: Path, at: At) -> None:
    with pulling(stores, tmp_path, at) as pulled:
        seconds: list[Any] = []
        at.plan(10, lambda: seconds.append(pulled.pull()))
        first = pulled.good_pull()
        [second] = seconds
        assert (first.is_busy, second.is_busy) == (False, True)
        assert "another bot" in second.sentence()
        assert second.requests == 0
        assert len(pull_records(pulled.engine)) == 1
        assert_converges(pulled, stores.empty())


@parametrize_in_turn("stores", ["sqlite", "postgresql"], 1, indirect=True)
def test_a_rebuild_during_a_pull_is_refused(stores: Stores, tmp_path: Path, at: At) -> None:
    with pulling(stores, tmp_path, at) as pulled:
        refused: list[str] = []

        def rebuilding() -> None:
            with pytest.raises(StoreError) as raised:
                rebuild(pulled.engine)
            refused.append(str(raised.value))

        pulled.good_pull()
        pulled.story.issue(3, at=pulled.story.now)
        at.plan(2, rebuilding)
        pulled.good_pull()
        assert len(refused) == 1
        assert "another bot is pulling" in refused[0]
        assert_converges(pulled, stores.empty())


@parametrize_in_turn("stores", ["sqlite", "postgresql"], 1, indirect=True)
def test_a_pull_during_a_rebuild_does_nothing(stores: Stores, tmp_path: Path, at: At) -> None:
    with pulling(stores, tmp_path, at) as pulled:
        pulled.good_pull()
        seconds: list[Any] = []

        def beginning(connection: Connection) -> None:
            """Pull once, where the rebuild reads under its lock: what it reads first is before."""
            if connection.get_execution_options().get("is_reading"):
                seconds.append(None)
                if len(seconds) == 2:
                    seconds[1] = pulled.pull()

        event.listen(pulled.engine, "begin", beginning)
        try:
            rebuild(pulled.engine)
        finally:
            event.remove(pulled.engine, "begin", beginning)
        assert seconds[1].is_busy
        assert_converges(pulled, stores.empty())
