"""What no pull can afford to ask of every board is asked of one board at a time, in turn.

Closed sprints that are renamed, and configurations that change, touch nothing else. A nightly
reconciliation asks it of all.
"""

from collections.abc import Sequence

from sqlalchemy import Connection

from telemetry.store.cursors import read_cursor, write_cursor

CURSOR = "round"
STATUSES = 0  # asked for in the place of a board's configuration, once a round


def read_turn(connection: Connection, site: str, board_ids: Sequence[int]) -> int:
    """Whose turn it is: a board, or STATUSES after the last one."""
    last = read_cursor(connection, site, CURSOR)
    later = [board_id for board_id in sorted(board_ids) if last is not None and board_id > last]
    return later[0] if later else STATUSES if last else min(board_ids, default=STATUSES)


def write_turn(connection: Connection, site: str, turn: int) -> None:
    """It was that one's turn."""
    write_cursor(connection, site, CURSOR, turn)
