"""A long-running command that is told to end leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.depth import parametrize_in_turn


@pytest.mark.slow
@parametrize_in_turn("name", ["SIGTERM", "SIGINT"], 1)
def test_the_demo_ends_cleanly(tmp_path: Path, name: str):
    output = tmp_path / "output.txt"
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    with output.open("w") as opened:
        demo = subprocess.Popen(
            [sys.executable, "-m", "telemetry", "demo", "--port", "0", "--teams", "1", "--no-open"],
            stdout=opened,
            stderr=opened,
            env=environ,
        )
    try:
        deadline = time.monotonic() + 120
        while "Telemetry is at" not in output.read_text():
            assert demo.poll() is None, output.read_text()
            assert time.monotonic() < deadline, output.read_text()
            time.sleep(0.2)
        demo.send_signal(getattr(signal, name))
        assert demo.wait(timeout=60) in {130, 143}
    finally:
        demo.kill()
    assert "Traceback" not in output.read_text()
    assert list(tmp_path.glob("telemetry-demo-*")) == []
