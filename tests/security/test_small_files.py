"""What somebody names as a file is small and regular, and what we make is for its user alone."""

import os
import socket
import stat

import pytest

from telemetry.errors import ConfigurationError
from telemetry.settings import Secret, load
from telemetry.settings.secret import MOST_BYTES
from telemetry.store.backup import backup
from telemetry.store.engine import open_store, writing
from telemetry.store.migrate import upgrade
from telemetry.store.pulls import pull_lock

LEAST = """\
jira: {url: https://jira.example.com, auth: {kind: pat, secret: env:TOKEN}}
teams: [{key: web, project: WEB}]
"""


def a_pipe(file):
    os.mkfifo(file)


def a_socket(file):
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(file))


def a_large_file(file):
    file.write_bytes(b"s" * (MOST_BYTES + 1))


def a_sparse_file(file):
    with file.open("wb") as opened:
        opened.truncate(2**33)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda file: file.mkdir(), "it is a folder"),
        (a_pipe, "it is a pipe"),
        (a_socket, ""),
        (a_large_file, "it is larger than 64 KB"),
        (a_sparse_file, "it is larger than 64 KB"),
        (lambda file: file.symlink_to("/dev/zero"), "it is a device"),
        (lambda file: file.symlink_to("/dev/stdin"), ""),
        (lambda file: file.write_bytes(b"\xff\xfe\x00s3cr3t"), "not text"),
        (lambda file: None, "No such file or directory"),
    ],
)
def test_a_secret_is_read_from_a_small_regular_file_only(tmp_path, monkeypatch, make, told):
    monkeypatch.chdir(tmp_path)
    make(tmp_path / "token")
    with pytest.raises(ConfigurationError) as raised:
        Secret("file:token").resolve({}, tmp_path, "jira.auth.secret")
    sentence = str(raised.value)
    assert f"the file {tmp_path / 'token'} cannot be read ({told}" in sentence
    assert "s3cr3t" not in sentence


def test_a_file_of_a_user_that_is_not_known_is_one_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match="~nobody-at-all/token cannot be read"):
        Secret("file:~nobody-at-all/token").resolve({}, tmp_path)


def test_a_configuration_is_not_waited_for_either(tmp_path):
    os.mkfifo(tmp_path / "telemetry.yml")
    with pytest.raises(ConfigurationError, match=r"cannot be read: it is a pipe\."):
        load(tmp_path / "telemetry.yml", {})


@pytest.mark.parametrize(
    "lines",
    [
        "bot: {requests_at_once: " + "9" * 50_000 + "}\n",
        "bot: {every: '" + "h" * 50_000 + "'}\n",
        "k" * 50_000 + ": 1\n",
        "".join(f"key{number}: 1\n" for number in range(2_000)),
        "teams:\n" + "- {}\n" * 2_000,
    ],
    ids=["a number", "a length of time", "a key", "keys", "teams"],
)
def test_what_is_said_of_a_configuration_is_bounded(tmp_path, lines):
    least = LEAST if "teams:" not in lines else LEAST.partition("teams:")[0]
    (tmp_path / "telemetry.yml").write_text(least + lines)
    with pytest.raises(ConfigurationError) as raised:
        load(tmp_path / "telemetry.yml", {})
    sentence = str(raised.value)
    assert len(sentence) < 40_000
    assert ("more." in sentence) == (lines.count("\n") > 2)


def test_no_block_is_put_into_another(tmp_path):
    (tmp_path / "telemetry.yml").write_text(f"{LEAST}web: {{<<: {{url: 'http://x'}}}}\n")
    with pytest.raises(ConfigurationError, match=r"the key '<<' puts in another block"):
        load(tmp_path / "telemetry.yml", {})


@pytest.mark.parametrize("value", ["s3cr3t\nX-Head: 1", "s3cr3t\x00", "s3cr3t\x1b[31m"])
def test_a_secret_of_several_lines_never_reaches_a_head(tmp_path, value):
    (tmp_path / "token").write_text(value)
    secrets = (Secret("file:token"), Secret("env:TOKEN"))
    for secret in secrets[: 1 if "\x00" in value else 2]:
        with pytest.raises(ConfigurationError) as raised:
            secret.resolve({"TOKEN": value}, tmp_path, "jira.auth.secret")
        assert "more than one line" in str(raised.value)
        assert "s3cr3t" not in str(raised.value)


def test_the_line_end_of_an_editor_is_no_part_of_a_secret(tmp_path):
    (tmp_path / "token").write_text("\ufeffs3cr3t\r\n", encoding="utf-8")
    assert Secret("file:token").resolve({}, tmp_path).reveal() == "s3cr3t"
    assert Secret("env:TOKEN").resolve({"TOKEN": "s3cr3t\n"}, tmp_path).reveal() == "s3cr3t"


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_what_we_make_is_its_users_alone_whatever_the_umask(tmp_path, mask):
    before = os.umask(mask)
    try:
        (tmp_path / "telemetry.yml").write_text(LEAST)
        engine = open_store("sqlite:///telemetry.db", base=tmp_path)
        upgrade(engine)
        with pull_lock(engine, "default"), writing(engine) as connection:
            connection.exec_driver_sql("CREATE TABLE x (y)")
            made = sorted(file.name for file in tmp_path.iterdir())
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        backup(engine, tmp_path / "copy.db")
        modes["copy.db"] = stat.S_IMODE((tmp_path / "copy.db").stat().st_mode)
        engine.dispose()
    finally:
        os.umask(before)
    assert {"telemetry.db", "telemetry.db-wal", "telemetry.db-shm"} <= set(made)
    assert any(name.endswith(".lock") for name in made)
    del modes["telemetry.yml"]
    assert set(modes.values()) == {0o600}
