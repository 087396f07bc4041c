"""One measured pull in a process of its own: `python -m tests.bench.pull CONFIG`."""

import json
import resource
import sys
import time
from pathlib import Path

from bot.pull.run import pull_sites
from telemetry.context import Context


def main() -> None:
    """Pull once and print seconds, requests and the peak of memory as JSON."""
    context = Context(Path(sys.argv[1]))
    context.engine.connect().close()
    began, worked = time.perf_counter(), time.process_time()
    outcome = pull_sites(context)[0]
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu_seconds": time.process_time() - worked,
        "requests": outcome.requests,
        "issues": outcome.issues_changed,
        "failures": outcome.failures,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
