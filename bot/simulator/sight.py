"""What the caller may see: permissions on projects and issues, of which nothing is written."""

from bot.simulator.site import Site
from bot.simulator.state import Board, Issue, Project, Sprint


class Sight(Site):
    """Hiding and showing; no issue's `updated` moves."""

    def hide_project(self, project: int) -> None:
        """Takes a project with its boards and issues out of the caller's sight."""
        self.hidden_projects.add(project)
        self.revision += 1

    def show_project(self, project: int) -> None:
        """Gives the sight of a hidden project back."""
        self.hidden_projects.discard(project)
        self.revision += 1

    def hide_issue(self, issue: Issue) -> None:
        """Takes an issue and its sub-tasks out of the caller's sight; nothing is written."""
        issue.is_hidden = True
        self.revision += 1

    def show_issue(self, issue: Issue) -> None:
        """Gives the sight of a hidden issue back; its `updated` stays."""
        issue.is_hidden = False
        self.revision += 1

    def is_visible(self, issue: Issue) -> bool:
        """Whether the caller may see the issue: itself, its project and (a sub-task) its parent."""
        if issue.is_hidden or issue.project in self.hidden_projects:
            return False
        parent = None if issue.parent is None else self.issues.get(issue.parent)
        return parent is None or self.is_visible(parent)

    def visible_projects(self) -> list[Project]:
        return [p for p in self.projects.values() if p.id not in self.hidden_projects]

    def visible_boards(self) -> list[Board]:
        """The boards whose project the caller may see."""
        return [b for b in self.boards.values() if b.project not in self.hidden_projects]

    def is_visible_sprint(self, sprint: Sprint) -> bool:
        """Whether the caller may see the sprint's board, or an issue that is in it."""
        if self.boards[sprint.board].project not in self.hidden_projects:
            return True
        return any(self.is_visible(self.issues[n]) for n in self.by_sprint[sprint.id])
