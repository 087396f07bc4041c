"""The registers of a simulated Jira site and the indexes that keep searches fast."""

import threading
from bisect import insort
from collections.abc import Callable, Iterator, Sequence

from bot.simulator.events import Event
from bot.simulator.journal import Journal
from bot.simulator.state import (
    Board,
    Column,
    DeletedWorkLog,
    Instant,
    Issue,
    IssueType,
    Project,
    Sprint,
    Status,
    User,
    WorkLog,
    milliseconds,
    type_of_bug,
    type_of_epic,
    type_of_story,
    type_of_sub_task,
    type_of_task,
)

_types = (
    IssueType(type_of_epic, "Epic", 1),
    IssueType(type_of_story, "Story", 0),
    IssueType(type_of_task, "Task", 0),
    IssueType(type_of_sub_task, "Sub-task", -1),
    IssueType(type_of_bug, "Bug", 0),
)
_statuses = (
    Status("10000", "To Do", "new"),
    Status("3", "In Progress", "indeterminate"),
    Status("10002", "In Review", "indeterminate"),
    Status("10001", "Done", "done"),
    Status("10003", "Blocked", "indeterminate"),
    Status("6", "Closed", "done"),
)


class UnknownThing(LookupError):
    """Something was asked for by an id or a key that this site does not have."""


class Site:
    """All records of one site. `lock` must be held while it is read or changed by threads."""

    def __init__(self, timezone: str = "Etc/UTC") -> None:
        self.lock = threading.RLock()
        self.timezone = timezone
        self.users: dict[int, User] = {}
        self.projects: dict[int, Project] = {}
        self.boards: dict[int, Board] = {}
        self.sprints: dict[int, Sprint] = {}
        self.issues: dict[int, Issue] = {}
        self.work_logs: dict[int, WorkLog] = {}
        self.deleted_work_logs: list[DeletedWorkLog] = []
        self.deleted_issues: list[tuple[int, Issue]] = []
        """With the instants: a search index that lags behind still has them."""
        self.statuses = {status.id: status for status in _statuses}
        self.types = {kind.id: kind for kind in _types}
        self.keys: dict[str, int] = {}
        self.natures: dict[str, str] = {}
        self.components: dict[str, str] = {}
        self.hidden_projects: set[int] = set()
        self.by_project: dict[int, dict[int, None]] = {}
        self.by_sprint: dict[int, dict[int, None]] = {}
        self.by_type: dict[str, dict[int, None]] = {}
        self.by_epic: dict[int, dict[int, None]] = {}
        self.listeners: list[Callable[[Event], None]] = []
        self.revision = 0
        """Grows with whatever may change the finds of a search."""
        self._log_updates = Journal()
        self._touches = Journal()
        self._last_ids = {"user": 0, "project": 10000, "board": 0, "sprint": 0, "issue": 10000}
        self._last_ids |= {"history": 10000, "work_log": 10000, "nature": 10100, "component": 10500}

    def next_id(self, kind: str) -> int:
        self._last_ids[kind] += 1
        return self._last_ids[kind]

    def add_user(self, name: str, email: str, timezone: str = "Etc/UTC") -> User:
        user = User(self.next_id("user"), name, email, timezone)
        self.users[user.id] = user
        return user

    def add_project(self, key: str, name: str, lead: int) -> Project:
        project = Project(self.next_id("project"), key, name, lead)
        self.projects[project.id] = project
        self.by_project[project.id] = {}
        return project

    def add_status(self, name: str, category: str) -> Status:
        status = Status(str(10010 + len(self.statuses)), name, category)
        self.statuses[status.id] = status
        return status

    def add_board(
        self,
        project: int,
        name: str,
        kind: str = "scrum",
        estimation: str = "points",
        columns: Sequence[Column] = (),
    ) -> Board:
        """A board; without `columns` it gets To Do, In Progress, In Review and Done."""
        usual = [
            Column("To Do", ("10000",)),
            Column("In Progress", ("3", "10003")),
            Column("In Review", ("10002",)),
            Column("Done", ("10001", "6")),
        ]
        board = Board(
            id=self.next_id("board"),
            name=name,
            kind=kind,
            project=project,
            columns=list(columns) or usual,
            estimation=estimation,
            has_sprints=kind != "kanban",
        )
        self.boards[board.id] = board
        return board

    def nature_id(self, nature: str) -> str:
        """The option id of a nature in the select field, made when first used."""
        if nature not in self.natures:
            self.natures[nature] = str(self.next_id("nature"))
        return self.natures[nature]

    def component_id(self, component: str) -> str:
        """The id of a component, made when first used."""
        if component not in self.components:
            self.components[component] = str(self.next_id("component"))
        return self.components[component]

    def issue(self, id_or_key: int | str) -> Issue:
        """The issue of that id, present key or old key; raises UnknownThing."""
        found: Issue | None = None
        if isinstance(id_or_key, int):
            found = self.issues.get(id_or_key)
        elif id_or_key.isdecimal():
            found = self.issues.get(int(id_or_key))
        else:
            found = self.issues.get(self.keys.get(id_or_key.upper(), 0))
        if found is None:
            raise UnknownThing(f"there is no issue {id_or_key}")
        return found

    def project(self, id_or_key: int | str) -> Project:
        """The project of that id or key; raises UnknownThing."""
        text = str(id_or_key)
        for project in self.projects.values():
            keys = (project.key, *project.old_keys)
            if text.upper() in keys or str(project.id) == text:
                return project
        raise UnknownThing(f"there is no project {id_or_key}")

    def sprints_of(self, issue: Issue) -> tuple[int, ...]:
        """The sprints an issue is in; a sub-task is where its parent is."""
        if issue.parent is None:
            return issue.sprints
        parent = self.issues.get(issue.parent)
        return parent.sprints if parent else ()

    def tell(self, event: Event) -> None:
        """Lets those who listen know; they must be quick."""
        for listener in self.listeners:
            listener(event)

    def touch(self, issue: Issue, at: Instant) -> None:
        """Bumps `updated`, as a comment does."""
        self.bump(issue, at)
        self.tell(Event("jira:issue_updated", milliseconds(at), issue))

    def bump(self, issue: Issue, at: Instant) -> None:
        """Moves `updated` on, as every recorded change does."""
        self.revision += 1
        instant = milliseconds(at)
        issue.updated_at = max(issue.updated_at, instant)
        self._touches.add(issue.updated_at, issue.id)

    def touched_since(self, at: int) -> list[int]:
        """Ids of the issues whose `updated` is at or after `at`, oldest first."""
        recent = self._touches.since(at)
        return list(dict.fromkeys(number for _, number in recent if number in self.issues))

    def index(self, issue: Issue) -> None:
        """Enters an issue into the indexes, after its creation or a change of place."""
        self.by_project[issue.project][issue.id] = None
        self.by_type.setdefault(issue.type, {})[issue.id] = None
        for sprint in issue.sprints:
            self.by_sprint.setdefault(sprint, {})[issue.id] = None
        if issue.epic is not None:
            self.by_epic.setdefault(issue.epic, {})[issue.id] = None

    def unindex(self, issue: Issue) -> None:
        """Takes an issue out of the indexes, before a change of place or its deletion."""
        self.revision += 1
        self.by_project[issue.project].pop(issue.id, None)
        self.by_type.get(issue.type, {}).pop(issue.id, None)
        for sprint in issue.sprints:
            self.by_sprint.get(sprint, {}).pop(issue.id, None)
        if issue.epic is not None:
            self.by_epic.get(issue.epic, {}).pop(issue.id, None)

    def note_update(self, log: WorkLog) -> None:
        """Enters a work log's `updated_at` into the site's list of them."""
        self._log_updates.add(log.updated_at, log.id)

    def updated_work_logs(self, since: int) -> Iterator[tuple[int, int]]:
        """The instants and ids of all work logs updated since then, oldest first."""
        for at, number in self._log_updates.since(since):
            log = self.work_logs.get(number)
            if log is not None and log.updated_at == at:
                yield at, number

    def insert_work_log(self, issue: Issue, log: WorkLog) -> None:
        self.work_logs[log.id] = log
        insort(issue.work_logs, log.id)
        self.note_update(log)
