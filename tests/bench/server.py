"""A simulated Jira in a process of its own: `python -m tests.bench.server ISSUES TEAMS`.

Prints two URLs, one of them answering after a delay; both keep their answers prepared. A line on
its input is a file name: the requests served so far are written there as JSON, and forgotten.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import demo_world
from bot.simulator.server import running

DELAY_SECONDS = 0.05


def main() -> None:
    """Serve until the input ends."""
    issues, teams, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    world = demo_world(datetime.now(UTC), teams=teams, issues=issues or None)
    with (
        running(world, "cloud", is_prepared=True) as quick,
        running(world, "cloud", is_prepared=True, delay_seconds=DELAY_SECONDS) as slow,
    ):
        for name, site in (("quick", quick), ("slow", slow)):
            settings = demo_configuration(world, site.url, "BENCH_TOKEN")
            settings["store"] = {"url": f"sqlite:///{name}.db"}
            (folder / f"{name}.yml").write_text(json.dumps(settings))
        print(len(world.issues), flush=True)
        for line in sys.stdin:
            served = [
                {"method": s.method, "target": s.target, "body": s.body.decode()}
                for s in quick.requests.served
            ]
            Path(line.strip()).write_text(json.dumps({"url": quick.url, "served": served}))
            quick.requests.clear()
            print("written", flush=True)


if __name__ == "__main__":
    main()
