"""A store that is deleted, replaced, read-only, full or newer: said, and nothing thrown away."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from telemetry.errors import StoreError
from telemetry.report.reports import Reports
from telemetry.store import engine
from telemetry.store.backup import backup, restore
from telemetry.store.engine import open_store, reading, writing
from telemetry.store.migrate import downgrade, head, upgrade
from tests.bench.teams import NOW, fill
from tests.web.conftest import BASE
from web.app import create_app
from web.http.sessions import StoredSessions
from web.http.webhooks import Hooks

pytestmark = pytest.mark.slow


@pytest.fixture
def file(sqlite_store) -> Path:
    fill(sqlite_store, 2, 4)
    return Path(sqlite_store.url.database)


@pytest.fixture
def client(sqlite_store, file):
    app = create_app(
        Reports(sqlite_store),
        access_token=None,
        allowed_hosts=(),
        clock=lambda: NOW,
        hooks=Hooks(sqlite_store, lambda: NOW),
        sessions=StoredSessions(sqlite_store, lambda: NOW),
    )
    asked = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    assert asked.get("/teams/team-1").status_code == 200
    return asked


def deleted(file):
    file.unlink()


def replaced(file):
    shutil.copy(file, file.with_suffix(".new"))
    file.with_suffix(".new").replace(file)


def emptied(file):
    file.unlink()
    file.touch()


def moved(file):
    file.rename(file.with_suffix(".elsewhere"))


def made_a_folder(file):
    file.unlink()
    file.mkdir()


LOST = [
    (deleted, "is gone"),
    (moved, "is gone"),
    (replaced, "was replaced"),
    (emptied, "was replaced"),
    (made_a_folder, "was replaced"),
]


@pytest.mark.parametrize(("lose", "said"), LOST, ids=[lose.__name__ for lose, _ in LOST])
def test_a_store_that_is_lost_while_in_use_is_noticed_at_once(client, file, lose, said):
    lose(file)
    with capture_logs() as logs:
        for path in ("/teams/team-1", "/", "/api/v1/teams", "/runs", "/api/v1/runs"):
            answer = client.get(path)
            assert answer.status_code == 503
            assert said in answer.text
            assert str(file) in answer.text
        assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert [line["log_level"] for line in logs if "store" in line["event"]] == ["error"]
    assert not file.is_file() or file.stat().st_size in (0, *sizes(file)), "nothing is written"


def sizes(file):
    return (file.stat().st_size,) if file.read_bytes()[:6] == b"SQLite" else ()


def test_neither_reading_nor_writing_makes_an_empty_store_in_the_place_of_a_lost_one(
    sqlite_store, file
):
    file.unlink()
    sqlite_store.dispose()  # so that all connections are new
    for begin in (reading, writing):
        with pytest.raises(StoreError, match="is gone"), begin(sqlite_store) as connection:
            connection.execute(text("CREATE TABLE x (y)"))
    assert not file.exists()


def test_a_store_that_is_put_back_works_again_with_all_that_was_in_it(client, file):
    elsewhere = file.with_suffix(".elsewhere")
    file.rename(elsewhere)
    assert client.get("/teams/team-1").status_code == 503
    elsewhere.rename(file)
    with capture_logs() as logs:
        assert client.get("/teams/team-1").status_code == 200
    assert [line["event"] for line in logs] == ["store works again"]


def test_a_read_only_store_shows_pages_takes_nothing_and_is_not_ready(
    client, sqlite_store, file, monkeypatch
):
    real = os.access
    monkeypatch.setattr(  # tests run as root, who may write everything
        os, "access", lambda path, mode: path != file and real(path, mode)
    )
    assert client.get("/teams/team-1").status_code == 200
    assert client.get("/readyz").status_code == 503
    with (
        pytest.raises(StoreError, match="cannot be written: it or its folder is read-only"),
        writing(sqlite_store),
    ):
        pass
    monkeypatch.undo()
    assert client.get("/readyz").status_code in (200, 503)
    with writing(sqlite_store):
        pass


def under(limit: int, file: Path, body: str) -> subprocess.CompletedProcess[str]:
    """Runs Python in a process whose files grow no larger: a disk that is full."""
    program = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from telemetry.errors import StoreError\n"
        "from telemetry.store.engine import open_store\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        f"file = Path({str(file)!r})\n"
        "engine = open_store(f'sqlite:///{file}', base=Path())\n"
        f"try:\n    {body}\n"
        "except StoreError as error:\n    print(error)\n    sys.exit(1)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )


def a_socket(file):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(file))


@pytest.mark.parametrize(
    "make", [Path.mkdir, os.mkfifo, a_socket, lambda file: file.symlink_to("/dev/zero")]
)
def test_a_store_is_a_file(tmp_path, monkeypatch, make):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "store.db")
    with pytest.raises(StoreError, match=r"store\.db is no file; change store\.url\."):
        open_store("sqlite:///store.db", base=tmp_path)


def test_who_opens_a_store_is_told_what_helps(file, sqlite_store, monkeypatch):
    sqlite_store.dispose()
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match="another program holds it, end that one"):
            open_store(f"sqlite:///{file}", base=file.parent)
    assert "full" not in engine._sqlite_sentence(file, "disk I/O error")
    left = shutil.disk_usage(file.parent)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: left)
    assert "its disk is full, make room" in engine._sqlite_sentence(file, "disk I/O error")


def test_a_full_disk_ends_a_backup_with_a_sentence_and_leaves_nothing(sqlite_store, file):
    target = file.with_name("copy.db")
    body = f"from telemetry.store.backup import backup; backup(engine, Path({str(target)!r}))"
    done = under(64 * 1024, file, body)
    assert done.returncode == 1, done.stderr
    assert f"The backup {target} cannot be written" in done.stdout
    assert [one.name for one in file.parent.glob("copy*")] == []


def test_a_full_disk_ends_a_migration_with_a_sentence_and_the_store_as_it_was(sqlite_store, file):
    downgrade(sqlite_store, "0001")
    with writing(sqlite_store) as connection:
        connection.execute(
            text(
                "INSERT INTO teams (key, site, name, rules, is_configured) "
                "VALUES (:k, 's', :n, '{}', true)"
            ),
            [{"k": f"t{n}", "n": "x" * 5000} for n in range(200)],
        )
    sqlite_store.dispose()
    done = under(100_000, file, "from telemetry.store.migrate import upgrade; upgrade(engine)")
    assert done.returncode == 1, done.stderr
    assert "cannot be brought to this version's schema" in done.stdout
    assert "Traceback" not in done.stderr
    upgrade(sqlite_store)
    with reading(sqlite_store) as connection:
        assert connection.scalar(text("SELECT count(*) FROM teams WHERE site = 's'")) == 200


def newer(store):
    with writing(store) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def test_an_older_program_on_a_newer_store_says_so_and_changes_nothing(client, sqlite_store):
    newer(sqlite_store)
    for change in (upgrade, lambda store: downgrade(store, "0001")):
        with pytest.raises(StoreError, match=f"9999, this program knows only {head()}"):
            change(sqlite_store)
    assert client.get("/readyz").status_code == 503
    status = Reports(sqlite_store).status(NOW)
    assert "install the newer version again" in status.reason
    with reading(sqlite_store) as connection:
        assert connection.scalar(text("SELECT count(*) FROM teams")) == 2


def test_a_backup_of_a_newer_program_is_not_restored(sqlite_store, file, tmp_path):
    backup(sqlite_store, tmp_path / "newer.db")
    other = open_store(f"sqlite:///{tmp_path / 'newer.db'}", base=tmp_path)
    newer(other)
    other.dispose()
    with pytest.raises(StoreError, match="newer version than this"):
        restore(sqlite_store, tmp_path / "newer.db")
    with reading(sqlite_store) as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == head()


def test_a_webhook_is_sent_again_where_the_store_is_lost(client, sqlite_store, file):
    import hashlib
    import hmac

    hooks = Hooks(sqlite_store, lambda: NOW)
    hooks.secrets = {"default": "s" * 16}
    app = create_app(
        Reports(sqlite_store), access_token=None, allowed_hosts=(), clock=lambda: NOW, hooks=hooks
    )
    file.unlink()
    body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}}).encode()
    signed = "sha256=" + hmac.new(b"s" * 16, body, hashlib.sha256).hexdigest()
    asked = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    answer = asked.post("/hooks/jira", content=body, headers={"X-Hub-Signature": signed})
    assert answer.status_code == 503
