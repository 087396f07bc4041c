"""The telemetry.yml that fits a demo world, as a plain dict."""

from typing import Any

from bot.simulator.flavours import Flavour
from bot.simulator.generate import DemoWorld
from bot.simulator.options import Options


def demo_configuration(
    world: DemoWorld,
    url: str,
    secret_env: str,
    flavour: Flavour = "cloud",
    options: Options | None = None,
) -> dict[str, Any]:
    """Site, credentials and teams; the token itself is expected in `secret_env`."""
    options = options or Options()
    auth = {"kind": "token", "user": options.user, "secret": f"env:{secret_env}"}
    if flavour == "datacenter":
        auth = {"kind": "pat", "secret": f"env:{secret_env}"}
    teams = [
        {
            "key": team.plan.key,
            "name": team.plan.name,
            "project": team.plan.project,
            "board": team.board,
            "calendar": {"timezone": team.plan.timezone, "holidays": team.plan.country},
            "impediment": {
                "labels": ["impediment"],
                "nature_field": "Nature" if team.plan.nature_by == "field" else None,
            },
        }
        for team in world.teams
    ]
    for team, given in zip(world.teams, teams, strict=True):
        if not team.plan.sprint_weeks:
            given["estimate"] = "issue_count"  # a kanban team estimates nothing
    return {"jira": {"url": url, "deployment": flavour, "auth": auth}, "teams": teams}
