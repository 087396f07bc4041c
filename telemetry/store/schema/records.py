"""Records: what was known once. No later pull changes them."""

from sqlalchemy import Column, Date, Integer, String, Table, Text

from telemetry.store.schema.ground import by_id, by_site, by_team, metadata
from telemetry.store.values import Instant, Json

snapshots = Table(  # a sprint's figures as they were known at its start and at its close
    "snapshots",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("moment", String(8), primary_key=True),  # start | close
    Column("at", Instant, nullable=False),  # the start or close itself
    Column("taken_at", Instant, nullable=False),  # as_of of the pull that wrote it
    Column(
        "record", Json, nullable=False
    ),  # ids and numbers, see telemetry.facts.writing.snapshots
)

forecasts = Table(  # what was forecast, once a day: to be held against what came
    "forecasts",
    metadata,
    by_team(),  # "" of programs, which are of several
    Column("kind", String(12), primary_key=True),  # sprint | quarter (with its epics) | program
    Column("subject", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("said", Json, nullable=False),
)

reviews = Table(  # what was known beside a sprint's figures when its review froze
    "reviews",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("taken_at", Instant, nullable=False),  # as_of of the pull that wrote it
    Column("record", Json, nullable=False),  # see telemetry.report.reviews.frozen
)

week_reviews = Table(  # what was known of a team's week when it was over
    "week_reviews",
    metadata,
    by_team(),
    by_site(),
    Column("week", String(8), primary_key=True),  # 2026-W48
    Column("taken_at", Instant, nullable=False),  # as_of of the pull that wrote it
    Column("record", Json, nullable=False),  # see telemetry.report.reviews.week_frozen
)

review_notes = Table(  # what a team typed on its reviews; a row a field and version
    "review_notes",
    metadata,
    by_team(),
    Column("review", String(24), primary_key=True),  # a sprint's id, or a week: 2026-W48
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("field", String(64), primary_key=True),  # notes | outcome | tick:KEY
    Column("value", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(64)),  # the session or token; None where nobody signs in
)

natures = Table(  # a nature keeps its rank, and so its colour, in every team and sprint
    "natures",
    metadata,
    Column("name", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
)
