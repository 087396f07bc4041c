"""History: what the tracker said, every id with its site. Written by the bot alone."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, true

from telemetry.store.schema.ground import by_id, by_site, by_team, metadata
from telemetry.store.values import Instant, Json

sites = Table(
    "sites",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("url", Text, nullable=False),
    Column("deployment", String(16), nullable=False),  # cloud | datacenter
    Column("field_roles", Json, nullable=False),  # see bot.translate.fields
)

teams = Table(
    "teams",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("site", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("rules", Json, nullable=False),  # TeamRules, as telemetry.store.teams writes them
    Column("is_configured", Boolean, nullable=False),
    Column("as_of", Instant),  # Jira's clock at the last complete pull
    Column("pulled_at", Instant),  # our clock then
    Column("failed_at", Instant),  # our clock at the first failure since
    Column("error", Text),
    Column("misfits", Json),  # see telemetry.store.misfits
    # raised with whatever pages show of the team, in one transaction; freshness is no part of it
    Column("facts_version", BigInteger, nullable=False, server_default="0"),
)

boards = Table(
    "boards",
    metadata,
    by_site(),
    by_id("id"),
    Column("name", Text, nullable=False),
    Column("has_sprints", Boolean, nullable=False),
    Column("estimate_field_id", String(64)),
    Column("estimates_by_count", Boolean, nullable=False),
    Column("columns", Json, nullable=False),  # [[name, [status id, ...]], ...]
    Column("is_listed", Boolean, nullable=False, server_default=true()),
)

statuses = Table(
    "statuses",
    metadata,
    by_site(),
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("category", String(16), nullable=False),
    Column("is_listed", Boolean, nullable=False),
)

sprints = Table(
    "sprints",
    metadata,
    by_site(),
    by_id("id"),
    Column("name", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("board_id", BigInteger, index=True),
    Column("goal", Text, nullable=False),
    Column("started_at", Instant),
    Column("planned_start_at", Instant),  # its start date, which can be edited
    Column("planned_end_at", Instant),
    Column("completed_at", Instant),
)

issues = Table(
    "issues",
    metadata,
    by_site(),
    by_id("id"),
    Column("key", String(64), nullable=False),
    Column("project_key", String(64), nullable=False),
    Column("summary", Text, nullable=False),
    Column("type_name", Text, nullable=False),
    Column("is_subtask", Boolean, nullable=False),
    Column("is_epic", Boolean, nullable=False),
    Column("status_id", String(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("parent_id", BigInteger),
    Column("epic_id", BigInteger),
    Column("labels", Json, nullable=False),
    Column("components", Json, nullable=False),
    Column("is_flagged", Boolean, nullable=False),
    Column("estimates", Json, nullable=False),
    Column("natures", Json, nullable=False),
    Column("sprint_ids", Json, nullable=False),
    Column("resolved_at", Instant),
    Column("gone_at", Instant),
    Column("digest", String(32), nullable=False),  # of the issue, its changes and work logs
    Index(None, "site", "key"),
    Index(None, "site", "project_key"),
    Index(None, "site", "parent_id"),
    Index(None, "site", "epic_id"),
)

changes = Table(
    "changes",
    metadata,
    by_site(),
    by_id("issue_id"),
    by_id("history_id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("field", String(16), nullable=False),
    Column("field_id", String(64)),
    Column("from_value", Text),
    Column("to_value", Text),
    Column("author", String(32)),
    Column("from_name", Text),  # of statuses and sprints
    Column("to_name", Text),
    sqlite_with_rowid=False,  # one tree instead of two: rows of an issue lie together
)


def _of_work_logs() -> list[Column[Any]]:
    return [
        by_site(),
        by_id("issue_id"),
        by_id("id"),
        Column("started_at", Instant, nullable=False),
        Column("seconds", Integer, nullable=False),
        Column("author", String(32)),
        Column("created_at", Instant),
        Column("updated_at", Instant),
    ]


work_logs = Table(
    "work_logs",
    metadata,
    *_of_work_logs(),
    Index(None, "site", "id"),
    Index(None, "site", "started_at"),
    sqlite_with_rowid=False,
)

doubled_work_logs = Table(  # what Jira shows under a second issue, where it does not count
    "doubled_work_logs",
    metadata,
    *_of_work_logs(),
    Index(None, "site", "id"),
    sqlite_with_rowid=False,
)

sprint_members = Table(  # which issues were ever in a sprint, now or by a change
    "sprint_members",
    metadata,
    by_site(),
    by_id("sprint_id"),
    by_id("issue_id"),
    Index(None, "site", "issue_id"),
    sqlite_with_rowid=False,
)

sprint_names = Table(  # under which names, with which ids, histories tell an issue's sprints
    "sprint_names",
    metadata,
    by_site(),
    by_id("issue_id"),
    Column("name", String(255), primary_key=True),
    by_id("sprint_id"),  # 0 where none is told
    Index(None, "site", "name"),
    sqlite_with_rowid=False,
)

epic_members = Table(  # which issues belong to an epic, now or by a change
    "epic_members",
    metadata,
    by_site(),
    by_id("epic_id"),
    by_id("issue_id"),
    Index(None, "site", "issue_id"),
    sqlite_with_rowid=False,
)

team_matches = Table(  # issues that match the JQL of a narrowed team now
    "team_matches",
    metadata,
    by_team(),
    by_site(),
    by_id("issue_id"),
)
