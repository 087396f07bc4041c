"""Issues that leave: to another project, or for good."""

from bot.simulator.events import Event
from bot.simulator.issue_acts import IssueActs
from bot.simulator.state import DeletedWorkLog, History, Instant, Issue, Item, milliseconds


class IssueMoves(IssueActs):
    """Moves and deletion of issues."""

    def move_to_project(self, issue: Issue, project: int, at: Instant) -> History:
        """Moves an issue with its sub-tasks: new keys, the same ids; old keys go on resolving."""
        old, new = self.projects[issue.project], self.projects[project]
        new.last_number += 1
        key = f"{new.key}-{new.last_number}"
        items = [
            Item("project", str(old.id), old.name, str(new.id), new.name),
            Item("key", None, issue.key, None, key),
        ]
        self.unindex(issue)
        issue.project, issue.key = new.id, key
        self.index(issue)
        self.keys[key] = issue.id
        history = self.record(issue, items, at)
        for sub_task in issue.subtasks:
            self.move_to_project(self.issues[sub_task], project, at)
        return history

    def delete_issue(self, issue: Issue, at: Instant) -> None:
        """Deletes an issue with its sub-tasks and work logs; searches keep no tombstone."""
        self.tell(Event("jira:issue_deleted", milliseconds(at), issue))
        for sub_task in list(issue.subtasks):
            self.delete_issue(self.issues[sub_task], at)
        if issue.parent is not None:
            self.issues[issue.parent].subtasks.remove(issue.id)
        for child in list(self.by_epic.get(issue.id, {})):
            self.unindex(self.issues[child])
            self.issues[child].epic = None
            self.index(self.issues[child])
        self.forget_work_logs(issue, milliseconds(at))
        self.unindex(issue)
        del self.issues[issue.id]
        self.deleted_issues.append((milliseconds(at), issue))

    def forget_work_logs(self, issue: Issue, at: int) -> None:
        """Drops the work logs of an issue that is being deleted."""
        for log in issue.work_logs:
            del self.work_logs[log]
            self.deleted_work_logs.append(DeletedWorkLog(log, at))
        issue.work_logs = []
