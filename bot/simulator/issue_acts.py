"""What people do to issues, and the histories that Jira writes of it."""

from collections.abc import Sequence

from bot.simulator.events import Event
from bot.simulator.site import Site
from bot.simulator.state import (
    History,
    Instant,
    Issue,
    Item,
    milliseconds,
    moment,
    type_of_story,
    type_of_sub_task,
)


def number_text(value: float | None) -> str | None:
    """A number as changelogs spell it: `3`, `0.5`, None."""
    return None if value is None else f"{value:g}"


class IssueActs(Site):
    """Creation and edits of issues."""

    def record(
        self, issue: Issue, items: Sequence[Item], at: Instant, author: int | None = None
    ) -> History:
        """Appends one history and bumps `updated`; raises ValueError for one out of order."""
        instant = milliseconds(at)
        last = issue.histories[-1].at if issue.histories else issue.created_at
        if instant < last:
            raise ValueError(f"{issue.key} already has a history later than {moment(instant)}")
        by = author if author is not None else (issue.assignee or issue.reporter)
        history = History(self.next_id("history"), instant, by, tuple(items))
        issue.histories.append(history)
        self.bump(issue, instant)
        self.tell(Event("jira:issue_updated", instant, issue, history))
        return history

    def create_issue(
        self,
        project: int,
        summary: str,
        at: Instant,
        *,
        kind: str = type_of_story,
        reporter: int = 1,
        assignee: int | None = None,
        status: str = "10000",
        points: float | None = None,
        original_seconds: int | None = None,
        labels: Sequence[str] = (),
        components: Sequence[str] = (),
        epic: int | None = None,
        parent: int | None = None,
        sprint: int | None = None,
        nature: str | None = None,
    ) -> Issue:
        """A new issue. What is set here, sprint membership included, leaves no change."""
        instant = milliseconds(at)
        home = self.projects[project]
        home.last_number += 1
        issue = Issue(
            id=self.next_id("issue"),
            key=f"{home.key}-{home.last_number}",
            project=project,
            type=type_of_sub_task if parent is not None else kind,
            summary=summary,
            status=status,
            created_at=instant,
            updated_at=instant,
            reporter=reporter,
            assignee=assignee,
            points=points,
            original_seconds=original_seconds,
            remaining_seconds=original_seconds,
            labels=tuple(labels),
            components=tuple(components),
            epic=epic,
            parent=parent,
            sprints=() if sprint is None or parent is not None else (sprint,),
            nature=nature,
        )
        if nature is not None:
            self.nature_id(nature)
        for component in components:
            self.component_id(component)
        if self.statuses[status].category == "done":
            issue.resolved_at = instant
        self.issues[issue.id] = issue
        self.keys[issue.key] = issue.id
        if parent is not None:
            self.issues[parent].subtasks.append(issue.id)
        self.index(issue)
        self.bump(issue, instant)
        self.tell(Event("jira:issue_created", instant, issue))
        return issue

    def transition(
        self, issue: Issue, status: str, at: Instant, author: int | None = None
    ) -> History | None:
        """Moves an issue to a status; entering a done one sets the resolution as well."""
        if status == issue.status:
            return None
        old, new = self.statuses[issue.status], self.statuses[status]
        items = [Item("status", old.id, old.name, new.id, new.name)]
        if new.category == "done" and old.category != "done":
            items.insert(0, Item("resolution", None, None, "10000", "Done"))
            issue.resolved_at = milliseconds(at)
        elif new.category != "done" and old.category == "done":
            items.insert(0, Item("resolution", "10000", "Done", None, None))
            issue.resolved_at = None
        issue.status = status
        return self.record(issue, items, at, author)

    def set_estimate(
        self, issue: Issue, points: float | None, at: Instant, author: int | None = None
    ) -> History | None:
        """Sets the story points: their changelog has texts only, no `from` and no `to`."""
        if points == issue.points:
            return None
        item = Item("points", None, number_text(issue.points), None, number_text(points))
        issue.points = points
        return self.record(issue, [item], at, author)

    def set_original_estimate(self, issue: Issue, seconds: int | None, at: Instant) -> History:
        """Sets the original estimate in seconds, and the remaining one with it."""
        old = None if issue.original_seconds is None else str(issue.original_seconds)
        left = None if issue.remaining_seconds is None else str(issue.remaining_seconds)
        new = None if seconds is None else str(seconds)
        issue.original_seconds = issue.remaining_seconds = seconds
        items = [Item("original", old, old, new, new), Item("remaining", left, left, new, new)]
        return self.record(issue, items, at)

    def set_labels(self, issue: Issue, labels: Sequence[str], at: Instant) -> History | None:
        """Sets all labels; the change is one string of names joined by spaces."""
        new = tuple(dict.fromkeys(labels))
        if new == issue.labels:
            return None
        item = Item("labels", None, " ".join(issue.labels), None, " ".join(new))
        issue.labels = new
        return self.record(issue, [item], at)

    def set_flag(self, issue: Issue, is_flagged: bool, at: Instant) -> History | None:
        """Flags an issue, or takes the flag off."""
        if is_flagged == issue.is_flagged:
            return None
        issue.is_flagged = is_flagged
        on = Item("flagged", None, None, "[10019]", "Impediment")
        off = Item("flagged", "[10019]", "Impediment", "", "")
        return self.record(issue, [on if is_flagged else off], at)

    def set_nature(self, issue: Issue, nature: str | None, at: Instant) -> History | None:
        """Sets the select field Nature."""
        if nature == issue.nature:
            return None
        old, new = issue.nature, nature
        issue.nature = nature
        item = Item(
            "nature",
            None if old is None else self.nature_id(old),
            old,
            None if new is None else self.nature_id(new),
            new,
        )
        return self.record(issue, [item], at)

    def set_summary(self, issue: Issue, summary: str, at: Instant) -> History:
        """Renames an issue."""
        item = Item("summary", None, issue.summary, None, summary)
        issue.summary = summary
        return self.record(issue, [item], at)

    def assign(self, issue: Issue, user: int | None, at: Instant) -> History | None:
        """Gives an issue to somebody, or to nobody; `from` and `to` hold our user ids."""
        if user == issue.assignee:
            return None
        old, new = issue.assignee, user
        item = Item(
            "assignee",
            None if old is None else str(old),
            None if old is None else self.users[old].name,
            None if new is None else str(new),
            None if new is None else self.users[new].name,
        )
        issue.assignee = user
        return self.record(issue, [item], at, author=new or old)
