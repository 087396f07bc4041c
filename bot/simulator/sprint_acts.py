"""What people do to sprints: only the issues' membership leaves histories."""

from collections.abc import Iterable

from bot.simulator.events import Event
from bot.simulator.issue_acts import IssueActs
from bot.simulator.state import History, Instant, Issue, Item, Sprint, milliseconds


class SprintActs(IssueActs):
    """Planning, start, closure and repair of sprints. Sprint events touch no issue."""

    def create_sprint(self, board: int, name: str, goal: str = "") -> Sprint:
        """A future sprint, without dates."""
        sprint = Sprint(self.next_id("sprint"), name, board, goal=goal)
        self.sprints[sprint.id] = sprint
        self.by_sprint[sprint.id] = {}
        self.tell(Event("sprint_created", None, sprint=sprint))
        return sprint

    def start_sprint(
        self, sprint: Sprint, end_at: Instant, at: Instant, start_at: Instant | None = None
    ) -> None:
        """Activates a sprint; `start_at` may be set back before the real activation."""
        sprint.state = "active"
        sprint.activated_at = milliseconds(at)
        sprint.start_at = sprint.activated_at if start_at is None else milliseconds(start_at)
        sprint.end_at = milliseconds(end_at)
        self.tell(Event("sprint_started", sprint.activated_at, sprint=sprint))

    def close_sprint(self, sprint: Sprint, destination: Sprint | None, at: Instant) -> list[Issue]:
        """Completes a sprint and returns its incomplete issues.

        They keep the closed sprint. With a destination, each also gets a Sprint item
        (`38` to `38, 40`); sent to the backlog, none.
        """
        sprint.state = "closed"
        sprint.complete_at = milliseconds(at)
        self.tell(Event("sprint_closed", sprint.complete_at, sprint=sprint))
        board = self.boards[sprint.board]
        done = {status for column in board.columns[-1:] for status in column.statuses}
        members = [self.issues[number] for number in self.by_sprint[sprint.id]]
        unfinished = [issue for issue in members if issue.status not in done]
        if destination is not None:
            for issue in unfinished:
                self.move_to_sprint(issue, destination, at)
        return unfinished

    def reopen_sprint(self, sprint: Sprint) -> None:
        """Makes a closed sprint active again; its completion is forgotten."""
        sprint.state = "active"
        sprint.complete_at = None
        self.tell(Event("sprint_updated", None, sprint=sprint))

    def rename_sprint(self, sprint: Sprint, name: str) -> None:
        """Renames a sprint; names in old histories stay."""
        sprint.name = name
        self.revision += 1
        self.tell(Event("sprint_updated", None, sprint=sprint))

    def redate_sprint(
        self, sprint: Sprint, start_at: Instant | None = None, end_at: Instant | None = None
    ) -> None:
        """Edits the dates of a sprint, which Jira allows at any time."""
        if start_at is not None:
            sprint.start_at = milliseconds(start_at)
        if end_at is not None:
            sprint.end_at = milliseconds(end_at)
        self.tell(Event("sprint_updated", None, sprint=sprint))

    def delete_sprint(self, sprint: Sprint, at: Instant, *, touches_issues: bool = False) -> None:
        """Deletes a sprint; its issues leave it, in silence or each with a Sprint item."""
        self.tell(Event("sprint_deleted", milliseconds(at), sprint=sprint))
        for number in list(self.by_sprint[sprint.id]):
            issue = self.issues[number]
            kept = tuple(each for each in issue.sprints if each != sprint.id)
            if touches_issues:
                self._set_sprints(issue, kept, at, None)
            else:
                self.unindex(issue)
                issue.sprints = kept
                self.index(issue)
        del self.by_sprint[sprint.id]
        del self.sprints[sprint.id]
        for board in self.boards.values():
            board.foreign_sprints = [s for s in board.foreign_sprints if s != sprint.id]

    def move_to_sprint(
        self, issue: Issue, sprint: Sprint, at: Instant, author: int | None = None
    ) -> History | None:
        """Puts an issue into a sprint; closed ones it was in stay, an open one is left."""
        kept = [each for each in issue.sprints if self.sprints[each].state == "closed"]
        if sprint.id in kept:
            kept.remove(sprint.id)
        return self._set_sprints(issue, [*kept, sprint.id], at, author)

    def remove_from_sprint(
        self, issue: Issue, at: Instant, author: int | None = None
    ) -> History | None:
        """Sends an issue back to the backlog; closed sprints it was in stay."""
        kept = [each for each in issue.sprints if self.sprints[each].state == "closed"]
        return self._set_sprints(issue, kept, at, author)

    def _set_sprints(
        self, issue: Issue, sprints: Iterable[int], at: Instant, author: int | None
    ) -> History | None:
        new = tuple(sprints)
        if new == issue.sprints:
            return None
        item = Item(
            "sprint",
            ", ".join(map(str, issue.sprints)),
            ", ".join(self.sprints[each].name for each in issue.sprints),
            ", ".join(map(str, new)),
            ", ".join(self.sprints[each].name for each in new),
        )
        self.unindex(issue)
        issue.sprints = new
        self.index(issue)
        return self.record(issue, [item], at, author)
