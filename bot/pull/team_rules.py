"""Finds out what each team's configuration means on its Jira site."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.jira.client import Jira
from bot.translate import translate_board
from bot.translate.fields import (
    FieldRoles,
    check_boxes,
    discover,
    estimate_for,
    flag_by_name,
)
from telemetry.domain.absence import Absence
from telemetry.domain.calendar import Calendar
from telemetry.domain.done import done_status_ids
from telemetry.domain.models import Board, Status
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules
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

BY_ITSELF = ("board", "issue_count", "original_estimate")  # estimates that name no field
FLAGS_LOOKED_AT = 5  # issues with a box set: one may be flagged by chance


def calendar_of(team: TeamSettings) -> Calendar:
    """The team's calendar: the organisation's, with what the team gives itself."""
    own = team.calendar
    return Calendar(
        timezone=own.timezone,
        working_week=own.working_week,
        holidays=own.holidays,
        days_off=own.days_off,
        fiscal_year_start=own.fiscal_year_start,
        absences=tuple(Absence(one.first, one.until, one.away, one.people) for one in own.absences),
    )


def fingerprint(team: TeamSettings) -> str:
    """Changes when a part of a team's configuration changes that needs its issues read anew."""
    parts = (
        team.site,
        team.project,
        team.jql,
        team.board_ids,
        team.estimate,
        team.impediment.nature_field,
        team.impediment.flag_field,
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).hexdigest()


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


def needs_fields(team: TeamSettings, boards: Iterable[Board]) -> bool:
    """Whether its figures rest on fields that only the site's list tells."""
    own = team.impediment
    has_sprints = any(board.has_sprints for board in boards)
    by_field = team.estimate not in BY_ITSELF
    return has_sprints or by_field or own.flagged or own.nature_field is not None


def find_roles(
    fields: Sequence[dict[str, Any]],
    teams: Iterable[TeamSettings],
    boards: Iterable[Board],
    url: str,
    flag_told: str | None = None,
) -> FieldRoles:
    """The parts that fields play for these teams. Raises ConfigurationError for an unknown one.

    `flag_told` is the field by which Jira tells flags, where that was asked.
    """
    some = list(teams)
    natures = {team.impediment.nature_field for team in some}
    estimates = {board.estimate_field_id for board in boards}
    return discover(
        fields,
        estimate_wanted={team.estimate for team in some},
        natures_wanted={name for name in natures if name},
        board_fields={name for name in estimates if name},
        flag_wanted={name for team in some if (name := team.impediment.flag_field)},
        flag_told=flag_told,
        url=url,
    )


def find_flag(
    jira: Jira, fields: Sequence[dict[str, Any]], teams: Iterable[TeamSettings]
) -> str | None:
    """The check boxes that Jira itself takes for flags, where a team needs it and no name tells.

    That is, those of which issues that have them set are flagged, as the agile API says.
    """
    is_needed = any(t.impediment.flagged and not t.impediment.flag_field for t in teams)
    if not is_needed or flag_by_name(fields):
        return None
    for raw in check_boxes(fields):
        number = str(raw["id"]).removeprefix("customfield_")
        try:
            ids = list(islice(jira.search_ids(f"cf[{number}] is not EMPTY"), FLAGS_LOOKED_AT))
            if ids and all(map(jira.is_flagged, ids)):
                return str(raw["id"])
        except TrackerError as error:
            if error.is_of_site:
                raise
    return None


def with_known(roles: FieldRoles, known: FieldRoles) -> FieldRoles:
    """The roles with the fields that teams which were not asked about go on needing."""
    estimates = dict.fromkeys([*roles.estimates[:-1], *known.estimates])
    return replace(
        roles,
        estimates=tuple(estimates),
        natures=tuple(dict.fromkeys([*roles.natures, *known.natures])),
        flagged=roles.flagged or known.flagged,
        names={**known.names, **roles.names},
    )


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


def estimate_of(team: TeamSettings, boards: Sequence[Board], roles: FieldRoles) -> Estimate:
    """What a point is for the team, as its setting, its boards and the site's fields say now."""
    board = telling_board(boards)
    return estimate_for(team.estimate, estimation_of(board), roles)


def team_rules(
    team: TeamSettings,
    boards: Sequence[Board],
    roles: FieldRoles,
    nature_field_id: str | None,
    statuses: Mapping[str, Status],
    estimate: Estimate | None = None,
) -> TeamRules:
    """The team, definite. `nature_field_id` is the id of its nature field, if it has one.

    `estimate` is what a point is where that was agreed on and nothing else says it.
    """
    with_sprints = [board for board in boards if board.has_sprints]
    status_rules = done_status_ids(
        statuses.values(), with_sprints or boards, team.done, team.done_statuses
    )
    configured = provisional_rules(team)
    return replace(
        configured,
        board_ids=tuple(board.id for board in with_sprints),
        has_sprints=bool(with_sprints),
        estimate=estimate or estimate_of(team, boards, roles),
        done_status_ids=status_rules.done_ids,
        in_progress_status_ids=status_rules.in_progress_ids,
        impediment=replace(configured.impediment, nature_field_id=nature_field_id),
    )


def provisional_rules(team: TeamSettings) -> TeamRules:
    """What is known of a team before Jira has told anything: enough to show why it failed."""
    return TeamRules(
        key=team.key,
        name=team.title,
        site=team.site,
        project_key=team.project,
        is_narrowed=team.jql is not None,
        board_ids=team.board_ids,
        has_sprints=bool(team.board_ids),
        calendar=calendar_of(team),
        estimate=Estimate(EstimateKind.ISSUE_COUNT),
        done_status_ids=frozenset(),
        in_progress_status_ids=frozenset(),
        impediment=ImpedimentRules(
            labels=frozenset(label.casefold() for label in team.impediment.labels),
            is_flagged_counted=team.impediment.flagged,
            nature_from=team.impediment.nature_from,
        ),
        velocity_sprints=team.velocity_sprints,
        security_coefficient=(
            None if team.security_coefficient == "auto" else float(team.security_coefficient)
        ),
    )
