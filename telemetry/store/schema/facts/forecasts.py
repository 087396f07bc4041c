"""Facts of forecasts: what is said of what runs, on what record, and what that came to."""

from sqlalchemy import Boolean, Column, Date, Integer, String, Table

from telemetry.store.schema.ground import by_id, by_site, by_team, metadata
from telemetry.store.values import Json

sprint_forecasts = Table(  # what was simulated on each day of a closed sprint, and what came
    "sprint_forecasts",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("closed_on", Date, nullable=False),
    Column(
        "left_done_on", Date
    ),  # all that it left, None where not all is done or nothing was left
    Column("days", Json, nullable=False),  # see telemetry.metrics.correction.Experience
)

team_forecasts = Table(  # what corrected forecasts of past days would have said
    "team_forecasts",
    metadata,
    by_team(),
    by_site(),
    Column("digest", String(32), nullable=False),  # of what it was computed from
    Column("sprint_count", Integer, nullable=False),  # sprints with simulated days
    Column("days", Json, nullable=False),  # see telemetry.metrics.hindsight.Hindsight
)

sprint_outlooks = Table(  # what is forecast of a running sprint, and what that is worth
    "sprint_outlooks",
    metadata,
    by_team(),
    by_site(),
    by_id("sprint_id"),
    Column("basis", Json, nullable=False),  # what it was computed from: the same is not again
    Column("said", Json, nullable=False),  # the columns of sprint_facts
    Column("why_none", String(16)),  # few_sprints | unestimated
    Column("worth", Json),  # see telemetry.metrics.forecast.Worth
)

roadmap_forecasts = Table(  # what was simulated on days of past quarters, and what came
    "roadmap_forecasts",
    metadata,
    by_team(),
    by_site(),
    Column("digest", String(32), nullable=False),  # of the experiences
    Column("quarter_count", Integer, nullable=False),
    Column("experiences", Json, nullable=False),  # [[key, quarter, closed on, experience], ...]
    Column("epics", Json, nullable=False),  # the same of the epics then, [experience, ...] a day
    Column("days", Json, nullable=False),  # see telemetry.metrics.hindsight.Hindsight
)

epic_forecasts = Table(  # what would have been said of epics on days of the past year's quarters
    "epic_forecasts",
    metadata,
    by_team(),
    by_site(),
    Column("days", Json, nullable=False),  # [[key, day, ahead, epics, parts of programs], ...]
    Column("parts", Json, nullable=False),  # [[quarter, place of the day, parts of programs], ...]
    Column("is_whole", Boolean, nullable=False),  # whether no day is left to the next pulls
)

quarter_outlooks = Table(  # what is forecast of a running quarter, and what that is worth
    "quarter_outlooks",
    metadata,
    by_team(),
    by_site(),
    Column("quarter", String(8), primary_key=True),
    Column("day", Date, nullable=False),  # the local day from which it looks ahead
    Column("basis", Json, nullable=False),  # whose record it rests on
    Column("said", Json, nullable=False),  # see telemetry.metrics.roadmap_outlook
    Column("drawn", Json, nullable=False),  # from what, see telemetry.metrics.what_if.Drawn
    Column("worth", Json),  # see telemetry.metrics.forecast.Worth
)

forecast_scores = Table(  # what the forecasts that were shown came to, as a day began
    "forecast_scores",
    metadata,
    by_team(),  # "" of programs, which are of several
    by_site(),
    Column("day", Date, nullable=False),
    Column("scores", Json, nullable=False),  # {kind: [shown, tested]}, see telemetry.metrics.tally
    Column("ends", Json, nullable=False),  # when nothing was left of the epics forecast of
)
