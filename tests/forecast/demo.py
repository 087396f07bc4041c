"""The demo's teams, pulled as the bot pulls them."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from bot.pull.run import pull_sites
from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import demo_world
from bot.simulator.options import Options
from bot.simulator.server import running
from telemetry.store.engine import reading
from tests.pulled import configure


@contextmanager
def pulled_demo(now: datetime, seed: int) -> Iterator[Connection]:
    """The store of the demo of that seed, as of now."""
    world = demo_world(now, seed=seed)
    with (
        tempfile.TemporaryDirectory(prefix="telemetry-forecast-") as folder,
        running(world, "cloud", Options(clock=lambda: now)) as site,
    ):
        teams = demo_configuration(world, site.url, "unused")["teams"]
        context = configure(Path(folder), site.url, "sqlite:///telemetry.db", teams)
        pull_sites(context, clock=lambda: now)
        with reading(context.engine) as connection:
            yield connection
        context.engine.dispose()
