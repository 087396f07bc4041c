"""What a team's configuration comes to, with what its Jira site told."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.pull.team_boards import estimation_of, telling_board
from bot.translate.fields import FieldRoles, estimate_for
from telemetry.domain.absence import Absence
from telemetry.domain.calendar import Calendar
from telemetry.domain.done import done_status_ids
from telemetry.domain.models import Board, Status
from telemetry.domain.team import Estimate, EstimateKind, ImpedimentRules, TeamRules
from telemetry.settings import TeamSettings


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
