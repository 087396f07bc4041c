"""How far the pulls of a site came: cursors by team, kept in the store."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.pull.agreed import Agreed, agreed_on
from bot.pull.team_rules import fingerprint
from bot.translate.fields import FieldRoles
from telemetry.domain.bounds import bounded
from telemetry.domain.models import Board, Status
from telemetry.settings import TeamSettings
from telemetry.store.facts import read_noted
from telemetry.store.pulls import (
    delete_cursor,
    read_cursor,
    write_cursor,
)
from telemetry.store.teams import read_team, read_teams
from telemetry.store.tracker import read_board, read_site, read_statuses

FORMAT = 7  # raised when what is kept of an issue changes, so that all is read again


@dataclass(frozen=True, slots=True)
class Progressed:
    """Where a team's last complete pull left off.

    `since` is Jira's clock when it began, and `at` ours (None where it was not noted); `mark` is
    of the configuration it was made with; `fields` are the ids of the fields that its issues were
    read with.
    """

    mark: str
    since: datetime
    board_ids: tuple[int, ...]
    fields: frozenset[str]
    at: datetime | None = None

    def since_by(self, began_at: datetime, now: datetime) -> datetime:
        """Since when to read what changed, as a pull sees it that began at Jira's clock so.

        Where Jira's clock came back, what it says of then is taken from how far ours went since.
        """
        if self.at is not None:
            return min(self.since, self.at + (began_at - now))
        return self.since if self.since <= began_at else began_at - timedelta(days=1)


def digest_of(*values: Any) -> str:
    """Short, and another one for other values (JSON values)."""
    text = orjson.dumps(values, option=orjson.OPT_SORT_KEYS)
    return hashlib.blake2b(text, digest_size=16).hexdigest()


def mark_of(team: TeamSettings) -> str:
    """What `Progressed.mark` must be for an incremental pull to be enough."""
    return f"{FORMAT}:{fingerprint(team)}"


def read_progressed(connection: Connection, team: TeamSettings) -> Progressed | None:
    """The team's cursor; None where everything must be read: never pulled, or reconfigured."""
    value = read_cursor(connection, team.site, f"team:{team.key}")
    if value is None or value["mark"] != mark_of(team):
        return None
    return Progressed(
        value["mark"],
        bounded(datetime.fromisoformat(value["since"])),
        tuple(value["board_ids"]),
        frozenset(value["fields"]),
        bounded(datetime.fromisoformat(value["at"])) if "at" in value else None,
    )


def forget_removed(connection: Connection) -> None:
    """Forget how far the teams came that are no longer configured.

    Meanwhile the site is read without the fields that only they need, so that one that comes
    back is read anew.
    """
    for team in read_teams(connection, is_configured=False):
        delete_cursor(connection, team.rules.site, f"team:{team.rules.key}")


def read_agreed(connection: Connection, team: TeamSettings) -> Agreed | None:
    """What the team's figures mean; None before its first complete pull."""
    value = read_cursor(connection, team.site, f"agreed:{team.key}")
    return None if value is None else Agreed.from_json(value)


def write_agreed(connection: Connection, team: TeamSettings, agreed: Agreed) -> None:
    """Keep what the team's figures mean; called in the transaction that marks the pull complete."""
    write_cursor(connection, team.site, f"agreed:{team.key}", agreed.to_json())


def write_progressed(
    connection: Connection,
    team: TeamSettings,
    since: datetime,
    at: datetime,
    boards: Sequence[Board],
    fields: Collection[str],
) -> None:
    """Move the team's cursor; called in the transaction that marks the pull complete."""
    value = {
        "mark": mark_of(team),
        "since": since.isoformat(),
        "at": at.isoformat(),
        "board_ids": [board.id for board in boards],
        "fields": sorted(fields),
    }
    write_cursor(connection, team.site, f"team:{team.key}", value)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a site before a pull.

    `recompute` are teams still to be computed anew; `as_of` is how far each team's figures run;
    `agreed` is what they mean. `is_failing`: a team failed at its last pull.
    """

    roles: FieldRoles | None
    statuses: Mapping[str, Status]
    progressed: Mapping[str, Progressed]
    boards: Mapping[str, tuple[Board, ...]]
    recompute: frozenset[str]
    as_of: Mapping[str, datetime]
    agreed: Mapping[str, Agreed]
    is_failing: bool


def read_known(connection: Connection, site: str, teams: Sequence[TeamSettings]) -> Known:
    """The site's fields and statuses, and each team's cursor and boards."""
    stored = read_site(connection, site)
    progressed = {}
    boards = {}
    for team in teams:
        found = read_progressed(connection, team)
        if found is not None:
            some = [read_board(connection, site, board_id) for board_id in found.board_ids]
            boards[team.key] = tuple(board for board in some if board is not None)
            progressed[team.key] = found
    roles = FieldRoles.from_json(dict(stored.field_roles)) if stored else None
    records = {team.key: read_team(connection, team.key) for team in teams}
    agreed = {team.key: read_agreed(connection, team) for team in teams}
    for team in teams:
        record = records[team.key]
        if agreed[team.key] is None and team.key in boards and record and roles:
            # a store that was filled before this was kept
            agreed[team.key] = agreed_on(team, record.rules, boards[team.key], roles)
    here = [one for one in records.values() if one is not None and one.rules.site == site]
    return Known(
        roles=roles,
        statuses=read_statuses(connection, site),
        progressed=progressed,
        boards=boards,
        recompute=read_noted(connection, site, [team.key for team in teams]),
        as_of={one.rules.key: one.as_of for one in here if one.as_of is not None},
        agreed={key: value for key, value in agreed.items() if value is not None},
        is_failing=any(one.error is not None for one in here),
    )


CURSOR = "round"
REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Turn:
    """Which boards are asked for their configuration: the next one, and those that refused it."""

    next_id: int | None
    refused_ids: tuple[int, ...] = ()

    @property
    def board_ids(self) -> tuple[int, ...]:
        return tuple(sorted({*self.refused_ids, *([self.next_id] if self.next_id else [])}))


def read_turn(connection: Connection, site: str, board_ids: Sequence[int]) -> Turn:
    """Whose turn it is: the next board, the first one after the last."""
    last = read_cursor(connection, site, CURSOR) or 0
    refused = read_cursor(connection, site, REFUSED) or []
    later = [board_id for board_id in sorted(board_ids) if board_id > last]
    following = later[0] if later else min(board_ids, default=None)
    return Turn(following, tuple(one for one in refused if one in set(board_ids)))


def write_turn(connection: Connection, site: str, turn: Turn) -> None:
    """It was that board's turn."""
    write_cursor(connection, site, CURSOR, turn.next_id or 0)


def write_refused(
    connection: Connection, site: str, asked: Collection[int], refused: Collection[int]
) -> None:
    """Of the boards that were asked, these are to be asked again at the next pull."""
    known = read_cursor(connection, site, REFUSED) or []
    now = sorted({*known} - {*asked} | {*refused})
    if now != known:
        write_cursor(connection, site, REFUSED, now)
