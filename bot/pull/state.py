"""How far the pulls of a site came: cursors by team, kept in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.jira.discovery import FieldRoles
from bot.pull.discovery import fingerprint
from telemetry.domain.models import Board, Status
from telemetry.settings import TeamSettings
from telemetry.store.cursors import read_cursor, write_cursor
from telemetry.store.teams import read_team
from telemetry.store.tracker import read_board, read_site, read_statuses

RECOMPUTE = "recompute"
FORMAT = 1  # raised when what is kept of an issue changes, so that all is read again


@dataclass(frozen=True, slots=True)
class Progressed:
    """Where a team's last complete pull left off.

    `since` is Jira's clock when it began; `mark` is of the configuration it was made with.
    """

    mark: str
    since: datetime
    board_ids: tuple[int, ...]


def mark_of(team: TeamSettings) -> str:
    """What `Progressed.mark` must be for an incremental pull to be enough."""
    return f"{FORMAT}:{fingerprint(team)}"


def read_progressed(connection: Connection, team: TeamSettings) -> Progressed | None:
    """The team's cursor; None where everything must be read: never pulled, or reconfigured."""
    value = read_cursor(connection, team.site, f"team:{team.key}")
    if value is None or value["mark"] != mark_of(team):
        return None
    return Progressed(
        value["mark"], datetime.fromisoformat(value["since"]), tuple(value["board_ids"])
    )


def write_progressed(
    connection: Connection, team: TeamSettings, since: datetime, boards: Sequence[Board]
) -> None:
    """Move the team's cursor; called in the transaction that marks the pull complete."""
    value = {
        "mark": mark_of(team),
        "since": since.isoformat(),
        "board_ids": [board.id for board in boards],
    }
    write_cursor(connection, team.site, f"team:{team.key}", value)


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a site before a pull.

    `recompute` are teams still to be computed anew; `as_of` is how far each team's figures run.
    """

    roles: FieldRoles | None
    statuses: Mapping[str, Status]
    progressed: Mapping[str, Progressed]
    boards: Mapping[str, tuple[Board, ...]]
    recompute: frozenset[str]
    as_of: Mapping[str, datetime]


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
    return Known(
        roles=FieldRoles.from_json(dict(stored.field_roles)) if stored else None,
        statuses=read_statuses(connection, site),
        progressed=progressed,
        boards=boards,
        recompute=frozenset(
            team.key for team in teams if read_cursor(connection, site, f"{RECOMPUTE}:{team.key}")
        ),
        as_of=_read_as_of(connection, site, teams),
    )


def _read_as_of(
    connection: Connection, site: str, teams: Sequence[TeamSettings]
) -> dict[str, datetime]:
    records = [read_team(connection, team.key) for team in teams]
    return {
        record.rules.key: record.as_of
        for record in records
        if record is not None and record.as_of is not None and record.rules.site == site
    }


def note_recompute(connection: Connection, team: TeamSettings, is_due: bool) -> None:
    """Note that a team's facts must be computed anew, or that they are.

    The note outlives a pull that is stopped after the team's rules are written.
    """
    write_cursor(connection, team.site, f"{RECOMPUTE}:{team.key}", is_due)
