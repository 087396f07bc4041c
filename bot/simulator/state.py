"""What a Jira site holds: plain records, instants as epoch milliseconds in UTC."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

type_of_epic: Final = "10000"
type_of_story: Final = "10001"
type_of_task: Final = "10002"
type_of_sub_task: Final = "10003"
type_of_bug: Final = "10004"

Instant = datetime | int
"""An aware datetime, or epoch milliseconds."""


def milliseconds(at: Instant) -> int:
    """The instant as epoch milliseconds; raises ValueError for a naive datetime."""
    if isinstance(at, int):
        return at
    if at.tzinfo is None:
        raise ValueError(f"the instant {at} has no time zone")
    return round(at.timestamp() * 1000)


def moment(at: int) -> datetime:
    """Epoch milliseconds as an aware datetime in UTC."""
    return datetime.fromtimestamp(at / 1000, tz=UTC)


@dataclass(slots=True)
class User:
    id: int
    name: str
    email: str
    timezone: str
    active: bool = True


@dataclass(slots=True, frozen=True)
class Status:
    id: str
    name: str
    category: str
    """`new`, `indeterminate` or `done`."""


@dataclass(slots=True, frozen=True)
class IssueType:
    id: str
    name: str
    level: int
    """1 for epics, 0 for stories and the like, -1 for sub-tasks."""


@dataclass(slots=True)
class Project:
    id: int
    key: str
    name: str
    lead: int
    last_number: int = 0
    old_keys: tuple[str, ...] = ()  # it goes on answering to them
    statuses: tuple[str, ...] = ()  # of its workflow; empty for all of the site


class Column(NamedTuple):
    name: str
    statuses: tuple[str, ...]


@dataclass(slots=True)
class Board:
    id: int
    name: str
    kind: str
    """`scrum`, `kanban` or `simple`."""
    project: int
    columns: list[Column]
    estimation: str = "points"
    """`points`, `issueCount` or `timeoriginalestimate`."""
    has_sprints: bool = True
    foreign_sprints: list[int] = field(default_factory=list)
    """Ids of other boards' sprints that this board also lists."""


@dataclass(slots=True)
class Sprint:
    id: int
    name: str
    board: int
    state: str = "future"
    goal: str = ""
    start_at: int | None = None
    end_at: int | None = None
    activated_at: int | None = None
    complete_at: int | None = None


class Item(NamedTuple):
    """One changed field; `code` names it whatever the flavour calls it."""

    code: str
    old: str | None
    old_text: str | None
    new: str | None
    new_text: str | None


@dataclass(slots=True)
class History:
    id: int
    at: int
    author: int | None
    items: tuple[Item, ...]


@dataclass(slots=True)
class WorkLog:
    id: int
    issue: int
    author: int | None
    started_at: int
    seconds: int
    created_at: int
    updated_at: int
    comment: str = ""


@dataclass(slots=True)
class Issue:
    id: int
    key: str
    project: int
    type: str
    summary: str
    status: str
    created_at: int
    updated_at: int
    reporter: int
    assignee: int | None = None
    points: float | None = None
    original_seconds: int | None = None
    remaining_seconds: int | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    epic: int | None = None
    parent: int | None = None
    sprints: tuple[int, ...] = ()
    is_flagged: bool = False
    nature: str | None = None
    resolved_at: int | None = None
    is_hidden: bool = False
    histories: list[History] = field(default_factory=list)
    work_logs: list[int] = field(default_factory=list)
    subtasks: list[int] = field(default_factory=list)


@dataclass(slots=True)
class DeletedWorkLog:
    id: int
    at: int
