"""Reads pages of issues from Jira and writes each in one transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from bot.jira.client import Jira
from bot.jira.completing import NOT_WHOLE
from bot.pull.progress import Shown
from bot.pull.unread import UnreadIssues
from bot.translate import Reading, Translator, fields_to_ask
from bot.translate.hidden import hides_some, shows_sprints, with_hidden
from bot.translate.values import number
from telemetry.domain.models import Issue, IssueHistory
from telemetry.errors import TrackerError, TrackerUnavailable, UnexpectedAnswer
from telemetry.store.engine import reading, writing
from telemetry.store.history import Written, write_histories
from telemetry.store.issues import issue_key_to_id, known_among, light_issues
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.relevelled import note_relevelled
from telemetry.store.tracker import write_statuses
from telemetry.store.unread import Unread

Raw = dict[str, Any]
Note = Callable[[Connection, Sequence[IssueHistory]], None]
Keep = Callable[[Issue], bool]
EPICS = "epics named by issues before they are known"
MOST_WAITING = 20_000  # issues that name such
REJECTED = (DataError, IntegrityError, ArithmeticError, LookupError, TypeError, ValueError)
"""What a store says of a value that it cannot hold; not that it cannot be written at all."""


@dataclass(frozen=True, slots=True)
class Present:
    """An issue as it is now, with the seconds that Jira says were logged on it."""

    issue: Issue
    seconds: int


@dataclass(slots=True)
class Read:
    """What was read so far: ids seen and changed, counts of changes, the newest event.

    An issue that could not be read is seen, too: Jira has it. `showing` and `hiding` are the
    projects of issues that tell their sprints, and of those that do not.
    """

    seen: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    issues_changed: int = 0
    work_logs_changed: int = 0
    newest_at: datetime | None = None
    has_new_statuses: bool = False
    has_hidden_fields: bool = False
    showing: set[str] = field(default_factory=set)
    hiding: set[str] = field(default_factory=set)

    def note(self, histories: list[IssueHistory], written: Written, now: datetime) -> None:
        """Note what was written; what is dated after Jira's `now` is no event yet."""
        self.seen.update(history.issue.id for history in histories)
        self.changed.update(written.issue_ids)
        self.issues_changed += written.issues
        self.work_logs_changed += written.work_logs
        past = [at for history in histories if (at := history.issue.updated_at) <= now]
        known = [] if self.newest_at is None else [self.newest_at]
        self.newest_at = max((*past, *known), default=None)


class Crawl:
    """The reading and writing of one pull of one site."""

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        translator: Translator,
        known_status_ids: Iterable[str],
        shown: Shown,
        unread: UnreadIssues,
        now: Callable[[], datetime],
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._fields = fields_to_ask(translator.roles)
        self._translator = translator
        self._status_ids = set(known_status_ids)
        self._shown = shown
        self.unread = unread
        self._now = now
        self._epic_ids: dict[str, int] = {}  # by key
        self._epic_keys: dict[int, str] = {}  # of issues read before the epic they name
        self.read = Read()

    def begin(self, what: str, jql: str | None = None) -> None:
        """Tell who watches what is read from now on, and how many issues that are by the JQL."""
        self._shown.begin(what, None if jql is None else self._jira.count(jql))

    def search(self, jql: str, note: Note | None = None) -> None:
        """Read every issue that the query finds; `note` is called in each page's transaction.

        Where Jira cannot give a page as a whole, its issues are read one by one.
        """
        try:
            self._write(self._jira.search(jql, self._fields), note=note)
        except TrackerError as error:
            if error.is_of_site or not _is_of_content(error):
                raise
        else:
            return
        self.issues(self._jira.search_ids(jql))  # only now: an error keeps the page it is about

    def issues(self, ids: Iterable[int], keep: Keep | None = None) -> None:
        """Read these issues; those out of reach are passed over, and those not to be kept."""
        wanted = sorted(set(ids) - self.read.seen)
        if wanted:
            self._read(wanted, keep)
            self.unread.forget(set(wanted) - self.read.seen)

    def retry(self) -> None:
        """Read again what could not be read earlier: what fails for good costs one try a pull."""
        with self._jira.hasty():
            self.issues(self.unread.left_out)

    def present(self, jql: str) -> Iterator[list[Present]]:
        """Pages of issues as they are now, without what happened to them.

        Nothing is written, but of those that cannot be read so: they are read as a whole.
        """
        light = [name for name in self._fields if name != "worklog"]
        for page in self._jira.search(jql, light, with_changelog=False):
            count, (found, odd) = len(page), self._present(page)
            del page  # not to hold it while the next is made
            self._jira.standstill.progressed()
            yield found
            self.issues(odd)
            self._shown.advance(count)

    def _present(self, page: list[Raw]) -> tuple[list[Present], list[int]]:
        """The issues of a page, and the ids of those that cannot be read so."""
        with reading(self._engine) as connection:
            self._learn_epics(connection, page)
        found, odd = [], []
        for raw in page:
            try:
                issue = self._translator.read(raw, self._epic_ids.get).history.issue
            except UnexpectedAnswer:
                odd.append(int(raw["id"]))
            else:
                found.append(Present(issue, int(number(raw["fields"].get("timespent")) or 0)))
        return found, odd

    def settle_epics(self) -> None:
        """Read again the issues that named an epic which was read only after them.

        That may be in a later pull: an epic that was moved has a new key, which its issues name
        before it is read. So those that name one which is not known are kept for the next.
        """
        with reading(self._engine) as connection:
            waiting = read_cursor(connection, self._jira.site, EPICS) or {}
            asked = {int(issue_id): key for issue_id, key in waiting.items()} | self._epic_keys
            known = issue_key_to_id(connection, self._jira.site, asked.values())
        late = [issue_id for issue_id, key in asked.items() if key in known]
        if late:
            self._read(late, None)
        still = {str(issue_id): key for issue_id, key in asked.items() if key not in known}
        if still != waiting and len(still) <= MOST_WAITING:
            with writing(self._engine) as connection:
                write_cursor(connection, self._jira.site, EPICS, still)

    def _read(self, ids: Sequence[int], keep: Keep | None) -> None:
        """Read these issues; where Jira refuses them together, half by half, to the broken one."""
        try:
            self._write(self._jira.issues(ids, self._fields), keep=keep)
        except TrackerError as error:
            if error.is_of_site:
                raise
            if len(ids) == 1:
                self._leave_out({"id": ids[0]}, str(error))
                return
        else:
            return
        half = len(ids) // 2
        with self._jira.hasty():
            self._read(ids[:half], keep)
            self._read(ids[half:], keep)

    def _leave_out(self, raw: Raw, sentence: str) -> None:
        with writing(self._engine) as connection:
            left = self.unread.whole(connection, raw, sentence)
            self.unread.settle(connection, [left.about_id], [left])
        self.read.seen.add(left.about_id)

    def _write(
        self, pages: Iterator[list[Raw]], note: Note | None = None, keep: Keep | None = None
    ) -> None:
        for page in pages:
            if page:
                before = len(self.read.seen)
                self._write_page(page, note, keep)
                if len(self.read.seen) > before:
                    self._jira.standstill.progressed()
                self._shown.advance(len(page))
            del page  # not to hold it while the next is made

    def _write_page(self, page: list[Raw], note: Note | None, keep: Keep | None) -> None:
        """Write a page; where the store rejects it, issue by issue, to leave out the broken one."""
        try:
            self._write_some(page, note, keep)
        except REJECTED as error:
            if len(page) == 1:
                self._leave_out(page[0], f"the store cannot hold it ({type(error).__name__})")
                return
            for raw in page:
                self._write_page([raw], note, keep)

    def _write_some(self, page: list[Raw], note: Note | None, keep: Keep | None) -> None:
        unlisted = self._translator.unlisted_statuses(page, self._status_ids)
        with writing(self._engine) as connection:
            if unlisted:
                write_statuses(connection, unlisted)
            self._learn_epics(connection, page)
            histories, unread = self._translated(connection, page, keep)
            written = write_histories(connection, histories)
            if written.moves:
                note_relevelled(connection, self._jira.site, written.moves, self._now())
            self.unread.settle(connection, [one.issue.id for one in histories], unread)
            if note is not None and histories:
                note(connection, histories)
        self.read.seen.update(one.about_id for one in unread)
        if not histories:
            return
        keys = {int(raw["id"]): self._translator.epic_key(raw) for raw in page}
        for history in histories:
            if history.issue.epic_id is None and (key := keys[history.issue.id]):
                self._epic_keys[history.issue.id] = key
        if unlisted:
            self._status_ids |= {status.id for status in unlisted}
            self.read.has_new_statuses = True
        self.read.note(histories, written, self._now())

    def _translated(
        self, connection: Connection, page: list[Raw], keep: Keep | None
    ) -> tuple[list[IssueHistory], list[Unread]]:
        """The page's issues that are to be kept, and what of them could not be read."""
        histories: list[IssueHistory] = []
        unread: list[Unread] = []
        known = self._known_of_hidden(connection, page)
        for raw in page:
            try:
                read = self._whole(raw)
            except UnexpectedAnswer as error:
                left = self.unread.whole(connection, raw, str(error))
                if keep is None or known_among(connection, self._jira.site, [left.about_id]):
                    unread.append(left)
                continue
            past = known.get(read.history.issue.id)
            if past is not None:
                roles, is_counted = self._translator.roles, self._translator.is_counted
                mended, hidden = with_hidden(read.history, raw, roles, past, is_counted)
                self.read.has_hidden_fields |= bool(hidden)
                read = read._replace(history=mended, named=(*read.named, *hidden))
            if keep is None or keep(read.history.issue):
                self._note_sprints(read.history.issue, raw)
                histories.append(read.history)
                unread += self.unread.parts(read)
        return histories, unread

    def _known_of_hidden(self, connection: Connection, page: list[Raw]) -> dict[int, Issue]:
        """The issues of the page as last known of which Jira does not show all that we ask for."""
        ids = [
            int(raw["id"])
            for raw in page
            if isinstance(raw.get("fields"), dict) and hides_some(raw, self._translator.roles)
        ]
        return light_issues(connection, self._jira.site, ids) if ids else {}

    def _note_sprints(self, issue: Issue, raw: Raw) -> None:
        if not issue.is_subtask:
            is_shown = shows_sprints(raw, self._translator.roles)
            (self.read.showing if is_shown else self.read.hiding).add(issue.project_key)

    def _whole(self, raw: Raw) -> Reading:
        """The issue; raises UnexpectedAnswer where it cannot be read as a whole."""
        if NOT_WHOLE in raw:
            raise UnexpectedAnswer(raw[NOT_WHOLE])
        return self._translator.read(raw, self._epic_ids.get)

    def _learn_epics(self, connection: Connection, page: list[Raw]) -> None:
        """Find the ids of the epics that a page names by key."""
        named = {key for raw in page if (key := self._translator.epic_key(raw))}
        unknown = named - self._epic_ids.keys()
        if unknown:
            self._epic_ids |= issue_key_to_id(connection, self._jira.site, unknown)
            self._epic_ids |= {
                raw["key"]: int(raw["id"])
                for raw in page
                if isinstance(raw.get("key"), str) and raw["key"] in unknown
            }


def _is_of_content(error: TrackerError) -> bool:
    """Whether one issue may have caused it, rather than the query or a permission."""
    return isinstance(error, UnexpectedAnswer | TrackerUnavailable)
