"""`telemetry demo`: a simulated Jira, the bot and the page, on this machine alone."""

import os
import secrets
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from bot.demo_chat import chatting
from bot.demo_mail import mailing
from bot.pull.progress import progress
from bot.pull.run import pull_sites, utc_now
from bot.simulator.demo_configuration import demo_configuration
from bot.simulator.generate import DemoWorld, demo_world
from bot.simulator.later_edits import edit_a_closed_sprint
from bot.simulator.life import Life
from bot.simulator.options import Options
from bot.simulator.server import RunningSite, running
from bot.simulator.webhooks import Webhooks, posting
from telemetry.context import Context
from telemetry.ending import Ending, promptly
from telemetry.ports import try_port
from telemetry.received import Received
from telemetry.services import up
from telemetry.settings.values import WEEKDAYS

TOKEN_VARIABLE = "TELEMETRY_DEMO_TOKEN"  # noqa: S105 - a variable's name
HOOK_VARIABLE = "TELEMETRY_DEMO_HOOK_SECRET"
CHAT_VARIABLE, MAIL_VARIABLE = "TELEMETRY_DEMO_CHAT_URL", "TELEMETRY_DEMO_MAIL_URL"
PULL_EVERY = "20s"
STEP_EVERY_SECONDS = 5.0
BOTH = ("team-chat", "sponsors")
TOLD = 2  # teams whose week and day are told at once


def run_demo(*, port: int, teams: int, seed: int, open_browser: bool) -> None:
    """Serve the demo until it is stopped; nothing of it stays behind."""
    try_port("127.0.0.1", port)  # what cannot be shown need not be made
    _say("Making up a year of a simulated Jira …")
    world = demo_world(utc_now(), teams=teams, seed=seed)
    environment = _environment()
    ending, received = Ending(), Received()
    with (
        promptly(ending),
        tempfile.TemporaryDirectory(prefix="telemetry-demo-") as folder,
        ending.at_last(partial(rmtree, folder, ignore_errors=True)),
        running(world, "cloud") as site,
        chatting(received) as chat,
        mailing(received) as mail,
        ExitStack() as until_the_end,
        Life(world, utc_now, seed, STEP_EVERY_SECONDS),
    ):
        environment |= {CHAT_VARIABLE: chat, MAIL_VARIABLE: mail}
        file = _write_configuration(Path(folder), world, site.url, port)
        context = Context(file, environment)
        context.ending = ending
        _say(f"Pulling it from {site.url} as the bot would …")
        with progress(sys.stderr) as shown:
            for outcome in pull_sites(context, progress=shown):
                _say(outcome.sentence())
        with world.lock:
            edit_a_closed_sprint(world, utc_now())

        def announce(url: str) -> None:
            until_the_end.enter_context(_hooks(site, url, environment[HOOK_VARIABLE]))
            _say(f"What the bot says arrives at {url}demo/chat and, as mails, at {url}demo/mail.")
            _say(f"Telemetry is at {url} (Ctrl-C stops it).")
            if open_browser and sys.stdout.isatty():
                webbrowser.open(url)

        up(context, "127.0.0.1", port, announce, received)
        context.engine.dispose()


def _hooks(site: RunningSite, page_url: str, secret: str) -> AbstractContextManager[Webhooks]:
    """Lets the simulated Jira post what happens to the page, once there is one."""
    hook_url = f"http://127.0.0.1:{urlsplit(page_url).port or 80}/hooks/jira"
    options = Options(webhook_url=hook_url, webhook_secret=secret)
    return posting(site.world, "cloud", site.url, options)


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


def _environment() -> dict[str, str]:
    """The environment without the settings of another, real configuration."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TELEMETRY_")}
    return kept | {TOKEN_VARIABLE: Options().token, HOOK_VARIABLE: secrets.token_hex()}


def _write_configuration(folder: Path, world: DemoWorld, url: str, port: int) -> Path:
    file = folder / "telemetry.yml"
    settings = demo_configuration(world, url, TOKEN_VARIABLE)
    settings["jira"]["webhook_secret"] = f"env:{HOOK_VARIABLE}"
    settings["bot"] = {"every": PULL_EVERY}
    settings["channels"] = {
        "team-chat": {"url": f"env:{CHAT_VARIABLE}"},
        "sponsors": {"url": f"env:{MAIL_VARIABLE}", "teams": []},
    }
    settings["digests"] = list(_digests(settings["teams"], utc_now()))
    if port:
        settings["web"] = {"url": f"http://localhost:{port}"}
    settings["admin"] = {"channels": ["team-chat"]}
    settings["quiet_hours"] = None  # who tries it may do so in the evening
    with file.open("w", encoding="utf-8") as opened:
        YAML(typ="safe").dump(settings, opened)
    return file


def _digests(teams: list[dict[str, Any]], now: datetime) -> Iterator[dict[str, Any]]:
    """Digests of every kind, at hours that have just begun: nobody waits for a Friday here."""
    for team in teams[:TOLD]:
        there = now.astimezone(ZoneInfo(team["calendar"]["timezone"]))
        week, day = f"{WEEKDAYS[there.weekday()]} {there:%H:%M}", f"{there:%H:%M}"
        yield {"kind": "week", "teams": [team["key"]], "at": week, "channels": [*BOTH]}
        yield {"kind": "day", "teams": [team["key"]], "at": day, "channels": [*BOTH]}
    yield {"kind": "sprint", "channels": [*BOTH]}
    yield {"kind": "portfolio", "at": f"{now:%H:%M}", "channels": [*BOTH]}
