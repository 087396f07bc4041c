"""Reads the sprints of the teams' boards."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.translate import translate_sprint
from telemetry.domain.models import Board, Sprint, SprintState
from telemetry.errors import NoSprints, NotInTracker
from telemetry.store.engine import reading, writing
from telemetry.store.teams import read_teams
from telemetry.store.tracker import (
    delete_sprints,
    read_open_sprints,
    read_sprints,
    write_sprints,
)

OPEN = "active,future"


class SprintReader:
    """Reads sprints board by board and writes them; `found` are all that Jira listed."""

    def __init__(self, jira: Jira, engine: Engine) -> None:
        self._jira = jira
        self._engine = engine
        self.found: dict[int, Sprint] = {}

    def read(self, boards: Iterable[Board], *, everything: bool) -> tuple[Board, ...]:
        """Read all sprints of these boards, or the open ones and those closed since.

        Returns the boards: one that turns out to have no sprints says so.
        """
        known = []
        listed: dict[int, Sprint] = {}
        for board in boards:
            if not board.has_sprints:
                known.append(board)
                continue
            try:
                for raw in self._jira.sprints(board.id, None if everything else OPEN):
                    sprint = translate_sprint(self._jira.site, raw)
                    listed[sprint.id] = sprint
                known.append(board)
            except NoSprints:
                known.append(replace(board, has_sprints=False))
        with reading(self._engine) as connection:
            stored = read_sprints(
                connection, self._jira.site, [board.id for board in known if board.has_sprints]
            )
        asked = [
            sprint.id
            for sprint in stored
            if sprint.id not in listed and (everything or sprint.state is not SprintState.CLOSED)
        ]
        self._write(listed, asked)
        return tuple(known)

    def read_foreign(self) -> None:
        """Ask for the open sprints of no team's board that no board listed this time.

        A team's board listed them once; their close matters to what was carried over from them.
        """
        with reading(self._engine) as connection:
            stored = read_open_sprints(connection, self._jira.site)
            own = {
                board_id
                for team in read_teams(connection)
                if team.rules.site == self._jira.site
                for board_id in team.rules.board_ids
            }
        asked = [s.id for s in stored if s.board_id not in own and s.id not in self.found]
        if asked:
            self._write({}, asked)

    def open_ids(self, board_ids: Iterable[int]) -> set[int]:
        """Those of the boards' own sprints that are not closed."""
        own = set(board_ids)
        return {
            sprint.id
            for sprint in self.found.values()
            if sprint.state is not SprintState.CLOSED and sprint.board_id in own
        }

    def _write(self, listed: dict[int, Sprint], asked: Iterable[int]) -> None:
        """Write the sprints listed and those asked for one by one; those deleted are deleted."""
        found = dict(listed)
        deleted = []
        for sprint_id in asked:
            try:
                raw = self._jira.sprint(sprint_id)
            except NotInTracker:
                deleted.append(sprint_id)
            else:
                found[sprint_id] = translate_sprint(self._jira.site, raw)
        with writing(self._engine) as connection:
            write_sprints(connection, list(found.values()))
            delete_sprints(connection, self._jira.site, deleted)
        self.found |= found
