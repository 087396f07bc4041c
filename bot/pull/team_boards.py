"""Which boards are a team's, and which of them says what a point is."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

from bot.jira.client import Jira
from bot.translate import translate_board
from telemetry.domain.models import Board
from telemetry.errors import (
    ConfigurationError,
    NoBoard,
    NotInTracker,
    TrackerError,
    TrackerUnavailable,
    UnexpectedAnswer,
)
from telemetry.settings import TeamSettings
from telemetry.words import configuration as words


def find_boards(jira: Jira, team: TeamSettings, held: Collection[int] = ()) -> tuple[Board, ...]:
    """The team's boards: those configured, else the project's only board with sprints.

    Without any configured, the boards in `held` stay the team's while the project has them all.
    A project without a board with sprints gives its first other one, or none. A configured board
    that is gone counts while another of them lists its sprints.
    Raises NotInTracker for an unknown project or board, ConfigurationError for several boards.
    """
    try:
        jira.project(team.project)
    except NotInTracker as error:
        raise NotInTracker(words.no_project(team.project, jira.url, _project_names(jira))).about(
            "project"
        ) from error
    except (TrackerUnavailable, UnexpectedAnswer) as error:
        if error.is_of_site:
            raise
        # its boards and issues tell as much
    if not team.board_ids:
        return tuple(_translated(jira, raw) for raw in _only_board(jira, team, held))
    found: dict[int, Board] = {}
    gone: dict[int, NotInTracker] = {}
    for board_id in team.board_ids:
        try:
            found[board_id] = _translated(jira, jira.board(board_id))
        except NotInTracker as error:
            gone[board_id] = error
    if gone and not found:
        check_agile(jira)
    listing = _origins(jira, found.values()) if gone else {}
    for board_id, reason in gone.items():
        if board_id not in listing:
            boards = [f"{one['id']} ({one.get('name')})" for one in _boards_of(jira, team)]
            sentence = words.no_such_board(board_id, jira.url, team.project, boards)
            setting = "boards" if team.boards else "board"
            raise NoBoard(sentence, board_id).about(setting) from reason
        found[board_id] = Board(jira.site, board_id, str(board_id), True, is_listed=False)
    return tuple(found[board_id] for board_id in team.board_ids)


def check_agile(jira: Jira) -> None:
    """Raises NotInTracker where Jira has no boards at all to tell of: it lacks Jira Software."""
    if not jira.has_boards():
        raise NotInTracker(words.no_jira_software(jira.url, jira.who)).about("board")


def _translated(jira: Jira, raw: dict[str, Any]) -> Board:
    has_sprints = jira.board_has_sprints(raw)
    return translate_board(jira.site, raw, jira.board_configuration(int(raw["id"])), has_sprints)


def reconfigured(board: Board, configuration: dict[str, Any]) -> Board:
    """The board with what its configuration says now."""
    raw = {"id": board.id, "name": configuration.get("name") or board.name}
    fresh = translate_board(board.site, raw, configuration, board.has_sprints)
    return replace(fresh, name=board.name)


def _origins(jira: Jira, boards: Iterable[Board]) -> dict[int, int]:
    """The boards from which sprints come that these list, each with one that does."""
    return {
        origin: board.id
        for board in boards
        if board.has_sprints
        for raw in jira.sprints(board.id)
        if isinstance(origin := raw.get("originBoardId"), int)
    }


def _boards_of(jira: Jira, team: TeamSettings) -> list[dict[str, Any]]:
    """The boards of the team's project as far as Jira tells them."""
    try:
        return jira.boards(team.project)
    except TrackerError:
        return []


def _project_names(jira: Jira) -> list[str]:
    """The keys of some projects that we may browse, as far as Jira tells them."""
    try:
        return jira.project_keys()
    except TrackerError:
        return []


def _only_board(jira: Jira, team: TeamSettings, held: Collection[int]) -> list[dict[str, Any]]:
    try:
        boards = jira.boards(team.project)
    except NotInTracker:
        check_agile(jira)
        raise
    kept = [board for board in boards if board["id"] in held]
    if kept and len(kept) == len(held):
        return kept
    with_sprints = [board for board in boards if jira.board_has_sprints(board)]
    if len(with_sprints) > 1:
        names = ", ".join(f"{board['id']} ({board.get('name')})" for board in with_sprints)
        raise ConfigurationError(
            f"project {team.project} has several boards with sprints: {names}; "
            "name the team's with 'board:' (or 'boards:' for more than one)"
        ).about("board")
    return with_sprints or boards[:1]


def estimation_of(board: Board | None) -> dict[str, Any] | None:
    """The estimation block that a board's raw configuration would have."""
    if board is None:
        return None
    if board.estimates_by_count:
        return {"estimation": {"type": "issueCount"}}
    if board.estimate_field_id is None:
        return {"estimation": {"type": "none"}}
    field = {"fieldId": board.estimate_field_id}
    return {"estimation": {"type": "field", "field": field}}


def listed_boards(boards: Sequence[Board]) -> list[Board]:
    """The boards that say what a team's figures mean: those with sprints, where there are any."""
    listed = [board for board in boards if board.is_listed]
    return [board for board in listed if board.has_sprints] or listed


def telling_board(boards: Sequence[Board]) -> Board | None:
    """The board that says what a point is: of several the first that tells it, else the first."""
    listed = listed_boards(boards)
    return next(filter(_tells, listed), None) or next(iter(listed), None)


def is_told(boards: Sequence[Board]) -> bool:
    """Whether a board says by what it estimates."""
    board = telling_board(boards)
    return board is not None and _tells(board)


def _tells(board: Board) -> bool:
    return board.estimates_by_count or board.estimate_field_id is not None
