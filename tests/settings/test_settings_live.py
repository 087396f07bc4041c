"""A running process takes up a changed configuration, and outlives a broken one."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from telemetry.context import Context
from telemetry.errors import ConfigurationError
from telemetry.live import Live

ONE = """
jira: {url: 'http://127.0.0.1:9', auth: {kind: pat, secret: 'file:token'}}
teams:
- {key: k8s, project: K8S}
"""
TWO = ONE + "- {key: web, project: WEB}\n"


class Part:
    """Remembers the configurations that it was given; refuses those with a team it cannot bear."""

    def __init__(self, unbearable: str = "") -> None:
        self.unbearable = unbearable
        self.taken: list[list[str]] = []

    def check(self, context: Context) -> None:
        if context.settings.team(self.unbearable):
            raise ConfigurationError(f"not {self.unbearable}")

    def take(self, context: Context) -> None:
        self.taken.append([team.key for team in context.settings.teams])


@pytest.fixture
def file(tmp_path) -> Path:
    written = tmp_path / "telemetry.yml"
    written.write_text(ONE, encoding="utf-8")
    (tmp_path / "token").write_text("one", encoding="utf-8")
    return written


@pytest.fixture
def live(file) -> Iterator[Live]:
    made = Live(Context(file, {"OTHER_STORE": "sqlite:///other.db"}))
    yield made
    made.context.engine.dispose()


def settled_look(live: Live) -> bool:
    """Whether the configuration was taken up, once it has read the same twice."""
    live.look()
    return live.look()


def test_a_changed_file_is_taken_up_with_the_same_store(live, file):
    part = Part()
    live.join(part)
    engine = live.context.engine
    file.write_text(TWO, encoding="utf-8")
    assert settled_look(live)
    assert part.taken == [["k8s"], ["k8s", "web"]]
    assert live.context.engine is engine
    assert not settled_look(live)


def test_a_file_that_is_being_written_is_left_for_the_next_look(live, file):
    file.write_text(TWO[:-20], encoding="utf-8")
    with structlog.testing.capture_logs() as events:
        assert not live.look()
        file.write_text(TWO, encoding="utf-8")
        assert not live.look()
        assert live.look()
    assert [e["event"] for e in events] == ["configuration taken up"]


def test_a_broken_file_is_told_once_and_the_old_configuration_goes_on(live, file):
    part = Part()
    live.join(part)
    file.write_text(ONE + "nonsense: 1\n", encoding="utf-8")
    with structlog.testing.capture_logs() as events:
        for _ in range(4):
            assert not live.look()
        file.write_text(ONE + "nonsense: 1\n# and a remark\n", encoding="utf-8")
        assert not settled_look(live)
        file.unlink()
        assert not settled_look(live)
        file.write_text(TWO, encoding="utf-8")
        assert settled_look(live)
    assert [e["event"] for e in events] == [
        "configuration not taken up, the old one goes on",
        "configuration not taken up, the old one goes on",
        "configuration works again",
    ]
    assert "telemetry.yml:5: nonsense: is not a known key" in events[0]["reason"]
    assert "does not exist" in events[1]["reason"]
    assert part.taken == [["k8s"], ["k8s", "web"]]


def test_another_store_is_not_taken_up_while_running(live, file):
    file.write_text(TWO + "store: {url: env:OTHER_STORE}\n", encoding="utf-8")
    with structlog.testing.capture_logs() as events:
        assert not settled_look(live)
    assert "restart it" in events[0]["reason"]
    assert len(live.context.settings.teams) == 1


def test_what_one_part_cannot_work_with_no_part_takes(live, file):
    part, refusing = Part(), Part("web")
    live.join(part)
    live.join(refusing)
    file.write_text(TWO, encoding="utf-8")
    assert not settled_look(live)
    assert part.taken == refusing.taken == [["k8s"]]


def test_a_part_that_cannot_begin_says_so(live):
    with pytest.raises(ConfigurationError, match="not k8s"):
        live.join(Part("k8s"))


def test_a_secret_that_changes_in_its_file_is_a_change(live, file):
    part = Part()
    live.join(part)
    (file.parent / "token").write_text("two", encoding="utf-8")
    assert settled_look(live)
    assert len(part.taken) == 2
    assert live.context.jira_secrets(["default"]) == {"default": "two"}


def test_it_looks_by_itself_while_it_is_entered(file):
    part = Part()
    with Live(Context(file, {}), every_seconds=0.01) as live:
        live.join(part)
        file.write_text(TWO, encoding="utf-8")
        deadline = time.monotonic() + 20
        while len(part.taken) < 2:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    live.context.engine.dispose()


def test_a_missing_secret_names_its_variable_and_its_line(file):
    file.write_text(ONE.replace("file:token", "env:NO_TOKEN"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"yml:2: jira\.auth\.secret: .* NO_TOKEN is not"):
        Context(file, {}).jira_secrets(["default"])


def test_webhook_secrets_are_by_site_and_a_missing_one_names_its_line(file):
    text = ONE.replace("auth:", "webhook_secret: env:HOOK, auth:")
    file.write_text(text, encoding="utf-8")
    assert Context(file, {"HOOK": "s"}).webhook_secrets() == {"default": "s"}
    with pytest.raises(ConfigurationError, match=r"yml:2: jira\.webhook_secret: .* HOOK is not"):
        Context(file, {}).webhook_secrets()
    file.write_text(ONE, encoding="utf-8")
    assert Context(file, {}).webhook_secrets() == {"default": None}
