"""A folder that is written whole or not at all, by one at a time, among the files of others."""

import errno
import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

from telemetry.errors import ConfigurationError, StoreError
from web.export.folder import LOCK, MANIFEST, NEW, Folder

OLD = {"index.html": b"old", "a/one.html": b"old", "a/gone.html": b"old"}
FRESH = {"index.html": b"new", "a/one.html": b"new", "b/two.html": b"new"}


def write(path, files, **options):
    with (folder := Folder(path, **options)).held():
        folder.put("pages", "key", files)
        folder.finish()
    return folder


def contents(path):
    hidden = (MANIFEST, LOCK)
    found = {str(one.relative_to(path)): one for one in path.rglob("*") if one.is_file()}
    return {name: one.read_bytes() for name, one in found.items() if name not in hidden}


def failing(monkeypatch, name, number, at):
    """The function fails at its so-manieth call."""
    calls, real = [], getattr(os, name)

    def call(*given, **more):
        calls.append(given)
        if len(calls) == at:
            raise OSError(number, os.strerror(number))
        return real(*given, **more)

    monkeypatch.setattr(os, name, call)


def test_what_is_put_replaces_what_was(tmp_path):
    write(tmp_path, OLD)
    made = write(tmp_path, FRESH)
    assert contents(tmp_path) == FRESH
    assert (made.written, made.removed) == (3, 1)
    assert not (tmp_path / NEW).exists()


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path, monkeypatch, at):
    write(tmp_path, OLD)
    with monkeypatch.context() as full:
        failing(full, "fdopen", errno.ENOSPC, at)
        with pytest.raises(StoreError, match="stays as it was: No space left on device"):
            write(tmp_path, FRESH)
    assert contents(tmp_path) == OLD
    write(tmp_path, FRESH)
    assert contents(tmp_path) == FRESH


@pytest.mark.parametrize("at", range(1, 9))
def test_who_is_stopped_anywhere_is_mended_by_the_next_run(tmp_path, monkeypatch, at):
    write(tmp_path, OLD)
    with monkeypatch.context() as stopping:
        failing(stopping, "replace", errno.EIO, at)
        stopping.setattr(shutil, "rmtree", lambda *_, **__: None)  # as after a kill
        try:
            write(tmp_path, FRESH)
        except StoreError as error:
            was_moving = b"old" not in contents(tmp_path).values() or "of two times" in str(error)
            assert was_moving or {**contents(tmp_path), **OLD} == contents(tmp_path)
    write(tmp_path, FRESH)
    assert contents(tmp_path) == FRESH
    again = write(tmp_path, FRESH)
    assert (again.written, again.removed) == (0, 0)


def test_a_first_run_that_is_stopped_has_no_first_page(tmp_path, monkeypatch):
    with monkeypatch.context() as stopping:
        failing(stopping, "replace", errno.EIO, 7)  # manifest, three pages, manifest, a page
        with pytest.raises(StoreError, match="of two times until another run ends well"):
            write(tmp_path, FRESH)
    assert contents(tmp_path)
    assert "index.html" not in contents(tmp_path)
    write(tmp_path, FRESH)
    assert contents(tmp_path) == FRESH


def test_a_second_export_into_the_folder_is_told_to_wait(tmp_path):
    with Folder(tmp_path).held(), pytest.raises(StoreError, match="just now: wait until"):
        write(tmp_path, FRESH)
    write(tmp_path, FRESH)
    assert contents(tmp_path) == FRESH


def test_what_another_run_wrote_meanwhile_is_known(tmp_path):
    late = Folder(tmp_path)
    write(tmp_path, OLD)
    with late.held():
        late.put("pages", "key", FRESH)
        late.finish()
    assert contents(tmp_path) == FRESH


@pytest.mark.parametrize(
    ("foreign", "said"),
    [
        ("b/two.html", "was written by no export: move it, or --force"),
        ("b", "is in the way of a folder"),
        ("b/two.html/x", "is in the way of a file"),
    ],
)
def test_files_of_others_are_in_no_danger(tmp_path, foreign, said):
    write(tmp_path, OLD)
    (tmp_path / foreign).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / foreign).write_bytes(b"mine")
    with pytest.raises((StoreError, ConfigurationError), match=said):
        write(tmp_path, FRESH)
    assert contents(tmp_path) == {**OLD, foreign: b"mine"}


def test_force_writes_over_them(tmp_path):
    (tmp_path / "index.html").write_bytes(b"mine")
    (tmp_path / "other.txt").write_bytes(b"mine")
    write(tmp_path, FRESH, is_forced=True)
    assert contents(tmp_path) == {**FRESH, "other.txt": b"mine"}


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
@pytest.mark.parametrize(
    ("place", "name"),
    [(FileLock, "acquire"), (Path, "mkdir"), (tempfile, "mkstemp")],
)
def test_a_folder_that_nobody_may_write_in_is_told(tmp_path, monkeypatch, place, name, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(place, name, refuse)
    with pytest.raises(StoreError, match=f"can't be written.*: {os.strerror(number)}"):
        write(tmp_path / "new", FRESH)


def test_the_record_of_a_run_names_each_file(tmp_path):
    write(tmp_path, FRESH)
    groups = json.loads((tmp_path / MANIFEST).read_bytes())["groups"]
    assert groups["pages"]["files"].keys() == FRESH.keys()
