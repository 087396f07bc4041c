"""Measured pulls in a process of their own: `python -m tests.bench.pull CONFIG`.

Pulls once, and again at every line of its input, as a running bot does; each time it prints
seconds, requests, bytes received and the peak of memory as a line of JSON.
"""

import json
import resource
import socket
import sys
import time
from pathlib import Path
from typing import Any

from bot.pull.run import pull_sites
from telemetry.context import Context


class CountingSocket(socket.socket):
    """Counts what is received by all of its kind."""

    received = 0

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        count = super().recv_into(*args, **kwargs)
        CountingSocket.received += count
        return count


def measured(context: Context) -> dict[str, Any]:
    """One pull."""
    received, began, worked = CountingSocket.received, time.perf_counter(), time.process_time()
    outcome = pull_sites(context)[0]
    return {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - worked,
        "requests": outcome.requests,
        "bytes": CountingSocket.received - received,
        "issues": outcome.issues_changed,
        "failures": dict(outcome.failures),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def main() -> None:
    """Pull, and pull again when told."""
    socket.socket = CountingSocket  # type: ignore[misc]
    context = Context(Path(sys.argv[1]))
    context.engine.connect().close()
    print(json.dumps(measured(context)), flush=True)
    for _ in sys.stdin:
        print(json.dumps(measured(context)), flush=True)


if __name__ == "__main__":
    main()
