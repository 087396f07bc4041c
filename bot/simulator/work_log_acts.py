"""What people do to work logs; their histories date the entry, not the work."""

from bot.simulator.events import Event
from bot.simulator.issue_acts import IssueActs
from bot.simulator.state import DeletedWorkLog, Instant, Issue, Item, WorkLog, milliseconds


class WorkLogActs(IssueActs):
    """Logging, correcting and deleting work."""

    def spent_seconds(self, issue: Issue) -> int:
        return sum(self.work_logs[log].seconds for log in issue.work_logs)

    def log_work(
        self,
        issue: Issue,
        author: int | None,
        started_at: Instant,
        seconds: int,
        at: Instant,
        *,
        comment: str = "",
        touches_issue: bool = True,
    ) -> WorkLog:
        """Logs work typed in at `at`; one history holds timespent, timeestimate, WorklogId.

        Without `touches_issue` the issue gets no history and keeps its `updated`.
        """
        instant = milliseconds(at)
        spent = self.spent_seconds(issue)
        log = WorkLog(
            id=self.next_id("work_log"),
            issue=issue.id,
            author=author,
            started_at=milliseconds(started_at),
            seconds=seconds,
            created_at=instant,
            updated_at=instant,
            comment=comment,
        )
        self.insert_work_log(issue, log)
        items = [self._spent_item(spent, spent + seconds), *self._reduce_remaining(issue, seconds)]
        items.append(Item("work_log_added", None, None, str(log.id), str(log.id)))
        if touches_issue:
            self.record(issue, items, instant, author)
        self.tell(Event("worklog_created", instant, work_log=log))
        return log

    def edit_work_log(
        self,
        log: WorkLog,
        at: Instant,
        *,
        seconds: int | None = None,
        started_at: Instant | None = None,
        comment: str | None = None,
        touches_issue: bool = True,
    ) -> None:
        """Corrects a work log; the time spent changes, the log keeps its id."""
        issue = self.issues[log.issue]
        spent = self.spent_seconds(issue)
        items = [Item("work_log_edited", str(log.id), str(log.id), str(log.id), str(log.id))]
        if seconds is not None and seconds != log.seconds:
            items.insert(0, self._spent_item(spent, spent - log.seconds + seconds))
            log.seconds = seconds
        if started_at is not None:
            log.started_at = milliseconds(started_at)
        if comment is not None:
            log.comment = comment
        log.updated_at = milliseconds(at)
        self.note_update(log)
        if touches_issue:
            self.record(issue, items, at, log.author)
        self.tell(Event("worklog_updated", log.updated_at, work_log=log))

    def delete_work_log(self, log: WorkLog, at: Instant, *, touches_issue: bool = True) -> None:
        """Deletes a work log; its id shows up in `/worklog/deleted`."""
        issue = self.issues[log.issue]
        spent = self.spent_seconds(issue)
        issue.work_logs.remove(log.id)
        del self.work_logs[log.id]
        self.deleted_work_logs.append(DeletedWorkLog(log.id, milliseconds(at)))
        items = [
            self._spent_item(spent, spent - log.seconds),
            Item("work_log_deleted", str(log.id), str(log.id), None, None),
        ]
        if touches_issue:
            self.record(issue, items, at, log.author)
        self.tell(Event("worklog_deleted", milliseconds(at), work_log=log))

    def _spent_item(self, old: int, new: int) -> Item:
        before = str(old) if old else None
        after = str(new)
        return Item("spent", before, before, after, after)

    def _reduce_remaining(self, issue: Issue, seconds: int) -> list[Item]:
        before = None if issue.remaining_seconds is None else str(issue.remaining_seconds)
        issue.remaining_seconds = max(0, (issue.remaining_seconds or 0) - seconds)
        after = str(issue.remaining_seconds)
        if before == after:
            return []
        return [Item("remaining", before, before, after, after)]
