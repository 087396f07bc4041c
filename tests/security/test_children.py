"""Programs that we start know no secret: not by their environment, not by their arguments."""

import ast
import errno
import shutil
from itertools import chain
from pathlib import Path

import pytest

from telemetry.children import told
from web.export.paper import VARIABLE, opened
from web.http.inter import FONT, LICENCE, Inter

PLANTED = "Zq7-planted-secret"
SECRETS = (
    "JIRA_TOKEN",
    "TELEMETRY_JIRA__AUTH__SECRET",
    "TELEMETRY_WEB__ACCESS_TOKEN",
    "TELEMETRY_STORE__URL",
    "PGPASSWORD",
    "HTTPS_PROXY",
    "https_proxy",
    "DATABASE_URL",
    "XDG_TOKEN",
    "FONTCONFIG_TOKEN",
    "LC_TOKEN",
    "PATH_TOKEN",
    "Ünı",
)
STARTS = ("run", "Popen", "call", "check_", "create_subprocess", "getoutput", "getstatus")
OURS = [Path(one.__file__ or "").parent for one in map(__import__, ("telemetry", "bot", "web"))]
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program that leaves what it was started with in `known`, and secrets for it to find."""
    for name in SECRETS:
        monkeypatch.setenv(name, f"postgresql://bot:{PLANTED}@db")
    program = tmp_path / "program"
    known = tmp_path / "known"
    program.write_text(f"#!/bin/sh\ncat /proc/$$/environ /proc/$$/cmdline > '{known}'\n")
    program.chmod(0o755)
    return program


def known_by(program: Path) -> bytes:
    return program.with_name("known").read_bytes()


def is_kept_from(program: Path) -> bool:
    known = known_by(program)
    return b"PATH=" in known and not any(
        sign in known for sign in (PLANTED.encode(), b"TELEMETRY_", b"TOKEN")
    )


@needs_proc
def test_chromium_knows_no_secret(program, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(program))
    with opened(b"<p>", "a PDF", "--print-to-pdf={}/page.pdf"):
        assert is_kept_from(program)
    assert b"--headless" in known_by(program)


def test_what_chromium_writes_while_it_dies_breaks_nothing_and_is_gone_in_the_end(
    program, monkeypatch
):
    remove, calls = shutil.rmtree, []

    def late(path, ignore_errors=False, **options):
        calls.append(path)
        if len(calls) > 2:
            remove(path, ignore_errors, **options)
        elif not ignore_errors:
            raise OSError(errno.ENOTEMPTY, "Directory not empty", "Crash Reports")

    monkeypatch.setenv(VARIABLE, str(program))
    monkeypatch.setattr(shutil, "rmtree", late)
    with opened(b"<p>", "a PDF", "--print-to-pdf={}/page.pdf") as folder:
        assert folder.exists()
    assert not folder.exists()
    assert len(calls) == 3


@needs_proc
def test_the_process_of_the_typeface_knows_no_secret(program, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", str(program))
    package = tmp_path / "package"
    (package / FONT).parent.mkdir(parents=True)
    (package / FONT).write_bytes(b"")
    (package / LICENCE).write_text("free")
    Inter(package, None).content()
    assert is_kept_from(program)
    assert b"web.http.subset" in known_by(program)


def test_a_program_is_told_where_it_finds_things():
    environ = {"Path": "a", "SystemRoot": "b", "LANG": "c", "PATHS": "d", "TELEMETRY_CONFIG": "e"}
    assert told(environ) == {"Path": "a", "SystemRoot": "b", "LANG": "c"}


def test_every_program_is_started_with_an_environment_of_its_own():
    starts = [
        (f"{file.name}:{call.lineno}", any(one.arg == "env" for one in call.keywords))
        for file in chain.from_iterable(folder.rglob("*.py") for folder in OURS)
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and is_start(ast.unparse(call.func))
    ]
    assert len(starts) >= 2
    assert [place for place, has_its_own in starts if not has_its_own] == []


def is_start(called: str) -> bool:
    module, _, name = called.rpartition(".")
    return (module == "subprocess" and name.startswith(STARTS)) or (
        module in ("os", "asyncio")
        and name.startswith(("system", "popen", "exec", "spawn", "posix_spawn", "create_sub"))
    )
