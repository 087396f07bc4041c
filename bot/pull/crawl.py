"""Reads pages of issues from Jira and writes each in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from bot.jira.client import Jira
from bot.pull.progress import Shown
from bot.translate import Translator, fields_to_ask
from telemetry.domain.models import Issue, IssueHistory
from telemetry.store.engine import reading, writing
from telemetry.store.history import Written, write_histories
from telemetry.store.issues import issue_key_to_id
from telemetry.store.tracker import write_statuses

Raw = dict[str, Any]
Note = Callable[[Connection, Sequence[IssueHistory]], None]
Keep = Callable[[Issue], bool]


@dataclass(frozen=True, slots=True)
class Present:
    """An issue as it is now, with the seconds that Jira says were logged on it."""

    issue: Issue
    seconds: int


@dataclass(slots=True)
class Read:
    """What was read so far: ids seen and changed, counts of changes, the newest event."""

    seen: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    issues_changed: int = 0
    work_logs_changed: int = 0
    newest_at: datetime | None = None
    has_new_statuses: bool = False

    def note(self, histories: list[IssueHistory], written: Written) -> None:
        self.seen.update(history.issue.id for history in histories)
        self.changed.update(written.issue_ids)
        self.issues_changed += written.issues
        self.work_logs_changed += written.work_logs
        newest = max(history.issue.updated_at for history in histories)
        self.newest_at = newest if self.newest_at is None else max(self.newest_at, newest)


class Crawl:
    """The reading and writing of one pull of one site."""

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        translator: Translator,
        known_status_ids: Iterable[str],
        shown: Shown,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._fields = fields_to_ask(translator.roles)
        self._translator = translator
        self._status_ids = set(known_status_ids)
        self._shown = shown
        self._epic_ids: dict[str, int] = {}  # by key
        self._epic_keys: dict[int, str] = {}  # of issues read before the epic they name
        self.read = Read()

    def begin(self, what: str, jql: str | None = None) -> None:
        """Tell who watches what is read from now on, and how many issues that are by the JQL."""
        self._shown.begin(what, None if jql is None else self._jira.count(jql))

    def search(self, jql: str, note: Note | None = None) -> None:
        """Read every issue that the query finds; `note` is called in each page's transaction."""
        self._write(self._jira.search(jql, self._fields), note=note)

    def issues(self, ids: Iterable[int], keep: Keep | None = None) -> None:
        """Read these issues; those out of reach are passed over, and those not to be kept."""
        wanted = sorted(set(ids) - self.read.seen)
        if wanted:
            self._write(self._jira.issues(wanted, self._fields), keep=keep)

    def present(self, jql: str) -> Iterator[list[Present]]:
        """Pages of issues as they are now, without what happened to them; nothing is written."""
        light = [name for name in self._fields if name != "worklog"]
        for page in self._jira.search(jql, light, with_changelog=False):
            with reading(self._engine) as connection:
                self._learn_epics(connection, page)
            yield [
                Present(
                    self._translator.issue(raw, self._epic_ids.get).issue,
                    int(raw["fields"].get("timespent") or 0),
                )
                for raw in page
            ]
            self._shown.advance(len(page))

    def settle_epics(self) -> None:
        """Read again the issues that named an epic which was read only after them."""
        with reading(self._engine) as connection:
            known = issue_key_to_id(connection, self._jira.site, self._epic_keys.values())
        late = [issue_id for issue_id, key in self._epic_keys.items() if key in known]
        if late:
            self._write(self._jira.issues(late, self._fields))

    def _write(
        self, pages: Iterator[list[Raw]], note: Note | None = None, keep: Keep | None = None
    ) -> None:
        for page in pages:
            if page:
                self._write_page(page, note, keep)

    def _write_page(self, page: list[Raw], note: Note | None, keep: Keep | None) -> None:
        unlisted = self._translator.unlisted_statuses(page, self._status_ids)
        with writing(self._engine) as connection:
            if unlisted:
                write_statuses(connection, unlisted)
            self._learn_epics(connection, page)
            histories = [self._translator.issue(raw, self._epic_ids.get) for raw in page]
            if keep is not None:
                histories = [history for history in histories if keep(history.issue)]
            if not histories:
                return
            written = write_histories(connection, histories)
            if note is not None:
                note(connection, histories)
        keys = {int(raw["id"]): self._translator.epic_key(raw) for raw in page}
        for history in histories:
            if history.issue.epic_id is None and (key := keys[history.issue.id]):
                self._epic_keys[history.issue.id] = key
        if unlisted:
            self._status_ids |= {status.id for status in unlisted}
            self.read.has_new_statuses = True
        self.read.note(histories, written)
        self._shown.advance(len(page))

    def _learn_epics(self, connection: Connection, page: list[Raw]) -> None:
        """Find the ids of the epics that a page names by key."""
        named = {key for raw in page if (key := self._translator.epic_key(raw))}
        unknown = named - self._epic_ids.keys()
        if unknown:
            self._epic_ids |= issue_key_to_id(connection, self._jira.site, unknown)
            self._epic_ids |= {raw["key"]: int(raw["id"]) for raw in page if raw["key"] in unknown}
