"""A small simulated site and ways to ask it, shared by the simulator's tests."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.simulator.app import create_app
from bot.simulator.options import Options
from bot.simulator.state import Board, Issue, Item, Project
from bot.simulator.world import World

day_one = datetime(2026, 3, 2, 9, tzinfo=UTC)


def on(day: int, hour: float = 9.0) -> datetime:
    """An instant of the story: day 1 is Monday 2 March 2026."""
    return day_one.replace(hour=0) + timedelta(days=day - 1, hours=hour)


@dataclass
class SmallSite:
    """One project with a scrum board; the bot is user 1 and lives in New York."""

    world: World
    project: Project
    board: Board

    def issue(self, summary: str = "Resize node pools", **values: Any) -> Issue:
        return self.world.create_issue(self.project.id, summary, values.pop("at", on(1)), **values)

    def client(self, flavour: str = "cloud", **options: Any) -> TestClient:
        options.setdefault("clock", lambda: on(60))
        settings = Options(**options)
        app = create_app(self.world, flavour, settings)  # type: ignore[arg-type]
        client = TestClient(app, base_url="http://jira.test")
        client.auth = (settings.user, settings.token)
        return client


@pytest.fixture
def site() -> SmallSite:
    world = World("Europe/Paris")
    world.add_user("Telemetry Bot", "bot@example.com", "America/New_York")
    world.add_user("Zoë <Ng>", "zoe@example.com", "Europe/Paris")
    project = world.add_project("K8S", "Managed Kubernetes", lead=2)
    return SmallSite(world, project, world.add_board(project.id, "K8S board"))


@pytest.fixture
def changes() -> Callable[[Issue], list[Item]]:
    """All items of an issue's histories, oldest first."""
    return lambda issue: [item for history in issue.histories for item in history.items]
