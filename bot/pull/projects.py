"""Projects by what Jira calls them now: a configured id, old key or other letter case answers."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Engine

from bot.jira.client import Jira
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor

CURSOR = "projects"
LAST = ""  # the place in the cursor of the project that was asked for last
TURN = " "  # the place in the cursor of whose turn it was last


class Passing(StrEnum):
    """What an incremental pull asks for in passing: one at a time, so that idle pulls ask little.

    The deletion of a work log nearly always updates its issue, too, and is rarely news.
    """

    PROJECT = "project"
    FIELDS = "fields"
    DELETED_WORK_LOGS = "deleted"


_TURNS = (
    Passing.PROJECT,
    Passing.DELETED_WORK_LOGS,
    Passing.FIELDS,
    Passing.DELETED_WORK_LOGS,
)


class Projects(NamedTuple):
    """The present keys by what is configured, and whose turn it is."""

    keys: Mapping[str, str]
    passing: Passing


def present_keys(
    jira: Jira, engine: Engine, configured: Iterable[str], *, is_anew: bool
) -> Projects:
    """The keys of the configured projects as Jira has them.

    Asked for are those not known yet and, where it is their turn, the next of the others; or all
    of them anew. One that Jira does not tell keeps the key that is known, or configured: its teams
    will say why.
    """
    with reading(engine) as connection:
        stored: dict[str, str] = read_cursor(connection, jira.site, CURSOR) or {}
    wanted = sorted(set(configured))
    place = int(stored[TURN]) + (0 if is_anew else 1) if TURN in stored else -1
    passing = _TURNS[place % len(_TURNS)]
    known = {name: stored[name] for name in (*wanted, LAST) if name in stored}
    later = [name for name in wanted if name > known.get(LAST, "")]
    turn = (later or wanted)[:1] if passing is Passing.PROJECT and not is_anew else []
    for name in wanted:
        if is_anew or name not in known or name in turn:
            try:
                known[name] = str(jira.project(name).get("key") or name)
            except TrackerError:
                continue
    if turn:
        known[LAST] = turn[0]
    known[TURN] = str(place % len(_TURNS))
    if known != stored:
        with writing(engine) as connection:
            write_cursor(connection, jira.site, CURSOR, known)
    return Projects({name: known.get(name, name) for name in wanted}, passing)


def with_key(team: TeamSettings, keys: Mapping[str, str]) -> TeamSettings:
    """The team with its project's present key."""
    key = keys.get(team.project, team.project)
    return team if key == team.project else team.model_copy(update={"project": key})
