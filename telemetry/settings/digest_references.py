"""What is wrong between digests, channels and teams: names that stand nowhere, hours not taken."""

from collections.abc import Iterator, Mapping
from typing import Any

from telemetry.settings.alert_references import (
    named,
    team_keys,
    unknown_channels,
    unknown_teams,
)
from telemetry.settings.digesting import DIGEST_KINDS
from telemetry.settings.source import Key

WEEKLY, HOURLESS = "week", "sprint"


def digest_problems(tree: Mapping[str, Any]) -> Iterator[tuple[Key, str]]:
    """The path and the sentence of each."""
    entries = tree.get("digests")
    channels, teams = named(tree.get("channels")), team_keys(tree)
    for index, block in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(block, dict):
            continue
        path: Key = ("digests", index)
        yield from unknown_channels(path, block, channels)
        yield from unknown_teams(path, block, teams)
        yield from _wrong_hour(path, block)
        if block.get("kind") in DIGEST_KINDS and not channels:
            yield path, "has no channel to go to; name one under channels, with its url"


def _wrong_hour(path: Key, block: dict[str, Any]) -> Iterator[tuple[Key, str]]:
    at, kind = block.get("at"), block.get("kind")
    if at is None:
        return
    if kind == HOURLESS:
        yield (*path, "at"), "is not of a sprint’s digest, told at its close; leave it out"
    if kind == WEEKLY and len(str(at).split()) == 1:
        yield (*path, "at"), f'{at!r} names no weekday; write one such as "fri 15:00"'
    if kind == "day" and len(str(at).split()) == 2:
        yield (*path, "at"), f'{at!r} names a weekday, but is of every day; write "09:00"'
