"""How far the reading of all issues of a project came, so that a stopped one goes on there.

Issues come newest first by creation, an order that does not move. Each page is written together
with the oldest creation in it; what changes meanwhile is found by the changes since the reading
began.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.pull.state import FORMAT, digest_of
from bot.translate.fields import FieldRoles
from telemetry.domain.bounds import bounded
from telemetry.domain.models import IssueHistory
from telemetry.store.pulls import (
    delete_cursor,
    read_cursor,
    write_cursor,
)


@dataclass(frozen=True, slots=True)
class Backfill:
    """A reading of a project that was stopped: when it began, by Jira's clock, and how far it is.

    `before` is the oldest creation that was written, None where nothing was.
    """

    began_at: datetime
    before: datetime | None


def read_backfill(
    connection: Connection, site: str, project: str, roles: FieldRoles
) -> Backfill | None:
    """What was read before it was stopped; None where other fields are to be read now."""
    value = read_cursor(connection, site, _name(project))
    if value is None or value["mark"] != _mark(roles):
        return None
    before = datetime.fromisoformat(value["before"]) if value["before"] else None
    return Backfill(
        bounded(datetime.fromisoformat(value["began_at"])),
        before if before is not None and before == bounded(before) else None,
    )


def noting_backfill(
    site: str, project: str, roles: FieldRoles, earlier: Backfill | None, now: datetime
) -> Callable[[Connection, Sequence[IssueHistory]], None]:
    """Notes how far the reading is in the transaction that writes a page."""
    began_at = (earlier.began_at if earlier else now).isoformat()
    mark = _mark(roles)

    def note(connection: Connection, page: Sequence[IssueHistory]) -> None:
        before = min(history.issue.created_at for history in page)
        value = {"mark": mark, "began_at": began_at, "before": before.isoformat()}
        write_cursor(connection, site, _name(project), value)

    return note


def forget_backfill(connection: Connection, site: str, project: str) -> None:
    """The reading is complete; called in the transaction that moves the teams' cursors."""
    delete_cursor(connection, site, _name(project))


def _name(project: str) -> str:
    return f"backfill:{project}"


def _mark(roles: FieldRoles) -> str:
    return digest_of(FORMAT, roles.to_json())
