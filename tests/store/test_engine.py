import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.engine import make_url

from telemetry.errors import StoreError
from telemetry.store.backup import backup, restore
from telemetry.store.engine import open_store, reading, writing
from telemetry.store.migrate import is_current
from telemetry.store.schema import cursors

ROW = {"site": "jira", "name": "n", "value": 1}


def test_a_relative_file_lies_beside_the_configuration(tmp_path):
    engine = open_store("sqlite:///here.db", base=tmp_path)
    with reading(engine) as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA synchronous")) == 1
        assert connection.scalar(text("PRAGMA busy_timeout")) == 30_000
    assert (tmp_path / "here.db").exists()
    engine.dispose()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(StoreError, match=r"folder .*nowhere does not exist; create it"):
        open_store("sqlite:///nowhere/here.db", base=tmp_path)


def test_a_file_that_is_no_database_is_named(tmp_path):
    (tmp_path / "here.db").write_text("not a database, but long enough to be looked at\n" * 40)
    with pytest.raises(StoreError, match=r"here\.db is not a SQLite database, or is damaged"):
        open_store("sqlite:///here.db", base=tmp_path)


def test_a_file_that_cannot_be_written_is_named():
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        open_store("sqlite:////proc/telemetry.db", base=Path())


def test_an_unknown_kind_of_store_names_those_there_are():
    with pytest.raises(StoreError, match="'mysql', which is no store; use sqlite"):
        open_store("mysql://host/db", base=Path())


def test_an_address_that_is_none_is_not_repeated():
    with pytest.raises(StoreError, match="is not a database address") as raised:
        open_store("hunter2", base=Path())
    assert "hunter2" not in str(raised.value)


def test_a_server_that_is_not_there_is_named_without_the_password():
    with pytest.raises(StoreError, match="check that the server runs") as raised:
        open_store("postgresql://bot:hunter2@127.0.0.1:1/telemetry", base=Path())
    assert "hunter2" not in str(raised.value)
    assert "127.0.0.1:1/telemetry" in str(raised.value)


def test_a_wrong_password_or_user_is_said_without_the_password(postgresql_server):
    url = make_url(postgresql_server).set(username="nobody", password="hunter2")
    with pytest.raises(StoreError, match="does not let us in") as raised:
        open_store(url.render_as_string(hide_password=False), base=Path())
    assert "hunter2" not in str(raised.value)


def test_an_unknown_database_is_named(postgresql_server):
    url = make_url(postgresql_server).set(database="nowhere")
    with pytest.raises(StoreError, match=r'"nowhere" does not exist; create it'):
        open_store(url.render_as_string(hide_password=False), base=Path())


def test_an_error_inside_a_transaction_leaves_nothing(store):
    def fail():
        with writing(store) as connection:
            connection.execute(insert(cursors).values(ROW))
            raise ValueError("stop")

    with pytest.raises(ValueError, match="stop"):
        fail()
    with reading(store) as connection:
        assert connection.execute(select(cursors)).all() == []


def test_a_reader_sees_one_state_and_does_not_wait_for_a_writer(store):
    with reading(store) as reader:
        assert reader.execute(select(cursors)).all() == []
        with writing(store) as writer:
            writer.execute(insert(cursors).values(ROW))
        assert reader.execute(select(cursors)).all() == []
    with reading(store) as reader:
        assert len(reader.execute(select(cursors)).all()) == 1


def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(store):
    with writing(store) as connection:
        connection.execute(insert(cursors).values(ROW))

    def add():
        for _ in range(10):
            with writing(store) as connection:
                statement = select(cursors.c.value)
                if store.dialect.name == "postgresql":
                    statement = statement.with_for_update()
                value = connection.scalar(statement)
                connection.execute(cursors.update().values(value=value + 1))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading(store) as connection:
        assert connection.scalar(select(cursors.c.value)) == 41


def test_a_store_in_memory_is_one_store():
    engine = open_store("sqlite://", base=Path())
    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE t (x INTEGER)"))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT * FROM t")).all() == []
    engine.dispose()


def test_a_new_store_is_for_its_user_alone(tmp_path):
    former = os.umask(0)
    try:
        engine = open_store("sqlite:///new.db", base=tmp_path)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE t (x INTEGER)"))
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        engine.dispose()
    finally:
        os.umask(former)
    assert set(modes.values()) == {0o600}, modes


def test_a_backup_taken_while_writing_is_a_whole_store(sqlite_store, tmp_path):
    with writing(sqlite_store) as connection:
        connection.execute(insert(cursors).values(ROW))
    with writing(sqlite_store) as connection:
        connection.execute(insert(cursors).values(ROW | {"name": "uncommitted"}))
        backup(sqlite_store, tmp_path / "copy.db")
    copy = open_store("sqlite:///copy.db", base=tmp_path)
    assert is_current(copy)
    with reading(copy) as connection:
        assert list(connection.scalars(select(cursors.c.name))) == ["n"]
    copy.dispose()
    assert not list(tmp_path.glob("*.partial"))


def test_a_backup_is_for_its_user_alone_and_replaces_nothing_unasked(sqlite_store, tmp_path):
    copy = tmp_path / "copy.db"
    backup(sqlite_store, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with pytest.raises(StoreError, match="is there already"):
        backup(sqlite_store, copy)
    backup(sqlite_store, copy, is_forced=True)


def test_a_restored_store_holds_what_the_backup_held_for_those_who_have_it_open(
    sqlite_store, tmp_path
):
    with writing(sqlite_store) as connection:
        connection.execute(insert(cursors).values(ROW))
    backup(sqlite_store, tmp_path / "copy.db")
    with writing(sqlite_store) as connection:
        connection.execute(insert(cursors).values(ROW | {"name": "later"}))
    restore(sqlite_store, tmp_path / "copy.db")
    with reading(sqlite_store) as connection:
        assert list(connection.scalars(select(cursors.c.name))) == ["n"]


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_what_is_no_backup_changes_nothing(sqlite_store, tmp_path, content):
    with writing(sqlite_store) as connection:
        connection.execute(insert(cursors).values(ROW))
    (tmp_path / "other.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"other\.db is no backup of a store"):
        restore(sqlite_store, tmp_path / "other.db")
    with pytest.raises(StoreError, match="There is no backup at"):
        restore(sqlite_store, tmp_path / "absent.db")
    with reading(sqlite_store) as connection:
        assert list(connection.scalars(select(cursors.c.name))) == ["n"]


def test_a_backup_says_why_it_cannot_be_written(sqlite_store, tmp_path):
    with pytest.raises(StoreError, match=r"backup .*copy\.db cannot be written"):
        backup(sqlite_store, tmp_path / "nowhere" / "copy.db")
    with pytest.raises(StoreError, match="is the store itself"):
        backup(sqlite_store, tmp_path / "telemetry.db")


def test_postgresql_has_its_own_backup(postgresql_store, tmp_path):
    with pytest.raises(StoreError, match="pg_dump"):
        backup(postgresql_store, tmp_path / "copy.db")
    with pytest.raises(StoreError, match="pg_restore"):
        restore(postgresql_store, tmp_path / "copy.db")


def test_a_look_at_the_schema_version_does_not_load_alembic(tmp_path):
    code = (
        "import sys; from pathlib import Path; from telemetry.store.engine import open_store; "
        "from telemetry.store.migrate import is_current; "
        "assert not is_current(open_store('sqlite://', base=Path())); "
        "assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
