"""Which fields teams need, and the parts that these play."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from bot.jira.client import Jira
from bot.translate.field_choice import field_id
from bot.translate.fields import FieldRoles, check_boxes, discover, flag_by_name, named
from telemetry.domain.models import Board
from telemetry.errors import TrackerError
from telemetry.settings import TeamSettings

BY_ITSELF = ("board", "issue_count", "original_estimate")  # estimates that name no field
FLAGS_LOOKED_AT = 5  # issues with a box set: one may be flagged by chance


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


def fields_of(roles: FieldRoles) -> frozenset[str]:
    """The ids of the fields that issues are read with, beside those that all have."""
    own = (roles.sprint, roles.epic_link, roles.flagged, roles.epic_label)
    return frozenset(one for one in (*roles.estimates, *roles.natures, *own) if one)


def nature_field(team: TeamSettings, roles: FieldRoles) -> str | None:
    """The id of the team's nature field."""
    wanted = team.impediment.nature_field
    if wanted is None:
        return None
    return field_id(named(roles.natures, roles), wanted, "nature", "this Jira")
