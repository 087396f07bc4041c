"""Reads what a team's past quarters have shown of its forecasts."""

from collections.abc import Sequence
from datetime import date
from itertools import chain
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


def read_epics_record(connection: Connection, site: str, key: str) -> Record:
    """What corrects the forecasts of the team's epics."""
    query = select(PAST.epics).where(PAST.team_key == key, PAST.site == site)
    return Record(chain.from_iterable(map(as_experiences, connection.scalar(query) or ())))


def as_experience(stored: Sequence[Any]) -> Experience:
    """What is stored of a past day of a quarter."""
    _, quarter, closed_on, day = stored
    return correction.from_stored(quarter, date.fromordinal(closed_on), day)


def as_experiences(stored: Sequence[Any]) -> list[Experience]:
    """What is stored of the epics that were open on such a day."""
    _, quarter, closed_on, days = stored
    on = date.fromordinal(closed_on)
    return [correction.from_stored(quarter, on, day) for day in days]
