"""Records of what was known beside a sprint's figures when its review froze, and what is typed."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, select, true
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from telemetry.store import schema as s
from telemetry.store.snapshots import CLOSE

MOST_LETTERS = 10_000_000  # of all versions of a review's notes, each counted with its row
ROW_LETTERS = 100


@dataclass(frozen=True, slots=True)
class StoredReview:
    """A frozen review: `taken_at` is Jira's clock at the pull that wrote it."""

    sprint_id: int
    taken_at: datetime
    record: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A field of a review as it was typed; `made_by` is None where nobody was signed in."""

    version: int
    field: str
    value: str
    made_at: datetime
    made_by: str | None


@dataclass(frozen=True, slots=True)
class Notes:
    """What is typed on a review now: the newest of each field, and the number of versions."""

    version: int
    fields: Mapping[str, Written]

    @property
    def text(self) -> str:
        """The notes; "" where nothing was typed."""
        return self._value("notes")

    @property
    def outcome(self) -> str:
        """Whether the goal was reached: yes, partly, no, or "" where nobody said so."""
        return self._value("outcome")

    def is_ticked(self, key: str) -> bool:
        """Whether a decision is ticked."""
        return self._value(f"tick:{key}") == "yes"

    def _value(self, field: str) -> str:
        found = self.fields.get(field)
        return "" if found is None else found.value


NO_NOTES = Notes(0, {})


def read_due(
    connection: Connection, site: str, team_keys: Collection[str]
) -> list[tuple[str, int]]:
    """Team and id of the closed sprints that have a record of their close and no review yet.

    The newest first; those that Jira, or the team, no longer has are left out.
    """
    kept, facts, written = s.snapshots.c, s.sprint_facts.c, s.reviews.c
    same = [facts[name] == kept[name] for name in ("team_key", "site", "sprint_id")]
    has_one = exists().where(*(written[n] == kept[n] for n in ("team_key", "site", "sprint_id")))
    query = (
        select(kept.team_key, kept.sprint_id)
        .join_from(s.snapshots, s.sprint_facts, and_(*same))
        .join(s.sprints, and_(s.sprints.c.site == kept.site, s.sprints.c.id == kept.sprint_id))
        .where(kept.site == site, kept.moment == CLOSE, ~has_one, s.sprints.c.state == "closed")
        .order_by(kept.at.desc(), kept.sprint_id)
    )
    wanted = set(team_keys)
    return [
        (row.team_key, row.sprint_id) for row in connection.execute(query) if row.team_key in wanted
    ]


def write_review(connection: Connection, team_key: str, site: str, review: StoredReview) -> None:
    """Keep a review; one that is there already stays as it is."""
    upsert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    row = {
        "team_key": team_key,
        "site": site,
        "sprint_id": review.sprint_id,
        "taken_at": review.taken_at,
        "record": review.record,
    }
    connection.execute(upsert(s.reviews).on_conflict_do_nothing(), [row])


def read_review(
    connection: Connection, team_key: str, site: str, sprint_id: int
) -> StoredReview | None:
    """The frozen review of a sprint, if there is one."""
    t = s.reviews.c
    row = connection.execute(
        select(t.sprint_id, t.taken_at, t.record).where(
            t.team_key == team_key, t.site == site, t.sprint_id == sprint_id
        )
    ).first()
    return None if row is None else StoredReview(*row)


def read_frozen_ids(connection: Connection, team_key: str, site: str) -> dict[int, datetime]:
    """The sprints with a frozen review, and when each was written."""
    t = s.reviews.c
    rows = connection.execute(
        select(t.sprint_id, t.taken_at).where(t.team_key == team_key, t.site == site)
    )
    return {row.sprint_id: row.taken_at for row in rows}


def read_notes(
    connection: Connection, team_key: str, review: str, until: int | None = None
) -> Notes:
    """What is typed on a review now, or was when it had this version."""
    t = s.review_notes.c
    is_meant = true() if until is None else t.version <= until
    newest = (
        select(t.field, func.max(t.version).label("version"))
        .where(t.team_key == team_key, t.review == review, is_meant)
        .group_by(t.field)
        .subquery()
    )
    rows = connection.execute(
        select(t.version, t.field, t.value, t.made_at, t.made_by)
        .join_from(
            s.review_notes,
            newest,
            and_(newest.c.field == t.field, newest.c.version == t.version),
        )
        .where(t.team_key == team_key, t.review == review)
    )
    fields = {row.field: Written(*row) for row in rows}
    return Notes(max((one.version for one in fields.values()), default=0), fields)


def read_noted(connection: Connection, team_key: str) -> frozenset[str]:
    """The reviews on which anything was ever typed."""
    t = s.review_notes.c
    return frozenset(connection.scalars(select(t.review).where(t.team_key == team_key).distinct()))


def read_outcomes(connection: Connection, team_key: str) -> dict[str, str]:
    """By review what the team last said of its goal."""
    t = s.review_notes.c
    rows = connection.execute(
        select(t.review, t.value)
        .where(t.team_key == team_key, t.field == "outcome")
        .order_by(t.version)
    )
    return {row.review: row.value for row in rows if row.value}


def read_history(
    connection: Connection, team_key: str, review: str, limit: int
) -> tuple[Written, ...]:
    """All that was ever typed on a review, the newest first."""
    t = s.review_notes.c
    rows = connection.execute(
        select(t.version, t.field, t.value, t.made_at, t.made_by)
        .where(t.team_key == team_key, t.review == review)
        .order_by(t.version.desc(), t.field)
        .limit(limit)
    )
    return tuple(Written(*row) for row in rows)


def add_notes(
    connection: Connection,
    team_key: str,
    review: str,
    fields: Mapping[str, str],
    at: datetime,
    by: str | None,
) -> None:
    """Write what differs from what is there as one more version; nothing is written over.

    Of a review whose versions are too much together, the oldest go that nobody sees any more.
    """
    known = read_notes(connection, team_key, review)
    changed = {name: value for name, value in fields.items() if _differs(known, name, value)}
    if changed:
        of = {"team_key": team_key, "review": review, "version": known.version + 1}
        rows = [
            {**of, "field": n, "value": v, "made_at": at, "made_by": by} for n, v in changed.items()
        ]
        connection.execute(insert(s.review_notes), rows)
        _forget_oldest(connection, team_key, review)


def _forget_oldest(connection: Connection, team_key: str, review: str) -> None:
    t = s.review_notes.c
    newest_first = (t.version.desc(), t.field)
    held = (
        select(
            t.version,
            t.field,
            func.sum(func.length(t.value) + ROW_LETTERS).over(order_by=newest_first).label("held"),
            func.max(t.version).over(partition_by=t.field).label("newest"),
        )
        .where(t.team_key == team_key, t.review == review)
        .subquery()
    )
    too_old = connection.execute(
        select(held.c.version, held.c.field).where(
            held.c.held > MOST_LETTERS, held.c.version < held.c.newest
        )
    ).all()
    if too_old:
        of = (t.team_key == team_key, t.review == review)
        one = and_(t.version == bindparam("old"), t.field == bindparam("of_field"))
        gone = [{"old": row.version, "of_field": row.field} for row in too_old]
        connection.execute(delete(s.review_notes).where(*of, one), gone)


def _differs(known: Notes, name: str, value: str) -> bool:
    there = known.fields.get(name)
    return value != ("" if there is None else there.value)
