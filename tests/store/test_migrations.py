from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from telemetry.errors import StoreError
from telemetry.store.engine import open_store, reading, writing
from telemetry.store.migrate import (
    FOLDER,
    current,
    downgrade,
    head,
    is_current,
    upgrade,
)
from telemetry.store.pulls import read_cursor
from telemetry.store.schema import metadata


def test_an_upgraded_store_has_exactly_the_tables_that_the_program_knows(store):
    with store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_a_new_store_has_no_revision(empty_store_url):
    engine = open_store(empty_store_url, base=Path())
    assert current(engine) is None
    assert not is_current(engine)
    engine.dispose()


def test_a_store_goes_up_down_and_up_again(empty_store_url):
    engine = open_store(empty_store_url, base=Path())
    upgrade(engine)
    assert is_current(engine)
    downgrade(engine, "base")
    assert current(engine) is None
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_a_store_of_the_first_version_is_computed_anew(empty_store_url):
    engine = open_store(empty_store_url, base=Path())
    upgrade(engine)
    downgrade(engine, "0001")
    with writing(engine) as connection:
        connection.execute(
            text(
                "INSERT INTO teams (key, site, name, rules, is_configured) "
                "VALUES ('k8s', 'default', 'K8S', '{}', true)"
            )
        )
    upgrade(engine)
    with reading(engine) as connection:
        assert read_cursor(connection, "default", "recompute:k8s") is True
    engine.dispose()


def test_two_processes_may_upgrade_at_once(empty_store_url):
    engines = [open_store(empty_store_url, base=Path()) for _ in range(4)]
    with ThreadPoolExecutor(len(engines)) as threads:
        list(threads.map(upgrade, engines))
    assert all(is_current(engine) for engine in engines)
    for engine in engines:
        engine.dispose()


def test_a_store_of_a_newer_version_is_left_alone(store):
    with writing(store) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="schema 9999, this program knows only"):
        upgrade(store)


def test_a_downgrade_to_an_unknown_revision_names_those_there_are(sqlite_store):
    with pytest.raises(StoreError, match="no schema revision 'x'; use one of base, 0001"):
        downgrade(sqlite_store, "x")


def test_the_newest_revision_is_known_without_alembic():
    assert ScriptDirectory(str(FOLDER)).get_heads() == [head()]
