"""What administrators do to the site: Jira keeps no history of any of it."""

from collections.abc import Iterable
from dataclasses import replace

from bot.simulator.site import Site
from bot.simulator.state import Board, Column, Project


class Administration(Site):
    """Boards and names; no issue's `updated` moves."""

    def set_columns(self, board: Board, columns: Iterable[Column]) -> None:
        """Maps statuses to columns anew."""
        board.columns = list(columns)

    def set_estimation(self, board: Board, estimation: str) -> None:
        """Estimates by `points`, `other_points`, `issueCount` or `timeoriginalestimate`."""
        board.estimation = estimation

    def rename_status(self, status: str, name: str) -> None:
        """Renames a status; names in old histories stay."""
        self.statuses[status] = replace(self.statuses[status], name=name)
        self.revision += 1

    def set_status_category(self, status: str, category: str) -> None:
        """Makes a status `new`, `indeterminate` or `done`; issues keep their resolutions."""
        self.statuses[status] = replace(self.statuses[status], category=category)
        self.revision += 1

    def rekey_project(self, project: Project, key: str) -> None:
        """Gives a project, and all its issues, another key; the old ones go on answering."""
        project.old_keys, project.key = (*project.old_keys, project.key), key
        for issue in self.issues.values():
            if issue.project == project.id:
                issue.key = f"{key}-{issue.key.rpartition('-')[2]}"
                self.keys[issue.key] = issue.id
        self.revision += 1

    def rename_component(self, old: str, new: str) -> None:
        """Renames a component, which keeps its id, on all issues that have it."""
        self.components = {new if n == old else n: i for n, i in self.components.items()}
        for issue in self.issues.values():
            if old in issue.components:
                issue.components = tuple(new if n == old else n for n in issue.components)
        self.revision += 1

    def rename_nature_option(self, old: str, new: str) -> None:
        """Renames an option of the field Nature, which keeps its id, on all issues."""
        self.natures = {new if n == old else n: i for n, i in self.natures.items()}
        for issue in self.issues.values():
            if issue.nature == old:
                issue.nature = new
        self.revision += 1
