"""`telemetry demo`: a simulated Jira, the bot and the page, on this machine alone."""

import os
import sys
import tempfile
import webbrowser
from pathlib import Path

from ruamel.yaml import YAML

from bot.pull.progress import progress
from bot.pull.run import pull_sites, utc_now
from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import DemoWorld, demo_world
from bot.simulator.life import Life
from bot.simulator.options import Options
from bot.simulator.server import running
from telemetry.context import Context
from telemetry.services import up

TOKEN_VARIABLE = "TELEMETRY_DEMO_TOKEN"  # noqa: S105 - a variable's name
PULL_EVERY = "20s"
STEP_EVERY_SECONDS = 5.0


def run_demo(*, port: int, teams: int, seed: int, open_browser: bool) -> None:
    """Serve the demo until it is stopped; nothing of it stays behind."""
    _say("Making up a year of a simulated Jira …")
    world = demo_world(utc_now(), teams=teams, seed=seed)
    with (
        tempfile.TemporaryDirectory(prefix="telemetry-demo-") as folder,
        running(world, "cloud") as site,
        Life(world, utc_now, seed, STEP_EVERY_SECONDS),
    ):
        context = Context(_write_configuration(Path(folder), world, site.url), _environment())
        _say(f"Pulling it from {site.url} as the bot would …")
        with progress(sys.stderr) as shown:
            for outcome in pull_sites(context, progress=shown):
                _say(outcome.sentence())

        def announce(url: str) -> None:
            _say(f"Telemetry is at {url} (Ctrl-C stops it).")
            if open_browser and sys.stdout.isatty():
                webbrowser.open(url)

        up(context, "127.0.0.1", port, announce)
        context.engine.dispose()


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _environment() -> dict[str, str]:
    """The environment without the settings of another, real configuration."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TELEMETRY_")}
    return kept | {TOKEN_VARIABLE: Options().token}


def _write_configuration(folder: Path, world: DemoWorld, url: str) -> Path:
    file = folder / "telemetry.yml"
    settings = demo_configuration(world, url, TOKEN_VARIABLE)
    settings["bot"] = {"every": PULL_EVERY}
    with file.open("w", encoding="utf-8") as opened:
        YAML(typ="safe").dump(settings, opened)
    return file
