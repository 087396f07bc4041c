"""Facts of epics: their labels, what their children were, and where quarters stand."""

from sqlalchemy import Boolean, Column, Float, Index, String, Table

from telemetry.store.schema.ground import by_id, by_site, by_team, metadata
from telemetry.store.values import Instants, Json

epic_facts = Table(  # what the labels of a team's epics say
    "epic_facts",
    metadata,
    by_team(),
    by_site(),
    by_id("issue_id"),
    Column("quarters", Json, nullable=False),  # those that it is of now, as ["Q3-26"]
    Column("programs", Json, nullable=False),
    Column("odd", Json, nullable=False),  # labels that look like a quarter and are none
    Column("spells", Instants, nullable=False),  # [[quarter, since, until], ...]
    Column("program_spells", Instants, nullable=False),  # [[program, since, until], ...]
)

epic_children = Table(  # what the issues of a team's epics were to them at each moment
    "epic_children",
    metadata,
    by_team(),
    by_site(),
    by_id("epic_id"),
    by_id("issue_id"),
    Column("is_dependency", Boolean, nullable=False),
    Column("steps", Instants, nullable=False),  # [[since, todo | in_progress | done | out, points]]
    Index(None, "site", "issue_id"),
)

quarter_facts = Table(  # where each quarter of a team's epics stands; "" holds those of none
    "quarter_facts",
    metadata,
    by_team(),
    by_site(),
    Column("quarter", String(8), primary_key=True),
    Column("epics", Json, nullable=False),  # see telemetry.metrics.standing.Standing
    Column("programs", Json, nullable=False),  # of these epics
    Column("left_programs", Json, nullable=False),  # and of those that were of it
    Column("before_points", Float),  # scope the day before it began
    Column("end_points", Json),  # [total, done] at its end, once it is over
    Index(None, "quarter"),
)
