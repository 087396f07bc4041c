"""A simulated Jira in a process of its own: `python -m tests.bench.server ISSUES TEAMS FOLDER`.

Serves one world at several addresses, with a configuration file for each in the folder: `quick`
and `slow`, which answers after a delay, keep their answers prepared; `far` takes longer still and
always tells what is so now. A line on its input is a command: `served FILE` writes the requests
served so far by `quick` as JSON and forgets them, `change COUNT` logs work on so many issues.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import demo_world
from bot.simulator.server import RunningSite, running
from bot.simulator.world import World

DELAY_SECONDS = 0.05
FAR_SECONDS = 0.1


def main() -> None:
    """Serve until the input ends."""
    issues, teams, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    world = demo_world(datetime.now(UTC), teams=teams, issues=issues or None)
    with (
        running(world, "cloud", is_prepared=True) as quick,
        running(world, "cloud", is_prepared=True, delay_seconds=DELAY_SECONDS) as slow,
        running(world, "cloud", delay_seconds=FAR_SECONDS) as far,
    ):
        for name, site in (("quick", quick), ("slow", slow), ("far", far)):
            settings = demo_configuration(world, site.url, "BENCH_TOKEN")
            settings["store"] = {"url": f"sqlite:///{name}.db"}
            (folder / f"{name}.yml").write_text(json.dumps(settings))
        print(len(world.issues), flush=True)
        for line in sys.stdin:
            command, argument = line.split()
            if command == "served":
                write_served(quick, Path(argument))
            else:
                with far.lock:
                    change(world, int(argument))
            print("done", flush=True)


def write_served(site: RunningSite, file: Path) -> None:
    """Write the requests of a site and forget them."""
    served = [
        {"method": s.method, "target": s.target, "body": s.body.decode()}
        for s in site.requests.served
    ]
    file.write_text(json.dumps({"url": site.url, "served": served}))
    site.requests.clear()


def change(world: World, count: int) -> None:
    """Log an hour of work on the newest issues."""
    now = datetime.now(UTC)
    for issue in list(world.issues.values())[-count:]:
        world.log_work(issue, 2, now - timedelta(hours=1), 3600, now)


if __name__ == "__main__":
    main()
