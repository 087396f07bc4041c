"""Where an issue belongs: its epic, parent, type, components and workflow."""

from collections.abc import Sequence

from bot.simulator.issue_acts import IssueActs
from bot.simulator.state import History, Instant, Issue, Item


class IssuePlaces(IssueActs):
    """Changes of what an issue hangs on."""

    def set_epic(self, issue: Issue, epic: Issue | None, at: Instant) -> History | None:
        """Puts an issue under another epic, or under none."""
        old = self.issues.get(issue.epic) if issue.epic is not None else None
        if old is epic:
            return None
        self.unindex(issue)
        issue.epic = None if epic is None else epic.id
        self.index(issue)
        item = Item(
            "epic",
            None if old is None else str(old.id),
            None if old is None else old.key,
            None if epic is None else str(epic.id),
            None if epic is None else epic.key,
        )
        return self.record(issue, [item], at)

    def set_parent(self, issue: Issue, parent: Issue, at: Instant) -> History:
        """Gives a sub-task another parent."""
        old = self.issues[issue.parent] if issue.parent is not None else None
        if old is not None:
            old.subtasks.remove(issue.id)
        parent.subtasks.append(issue.id)
        issue.parent = parent.id
        old_id = None if old is None else str(old.id)
        old_key = None if old is None else old.key
        item = Item("parent", old_id, old_key, str(parent.id), parent.key)
        return self.record(issue, [item], at)

    def set_type(self, issue: Issue, kind: str, at: Instant) -> History:
        """Turns an issue into one of another type."""
        old, new = self.types[issue.type], self.types[kind]
        self.unindex(issue)
        issue.type = kind
        self.index(issue)
        return self.record(issue, [Item("type", old.id, old.name, new.id, new.name)], at)

    def set_components(
        self, issue: Issue, components: Sequence[str], at: Instant
    ) -> History | None:
        """Sets all components; each that leaves or comes is an item of the one history."""
        new = tuple(dict.fromkeys(components))
        gone = [name for name in issue.components if name not in new]
        come = [name for name in new if name not in issue.components]
        issue.components = new
        items = [Item("component", self.component_id(name), name, None, None) for name in gone]
        items += [Item("component", None, None, self.component_id(name), name) for name in come]
        return self.record(issue, items, at) if items else None

    def migrate_workflow(self, issue: Issue, status: str, at: Instant) -> History:
        """An administrator's change of workflow, which is nobody's work on the issue."""
        old, new = self.statuses[issue.status], self.statuses[status]
        items = [Item("workflow", "18234", "Old workflow", "21392", "New workflow")]
        if old.id != new.id:
            items.append(Item("status", old.id, old.name, new.id, new.name))
        issue.status = status
        return self.record(issue, items, at)
