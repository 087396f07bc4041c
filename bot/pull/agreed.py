"""What a team's figures mean, kept from its first pull on until a person decides otherwise. Pure.

Fields are deleted or hidden, boards are made anew or set to another estimation, columns go: where
Jira no longer offers what the figures so far were agreed on, or offers something else in its
place, nothing is computed from it. The team fails with a sentence and keeps its figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any, Self

from bot.pull.team_boards import is_told
from bot.translate.fields import FieldRoles, type_of
from telemetry.domain.models import Board, Status
from telemetry.domain.team import Estimate, EstimateKind, TeamRules
from telemetry.settings import TeamSettings

Raw = dict[str, Any]
NO_STATUSES: Mapping[str, Status] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Part:
    """A field that figures rest on; `role` is estimate, nature or flag."""

    role: str
    id: str
    name: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a team's figures mean. `settings` is what telemetry.yml said then, by subject.

    `boards` are those with sprints, names by id, and `gone` those of them that others list;
    `is_by_board` tells whether a board gave the estimate; `columns` are the last ones that hold
    statuses, by board, where they say what is done; `done` are names of statuses by id, where the
    team names them itself.
    """

    settings: Mapping[str, list[Any]]
    boards: Mapping[int, str]
    gone: tuple[int, ...]
    estimate: Estimate
    is_by_board: bool = False
    parts: tuple[Part, ...] = ()
    columns: Mapping[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    done: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> Raw:
        """As JSON values."""
        boards = sorted(self.boards.items())
        columns = [[i, name, ids] for i, (name, ids) in sorted(self.columns.items())]
        return asdict(self) | {"boards": boards, "columns": columns}

    @classmethod
    def from_json(cls, value: Raw) -> Self:
        """What `to_json` made JSON of."""
        estimate = value["estimate"]
        return cls(
            settings=value["settings"],
            boards={int(board_id): name for board_id, name in value["boards"]},
            gone=tuple(value["gone"]),
            estimate=Estimate(EstimateKind(estimate["kind"]), estimate["field_id"]),
            is_by_board=value["is_by_board"],
            parts=tuple(Part(**part) for part in value["parts"]),
            columns={int(i): (name, tuple(ids)) for i, name, ids in value["columns"]},
            done=value.get("done", {}),
        )

    def binds_estimate(self, team: TeamSettings) -> bool:
        """Whether figures rest on the estimate: those of sprints do."""
        return bool(self.boards) and self.holds(team, "estimate")

    def holds(self, team: TeamSettings, subject: str) -> bool:
        """Whether nobody has set the subject otherwise since."""
        return self.settings.get(subject, []) == settings_of(team)[subject]


def settings_of(team: TeamSettings) -> dict[str, list[Any]]:
    """What a person decides of a team's meaning, by subject, as JSON values."""
    boards, impediment = list(team.board_ids), team.impediment
    return {
        "boards": [team.project, boards],
        "estimate": [team.estimate, boards if team.estimate == "board" else []],
        "done": [team.done, list(team.done_statuses), boards],
        "nature": [impediment.nature_field],
        "flag": [impediment.flagged, impediment.flag_field],
    }


def agreed_on(
    team: TeamSettings,
    rules: TeamRules,
    boards: Sequence[Board],
    roles: FieldRoles,
    fields: Iterable[Raw] = (),
    statuses: Mapping[str, Status] = NO_STATUSES,
) -> Agreed:
    """What the team's figures mean from now on: as its rules are, of what Jira offers."""
    impediment, types = rules.impediment, {raw["id"]: type_of(raw) for raw in fields}
    flag = roles.flagged if impediment.is_flagged_counted else None
    ids = {
        "estimate": rules.estimate.field_id,
        "nature": impediment.nature_field_id,
        "flag": flag,
    }
    by_column = team.done == "board_column" and not team.done_statuses
    return Agreed(
        settings=settings_of(team),
        boards={board.id: board.name for board in boards if board.has_sprints},
        gone=tuple(board.id for board in boards if not board.is_listed),
        estimate=rules.estimate,
        is_by_board=team.estimate == "board" and is_told(boards),
        parts=tuple(
            Part(role, one, roles.names.get(one, one), types.get(one, ""))
            for role, one in ids.items()
            if one and (one in types or not types)  # else a person went on without it
        ),
        columns=last_columns(boards) if by_column else {},
        done={i: statuses[i].name for i in sorted(rules.done_status_ids) if i in statuses}
        if team.done_statuses
        else {},
    )


def last_columns(boards: Iterable[Board]) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Each board's last column that holds statuses, by its id."""
    filled = {board.id: [column for column in board.columns if column[1]] for board in boards}
    return {board_id: columns[-1] for board_id, columns in filled.items() if columns}


def kept_estimate(agreed: Agreed | None, team: TeamSettings, boards: Sequence[Board]) -> bool:
    """Whether the unit stays as agreed although nothing says so now, and never a board did."""
    return (
        agreed is not None
        and agreed.binds_estimate(team)
        and team.estimate == "board"
        and not agreed.is_by_board
        and not is_told(boards)
    )
