"""Bookkeeping: how far pulls are, what is to be computed again, who is signed in."""

from sqlalchemy import BigInteger, Boolean, Column, Integer, String, Table, Text

from telemetry.store.schema.ground import by_id, by_site, metadata
from telemetry.store.values import Instant, Json

cursors = Table(
    "cursors",
    metadata,
    by_site(),
    Column("name", String(128), primary_key=True),
    Column("value", Json, nullable=False),
)

pulls = Table(
    "pulls",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("kind", String(16), nullable=False),  # first | incremental | reconcile | full
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("state", String(16), nullable=False),  # running | done | failed
    Column("issues_changed", Integer, nullable=False),
    Column("work_logs_changed", Integer, nullable=False),
    Column("requests", Integer, nullable=False),
    Column("error", Text),
    Column("issues_read", Integer),  # so far, while it runs
    Column("issues_total", Integer),  # about, where Jira says how many there are to read
    Column("found", Json),  # what a comparison with Jira found: {"vanished": 2, ...}
)

hints = Table(  # what Jira's webhooks named: where to look at once, never what is true
    "hints",
    metadata,
    by_site(),
    Column("identifier", String(128), primary_key=True),  # equal when Jira sends it again
    Column("event", String(64), nullable=False),
    Column("project_key", String(64)),
    Column("issue_id", BigInteger),
    Column("sprint_id", BigInteger),
    Column("board_id", BigInteger),
    Column("received_at", Instant, nullable=False),  # our clock
    Column("taken_at", Instant, index=True),  # our clock, when a pull had followed it
)

sessions = Table(  # who is signed in to the page: a hash of what the browser holds
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("began_at", Instant, nullable=False),  # our clock
    Column("ends_at", Instant, nullable=False),
    Column("agent", String(100), nullable=False),  # what the browser calls itself
)

facts_shape = Table(  # one row: what the tables of facts look like, see telemetry.store.facts
    "facts_shape",
    metadata,
    Column("shape", String(32), primary_key=True),
    Column("format", Integer, nullable=False),
    Column("tables", Json, nullable=False),  # their names
)

stale_issues = Table(  # issues written since facts were last computed from them
    "stale_issues",
    metadata,
    by_site(),
    by_id("issue_id"),
    Column("project_keys", Json, nullable=False),  # of before and after
    Column("sprint_ids", Json, nullable=False),  # of before and after
    Column("instants", Json, nullable=False),  # ms: starts of work logs of before and after
)

stale_sprints = Table(
    "stale_sprints",
    metadata,
    by_site(),
    by_id("sprint_id"),
    Column("since", Instant),  # the earlier of its starts before and after
)

unread = Table(  # what could not be read and was left out or mended, until it reads again
    "unread",
    metadata,
    by_site(),
    Column("kind", String(8), primary_key=True),  # see telemetry.store.unread
    by_id("about_id"),
    Column("name", Text, nullable=False),  # the issue's key or the sprint's name
    Column("place", String(64), nullable=False),  # its project's key, or its board's id
    Column("what", Text, nullable=False),
    Column("is_left_out", Boolean, nullable=False),  # as a whole: it stands as last known
    Column("since", Instant, nullable=False),  # our clock
)
