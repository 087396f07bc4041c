"""Nothing that Jira or a file says steers the terminal of who reads it."""

import json
import logging
import sys
import threading

import pytest

from telemetry.__main__ import main
from telemetry.logs import get_logger, take_over
from telemetry.secrecy import harmless
from tests.pulled import Story, a_team, on, serving

EVIL = "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x9b1m\u202egnp\r\x08"
STEERING = ("\x1b", "\x07", "\x9b", "\u202e", "\r", "\x08")


@pytest.fixture
def run(sqlite_store, tmp_path, monkeypatch, capsys):
    """Runs `telemetry` in the folder of a site all of whose names are evil."""
    story = Story()
    story.board.name = f"Board {EVIL}"
    sprint = story.sprint(on(1, 10), name=f"Sprint {EVIL}")
    story.issue(3, sprint=sprint.id, labels=[f"la{EVIL}"])
    story.world.rename_status("10001", f"Done {EVIL}")
    impediment = {"labels": ["absent"]}
    teams = [
        a_team(name=f"Team {EVIL}", impediment=impediment),
        a_team("other", board=99, done_statuses=[f"no{EVIL}"]),
    ]
    with serving(story, sqlite_store, tmp_path / "site", teams) as served:

        def told(*words: str) -> str:
            monkeypatch.chdir(served.context.folder)
            for name, value in (served.context.environ | {"COLUMNS": "200"}).items():
                monkeypatch.setenv(name, value)
            monkeypatch.setattr(sys, "argv", ["telemetry", *words])
            with pytest.raises(SystemExit):
                main()
            out, err = capsys.readouterr()
            return out + err

        yield told


def test_no_command_prints_what_steers_a_terminal(run):
    for words in (["check"], ["pull"], ["show"], ["show", "k8s"], ["show", "other"]):
        said = run(*words)
        assert len(said) > 20
        assert not [sign for sign in STEERING if sign in said], (words, said)
    assert "owned" not in run("check")


def test_json_holds_what_was_said_escaped(run):
    run("pull")
    said = run("show", "--json")
    assert not [sign for sign in STEERING if sign in said]
    assert any("red" in row["name"] for row in json.loads(said))


def test_an_error_of_the_file_steers_nothing(run, tmp_path):
    file = tmp_path / "site" / "telemetry.yml"
    file.write_text(file.read_text() + 'bot: {"ev\\e[31mery": 1, every: "\\e[2J"}\n')
    said = run("show")
    assert "is not a length of time" in said
    assert not [sign for sign in STEERING if sign in said]


def test_lines_and_blanks_stay():
    assert harmless("a\n  b: 'ä' – 日本 ⇒ 1\u00a0h") == "a\n  b: 'ä' – 日本 ⇒ 1\u00a0h"
    assert harmless("a\x1b[1;31mb\x1b]8;;http://x\x1b\\c\u2028d\ufeff") == "a b c d"


def test_no_line_of_the_log_steers_a_terminal_or_makes_up_another(monkeypatch, capsys):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    take_over()
    log, forged = get_logger(), "2026-03-02 [info     ] all is well"
    log.warning("odd", site="a\x9b31mb", team=f"\x1b[31m{EVIL}", why=f"x\n{forged}", at=[EVIL])
    log.warning("odd", site="no\u202eblank", named={EVIL: EVIL})
    logging.getLogger("library").warning("said %s\n%s", EVIL, forged)
    told = capsys.readouterr().err
    assert not [sign for sign in STEERING if sign in told]
    assert "library: said" in told
    assert not [line for line in told.splitlines() if line.startswith(forged)]
