"""Alerts, and what was sent: deliveries are their outbox, digests stand beside them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from telemetry.store.schema.ground import metadata
from telemetry.store.values import Instant, Json

alerts = Table(  # what the bot warned of; `open_key` is one for each that is open
    "alerts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", String(32), nullable=False),
    Column("team_key", String(64), nullable=False),  # "" where it is of a site
    Column("subject_kind", String(16), nullable=False),
    Column("subject_id", String(128), nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("severity", String(8), nullable=False),  # note | watch | bad
    Column("open_key", String(255), unique=True),  # None once it is resolved
    Column("is_silent", Boolean, nullable=False),  # true before we looked: shown, never told
    Column("opened_at", Instant, nullable=False),
    Column("worsened_at", Instant),
    Column("resolved_at", Instant),
    Column("resolved_because", Text),
    Column("value", Float, nullable=False),
    Column("opened_value", Float, nullable=False),
    Column("threshold", Float, nullable=False),
    Column("said", Json, nullable=False),  # sentences, as telemetry.words.stored writes them
    Column("issue_ids", Json, nullable=False),  # those behind it, whose titles are looked up
    Index(None, "team_key", "opened_at"),
)

alert_teams = Table(  # when a team was last looked at, and what its rules remember; "" of sites
    "alert_teams",
    metadata,
    Column("team_key", String(64), primary_key=True),
    Column("facts_version", BigInteger, nullable=False),
    Column("evaluated_on", Date, nullable=False),  # the team's local day
    Column("configured", String(32), nullable=False),  # a digest of the rules that were on
    Column("rules", Json, nullable=False),  # see telemetry.alerts.memory
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("team_key", String(64), nullable=False),
    Column("rule", String(32)),  # None: all
    Column("until", Instant, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("ended_by", Text),
    Index(None, "team_key", "until"),
)

deliveries = Table(  # the outbox: what is to be told of an alert in a channel, and how that went
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", Integer, nullable=False, index=True),
    Column("team_key", String(64), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("kind", String(12), nullable=False),  # opened | worsened | resolved
    Column("state", String(12), nullable=False),  # waiting sent failed given_up dropped
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("message_id", String(32)),  # that of the message it went into; stays when tried again
    Column("attempts", Integer, nullable=False),
    Column("first_at", Instant),
    Column("sent_at", Instant),
    Column("error", Text),
    Column("reached", Json, nullable=False),  # which of the channel's addresses have it already
    # it is under way, or who sent it was killed: it may have arrived
    Column("is_begun", Boolean, nullable=False, server_default=false()),
    Index(None, "state", "due_at"),
    Index(None, "channel", "sent_at"),
)

digests = Table(  # each digest that was due, for each of its channels, and how that went
    "digests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(255), nullable=False),  # of what and when; once for a channel
    Column("channel", String(64), nullable=False),
    Column("kind", String(12), nullable=False),  # day | week | sprint | portfolio
    Column("team_key", String(64), nullable=False),  # "" where it is of several
    Column("team_keys", Json, nullable=False),  # of these; [] is all
    Column("sprint_id", BigInteger),  # that was closed
    Column("told_at", Instant, nullable=False),  # the hour that it was due at
    Column("state", String(12), nullable=False),  # waiting sent failed given_up dropped
    Column("made_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),  # when it is tried
    Column("message_id", String(32), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("first_at", Instant),
    Column("sent_at", Instant),
    Column("error", Text),
    Column("reached", Json, nullable=False),  # as in deliveries
    UniqueConstraint("key", "channel"),
    Index(None, "state", "due_at"),
    Index(None, "channel", "sent_at"),
)

evaluations = Table(  # each look at teams whose facts had changed
    "evaluations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("team_count", Integer, nullable=False),
    Column("opened_count", Integer, nullable=False),
    Column("worsened_count", Integer, nullable=False),
    Column("resolved_count", Integer, nullable=False),
    Column("error", Text),
)
