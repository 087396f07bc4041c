"""What was forecast, recorded once a day as it was first shown, and kept for a year."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, select

from telemetry.domain.team import TeamRules
from telemetry.store import schema as s
from telemetry.store.upsert import chunks, upsert

SPRINT, EPIC, QUARTER, PROGRAM = "sprint", "epic", "quarter", "program"
OF_SEVERAL = ""  # the team of what is said of several teams together
KEPT = timedelta(days=366)
SAID = s.forecasts.c


class Recorded(NamedTuple):
    """What was said of a sprint, quarter or program on a day."""

    kind: str
    subject: str
    day: date
    said: Any


def note_forecast(
    connection: Connection,
    rules: TeamRules | None,
    kind: str,
    subject: str,
    day: date,
    said: Mapping[str, Any],
) -> None:
    """Record what is said, the first of each day; without a team it is of several."""
    key, site = (OF_SEVERAL, "") if rules is None else (rules.key, rules.site)
    row = {"team_key": key, "kind": kind, "subject": subject, "day": day}
    here = (SAID[name] == value for name, value in row.items())
    if connection.scalar(select(SAID.day).where(*here)) is None:
        upsert(connection, s.forecasts, [{**row, "site": site, "said": said}])


def read_noted_programs(
    connection: Connection, day: date, subjects: Collection[str]
) -> frozenset[str]:
    """Those of these programs' subjects of which something was recorded on a day."""
    found: set[str] = set()
    for some in chunks(sorted(subjects)):
        query = select(SAID.subject).where(
            SAID.team_key == OF_SEVERAL,
            SAID.kind == PROGRAM,
            SAID.day == day,
            SAID.subject.in_(some),
        )
        found.update(connection.scalars(query))
    return frozenset(found)


def read_forecasts(connection: Connection, team_key: str, site: str = "") -> list[Recorded]:
    """All that was recorded of a team of a site, or of several, in order of its days."""
    here = (SAID.team_key == team_key, SAID.site == site)
    query = select(SAID.kind, SAID.subject, SAID.day, SAID.said).where(*here)
    rows = connection.execute(query.order_by(SAID.day, SAID.kind, SAID.subject)).all()
    return [Recorded(*row) for row in rows]


def prune_forecasts(connection: Connection, team_key: str, today: date) -> None:
    """Delete what was recorded longer ago than is looked back."""
    old = (SAID.team_key == team_key, SAID.day < today - KEPT)
    connection.execute(delete(s.forecasts).where(*old))
