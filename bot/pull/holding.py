"""Holds at each pull what the teams' figures mean to what was agreed on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.agreed import Agreed, agreed_on, kept_estimate
from bot.pull.breaches import board_gone, breach, no_sprint_field
from bot.translate import translate_board
from bot.translate.fields import FieldRoles, has_sprint_field
from telemetry.domain.models import Board, Status
from telemetry.domain.team import Estimate, TeamRules
from telemetry.errors import MeaningChanged, NoBoard, TelemetryError, TrackerError
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading
from telemetry.store.tracker import read_statuses

Fields = Sequence[dict[str, Any]]


def told_gone(
    jira: Jira, team: TeamSettings, agreed: Agreed | None, error: NoBoard
) -> TelemetryError:
    """What to say of a board that is gone: with its remedy, if the team had its sprints."""
    if agreed is None or error.board_id not in agreed.boards:
        return error
    others: list[Board] = []
    with suppress(TrackerError):
        for raw in jira.boards(team.project):
            has_sprints = jira.board_has_sprints(raw)
            others.append(translate_board(jira.site, raw, {}, has_sprints))
    name = agreed.boards[error.board_id]
    return MeaningChanged(board_gone(team, error.board_id, name, others))


class Holding:
    """What was agreed on of each team; nothing is held where a person `accepts` changes."""

    def __init__(
        self, jira: Jira, engine: Engine, known: Mapping[str, Agreed], *, accepts: bool
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._known = known
        self._agreed = {} if accepts else known
        self._statuses: Mapping[str, Status] | None = None

    def check(
        self,
        team: TeamSettings,
        boards: Sequence[Board],
        fields: Fields | None,
        roles: FieldRoles | None,
    ) -> None:
        """Raise MeaningChanged where Jira offers no more what the team's figures were agreed on.

        `fields` are the site's, None where they were not asked for.
        """
        is_hidden = fields is not None and not has_sprint_field(fields)
        if is_hidden and any(board.has_sprints for board in boards):
            raise MeaningChanged(no_sprint_field(team, self._jira.url))
        agreed = self._agreed.get(team.key)
        if agreed is not None:
            statuses = self._read_statuses() if agreed.done else {}
            told = breach(agreed, team, boards, fields, roles, statuses, self._jira.url)
            if told is not None:
                raise MeaningChanged(told)

    def told_gone(self, team: TeamSettings, error: NoBoard) -> TelemetryError:
        """What to say of a board that is gone: with its remedy, if the team had its sprints."""
        return told_gone(self._jira, team, self._agreed.get(team.key), error)

    def boards(self, team: TeamSettings) -> Collection[int]:
        """The boards that stay the team's while its project has them."""
        agreed = self._agreed.get(team.key)
        return agreed.boards.keys() if agreed and agreed.holds(team, "boards") else ()

    def named(self, team: TeamSettings, found: Iterable[Board]) -> tuple[Board, ...]:
        """The boards; one that is gone has its name of then."""
        agreed = self._known.get(team.key)
        names = agreed.boards if agreed else {}
        return tuple(
            board if board.is_listed else replace(board, name=names.get(board.id, board.name))
            for board in found
        )

    def estimate(self, team: TeamSettings, boards: Sequence[Board]) -> Estimate | None:
        """What a point is where that was agreed on and nothing says it now."""
        agreed = self._agreed.get(team.key)
        return agreed.estimate if agreed and kept_estimate(agreed, team, boards) else None

    def made(
        self,
        team: TeamSettings,
        rules: TeamRules,
        boards: Sequence[Board],
        fields: Fields | None,
        roles: FieldRoles,
    ) -> Agreed:
        """What the team's figures mean from this pull on."""
        statuses = self._read_statuses() if team.done_statuses else {}
        made = agreed_on(team, rules, boards, roles, fields or (), statuses)
        past = self._known.get(team.key)
        return made if fields is not None or past is None else replace(made, parts=past.parts)

    def _read_statuses(self) -> Mapping[str, Status]:
        """The site's statuses, read once: teams are held when those of this pull are written."""
        if self._statuses is None:
            with reading(self._engine) as connection:
                self._statuses = read_statuses(connection, self._jira.site)
        return self._statuses
