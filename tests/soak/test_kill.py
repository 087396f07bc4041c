"""A bot that SIGKILL ends in the middle of its first pull leaves a store that can be used."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from telemetry.store.engine import open_store
from tests.depth import parametrize_in_turn
from tests.pulled import Pulled, serving
from tests.soak.sound import assert_converges, assert_sound, pull_records
from tests.soak.stores import Stores
from tests.soak.town_of_issues import TEAMS, busy_story

ISSUES = 160
PATIENCE_SECONDS = 30


@parametrize_in_turn("stores", ["sqlite", "postgresql"], 1, indirect=True)
def test_a_pull_after_two_kills_converges(stores: Stores, tmp_path: Path) -> None:
    dice = random.Random(f"kill {stores.kind}")
    store = open_store(stores.empty(), base=tmp_path)
    story = busy_story(ISSUES)
    with serving(story, store, tmp_path / "bot", TEAMS, delay_seconds=0.02, page_cut=8) as pulled:
        store.dispose()
        for number in range(1, 3):
            kill_a_pull(pulled, after_requests=dice.randrange(6, 30))
            assert len(pull_records(pulled.engine)) == number
            assert_sound(pulled)
        until(lambda: not pulled.pull().is_busy)  # PostgreSQL may see only then that it is gone
        assert_converges(pulled, stores.empty())
        *_, second, first = pull_records(pulled.engine)
        assert [first.state, second.state] == ["failed", "failed"]
        assert first.error is not None
        assert "ended before the pull did" in first.error
        assert first.ended_at is not None


def kill_a_pull(pulled: Pulled, after_requests: int) -> None:
    """Start `telemetry pull` in a process of its own and kill it at a request."""
    command = [sys.executable, "-m", "telemetry", "-c", str(pulled.context.path), "pull"]
    begun = pulled.requests.total
    process = subprocess.Popen(
        command,
        env=os.environ | pulled.context.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: pulled.requests.total >= begun + after_requests)
    process.send_signal(signal.SIGKILL)
    assert process.wait(PATIENCE_SECONDS) == -signal.SIGKILL


def until(is_true: Callable[[], bool]) -> None:
    """Wait for it, not for ever."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < patience
        time.sleep(0.01)
