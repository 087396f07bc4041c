"""Projects by what Jira calls them now: a configured id, old key or other letter case answers."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Engine

from bot.jira.client import Jira
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor

CURSOR = "projects"
LAST = ""  # the place in the cursor of the project that was asked for last
FIELDS = " "  # holds something where it is the turn of the site's fields, not of a project


class Projects(NamedTuple):
    """The present keys by what is configured; `is_fields_turn`: no project was asked in turn."""

    keys: Mapping[str, str]
    is_fields_turn: bool


def present_keys(
    jira: Jira, engine: Engine, configured: Iterable[str], *, is_anew: bool
) -> Projects:
    """The keys of the configured projects as Jira has them.

    Asked for are those not known yet and, at every other pull, the next of the others; or all of
    them anew. One that Jira does not tell keeps the key that is known, or configured: its teams
    will say why.
    """
    with reading(engine) as connection:
        stored: dict[str, str] = read_cursor(connection, jira.site, CURSOR) or {}
    wanted = sorted(set(configured))
    is_fields_turn = FIELDS in stored
    known = {name: stored[name] for name in (*wanted, LAST) if name in stored}
    later = [name for name in wanted if name > known.get(LAST, "")]
    turn = [] if is_fields_turn else (later or wanted)[:1]
    for name in wanted:
        if is_anew or name not in known or name in turn:
            try:
                known[name] = str(jira.project(name).get("key") or name)
            except TrackerError:
                continue
    if turn:
        known[LAST] = turn[0]
    if not is_anew and stored and not is_fields_turn:
        known[FIELDS] = "1"
    if known != stored:
        with writing(engine) as connection:
            write_cursor(connection, jira.site, CURSOR, known)
    return Projects({name: known.get(name, name) for name in wanted}, is_fields_turn)


def with_key(team: TeamSettings, keys: Mapping[str, str]) -> TeamSettings:
    """The team with its project's present key."""
    key = keys.get(team.project, team.project)
    return team if key == team.project else team.model_copy(update={"project": key})
