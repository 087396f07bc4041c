"""`telemetry alerts` and `telemetry check` as a person uses them, with a real receiver."""

import json

import pytest
import yaml

from tests.alerts.receivers import Answer, http_receiver
from tests.pull.test_commands import Shell
from tests.pulled import Story, a_team, on, serving

pytestmark = pytest.mark.slow

SECRET = "s3cr3tt0ken"


@pytest.fixture
def story():
    story = Story()
    sprint = story.sprint(on(1, 10), name="Sprint <!channel>")
    story.issue(10, sprint=sprint.id)
    story.issue(5, sprint=sprint.id, at=on(2, 9))
    return story


@pytest.fixture
def shell(story, sqlite_store, tmp_path, monkeypatch, capsys):
    daily = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    team = a_team(calendar={"working_week": daily})
    with serving(story, sqlite_store, tmp_path / "site", [team]) as pulled:
        shell = Shell(pulled, monkeypatch, capsys)
        pulled.good_pull()
        yield shell


def configured(shell, **settings):
    file = shell.folder / "telemetry.yml"
    values = yaml.safe_load(file.read_text())
    values |= {"quiet_hours": None, "channels": {"chat": {"url": "env:CHAT"}}}
    file.write_text(yaml.safe_dump(values | settings))


def test_alerts_are_looked_for_told_listed_and_muted(shell):
    configured(shell, alerts=[{"rule": "scope_grown"}])
    with http_receiver() as got:
        shell.environ["CHAT"] = f"json://127.0.0.1:{got.port}/{SECRET}"
        out, _ = shell("alerts", "evaluate", "--dry-run")
        assert "scope grown opened: scope grew by 50" in out
        assert got.bodies == []
        out, _ = shell("alerts", "evaluate")
        assert "1 team looked at: 1 alert opened, 0 worsened, 0 resolved." in out
        assert "1 message sent." in out
        out, _ = shell("alerts", "evaluate")
        assert "0 messages sent." in out
    assert json.loads(got.bodies[0])["title"].startswith("▲ k8s, Sprint <!channel>: scope grew by")
    out, _ = shell("alerts", "list")
    assert "k8s, Sprint <!channel>: scope grew by 50" in out
    assert "chat: opened, sent" in out
    out, _ = shell("alerts", "list", "--json", "--team", "k8s")
    assert [one["rule"] for one in json.loads(out)] == ["scope_grown"]
    out, _ = shell("alerts", "mute", "k8s", "--until", "3d")
    assert out.startswith("Mute 1: all alerts of k8s until ")
    assert "Mute 1 is over." in shell("alerts", "unmute", "1")[0]
    assert "there is no mute 1 in force" in shell("alerts", "unmute", "1", code=1)[1]
    assert SECRET not in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mute", "k8"), "'k8' is no team; did you mean 'k8s'?"),
        (("mute", "k8s", "--rule", "scope"), "'scope' is no rule; did you mean"),
        (("mute", "k8s", "--until", "soon"), "'soon' is neither a length of time"),
        (("mute", "k8s", "--until", "2020-01-01"), "2020-01-01 is over; name a day to come"),
        (("list", "--team", "x"), "'x' is no team"),
        (("test", "caht"), "'caht' is no channel; did you mean 'chat'?"),
        (("test", "chat"), "channels.chat.url: the environment variable CHAT is not set"),
    ],
)
def test_what_is_not_known_is_named(shell, words, said):
    configured(shell)
    assert said in shell("alerts", *words, code=2)[1]


def test_a_channel_is_checked_and_tried(shell):
    configured(shell)
    with http_receiver(Answer(), Answer(404)) as got:
        shell.environ["CHAT"] = f"json://127.0.0.1:{got.port}/{SECRET}"
        out, _ = shell("check", code=1)  # the story is of another year
        assert "ok    channel chat: JSON; its address is set" in out
        assert got.bodies == []
        out, _ = shell("check", "--send", code=1)
        assert "channel chat: JSON; its address is set, and a message arrived" in out
        _, err = shell("alerts", "test", "chat", code=1)
        assert "channel chat: It knows no such address (404)" in err
    shell.environ["CHAT"] = f"nosuch://{SECRET}"
    out, _ = shell("check", code=1)
    assert "FAIL  channel chat: it is no address that Apprise knows" in out
    del shell.environ["CHAT"]
    assert "CHAT is not set" in shell("check", code=1)[0]
    assert SECRET not in out


def test_a_digest_is_sent_by_command_and_named_by_check(shell):
    week = {"kind": "week", "at": "fri 15:00", "channels": ["chat"]}
    configured(shell, digests=[week, {"kind": "day"}, {"kind": "portfolio"}])
    with http_receiver(Answer(), Answer(500)) as got:
        shell.environ["CHAT"] = f"json://127.0.0.1:{got.port}/{SECRET}"
        out, _ = shell("check", code=1)
        assert "ok    digest week: of all teams, at fri 15:00, to chat" in out
        assert "ok    digest day: of all teams, at 09:00 on working days, to chat" in out
        assert got.bodies == []
        assert shell("digest", "--send")[0] == "Sent to chat.\n"
        assert json.loads(got.bodies[0])["title"].startswith("● k8s, ")
        _, err = shell("digest", "--kind", "portfolio", "--send", code=1)
        assert "channel chat: It answered 500, an error of its own. The bot tries again." in err
    configured(shell, digests=[], channels={"chat": {"url": "env:CHAT", "teams": []}})
    assert "no channel is meant" in shell("digest", "--send", code=2)[1]
    configured(
        shell, digests=[{"kind": "week"}], channels={"chat": {"url": "env:CHAT", "teams": []}}
    )
    assert "FAIL  digest week: no channel is meant for k8s" in shell("check", code=1)[0]
    assert SECRET not in out + err
