"""`python -m bot.simulator`: serves a demo world; the first line printed is its URL."""

import argparse
import signal
import sys
import threading
from contextlib import ExitStack
from datetime import UTC, datetime

from bot.simulator.generate import demo_world
from bot.simulator.life import Life
from bot.simulator.options import Options, utc_now
from bot.simulator.server import running


def main() -> None:
    """Serves until it is interrupted or told to end."""
    arguments = _parser().parse_args()
    world = demo_world(
        datetime.now(UTC),
        teams=arguments.teams,
        seed=arguments.seed,
        weeks=arguments.weeks,
        issues=arguments.issues,
        work_logs=arguments.work_logs,
    )
    options = Options(
        delay_seconds=arguments.delay_ms / 1000,
        index_lag_seconds=arguments.lag_seconds,
        thin_pages=arguments.thin_pages,
        is_prepared=arguments.prepared,
    )
    ended = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: ended.set())
    with ExitStack() as stack:
        site = stack.enter_context(running(world, arguments.flavour, options, arguments.port))
        sys.stdout.write(f"{site.url}\n")
        sys.stdout.flush()
        if arguments.alive:
            stack.enter_context(Life(world, utc_now, arguments.seed))
        ended.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description=__doc__)
    parser.add_argument("--flavour", choices=("cloud", "datacenter"), default="cloud")
    parser.add_argument("--teams", type=int, default=6)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--issues", type=int, help="that many issues in all, for benches")
    parser.add_argument("--work-logs", type=int, help="that many work logs among them")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay-ms", type=float, default=0, help="time every request takes")
    parser.add_argument("--lag-seconds", type=float, default=0, help="lag of the search index")
    parser.add_argument("--thin-pages", action="store_true", help="pages smaller than asked")
    parser.add_argument("--prepared", action="store_true", help="keep answers and repeat them")
    parser.add_argument("--alive", action="store_true", help="work goes on while it is served")
    return parser


if __name__ == "__main__":
    main()
