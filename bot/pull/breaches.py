"""What of a team's agreed meaning Jira offers no more, as sentences with their remedies. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from bot.pull.agreed import Agreed, kept_estimate, last_columns
from bot.pull.team_boards import is_told, telling_board
from bot.pull.team_fields import BY_ITSELF
from bot.pull.team_rules import estimate_of
from bot.translate.fields import FieldRoles, type_of
from telemetry.domain.models import Board, Status
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.settings import TeamSettings

Raw = dict[str, Any]


def breach(
    agreed: Agreed,
    team: TeamSettings,
    boards: Sequence[Board],
    fields: Sequence[Raw] | None,
    roles: FieldRoles | None,
    statuses: Mapping[str, Status],
    url: str,
) -> str | None:
    """What is offered no more of what was agreed on, with the remedy; None where all is.

    `fields` are the site's fields, None where Jira did not tell them.
    """
    found = _boards(agreed, team, boards) if agreed.holds(team, "boards") else None
    if found is None and fields is not None:
        found = _parts(agreed, team, fields, url)
    if found is None and roles is not None and agreed.binds_estimate(team):
        named = {raw["id"]: str(raw.get("name")) for raw in fields or ()}
        found = _estimate(agreed, team, boards, roles, named)
    if found is None and agreed.holds(team, "done"):
        found = _columns(agreed, team, boards) or _statuses(agreed, team, statuses)
    return found


def sentence(team: TeamSettings, what: str, remedy: str, *, may_accept: bool = True) -> str:
    """What changed, that figures stay, and who can decide how."""
    accept = f"; or take it as it is now: telemetry pull --team {team.key} --accept-vanished"
    return (
        f"team '{team.key}': {what}; its figures stay as they were until somebody decides: "
        f"{remedy}{accept if may_accept else ''}"
    )


def board_gone(team: TeamSettings, board_id: int, name: str, others: Iterable[Board]) -> str:
    """The sentence for a board that is there no more; `others` are those that may list its sprints.

    A team that goes on with another board alone would lose all its past sprints.
    """
    new = [one for one in others if one.has_sprints and one.id not in (board_id, *team.board_ids)]
    ids = dict.fromkeys((board_id, *team.board_ids, *(board.id for board in new)))
    known = " or ".join(f"{board.id} ({board.name})" for board in new)
    again = (
        f"if it was made anew as board {known}, write 'boards: [{', '.join(map(str, ids))}]'"
        f"{_at(team, 'board')}, which keeps its past sprints"
        if new
        else f"name the board that lists its sprints beside it with 'boards:'{_at(team, 'board')}"
    )
    shown = f" ({name})" if name and name != str(board_id) else ""
    return sentence(
        team,
        f"board {board_id}{shown}, whose sprints its figures hold, is gone or hidden from the bot",
        f"let the bot's user see it again; {again}",
        may_accept=not team.board_ids and bool(new),
    )


def _boards(agreed: Agreed, team: TeamSettings, boards: Sequence[Board]) -> str | None:
    found = {board.id: board for board in boards}
    for board_id, name in agreed.boards.items():
        if board_id not in found:
            return board_gone(team, board_id, name, boards)
        if not found[board_id].is_listed and board_id not in agreed.gone:
            what = f"board {board_id} ({name}) is gone or hidden from the bot"
            remedy = "let the bot's user see it again"
            return sentence(team, what, remedy)
        if not found[board_id].has_sprints:
            return no_sprints(team, found[board_id])
    return None


def no_sprints(team: TeamSettings, board: Board) -> str:
    """The sentence for a board that had sprints."""
    return sentence(
        team,
        f"board {board.id} ({board.name}) has no sprints any more, as a kanban board has none",
        f"let it have sprints again, or name the team's board with 'board:'{_at(team, 'board')}",
    )


_KEYS = {"estimate": "estimate", "nature": "nature_field", "flag": "flag_field"}
_WORDS = {"estimate": "its estimates", "nature": "its natures", "flag": "its flags"}


def _parts(agreed: Agreed, team: TeamSettings, fields: Sequence[Raw], url: str) -> str | None:
    offered = {raw["id"]: raw for raw in fields}
    for part in agreed.parts:
        if not agreed.holds(team, part.role):
            continue
        key = _KEYS[part.role]
        place = _at(team, key if part.role == "estimate" else f"impediment.{key}")
        stands = f"{_WORDS[part.role]} stand in field {part.name!r} ({part.id})"
        remedy = f"let the bot's user see it as it was, or name another with '{key}:'{place}"
        may = part.role == "estimate" and team.estimate in BY_ITSELF
        if part.id not in offered:
            what = f"{stands}, which {url} no longer offers: it was deleted or is hidden"
            return sentence(team, what, remedy, may_accept=may)
        now = type_of(offered[part.id])
        if part.type and now and now != part.type:
            what = f"{stands}, which is of another type now ({now}, before {part.type})"
            return sentence(team, what, remedy)
    return None


def _estimate(
    agreed: Agreed,
    team: TeamSettings,
    boards: Sequence[Board],
    roles: FieldRoles,
    named: Mapping[str, str],
) -> str | None:
    if kept_estimate(agreed, team, boards):
        return None
    now = estimate_of(team, boards, roles)
    if now == agreed.estimate:
        return None
    names = {**named, **roles.names} | {part.id: part.name for part in agreed.parts}
    who = f"'estimate: {team.estimate}'"
    if team.estimate == "board":
        first = telling_board(boards)
        who = f"board {first.id} ({first.name})" if first else "no board"
    is_silent = team.estimate == "board" and not is_told(boards)
    does = "no longer says by what it estimates" if is_silent else "estimates by"
    other = "" if is_silent else f" {_unit(now, names)} now"
    return sentence(
        team,
        f"{who} {does}{other}, and its figures count {_unit(agreed.estimate, names)}",
        f"set it back in Jira, or say with 'estimate:'{_at(team, 'estimate')} what a point is",
    )


def _columns(agreed: Agreed, team: TeamSettings, boards: Sequence[Board]) -> str | None:
    now = last_columns(boards)
    every = {board.id: board for board in boards}
    for board_id, (name, ids) in agreed.columns.items():
        board = every.get(board_id)
        if board is None or not board.is_listed:
            continue
        last = now.get(board_id)
        names = {column for column, _ in board.columns}
        is_same = last is not None and (
            last[0] == name or (name not in names and not set(ids).isdisjoint(last[1]))
        )
        if not is_same:
            what = (
                f"what is done was told by column {name!r} of board {board_id} ({board.name}), "
                f"and its last column with statuses is {last[0]!r} now"
                if last
                else f"board {board_id} ({board.name}) has no column with statuses any more, and "
                f"its column {name!r} told what is done"
            )
            place = _at(team, "done")
            remedy = f"set the columns back, or say with 'done_statuses:'{place} what is done"
            return sentence(team, what, remedy)
    return None


def _statuses(agreed: Agreed, team: TeamSettings, statuses: Mapping[str, Status]) -> str | None:
    """A status that is called otherwise now than the team names it."""
    wanted = {name.casefold() for name in team.done_statuses}
    for status_id, name in agreed.done.items():
        now = statuses.get(status_id)
        if now is None or not now.is_listed:
            continue  # what only histories name keeps its name
        if status_id not in wanted and now.name.casefold() not in wanted:
            what = f"status {name!r} ({status_id}) that is done is called {now.name!r} now"
            remedy = f"write its new name under 'done_statuses:'{_at(team, 'done_statuses')}"
            return sentence(team, what, remedy)
    return None


def _unit(estimate: Estimate, names: Mapping[str, str]) -> str:
    if estimate.kind is EstimateKind.ISSUE_COUNT:
        return "issue count"
    if estimate.kind is EstimateKind.ORIGINAL_ESTIMATE:
        return "original estimate (hours)"
    field_id = estimate.field_id or ""
    return f"{names.get(field_id, field_id)!r} ({field_id})"


def _at(team: TeamSettings, key: str) -> str:
    written = team.place("boards" if key == "board" and team.boards else key)
    file, _, path = written.partition(": ")
    return f" ({PurePath(file).name}: {path})" if path else ""


def no_sprint_field(team: TeamSettings, url: str) -> str:
    """The sentence for a site that shows the bot no Sprint field: every sprint would be empty."""
    return sentence(
        team,
        f"{url} shows the bot the field Sprint of no issue, so its sprints would be empty",
        "let the bot's user see the field Sprint",
        may_accept=False,
    )
