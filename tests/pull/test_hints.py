"""A webhook is in the figures within seconds; a forged one does nothing. All as real processes."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import yaml

from telemetry.store.engine import reading
from telemetry.store.hints import Hint, read_hints
from tests.depth import parametrize_in_turn
from tests.pulled import Pulled, Story, a_team, on, serving

pytestmark = pytest.mark.slow
SECRET = "s3cr3t of the webhook"


class Page:
    """The served application of a `telemetry` process."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> tuple[int, dict]:
        try:
            with urlopen(self.url + path, timeout=10) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def seconds_logged(self, team: str = "k8s") -> float | None:
        status, body = self.get(f"api/v1/teams/{team}/sprints/current")
        return body["time"]["planned_seconds"] if status == 200 and body["time"] else None

    def hook(self, body: dict, identifier: str, secret: str = SECRET) -> int:
        raw = json.dumps(body).encode()
        signature = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
        headers = {
            "X-Hub-Signature": f"sha256={signature}",
            "X-Atlassian-Webhook-Identifier": identifier,
        }
        try:
            with urlopen(Request(f"{self.url}hooks/jira", raw, headers), timeout=10) as answer:
                return answer.status
        except HTTPError as error:
            with error:
                return error.code


def wait_until(is_so: Callable[[], bool], what: Callable[[], str], seconds: float = 60) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, what()
        time.sleep(0.05)
    return time.monotonic() - began


@contextmanager
def process(pulled: Pulled, *words: str) -> Iterator[Path]:
    """A `telemetry` command at work; what it prints goes into the file."""
    output = pulled.context.folder / f"{words[0]}.txt"
    with output.open("w") as opened:
        ran = subprocess.Popen(
            [sys.executable, "-m", "telemetry", *words],
            cwd=pulled.context.folder,
            env=os.environ | pulled.context.environ | {"HOOK_SECRET": SECRET},
            stdout=opened,
            stderr=opened,
        )
    try:
        yield output
        assert ran.poll() is None, output.read_text()
    finally:
        ran.terminate()
        ran.wait(timeout=30)
    assert "Traceback" not in output.read_text()


@contextmanager
def page(pulled: Pulled, command: str) -> Iterator[Page]:
    with process(pulled, command, "--port", "0") as output:
        wait_until(lambda: "Telemetry is at" in output.read_text(), output.read_text)
        yield Page(output.read_text().split("Telemetry is at ")[1].split()[0])


def rewrite(pulled: Pulled, **changes) -> None:
    file = pulled.context.folder / "telemetry.yml"
    values = yaml.safe_load(file.read_text(encoding="utf-8"))
    file.write_text(yaml.safe_dump(values | changes), encoding="utf-8")


def a_log(issue) -> dict:
    return {"webhookEvent": "worklog_created", "worklog": {"id": "9", "issueId": str(issue.id)}}


class Working(Story):
    """A story of one issue that is worked on."""

    def __init__(self) -> None:
        super().__init__()
        self.work = self.issue(3, sprint=self.sprint(on(1)).id)


@pytest.fixture
def story() -> Working:
    return Working()


@pytest.fixture
def pulled(story, sqlite_store, tmp_path) -> Iterator[Pulled]:
    """A served story whose bot pulls once an hour and takes webhooks."""
    with serving(story, sqlite_store, tmp_path / "site") as served:
        jira = yaml.safe_load((tmp_path / "site" / "telemetry.yml").read_text())["jira"]
        rewrite(served, jira=jira | {"webhook_secret": "env:HOOK_SECRET"}, bot={"every": "1h"})
        yield served


def log_work(story: Working, hours: float) -> None:
    with story.world.lock:
        story.log(story.work, on(5, 15), hours, at=story.now)


def follow_a_hint(pulled: Pulled, story: Working, shown: Page) -> None:
    wait_until(lambda: shown.seconds_logged() == 0, lambda: "no first pull")
    log_work(story, 2)
    assert shown.hook(a_log(story.work), "a", secret="forged") == 403
    assert pulled.contents("hints")["hints"] == []
    assert shown.seconds_logged() == 0
    assert shown.hook(a_log(story.work), "b") == 202
    took = wait_until(lambda: shown.seconds_logged() == 7200, lambda: "the hint was not followed")
    assert took < 15
    wait_until(lambda: pulls(pulled) == 2, lambda: "the pull of the hint was not noted")
    wait_until(lambda: not waiting(pulled), lambda: "the hint still waits")
    followed = pulled.contents("hints")
    assert shown.hook(a_log(story.work), "b") == 202
    assert pulled.contents("hints") == followed
    assert (shown.seconds_logged(), pulls(pulled)) == (7200, 2)


def waiting(pulled: Pulled) -> tuple[Hint, ...]:
    """The hints that no pull has followed."""
    with reading(pulled.engine) as connection:
        return read_hints(connection)


def pulls(pulled: Pulled) -> int:
    """How many pulls ended; the last one's figures may be seen a moment before."""
    return len(pulled.reports.pulls(9)[0])


@parametrize_in_turn("commands", [("up",), ("web", "bot")], 1, ids=" and ".join)
def test_a_signed_webhook_is_followed_within_seconds_and_no_forged_one(pulled, story, commands):
    """By one process, or by two through the store."""
    first, *others = commands
    with ExitStack() as running:
        shown = running.enter_context(page(pulled, first))
        for other in others:
            running.enter_context(process(pulled, other))
        follow_a_hint(pulled, story, shown)


def test_a_changed_configuration_is_taken_up_while_it_runs(pulled, story):
    web = story.world.add_project("WEB", "Web", lead=2)
    story.world.add_board(web.id, "WEB board")
    output = pulled.context.folder / "up.txt"
    with page(pulled, "up") as shown:
        wait_until(lambda: shown.seconds_logged() == 0, lambda: "no first pull")
        rewrite(pulled, teams=[a_team(), a_team("web", "WEB", name="Web <b>")])

        def names() -> list[str]:
            return [row["name"] for row in shown.get("api/v1/teams")[1]["items"]]

        wait_until(lambda: names() == ["Web <b>", "k8s"], lambda: repr(names()))
        rewrite(pulled, teams=[a_team("web", "WEB")])
        wait_until(lambda: names() == ["web"], lambda: repr(names()))
        status, problem = shown.get("api/v1/teams/k8s/sprints")
        assert status == 404
        assert "no longer in telemetry.yml" in problem["detail"]
        rewrite(pulled, nonsense=1)
        wait_until(lambda: "nonsense: is not a known key" in output.read_text(), output.read_text)
        assert names() == ["web"]
