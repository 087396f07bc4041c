"""What a tracker holds, as plain values: the vocabulary between bot, store and metrics.

Instants are aware datetimes in UTC. Changes and work logs, of which there are millions, are tuples
with names: immutable like the rest, and four times quicker to make. Ids are the tracker's own
integers, unique within a site.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Field(StrEnum):
    """The fields whose changes matter to a figure."""

    SPRINT = "sprint"
    ESTIMATE = "estimate"
    STATUS = "status"
    LABELS = "labels"
    EPIC = "epic"
    PARENT = "parent"
    FLAGGED = "flagged"
    NATURE = "nature"
    TYPE = "type"
    PROJECT = "project"
    WORKFLOW = "workflow"


class Change(NamedTuple):
    """One change of one field of one issue.

    Values by field: SPRINT comma-joined sprint ids, ascending as given ("38,40", "" for none);
    ESTIMATE a decimal number, original estimates in seconds, None for none; STATUS the status id;
    LABELS space-joined; EPIC and PARENT the other issue's id, None for none; FLAGGED "1" or "";
    NATURE the option's text, several joined by ", "; TYPE the type's id; PROJECT the project's id;
    WORKFLOW the workflow's id: the status changes of its history are a migration, nobody's work.
    `field_id` tells which estimate or nature field it was; None for the others.
    `author` is a pseudonym, or None where the tracker names nobody. `from_name` and `to_name` are
    what the tracker called a STATUS or a SPRINT then: several sprints a line each, in the order of
    their ids, or in one line where their names cannot be told apart.
    """

    history_id: int
    ordinal: int
    at: datetime
    field: Field
    field_id: str | None
    from_value: str | None
    to_value: str | None
    author: str | None = None
    from_name: str | None = None
    to_name: str | None = None


class WorkLog(NamedTuple):
    """Time logged on an issue; it counts at `started_at`, whenever it was typed in."""

    id: int
    started_at: datetime
    seconds: int
    author: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """A tracker ticket as it is now.

    `estimates` maps estimate field ids to numbers (`timeoriginalestimate` in seconds), None for
    none; absent is what the tracker does not show. `natures` maps nature field ids to the option
    texts, sorted by name; `sprint_ids` are the sprints that the tracker lists for it now, closed
    ones included; `epic_id` is the epic it belongs to, whether by epic link or parent;
    `parent_id` is any parent; `resolved_at` is when the tracker says that it was resolved.
    `gone_at` is when a full pull no longer reached it: deleted, or not visible to the bot.
    """

    site: str
    id: int
    key: str
    project_key: str
    summary: str
    type_name: str
    is_subtask: bool
    is_epic: bool
    status_id: str
    created_at: datetime
    updated_at: datetime
    parent_id: int | None = None
    epic_id: int | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    is_flagged: bool = False
    estimates: Mapping[str, float | None] = field(default_factory=dict)
    natures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sprint_ids: tuple[int, ...] = ()
    resolved_at: datetime | None = None
    gone_at: datetime | None = None

    @property
    def owner_id(self) -> int:
        """The issue under which its time counts: of a sub-task its parent, else itself."""
        return self.parent_id if self.is_subtask and self.parent_id is not None else self.id


@dataclass(frozen=True, slots=True)
class IssueHistory:
    """An issue with all that happened to it: changes by (at, history_id, ordinal), work logs."""

    issue: Issue
    changes: tuple[Change, ...] = ()
    work_logs: tuple[WorkLog, ...] = ()


class SprintState(StrEnum):
    FUTURE = "future"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Sprint:
    """A sprint of a board.

    `started_at` is the activation time where the tracker gives it, else its start date, which is
    `planned_start_at` and can be edited;
    `completed_at` is set only for closed sprints (the planned end where the tracker has none).
    """

    site: str
    id: int
    name: str
    state: SprintState
    board_id: int | None
    goal: str = ""
    started_at: datetime | None = None
    planned_start_at: datetime | None = None
    planned_end_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed; None while it is not, or where nothing tells."""
        return self.completed_at if self.state is SprintState.CLOSED else None


@dataclass(frozen=True, slots=True)
class Board:
    """A board with the part of its configuration that figures depend on.

    `estimate_field_id` is None where the board estimates by nothing or by issue count
    (`estimates_by_count`); `columns` are (name, status ids), in order. `is_listed` is False for
    one that the tracker has no more, while other boards list its sprints.
    """

    site: str
    id: int
    name: str
    has_sprints: bool
    estimate_field_id: str | None = None
    estimates_by_count: bool = False
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """A status with its category: `new`, `indeterminate`, `done` or `undefined`.

    `is_listed` is False for one that only histories still name; its name comes from there.
    """

    site: str
    id: str
    name: str
    category: str
    is_listed: bool = True
