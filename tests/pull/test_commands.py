"""The commands as a person uses them, on a small simulated site."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from telemetry import __version__
from telemetry.cli import main
from telemetry.store.presence import Presence
from tests.pulled import TOKEN, Pulled, Story, a_team, on, serving

KEY = "k" * 64


@pytest.fixture
def pulled(sqlite_store, tmp_path) -> Iterator[Pulled]:
    story = Story()
    sprint = story.sprint(on(1, 10), name="Sprint [bold]1[/bold]")
    issue = story.issue(3, sprint=sprint.id)
    story.issue(2, sprint=sprint.id)
    story.log(issue, on(2), 2)
    story.log(story.issue(labels=["impediment", "nature:network"]), on(3), 1)
    team = a_team(name="Managed [red]Kubernetes")
    with serving(story, sqlite_store, tmp_path / "site", [team]) as served:
        yield served


class Shell:
    """Runs `telemetry` in the site's folder; no output may hold a secret or a traceback."""

    def __init__(
        self, pulled: Pulled, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.folder: Path = pulled.context.folder
        self.environ = pulled.context.environ | {"COLUMNS": "120"}
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *words: str, code: int = 0, **environ: str) -> tuple[str, str]:
        with self._monkeypatch.context() as process:
            process.chdir(self.folder)
            for name, value in (self.environ | environ).items():
                process.setenv(name, value)
            process.setattr(sys, "argv", ["telemetry", *words])
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = self._capsys.readouterr()
        assert (ended.value.code or 0) == code, out + err
        for output in (out, err):
            assert TOKEN not in output
            assert KEY not in output
            assert "Traceback" not in output
        return out, err


@pytest.fixture
def telemetry(pulled, monkeypatch, capsys) -> Shell:
    return Shell(pulled, monkeypatch, capsys)


def test_a_pull_says_in_a_line_what_it_did_and_nothing_on_stderr(telemetry):
    out, err = telemetry("pull")
    assert out.startswith("default: first pull in ")
    assert "3 issues and 2 work logs changed" in out
    assert err == ""
    out, _ = telemetry("pull", "--full", "--team", "k8s")
    assert "full pull" in out
    assert "0 issues and 0 work logs changed" in out


def test_a_pull_as_json_is_one_value(telemetry):
    out, err = telemetry("pull", "--json")
    [outcome] = json.loads(out)
    assert outcome["kind"] == "first"
    assert outcome["issues_changed"] == 3
    assert outcome["failures"] == {}
    assert err == ""


def test_the_figures_are_shown_of_all_teams_and_of_one(telemetry):
    telemetry("pull")
    out, _ = telemetry("show")
    assert "k8s" in out
    assert "Sprint [bold]1[/bold] (active)" in out
    out, _ = telemetry("show", "k8s")
    assert "Managed [red]Kubernetes" in out
    assert "Committed" in out
    assert "network" in out
    [row] = json.loads(telemetry("show", "--json")[0])
    assert row["sprint"]["committed_points"] == 5
    assert row["sprint"]["time"]["impediment_seconds"] == 3600
    assert row["freshness"]["as_of"].endswith("Z")
    assert json.loads(telemetry("show", "k8s", "--json")[0]) == row


def test_a_health_check_knows_a_bot_that_pulled_lately(telemetry):
    assert telemetry("alive", code=1)[1] == "site 'default': no pull has begun yet\n"
    telemetry("pull")
    assert telemetry("alive")[0] == "A bot is at work.\n"


def test_an_unknown_team_is_a_sentence(telemetry):
    telemetry("pull")
    out, err = telemetry("show", "k9s", code=1)
    assert (out, err) == ("", "there is no team 'k9s'; teams: k8s\n")
    _, err = telemetry("pull", "--team", "k9s", code=2)
    assert err == "there is no team 'k9s'; teams: k8s\n"


def test_showing_before_the_first_pull_says_so(telemetry):
    _, err = telemetry("show", "k8s", code=1)
    assert "the bot writes them at its first pull" in err


def test_a_failed_pull_says_why_on_stderr(telemetry):
    _, err = telemetry("pull", code=1, JIRA_TOKEN="wrong")
    assert "check" in err
    assert "wrong" not in err
    assert len(err.splitlines()) == 1
    out, _ = telemetry("show", "k8s")
    assert "stale" in out
    telemetry("pull")
    assert "stale: " not in telemetry("show", "k8s")[0]


def test_checking_names_what_is_good_and_what_is_not(telemetry, pulled):
    out, err = telemetry("check", code=1)  # the story's clock is far behind ours
    assert "ok    store: opened, at this version's schema and sound" in out
    assert "ok    team k8s: project K8S, board 1 (K8S board)" in out
    assert "estimates by Story" in out
    assert "FAIL  jira clock" in out
    assert err == "1 problem found\n"
    findings = json.loads(telemetry("check", "--json", code=1)[0])
    assert [f["subject"] for f in findings if not f["is_good"]] == ["jira clock"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("project: K8S", "project: KX8", "KX8"),
        ("project: K8S", "project: K8S\n  board: 99", "board 99"),
        ("project: K8S", "project: K8S\n  estimate: Nothing", "'Nothing' is not a field"),
        ("project: K8S", "project: K8S\n  jql: wrong = x", "refused the JQL 'wrong = x'"),
        ("project: K8S", "project: K8S\n  impediment: {nature_field: Nope}", "'Nope'"),
        ("env:JIRA_TOKEN", "env:NO_SUCH", "NO_SUCH"),
    ],
)
def test_checking_finds_a_wrong_team(telemetry, old, new, words):
    file = telemetry.folder / "telemetry.yml"
    file.write_text(file.read_text().replace(old, new))
    out, _ = telemetry("check", code=1)
    assert any(line.startswith("FAIL") and words in line for line in out.splitlines()), out


def test_a_wrong_configuration_is_exit_code_2_with_its_line(telemetry):
    file = telemetry.folder / "telemetry.yml"
    file.write_text(file.read_text() + "nonsense: 1\n")
    for command in (["pull"], ["show"], ["check"], ["db", "upgrade"]):
        out, err = telemetry(*command, code=2)
        assert out == ""
        assert "nonsense" in err
        assert "telemetry.yml:16:" in err


def test_no_configuration_at_all_is_exit_code_2(telemetry, tmp_path):
    _, err = telemetry("-c", str(tmp_path / "absent.yml"), "show", code=2)
    assert "absent.yml" in err


def test_the_store_is_upgraded_backed_up_and_rebuilt(telemetry):
    assert "The store is at revision" in telemetry("db", "upgrade")[0]
    telemetry("pull")
    out, _ = telemetry("db", "rebuild")
    assert "; 0 rows differed." in out
    out, _ = telemetry("db", "backup", "copy.db")
    assert "Keep the key of its pseudonyms" in out
    telemetry("db", "downgrade", "base", "--yes")
    shown, _ = telemetry("show", "k8s", STORE_URL="sqlite:///copy.db")
    assert "Committed" in shown


def test_nothing_that_cannot_be_taken_back_is_done_unasked(telemetry):
    telemetry("pull")
    _, err = telemetry("db", "downgrade", "base", code=2)
    assert "telemetry db downgrade base --yes" in err
    telemetry("db", "backup", "copy.db")
    _, err = telemetry("db", "backup", "copy.db", code=1)
    assert "copy.db is there already; name another file, or add --force." in err
    telemetry("db", "backup", "copy.db", "--force")
    _, err = telemetry("db", "restore", "copy.db", code=2)
    assert "telemetry db restore copy.db --yes" in err
    assert "Committed" in telemetry("show", "k8s")[0]


def test_a_backup_is_brought_back_whole(telemetry):
    telemetry("pull")
    before, _ = telemetry("show", "--json")
    telemetry("db", "backup", "copy.db")
    telemetry("db", "downgrade", "base", "--yes")
    assert telemetry("db", "current")[0].startswith("The store is at revision none; this version ")
    telemetry("db", "restore", "copy.db", "--yes")
    assert telemetry("show", "--json")[0] == before


def test_a_bot_that_rests_is_to_be_stopped_before_the_store_is_taken_back(telemetry, pulled):
    telemetry("pull")
    telemetry("db", "backup", "copy.db")
    bot = Presence(pulled.engine)
    bot.keep()
    for words in (("downgrade", "base"), ("restore", "copy.db")):
        _, err = telemetry("db", *words, "--yes", code=1)
        assert "a bot is at work on this store, or rests between two pulls: stop it first" in err
    assert "Committed" in telemetry("show", "k8s")[0]
    bot.give_up()


def test_version_and_help(telemetry):
    assert telemetry("--version")[0] == f"telemetry {__version__}\n"
    out, _ = telemetry("--help")
    for command in ("pull", "check", "show", "db", "bot", "demo", "up"):
        assert command in out
    assert "--accept-vanished" in telemetry("pull", "--help")[0]
    telemetry("nonsense", code=2)


def test_help_loads_no_settings_store_or_pages():
    """As long as it loads none of these it takes a tenth of a second, else twice that and more."""
    code = (
        "import sys; from contextlib import suppress; from telemetry.__main__ import main\n"
        "sys.argv = ['telemetry', '--help']\n"
        "with suppress(SystemExit):\n    main()\n"
        "heavy = {'pydantic', 'sqlalchemy', 'fastapi', 'jira', 'apscheduler', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


@pytest.mark.slow
def test_a_pull_in_a_terminal_ends_with_its_sentence_alone(telemetry):
    """Quick pulls show no bar, also where a person watches."""
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [sys.executable, "-c", "from telemetry.cli import main; main()", "pull"],
        check=False,
        cwd=telemetry.folder,
        env=os.environ | telemetry.environ | {"TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        timeout=60,
    )
    os.close(theirs)
    try:
        shown = os.read(ours, 10_000)
    except OSError:
        shown = b""
    os.close(ours)
    assert ran.returncode == 0
    assert b"first pull" in ran.stdout
    assert b"Traceback" not in shown
