"""Facts of a team: its impediments, logged time, flow and what its data contradict."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

from telemetry.store.schema.ground import by_id, by_site, by_team, metadata, points
from telemetry.store.values import Instant, Instants, Json

impediments = Table(
    "impediments",
    metadata,
    by_team(),
    by_site(),
    by_id("issue_id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("is_flag", Boolean, nullable=False),  # by flag on and off, not by label
    Column("nature", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("done_before", Instants, nullable=False),  # [[done at, reopened at], ...] before that
    Index(None, "team_key", "opened_at"),
)

team_days = Table(
    "team_days",
    metadata,
    by_team(),
    Column("day", Date, primary_key=True),
    Column("kind", String(12), primary_key=True),  # planned | impediment | off_plan
    Column("nature", Text, primary_key=True),  # "" unless an impediment
    Column("seconds", BigInteger, nullable=False),
)

flow_issues = Table(  # when work on an issue was wanted, begun and done
    "flow_issues",
    metadata,
    by_team(),
    by_site(),
    by_id("issue_id"),
    Column("type_name", Text, nullable=False),
    points("final"),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),  # first in progress; None where it never was, or is to do again
    Column("done_at", Instant),  # last into done, None unless it is done now
    Column("states", Instants, nullable=False),  # [[since, todo | in_progress | done], ...]
    Index(None, "team_key", "done_at"),
    Index(None, "team_key", "created_at"),
)

quality_findings = Table(  # what the tracker's data contradict
    "quality_findings",
    metadata,
    by_team(),
    by_site(),
    Column("kind", String(24), primary_key=True),  # telemetry.metrics.contradictions
    by_id("about_id"),  # the issue or the sprint
    Column("status_id", String(32), primary_key=True),  # that the issue had; "" of other kinds
    Column("data", Json, nullable=False),  # of the finding: {"count": 2, ...}
)

quality_windows = Table(  # where contradictions are looked for; one row a team
    "quality_windows",
    metadata,
    by_team(),
    by_site(),
    Column("sprints", Json, nullable=False),  # [[id, state, start (ms)], ...]: running and last
    Column("unlisted", Json, nullable=False),  # [status id, ...]: those that Jira lists no more
)

quality_due = Table(  # issues to be judged anew at an instant, though nothing of them changes
    "quality_due",
    metadata,
    by_team(),
    by_site(),
    by_id("issue_id"),
    Column("due_at", Instant, nullable=False),
    Index(None, "team_key", "due_at"),
)
