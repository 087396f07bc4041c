"""The teams of telemetry.yml as a seed changes them."""

import random
from typing import Any

from tests.pulled import a_team
from tests.soak.town import Town

Team = dict[str, Any]


class Configuration:
    """Four teams on two projects, one narrowed by JQL and one on a kanban board."""

    def __init__(self, town: Town, seed: int) -> None:
        self._dice = random.Random(f"teams {seed}")
        self._away: dict[str, Team] = {}
        self._teams: dict[str, Team] = {
            "k8s": a_team(
                calendar={"timezone": "America/St_Johns"},
                impediment={"nature_field": "Nature"},
                board=town.k8s_board.id,
            ),
            "web": a_team("web", "WEB", impediment={"flagged": True}),
            "narrow": a_team(
                "narrow", jql="labels = x OR labels = impediment", estimate="issue_count"
            ),
            "flow": a_team("flow", "WEB", board=town.kanban.id),
        }

    @property
    def teams(self) -> list[Team]:
        return list(self._teams.values())

    @property
    def keys(self) -> list[str]:
        return list(self._teams)

    def complete(self) -> None:
        """Bring the teams back that were taken out."""
        self._teams |= self._away
        self._away = {}

    def change(self) -> str:
        """Change one thing of one team; returns what, as a sentence."""
        dice = self._dice
        if self._away and dice.random() < 0.5:
            self.complete()
            return "the team that was taken out is back"
        key = dice.choice(self.keys)
        if len(self._teams) > 2 and dice.random() < 0.25:
            self._away[key] = self._teams.pop(key)
            return f"team {key} is taken out"
        name, value = dice.choice(_changes(key))
        team = self._teams[key]
        if value is None:
            team.pop(name, None)
        elif isinstance(value, dict):
            team[name] = team.get(name, {}) | value
        else:
            team[name] = value
        return f"team {key}: {name} is {value}"


def _changes(key: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [
        ("impediment", {"labels": ["impediment", "blocker"]}),
        ("impediment", {"labels": ["x"]}),
        ("impediment", {"flagged": True}),
        ("impediment", {"flagged": False}),
        ("impediment", {"nature_field": "Nature"}),
        ("impediment", {"nature_field": None}),
        ("impediment", {"nature_from": "component"}),
        ("estimate", "board"),
        ("estimate", "issue_count"),
        ("estimate", "original_estimate"),
        ("estimate", "Story Points"),
        ("calendar", {"timezone": "Pacific/Auckland"}),
        ("calendar", {"timezone": "America/St_Johns", "holidays": "FR"}),
        ("calendar", {"working_week": ["mon", "tue", "wed", "thu"]}),
        ("calendar", {"days_off": ["2026-03-06"]}),
        ("done", "board_column"),
        ("done", "category"),
        ("done_statuses", ["Done"]),
        ("done_statuses", None),
        ("velocity_sprints", 2),
        ("name", f"The team {key}"),
    ]
    if key == "narrow":
        found += [
            ("jql", value) for value in ("labels = x", "labels = impediment OR labels = Blocker")
        ]
        found += [("jql", "component = api"), ("project", "WEB"), ("project", "K8S")] * 2
    if key == "k8s":
        found += [("jql", "labels = x"), ("jql", None)]
    return found
