"""What of Jira's answers could not be read for sure: left out or mended, until it reads again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select

from telemetry.store.schema import unread
from telemetry.store.teams import raise_facts_version_of_site
from telemetry.store.upsert import chunks, upsert

_OF_SITE = (
    select(unread)
    .where(unread.c.site == bindparam("site"))
    .order_by(unread.c.kind, unread.c.about_id)
)


class About(StrEnum):
    """What could not be read: of an issue, of a sprint, or of the site's lists.

    Of issues and sprints are told apart estimates, what was read with a doubt, and dates without a
    time zone. The id of a list of sprints is that of its board.
    """

    ISSUE = "issue"
    SPRINT = "sprint"
    LIST = "list"
    ESTIMATE = "estimate"  # of an issue, with the ids of the fields
    DOUBTED = "doubted"  # an issue's changes
    ISSUE_ZONE = "issue-tz"
    SPRINT_ZONE = "sprnt-tz"
    SPRINT_LIST = "sprints"


@dataclass(frozen=True, slots=True)
class Unread:
    """One issue or sprint with what of it could not be read.

    `place` is the issue's project key or the sprint's board id, "" where none is known;
    `is_left_out` tells that nothing of it could be read, so that it stands as it was last known;
    `since` is our clock.
    """

    site: str
    kind: About
    about_id: int
    name: str
    place: str
    what: str
    is_left_out: bool
    since: datetime


def read_unread(connection: Connection, site: str) -> list[Unread]:
    """All that could not be read of a site, by kind and id."""
    rows = connection.execute(_OF_SITE, {"site": site})
    return [Unread(**{**row._mapping, "kind": About(row.kind)}) for row in rows]


def settle_unread(
    connection: Connection,
    site: str,
    kind: About,
    read_ids: Collection[int],
    found: Sequence[Unread],
) -> None:
    """Note what could not be read of what was read now, and forget what reads again."""
    known = _known(connection, site, kind, {*read_ids, *(one.about_id for one in found)})
    wanted = {
        one.about_id: replace(one, since=known[one.about_id].since)
        if one.about_id in known
        else one
        for one in found
    }
    healed = sorted(known.keys() - wanted.keys())
    for ids in chunks(healed):
        c = unread.c
        here = (c.site == site, c.kind == kind.value, c.about_id.in_(ids))
        connection.execute(delete(unread).where(*here))
    rows = [{**asdict(one), "kind": one.kind.value} for one in wanted.values()]
    if upsert(connection, unread, rows) or healed:
        raise_facts_version_of_site(connection, site)


def _known(connection: Connection, site: str, kind: About, ids: Iterable[int]) -> dict[int, Unread]:
    wanted = set(ids)
    if not wanted:
        return {}
    return {
        one.about_id: one
        for one in read_unread(connection, site)
        if one.kind is kind and one.about_id in wanted
    }
