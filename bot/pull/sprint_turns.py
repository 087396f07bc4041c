"""Which board lists all its sprints at a pull; the others are asked for their open ones.

Only such a list tells what became of a sprint after its close: a new name, a deletion. One board
has its turn at each pull; a long list is read page by page, one at a pull, until its end.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from telemetry.store.pulls import read_cursor, write_cursor

CURSOR = "sprints in turn"
MOST = 99  # sprints of a list that is read at once: two pages, the second from the first's last on
MOST_MISSING = 20  # sprints that a long list lacks, asked for one by one at its end


@dataclass(frozen=True, slots=True)
class SprintTurn:
    """Whose turn it is, and how far its list was read.

    `at` is where the next page begins, 0 at the beginning, None when all was read; `seen` are the
    sprints listed before, `origins` the boards they were made on. `long_ids` are the boards whose
    lists are long.
    """

    board_id: int
    at: int | None = 0
    seen: frozenset[int] = frozenset()
    origins: frozenset[int] = frozenset()
    long_ids: frozenset[int] = frozenset()

    @property
    def is_long(self) -> bool:
        return self.board_id in self.long_ids

    def is_through(self, board_id: int) -> bool:
        """Whether the list of that board was read to its end."""
        return self.at is None and self.board_id == board_id

    def after(self, page: Iterable[dict[str, Any]], next_at: int | None) -> "SprintTurn":
        """The turn after such a page; one without anything new is the last."""
        ids, origins = set[int](), set[int]()
        for raw in page:
            ids.add(int(raw["id"]))
            if isinstance(made_on := raw.get("originBoardId"), int):
                origins.add(made_on)
        return replace(
            self,
            at=next_at if ids - self.seen else None,
            seen=self.seen | ids,
            origins=self.origins | origins,
        )


def read_sprint_turn(connection: Connection, site: str, board_ids: Collection[int]) -> SprintTurn:
    """Whose turn it is of these boards: the one whose list is not read to its end, or the next."""
    told = read_cursor(connection, site, CURSOR) or {}
    last, at = told.get("board", 0), told.get("at")
    long_ids = frozenset(told.get("long", ()))
    if at is not None and last in board_ids and last in long_ids:
        seen, origins = (frozenset(told[name]) for name in ("seen", "origins"))
        return SprintTurn(last, at, seen, origins, long_ids)
    later = [board_id for board_id in board_ids if board_id > last]
    return SprintTurn(min(later or board_ids, default=0), long_ids=long_ids)


def write_sprint_turn(
    connection: Connection, site: str, turn: SprintTurn | None, lengths: Mapping[int, int]
) -> None:
    """It was the turn of that board, and its list was read so far.

    `lengths` are how many sprints boards were found to list in all.
    """
    told = read_cursor(connection, site, CURSOR) or {}
    long_ids = set(told.get("long", ())) - lengths.keys()
    long_ids |= {board_id for board_id, count in lengths.items() if count > MOST}
    last = told.get("board", 0) if turn is None else turn.board_id
    value: dict[str, Any] = {"board": last, "long": sorted(long_ids)}
    if turn is not None and turn.at is not None:
        lists = {"seen": sorted(turn.seen), "origins": sorted(turn.origins)}
        value |= {"at": turn.at, **lists}
    if value != told:
        write_cursor(connection, site, CURSOR, value)
