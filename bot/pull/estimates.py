"""Whether what a team estimates by can tell points, and whether that is told at all."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.jira.client import Jira
from bot.jira.jql import quote
from bot.pull.misfits import Misfits, named_board
from bot.pull.probing import clause, is_empty, sample
from bot.pull.queries import matching
from bot.pull.team_boards import estimation_of, is_told, listed_boards, telling_board
from bot.pull.team_fields import BY_ITSELF
from bot.pull.team_rules import estimate_of
from bot.translate.field_choice import field_id, fit_field_id
from bot.translate.fields import FieldRoles, original_estimate
from bot.translate.values import number
from telemetry.domain.misfit import Source, Topic
from telemetry.domain.models import Board
from telemetry.domain.team import EstimateKind
from telemetry.errors import ConfigurationError
from telemetry.settings import TeamSettings
from telemetry.words import configuration as words


def check_board_estimate(
    team: TeamSettings, boards: Sequence[Board], fields: Sequence[dict[str, Any]], url: str
) -> None:
    """Raises ConfigurationError where the board estimates by a field that can tell no points.

    That is one which nobody lists, or which holds days, people or lists.
    """
    field, board = _board_field(team, boards)
    if field is None or board is None:
        return
    if field not in [raw["id"] for raw in fields]:
        sentence = words.unlisted_estimate(named_board(board), field, url)
        raise ConfigurationError(sentence).about("estimate")
    try:
        fit_field_id(fields, field, "estimate", url)
    except ConfigurationError as error:
        raise _of_board(board, error) from error


def check_numbers(
    jira: Jira, team: TeamSettings, boards: Sequence[Board], fields: Sequence[dict[str, Any]]
) -> None:
    """Raises ConfigurationError where a team estimates by a text or choice that is no number."""
    found, board = _board_field(team, boards)
    if team.estimate not in BY_ITSELF:
        found = field_id(fields, team.estimate, "estimate", jira.url)
    raw = next((raw for raw in fields if raw["id"] == found), None)
    if raw is None or found is None:
        return
    schema = raw.get("schema")
    if not isinstance(schema, dict) or schema.get("type") not in ("string", "option", "any"):
        return
    own = matching(team.project, team.jql) if team.jql else f"project = {quote(team.project)}"
    issues = sample(jira, f"{own} AND {clause(found)} is not EMPTY", found)
    some = [issue["fields"].get(found) for issue in issues or sample(jira, own, found)]
    told = [value for value in some if value is not None]
    if told and all(number(value) is None for value in told):
        shown = f"'{raw.get('name')}' ({found})"
        sentence = words.wrong_kind("estimate", shown, "no number in any issue", "numbers", ())
        error = ConfigurationError(sentence).about("estimate")
        raise _of_board(board, error) if board else error


def check_silent_board(
    jira: Jira, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles
) -> None:
    """Raises ConfigurationError where the board tells no field, and the first one holds nothing."""
    told = _of_silent_board(jira, team, boards, roles)
    if told is not None and not told.is_first_filled:
        raise ConfigurationError(told.sentence).about("estimate")


def of_estimate(
    misfits: Misfits,
    jira: Jira,
    team: TeamSettings,
    boards: Sequence[Board],
    roles: FieldRoles,
) -> None:
    """Tell of a field that no issue fills, and of a choice that nobody made."""
    _of_other_boards(misfits, team, boards)
    told = _of_silent_board(jira, team, boards, roles)
    if told is not None:
        misfits.add(Source.ASKED, "estimate", told.sentence, topic=Topic.OPEN)
        return
    counted = estimate_of(team, boards, roles)
    is_time = counted.kind is EstimateKind.ORIGINAL_ESTIMATE
    field = original_estimate if is_time else counted.field_id
    if field is not None and not _is_filled(jira, team, field):
        shown = f"'{roles.names.get(field, field)}' ({field})"
        sentence = words.never_filled(shown, team.project, "it estimates by")
        is_named = team.estimate != "board"
        misfits.add(Source.ASKED, "estimate", sentence, is_wrong=is_named)


class _Silent(NamedTuple):
    """What is said of a board that tells no field, where others than the first hold values."""

    sentence: str
    is_first_filled: bool


def _of_silent_board(
    jira: Jira, team: TeamSettings, boards: Sequence[Board], roles: FieldRoles
) -> _Silent | None:
    first = telling_board(boards)
    is_silent = first is not None and first.has_sprints and not is_told(boards)
    if first is None or not is_silent or team.estimate != "board" or len(roles.point_fields) < 2:
        return None
    filled = [one for one in roles.point_fields if _is_filled(jira, team, one)]
    taken = estimate_of(team, boards, roles).field_id
    if not set(filled) - {taken}:
        return None
    names = {one: f"'{roles.names.get(one, one)}' ({one})" for one in filled}
    counting = names.get(taken or "")
    named = list(names.values())
    sentence = words.silent_board(named_board(first), named, team.project, counting)
    return _Silent(sentence, counting is not None)


def _board_field(team: TeamSettings, boards: Sequence[Board]) -> tuple[str | None, Board | None]:
    """The field by which the team's board estimates, where that counts, and the board."""
    first = telling_board(boards)
    if team.estimate != "board" or first is None or not first.has_sprints:
        return None, None
    field = first.estimate_field_id
    return (None, None) if field in (None, original_estimate) else (field, first)


def _of_other_boards(misfits: Misfits, team: TeamSettings, boards: Sequence[Board]) -> None:
    counted = [board for board in listed_boards(boards) if board.has_sprints and is_told([board])]
    others = [
        named_board(board)
        for board in counted[1:]
        if estimation_of(board) != estimation_of(counted[0])
    ]
    if team.estimate == "board" and others:
        sentence = words.boards_differ(named_board(counted[0]), others)
        misfits.add(Source.ASKED, "estimate", sentence, topic=Topic.OPEN)


def _of_board(board: Board, error: ConfigurationError) -> ConfigurationError:
    sentence = words.board_estimates_wrong(named_board(board), str(error))
    return ConfigurationError(sentence).about("estimate")


def _is_filled(jira: Jira, team: TeamSettings, field: str) -> bool:
    return not is_empty(jira, f"project = {quote(team.project)} AND {clause(field)} is not EMPTY")
