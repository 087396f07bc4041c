"""What is wrong between alerts, channels and teams: names that stand nowhere, keys not taken."""

from collections.abc import Iterator, Mapping
from typing import Any

from telemetry.settings.alerting import RULES, THRESHOLDS
from telemetry.settings.source import Key
from telemetry.settings.values import nearest


def alert_problems(tree: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """The path and the sentence of each."""
    channels, teams = named(tree.get("channels")), team_keys(tree)
    for name in channels:
        block = tree["channels"][name]
        yield from unknown_teams(("channels", name), block, teams)
    yield from _said_twice(tree, teams)
    for path, block in _entries(tree):
        yield from unknown_channels(path, block, channels)
        yield from unknown_teams(path, block, teams)
        yield from _not_taken(path, block)
    admin = tree.get("admin")
    if isinstance(admin, dict):
        yield from unknown_channels(("admin",), admin, channels)


def _said_twice(tree: Mapping[str, Any], teams: list[str]) -> Iterator[tuple[Key, str]]:
    """A rule is on once for a team: it has one threshold there."""
    seen: set[tuple[str, str]] = set()
    for path, block in _entries(tree):
        rule = str(block.get("rule"))
        own = {(rule, str(key)) for key in _listed(block, "teams") or teams or ["any"]}
        if again := sorted(key for _, key in own & seen):
            yield (*path, "rule"), f"{rule!r} is on for {again[0]} by an earlier entry; keep one"
        seen |= own


def _entries(tree: Mapping[str, Any]) -> Iterator[tuple[Key, dict[str, Any]]]:
    entries = tree.get("alerts")
    for index, block in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(block, dict):
            yield ("alerts", index), block


def unknown_channels(
    path: Key, block: dict[str, Any], known: list[str]
) -> Iterator[tuple[Key, str]]:
    """Channels that an entry names and nothing else."""
    for index, name in enumerate(_listed(block, "channels")):
        if str(name) not in known:
            hint = nearest(str(name), known) or "; add it there with its url"
            yield (*path, "channels", index), f"{str(name)!r} is not under channels{hint}"


def unknown_teams(path: Key, block: Any, known: list[str]) -> Iterator[tuple[Key, str]]:
    """Teams that an entry names and nothing else."""
    for index, key in enumerate(_listed(block, "teams")):
        if str(key) not in known:
            yield (*path, "teams", index), f"{str(key)!r} is no team{nearest(str(key), known)}"


def _not_taken(path: Key, block: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    kind = RULES.get(str(block.get("rule")))
    if kind is None:
        return
    takes = f"takes {' and '.join(kind.takes)}" if kind.takes else "takes no threshold"
    for key in THRESHOLDS:
        if block.get(key) is not None and key not in kind.takes:
            yield (*path, key), f"is not of {block['rule']}, which {takes}"
    if kind.is_of_site and block.get("teams"):
        yield (*path, "teams"), f"is not of {block['rule']}, which is told of sites; leave it out"


def named(block: Any) -> list[str]:
    """The names of a mapping of blocks."""
    return [str(name) for name in block] if isinstance(block, dict) else []


def team_keys(tree: Mapping[str, Any]) -> list[str]:
    """The keys of the teams."""
    teams = tree.get("teams")
    teams = teams if isinstance(teams, list) else []
    found = [team.get("key") for team in teams if isinstance(team, dict)]
    return list(dict.fromkeys(str(key) for key in found if key is not None))


def _listed(block: Any, name: str) -> list[Any]:
    values = block.get(name) if isinstance(block, dict) else None
    return values if isinstance(values, list) else []
