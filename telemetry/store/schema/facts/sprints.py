"""Facts of sprints: their figures, days, events, issues and time, and of those to come."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Integer, String, Table, Text
from sqlalchemy.types import TypeEngine

from telemetry.metrics.figures import figure_fields
from telemetry.store.schema.ground import by_id, by_site, by_team, metadata, points
from telemetry.store.values import Instant, Json

_STORED: Mapping[Any, type[TypeEngine[Any]]] = {
    float: Float,
    int: BigInteger,
    date: Date,
    datetime: Instant,
}


def _figure_columns() -> list[Column[Any]]:
    """A column for each of a sprint's figures; what is no number, day or instant is JSON."""
    return [
        Column(one.name, _STORED.get(one.kind, Json), nullable=one.is_optional)
        for one in figure_fields()
    ]


sprint_facts = Table(
    "sprint_facts",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    *_figure_columns(),
)

sprint_days = Table(
    "sprint_days",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("day", Date, primary_key=True),
    *(
        points(name, nullable=name == "ideal")
        for name in (
            "remaining",
            "ideal",
            "scope",
            "done",
            "added",
            "removed",
            "reestimated",
            "burned",
            "reopened",
        )
    ),
)

sprint_events = Table(
    "sprint_events",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("issue_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # added removed reestimated burned reopened
    points("delta", nullable=False),  # signed: the change of remaining
)

sprint_issues = Table(
    "sprint_issues",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    by_id("issue_id"),
    Column("outcome", String(20), nullable=False),
    Column("is_added", Boolean, nullable=False),
    Column("is_committed", Boolean, nullable=False),
    Column("is_carried_over", Boolean, nullable=False),
    Column("is_impediment", Boolean, nullable=False),
    Column("state", String(12), nullable=False),  # todo | in_progress | done, at t1
    points("initial"),  # at t0, or when added
    points("final"),  # at t1, even of one removed before
    Column("seconds", BigInteger, nullable=False),  # logged in the sprint, sub-tasks included
)

sprint_time = Table(
    "sprint_time",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("day", Date, primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("nature", Text, primary_key=True),
    Column("seconds", BigInteger, nullable=False),
)

next_issues = Table(  # what is in the sprints to come now
    "next_issues",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    by_id("issue_id"),
    Column("state", String(12), nullable=False),  # todo | in_progress | done
    Column("points", Float),
    Column("is_carried_over", Boolean, nullable=False),
)
