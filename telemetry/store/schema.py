"""Tables of history (what happened), facts (what was computed), records and bookkeeping.

History is written by the bot alone, facts by `telemetry.facts` alone. Every id of the tracker
stands with its site. Facts are keyed by team, since two teams may count one issue differently.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.types import TypeEngine

from telemetry.metrics.figures import figure_fields

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
FAR_AHEAD = datetime(9998, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2, 1, 1, tzinfo=UTC)


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970, as instants are stored."""
    return (at - EPOCH) // MILLISECOND


def instant(stored: int) -> datetime:
    """The instant that is stored as these milliseconds, or the nearest there is."""
    try:
        return EPOCH + stored * MILLISECOND
    except OverflowError:
        return FAR_AHEAD if stored > 0 else LONG_AGO


def _read_instant(stored: int | None) -> datetime | None:
    return None if stored is None else instant(stored)


def _write_instant(at: datetime | None) -> int | None:
    return None if at is None else milliseconds(at)


def _read_json(stored: str | None) -> Any:
    return None if stored is None else orjson.loads(stored)


def _write_json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, stored as integer milliseconds since 1970: exact and comparable."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return _write_instant(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """One call a value in place of three: a page reads hundreds, a pull writes thousands."""
        return _write_instant

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[int | None], datetime | None]:
        return _read_instant


class Json(TypeDecorator[Any]):
    """A JSON value as text with sorted keys, so that equal values are equal strings."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return _write_json(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return _write_json

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        return _read_json


class Instants(TypeDecorator[tuple[tuple[Any, ...], ...]]):
    """Rows of a few values, instants among them, as JSON: an instant is its milliseconds."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        rows = [[milliseconds(v) if isinstance(v, datetime) else v for v in row] for row in value]
        return orjson.dumps(rows).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        rows = orjson.loads(value or "[]")
        return tuple([tuple([instant(v) if type(v) is int else v for v in row]) for row in rows])


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _site() -> Column[str]:
    return Column("site", String(64), primary_key=True)


def _team() -> Column[str]:
    return Column("team_key", String(64), primary_key=True)


def _id(name: str, **kwargs: Any) -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False, **kwargs)


# history: what the tracker said

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
    _site(),
    _id("id"),
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
    _site(),
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("category", String(16), nullable=False),
    Column("is_listed", Boolean, nullable=False),
)

sprints = Table(
    "sprints",
    metadata,
    _site(),
    _id("id"),
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
    _site(),
    _id("id"),
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
    _site(),
    _id("issue_id"),
    _id("history_id"),
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
        _site(),
        _id("issue_id"),
        _id("id"),
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
    _site(),
    _id("sprint_id"),
    _id("issue_id"),
    Index(None, "site", "issue_id"),
    sqlite_with_rowid=False,
)

sprint_names = Table(  # under which names, with which ids, histories tell an issue's sprints
    "sprint_names",
    metadata,
    _site(),
    _id("issue_id"),
    Column("name", String(255), primary_key=True),
    _id("sprint_id"),  # 0 where none is told
    Index(None, "site", "name"),
    sqlite_with_rowid=False,
)

epic_members = Table(  # which issues belong to an epic, now or by a change
    "epic_members",
    metadata,
    _site(),
    _id("epic_id"),
    _id("issue_id"),
    Index(None, "site", "issue_id"),
    sqlite_with_rowid=False,
)

team_matches = Table(  # issues that match the JQL of a narrowed team now
    "team_matches",
    metadata,
    _team(),
    _site(),
    _id("issue_id"),
)

# bookkeeping

cursors = Table(
    "cursors",
    metadata,
    _site(),
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
    _site(),
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
    _site(),
    _id("issue_id"),
    Column("project_keys", Json, nullable=False),  # of before and after
    Column("sprint_ids", Json, nullable=False),  # of before and after
    Column("instants", Json, nullable=False),  # ms: starts of work logs of before and after
)

unread = Table(  # what could not be read and was left out or mended, until it reads again
    "unread",
    metadata,
    _site(),
    Column("kind", String(8), primary_key=True),  # see telemetry.store.unread
    _id("about_id"),
    Column("name", Text, nullable=False),  # the issue's key or the sprint's name
    Column("place", String(64), nullable=False),  # its project's key, or its board's id
    Column("what", Text, nullable=False),
    Column("is_left_out", Boolean, nullable=False),  # as a whole: it stands as last known
    Column("since", Instant, nullable=False),  # our clock
)

stale_sprints = Table(
    "stale_sprints",
    metadata,
    _site(),
    _id("sprint_id"),
    Column("since", Instant),  # the earlier of its starts before and after
)

# facts: what follows from history

impediments = Table(
    "impediments",
    metadata,
    _team(),
    _site(),
    _id("issue_id"),
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
    _team(),
    Column("day", Date, primary_key=True),
    Column("kind", String(12), primary_key=True),  # planned | impediment | off_plan
    Column("nature", Text, primary_key=True),  # "" unless an impediment
    Column("seconds", BigInteger, nullable=False),
)


def _points(name: str, *, nullable: bool = True) -> Column[float]:
    return Column(f"{name}_points", Float, nullable=nullable)


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
    _team(),
    _site(),
    _id("sprint_id"),
    *_figure_columns(),
)

sprint_days = Table(
    "sprint_days",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    Column("day", Date, primary_key=True),
    *(
        _points(name, nullable=name == "ideal")
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
    _team(),
    _site(),
    _id("sprint_id"),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("issue_id", BigInteger, nullable=False),
    Column("kind", String(12), nullable=False),  # added removed reestimated burned reopened
    _points("delta", nullable=False),  # signed: the change of remaining
)

sprint_issues = Table(
    "sprint_issues",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    _id("issue_id"),
    Column("outcome", String(20), nullable=False),
    Column("is_added", Boolean, nullable=False),
    Column("is_committed", Boolean, nullable=False),
    Column("is_carried_over", Boolean, nullable=False),
    Column("is_impediment", Boolean, nullable=False),
    Column("state", String(12), nullable=False),  # todo | in_progress | done, at t1
    _points("initial"),  # at t0, or when added
    _points("final"),  # at t1, even of one removed before
    Column("seconds", BigInteger, nullable=False),  # logged in the sprint, sub-tasks included
)

sprint_time = Table(
    "sprint_time",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    Column("day", Date, primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("nature", Text, primary_key=True),
    Column("seconds", BigInteger, nullable=False),
)

sprint_forecasts = Table(  # what was simulated on each day of a closed sprint, and what came
    "sprint_forecasts",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    Column("closed_on", Date, nullable=False),
    Column(
        "left_done_on", Date
    ),  # all that it left, None where not all is done or nothing was left
    Column("days", Json, nullable=False),  # see telemetry.metrics.correction.Experience
)

team_forecasts = Table(  # what corrected forecasts of past days would have said
    "team_forecasts",
    metadata,
    _team(),
    _site(),
    Column("digest", String(32), nullable=False),  # of what it was computed from
    Column("sprint_count", Integer, nullable=False),  # sprints with simulated days
    Column("days", Json, nullable=False),  # see telemetry.metrics.hindsight.Hindsight
)

sprint_outlooks = Table(  # what is forecast of a running sprint, and what that is worth
    "sprint_outlooks",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    Column("basis", Json, nullable=False),  # what it was computed from: the same is not again
    Column("said", Json, nullable=False),  # the columns of sprint_facts
    Column("why_none", String(16)),  # few_sprints | unestimated
    Column("worth", Json),  # see telemetry.metrics.forecast.Worth
)

flow_issues = Table(  # when work on an issue was wanted, begun and done
    "flow_issues",
    metadata,
    _team(),
    _site(),
    _id("issue_id"),
    Column("type_name", Text, nullable=False),
    _points("final"),
    Column("created_at", Instant, nullable=False),
    Column("started_at", Instant),  # first in progress; None where it never was, or is to do again
    Column("done_at", Instant),  # last into done, None unless it is done now
    Column("states", Instants, nullable=False),  # [[since, todo | in_progress | done], ...]
    Index(None, "team_key", "done_at"),
    Index(None, "team_key", "created_at"),
)

epic_facts = Table(  # what the labels of a team's epics say
    "epic_facts",
    metadata,
    _team(),
    _site(),
    _id("issue_id"),
    Column("quarters", Json, nullable=False),  # those that it is of now, as ["Q3-26"]
    Column("programs", Json, nullable=False),
    Column("odd", Json, nullable=False),  # labels that look like a quarter and are none
    Column("spells", Instants, nullable=False),  # [[quarter, since, until], ...]
)

epic_children = Table(  # what the issues of a team's epics were to them at each moment
    "epic_children",
    metadata,
    _team(),
    _site(),
    _id("epic_id"),
    _id("issue_id"),
    Column("is_dependency", Boolean, nullable=False),
    Column("steps", Instants, nullable=False),  # [[since, todo | in_progress | done | out, points]]
    Index(None, "site", "issue_id"),
)

quarter_facts = Table(  # where each quarter of a team's epics stands; "" holds those of none
    "quarter_facts",
    metadata,
    _team(),
    _site(),
    Column("quarter", String(8), primary_key=True),
    Column("epics", Json, nullable=False),  # see telemetry.metrics.standing.Standing
    Column("programs", Json, nullable=False),  # of these epics
    Column("left_programs", Json, nullable=False),  # and of those that were of it
    Column("before_points", Float),  # scope the day before it began
    Column("end_points", Json),  # [total, done] at its end, once it is over
    Index(None, "quarter"),
)

roadmap_forecasts = Table(  # what was simulated on days of past quarters, and what came
    "roadmap_forecasts",
    metadata,
    _team(),
    _site(),
    Column("digest", String(32), nullable=False),  # of the experiences
    Column("quarter_count", Integer, nullable=False),
    Column("experiences", Json, nullable=False),  # [[key, quarter, closed on, experience], ...]
    Column("days", Json, nullable=False),  # see telemetry.metrics.hindsight.Hindsight
)

quarter_outlooks = Table(  # what is forecast of a running quarter, and what that is worth
    "quarter_outlooks",
    metadata,
    _team(),
    _site(),
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
    _team(),  # "" of programs, which are of several
    _site(),
    Column("day", Date, nullable=False),
    Column("scores", Json, nullable=False),  # {kind: [shown, tested]}, see telemetry.metrics.tally
    Column("ends", Json, nullable=False),  # when nothing was left of the epics forecast of
)

quality_findings = Table(  # what the tracker's data contradict
    "quality_findings",
    metadata,
    _team(),
    _site(),
    Column("kind", String(24), primary_key=True),  # telemetry.metrics.contradictions
    _id("about_id"),  # the issue or the sprint
    Column("status_id", String(32), primary_key=True),  # that the issue had; "" of other kinds
    Column("data", Json, nullable=False),  # of the finding: {"count": 2, ...}
)

quality_windows = Table(  # where contradictions are looked for; one row a team
    "quality_windows",
    metadata,
    _team(),
    _site(),
    Column("sprints", Json, nullable=False),  # [[id, state, start (ms)], ...]: running and last
    Column("unlisted", Json, nullable=False),  # [status id, ...]: those that Jira lists no more
)

quality_due = Table(  # issues to be judged anew at an instant, though nothing of them changes
    "quality_due",
    metadata,
    _team(),
    _site(),
    _id("issue_id"),
    Column("due_at", Instant, nullable=False),
    Index(None, "team_key", "due_at"),
)

next_issues = Table(  # what is in the sprints to come now
    "next_issues",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    _id("issue_id"),
    Column("state", String(12), nullable=False),  # todo | in_progress | done
    Column("points", Float),
    Column("is_carried_over", Boolean, nullable=False),
)

FACTS = (
    impediments,
    team_days,
    sprint_facts,
    sprint_days,
    sprint_events,
    sprint_issues,
    sprint_time,
    sprint_forecasts,
    team_forecasts,
    sprint_outlooks,
    flow_issues,
    epic_facts,
    epic_children,
    quarter_facts,
    roadmap_forecasts,
    quarter_outlooks,
    forecast_scores,
    quality_findings,
    quality_windows,
    quality_due,
    next_issues,
)  # thrown away and computed anew where their shape changes, see telemetry.store.facts

# records: written once, never changed

snapshots = Table(  # a sprint's figures as they were known at its start and at its close
    "snapshots",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
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
    _team(),  # "" of programs, which are of several
    Column("kind", String(12), primary_key=True),  # sprint | quarter (with its epics) | program
    Column("subject", String(64), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("site", String(64), nullable=False),
    Column("said", Json, nullable=False),
)

reviews = Table(  # what was known beside a sprint's figures when its review froze
    "reviews",
    metadata,
    _team(),
    _site(),
    _id("sprint_id"),
    Column("taken_at", Instant, nullable=False),  # as_of of the pull that wrote it
    Column("record", Json, nullable=False),  # see telemetry.report.reviews.frozen
)

week_reviews = Table(  # what was known of a team's week when it was over
    "week_reviews",
    metadata,
    _team(),
    _site(),
    Column("week", String(8), primary_key=True),  # 2026-W48
    Column("taken_at", Instant, nullable=False),  # as_of of the pull that wrote it
    Column("record", Json, nullable=False),  # see telemetry.report.reviews.week_frozen
)

review_notes = Table(  # what a team typed on its reviews; a row a field and version
    "review_notes",
    metadata,
    _team(),
    Column("review", String(24), primary_key=True),  # a sprint's id, or a week: 2026-W48
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("field", String(64), primary_key=True),  # notes | outcome | tick:KEY
    Column("value", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(64)),  # the session or token; None where nobody signs in
)

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

natures = Table(  # a nature keeps its rank, and so its colour, in every team and sprint
    "natures",
    metadata,
    Column("name", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
)
