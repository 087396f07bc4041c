"""Reads what a team's past quarters have shown of its forecasts."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from telemetry.metrics import correction, hindsight
from telemetry.metrics.correction import Experience, Record
from telemetry.metrics.hindsight import Hindsight
from telemetry.store import schema as s

PAST = s.roadmap_forecasts.c


def read_record(connection: Connection, site: str, key: str) -> tuple[Record, list[Hindsight]]:
    """What corrects the team's forecasts, and what those of past days were worth."""
    row = connection.execute(
        select(PAST.experiences, PAST.days).where(PAST.team_key == key, PAST.site == site)
    ).first()
    experiences, days = (row.experiences, row.days) if row else ([], [])
    return (
        Record(as_experience(one) for one in experiences),
        [hindsight.from_stored(day) for day in days],
    )


def as_experience(stored: Sequence[Any]) -> Experience:
    """What is stored of a past day of a quarter."""
    _, quarter, closed_on, day = stored
    return correction.from_stored(quarter, date.fromordinal(closed_on), day)
