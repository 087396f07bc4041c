"""Reads the sprints of the teams' boards."""

from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.sprint_turns import MOST_MISSING, SprintTurn, write_sprint_turn
from bot.translate import translate_sprint
from bot.translate.guard import UNREADABLE, Guard, names_of
from telemetry.domain.bounds import latest_of
from telemetry.domain.models import Board, Sprint, SprintState
from telemetry.errors import NoBoard, NoSprints, NotInTracker, TrackerError
from telemetry.store.engine import reading, writing
from telemetry.store.members import members_of
from telemetry.store.reach import own_board_ids
from telemetry.store.tracker import (
    delete_sprints,
    read_open_sprints,
    read_sprints,
    read_sprints_by_id,
    read_sprints_elsewhere,
    write_sprints,
)
from telemetry.store.unread import About, Unread, settle_unread
from telemetry.words.numbers import plural

OPEN = "active,future"


@dataclass(slots=True)
class _List:
    """The sprints of a board: as they are answered, then as they were read.

    `nameless` is how many were listed without an id.
    """

    answer: Future[list[dict[str, Any]]] | None
    is_complete: bool  # or only the open ones
    sprints: list[Sprint] = field(default_factory=list)
    unread: dict[tuple[About, int], Unread] = field(default_factory=dict)
    nameless: int = 0


class SprintReader:
    """Reads sprints board by board and writes them; `found` are all that Jira told of.

    `left_ids` are the issues that were in a sprint which Jira no longer has: nothing else tells
    that they left it.
    """

    def __init__(self, jira: Jira, engine: Engine, pool: ThreadPoolExecutor, at: datetime) -> None:
        self._jira = jira
        self._engine = engine
        self._pool = pool
        self._at = at
        self._unread: dict[tuple[About, int], Unread] = {}
        self._left_out: set[int] = set()  # they stand as last known
        self._lists: dict[int, _List] = {}
        self._listed_ids: set[int] = set()
        self._gone_ids: set[int] = set()  # boards of which others list the sprints
        self._turn: SprintTurn | None = None
        self._came: SprintTurn | None = None  # after the page of its long list
        self._lengths: dict[int, int] = {}  # of complete lists, by board
        self.origins: dict[int, frozenset[int]] = {}  # on which boards a list's sprints were made
        self.found: dict[int, Sprint] = {}
        self.left_ids: set[int] = set()
        self.changed = 0

    def ask(self, boards: Iterable[Board], is_complete: Callable[[int], bool]) -> None:
        """Ask for the sprints of these boards: of all, or only of the open ones."""
        for board in boards:
            if not board.is_listed:
                self._gone_ids.add(board.id)
            elif board.has_sprints and board.id not in self._lists:
                states = None if is_complete(board.id) else OPEN
                answer = self._pool.submit(self._listed, board.id, states)
                self._lists[board.id] = _List(answer, is_complete=states is None)

    def ask_in_turn(self, boards: Iterable[Board], turn: SprintTurn) -> None:
        """Ask for the open sprints of these boards, and one for all, or for the next of them."""
        self._turn = turn
        self.ask(boards, lambda board_id: board_id == turn.board_id and not turn.is_long)

    def end_turn(self) -> None:
        """Note whose turn it was; a list that could not be read waits for the board's next one."""
        turn = self._came or (self._turn and replace(self._turn, at=None))
        if self._came is not None and self._came.is_through(self._came.board_id):
            self._lengths[self._came.board_id] = len(self._came.seen)
        with writing(self._engine) as connection:
            write_sprint_turn(connection, self._jira.site, turn, self._lengths)

    def read(self, boards: Iterable[Board]) -> tuple[Board, ...]:
        """Write what was asked of these boards, and what became of sprints not listed now.

        Returns the boards: one that turns out to have no sprints says so.
        """
        known: list[Board] = []
        listed: dict[int, Sprint] = {}
        complete: set[int] = set()
        read: set[int] = set()
        for board in boards:
            if board.id not in self._lists:
                known.append(board)
                continue
            one = self._lists[board.id]
            try:
                sprints = self._sprints(one, board.id)
            except NoSprints as error:
                if self._jira.board_has_sprints(self._jira.board(board.id)):
                    raise TrackerError(f"{error}, though it has some; ask again later") from error
                known.append(replace(board, has_sprints=False))
                continue
            except NotInTracker as error:
                raise NoBoard(str(error), board.id) from error
            known.append(board)
            read.add(board.id)
            if one.nameless:
                words = f"{one.nameless} {plural(one.nameless, 'sprint')} listed without an id"
                name = f"Sprints of board {board.name}"[:255]
                self._note(About.SPRINT_LIST, board.id, name, str(board.id), words)
            for sprint in sprints:
                listed.setdefault(sprint.id, sprint)
            if one.is_complete:
                complete.add(board.id)
        with reading(self._engine) as connection:
            stored = read_sprints(
                connection, self._jira.site, [board.id for board in known if board.has_sprints]
            )
        unlisted = [s for s in stored if s.id not in listed and s.id not in self._left_out]
        missing = [
            sprint.id
            for sprint in unlisted
            if sprint.board_id in complete or sprint.state is not SprintState.CLOSED
        ]
        missing += self._missing_in_turn(unlisted, read)
        self._write(listed, missing, read)
        return tuple(known)

    def read_foreign(self) -> None:
        """Ask for the open sprints of no team's board that no board listed this time.

        A team's board listed them once; their close matters to what was carried over from them.
        """
        with reading(self._engine) as connection:
            stored = read_open_sprints(connection, self._jira.site)
            own = own_board_ids(connection, self._jira.site)
        missing = [s.id for s in stored if s.board_id not in own and s.id not in self.found]
        self._write({}, missing)

    def forget_unlisted(self) -> None:
        """Forget sprints of other boards that no team's board lists now, as if never seen.

        Does nothing unless all that the boards list was read.
        """
        with reading(self._engine) as connection:
            own = own_board_ids(connection, self._jira.site)
            elsewhere = read_sprints_elsewhere(connection, self._jira.site, own)
        whole = {board_id for board_id, one in self._lists.items() if one.is_complete}
        if not own - self._gone_ids <= whole:
            return
        unlisted = {sprint.id for sprint in elsewhere} - self._listed_ids
        with writing(self._engine) as connection:
            self.changed += delete_sprints(connection, self._jira.site, unlisted)
        for sprint_id in unlisted:
            self.found.pop(sprint_id, None)

    def read_these(self, sprint_ids: Collection[int]) -> None:
        """Ask for these sprints one by one, whatever was listed."""
        self._write({}, sorted(sprint_ids))

    def newest_at(self, now: datetime) -> datetime | None:
        """When a sprint that was read last began or ended, not later than `now`."""
        moments = (at for one in self.found.values() for at in (one.started_at, one.closed_at))
        return max((at for at in moments if at is not None and at <= now), default=None)

    def open_ids(self, board_ids: Iterable[int]) -> set[int]:
        """Those of the boards' own sprints that are not closed."""
        own = set(board_ids)
        return {
            sprint.id
            for sprint in self.found.values()
            if sprint.state is not SprintState.CLOSED and sprint.board_id in own
        }

    def _sprints(self, one: "_List", board_id: int) -> list[Sprint]:
        """What a board lists, without what cannot be read; the answer itself is let go."""
        if one.answer is not None:
            raw_sprints = one.answer.result()
            one.answer = None
            one.nameless = self._jira.nameless_sprints.pop(board_id, 0)
            self._listed_ids.update(int(raw["id"]) for raw in raw_sprints)
            before, self._unread = self._unread, {}
            translated = (self._translated(raw, board_id) for raw in raw_sprints)
            one.sprints = [sprint for sprint in translated if sprint is not None]
            one.unread, self._unread = self._unread, before
            if one.is_complete:
                made_on = (raw.get("originBoardId") for raw in raw_sprints)
                self.origins[board_id] = frozenset(i for i in made_on if isinstance(i, int))
                self._lengths[board_id] = len(raw_sprints)
            elif self._came is not None and self._came.is_through(board_id):
                self.origins[board_id] = self._came.origins
        self._unread |= one.unread  # for every team that shows the board
        return one.sprints

    def _listed(self, board_id: int, states: str | None) -> list[dict[str, Any]]:
        found, turn = list(self._jira.sprints(board_id, states)), self._turn
        if turn is None or not turn.is_long or turn.board_id != board_id or states is None:
            return found
        page, next_at = self._jira.sprints_from(board_id, turn.at or 0)
        self._came = turn.after(page, next_at)
        known = {int(raw["id"]) for raw in found}
        return found + [raw for raw in page if int(raw["id"]) not in known]

    def _missing_in_turn(self, unlisted: Iterable[Sprint], read: Collection[int]) -> list[int]:
        """Closed sprints that a long list lacks, once it is read to its end."""
        turn = self._came
        if turn is None or turn.board_id not in read or not turn.is_through(turn.board_id):
            return []
        closed = (s for s in unlisted if s.state is SprintState.CLOSED)
        lacking = [s.id for s in closed if s.board_id == turn.board_id and s.id not in turn.seen]
        return lacking[:MOST_MISSING]

    def _translated(self, raw: dict[str, Any], listed_by: int | None = None) -> Sprint | None:
        """The sprint; None where it cannot be read, and stands as it was last known.

        One that tells no board is of the one that is known for it, else of the one that lists it.
        """
        guard = Guard(latest_of(self._at))
        try:
            sprint = translate_sprint(self._jira.site, raw, guard)
        except UNREADABLE as error:
            self._leave_out(int(raw["id"]), f"{error} cannot be read", raw.get("name"), listed_by)
            return None
        if sprint.board_id is None:
            sprint = replace(sprint, board_id=self._home(sprint.id) or listed_by)
            guard.name("the board it was made on, taken to be the first that lists it")
        place = "" if sprint.board_id is None else str(sprint.board_id)
        for kind, names in ((About.SPRINT, guard.named), (About.SPRINT_ZONE, guard.zoneless)):
            if names:
                self._note(kind, sprint.id, sprint.name, place, names_of(names))
        return sprint

    def _home(self, sprint_id: int) -> int | None:
        with reading(self._engine) as connection:
            known = read_sprints_by_id(connection, self._jira.site, [sprint_id]).get(sprint_id)
        found = self.found.get(sprint_id, known)
        return found.board_id if found else None

    def _leave_out(
        self, sprint_id: int, what: str, name: object = None, listed_by: int | None = None
    ) -> None:
        """Note a sprint that stands as last known; of one that is not, how it was listed."""
        with reading(self._engine) as connection:
            known = read_sprints_by_id(connection, self._jira.site, [sprint_id]).get(sprint_id)
        told = known.name if known else name[:255] if isinstance(name, str) else ""
        place = (known.board_id if known else None) or listed_by or ""
        self._left_out.add(sprint_id)
        self._note(About.SPRINT, sprint_id, told, str(place), what, is_left_out=True)

    def _note(
        self,
        kind: About,
        sprint_id: int,
        name: str,
        place: str,
        what: str,
        *,
        is_left_out: bool = False,
    ) -> None:
        self._unread[kind, sprint_id] = Unread(
            self._jira.site, kind, sprint_id, name, place, what[:1000], is_left_out, self._at
        )

    def _write(
        self, listed: dict[int, Sprint], asked: Iterable[int], boards: Collection[int] = ()
    ) -> None:
        """Write the sprints that the boards list and those asked for one by one.

        Those deleted are deleted.

        One that Jira refuses to tell stands as it was last known.
        """
        found = dict(listed)
        deleted = []
        answers = {
            sprint_id: self._pool.submit(self._jira.sprint, sprint_id) for sprint_id in asked
        }
        for sprint_id in tuple(answers):
            try:
                sprint = self._translated(answers.pop(sprint_id).result())
            except NotInTracker:
                deleted.append(sprint_id)
            except TrackerError as error:
                if error.is_of_site:
                    raise
                self._leave_out(sprint_id, str(error))
            else:
                if sprint is not None:
                    found[sprint.id] = sprint
        if not found and not deleted and not self._unread:
            return
        with writing(self._engine) as connection:
            self.left_ids |= members_of(connection, self._jira.site, deleted)
            self.changed += write_sprints(connection, list(found.values()))
            self.changed += delete_sprints(connection, self._jira.site, deleted)
            told = {*found, *deleted}
            every = {About.SPRINT: told, About.SPRINT_ZONE: told, About.SPRINT_LIST: boards}
            for kind, ids in every.items():
                unread = [one for one in self._unread.values() if one.kind is kind]
                settle_unread(connection, self._jira.site, kind, ids, unread)
        self._unread.clear()
        self.found |= found
        for sprint_id in deleted:
            self.found.pop(sprint_id, None)
