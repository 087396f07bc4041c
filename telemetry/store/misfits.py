"""What of a team's settings meets nothing on its Jira, as the last pulls found it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, select, update

from telemetry.domain.misfit import Misfit, Source, Topic
from telemetry.store.schema import teams
from telemetry.store.teams import raise_facts_version


def misfits_from_json(stored: Mapping[str, Any] | None) -> tuple[Misfit, ...]:
    """The misfits of the column `teams.misfits`, in the order in which they are told."""
    found = stored["found"] if stored else ()
    return tuple(map(_misfit, found))


def _misfit(stored: Mapping[str, Any]) -> Misfit:
    topic = Topic(stored.get("topic", Topic.SETTING))  # stores of before tell none
    return Misfit(**{**stored, "source": Source(stored["source"]), "topic": topic})


def read_misfits(connection: Connection, team_key: str) -> tuple[str, tuple[Misfit, ...]]:
    """The team's misfits, and the mark of the settings for which Jira was asked."""
    stored = connection.scalar(select(teams.c.misfits).where(teams.c.key == team_key))
    return (stored["mark"] if stored else ""), misfits_from_json(stored)


def write_misfits(
    connection: Connection, team_key: str, mark: str, misfits: Sequence[Misfit]
) -> None:
    """Write all misfits of a team, and the mark of its settings ("" to ask again)."""
    known_mark, known = read_misfits(connection, team_key)
    if (mark, tuple(misfits)) == (known_mark, known):
        return
    value = {"mark": mark, "found": [asdict(one) for one in misfits]}
    connection.execute(update(teams).where(teams.c.key == team_key).values(misfits=value))
    if tuple(misfits) != known:
        raise_facts_version(connection, team_key)
