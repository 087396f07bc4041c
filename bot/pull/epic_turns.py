"""The open epics below which a pull looks for what changed: some at each pull, others in turn.

Children in projects of no team are found by their epics alone, and a query holds no end of these.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from telemetry.domain.bounds import bounded
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.reach import open_epics

CURSOR = "epics in turn"
MOST = 200  # in one query
IN_TURN = 50  # of them, where there are more
FIRST_LOOK = timedelta(days=1)  # each night all is compared


@dataclass(frozen=True, slots=True)
class EpicTurn:
    """The keys of the epics asked for at each pull, and of those whose turn it is.

    Below these, what was updated `since` the round before began. `cursor` is what is kept once
    they were asked for; None where none are in turn.
    """

    always: Sequence[str]
    in_turn: Sequence[str]
    since: datetime
    cursor: Any = None


def read_epic_turn(
    connection: Connection, site: str, projects: Collection[str], since: datetime
) -> EpicTurn:
    """Whose turn it is, at a pull that asks for what was updated `since` then.

    At each pull the epics updated last are asked for.
    """
    epics = open_epics(connection, site, projects)
    if len(epics) <= MOST:
        return EpicTurn([key for _, key in epics], (), since)
    always, rest = epics[: MOST - IN_TURN], sorted(epics[MOST - IN_TURN :])
    told = read_cursor(connection, site, CURSOR)
    after, begun, before = -1, since, since - FIRST_LOOK
    if told is not None:
        after = int(told["after"])
        begun, before = (_instant(told[name]) for name in ("begun", "before"))
    later = [one for one in rest if one[0] > after]
    if not later:
        later, begun, before = rest, since, begun
    turn = later[:IN_TURN]
    cursor = {"after": turn[-1][0], "begun": begun.isoformat(), "before": before.isoformat()}
    return EpicTurn(
        [key for _, key in always], [key for _, key in turn], min(before, since), cursor
    )


def write_epic_turn(connection: Connection, site: str, turn: EpicTurn) -> None:
    """It was the turn of those: they were asked for."""
    if turn.cursor is not None:
        write_cursor(connection, site, CURSOR, turn.cursor)


def _instant(told: str) -> datetime:
    return bounded(datetime.fromisoformat(told))
