"""What makes issues and sprints come, go and move, and what administrators change."""

from datetime import timedelta

from bot.simulator.state import Column, Issue, Sprint
from tests.soak.issue_people import IssuePeople
from tests.soak.town import BLOCKED, CLOSED, DOING, DONE, REVIEW, TODO

FEWEST_ISSUES = 25
COLUMNS = (
    [("To Do", (TODO,)), ("Doing", (DOING, BLOCKED, REVIEW)), ("Done", (DONE, CLOSED))],
    [("To Do", (TODO,)), ("Doing", (DOING, REVIEW)), ("Done", (DONE,))],
    [("To Do", (TODO, BLOCKED)), ("Doing", (DOING,)), ("Done", (REVIEW, DONE, CLOSED))],
)  # fmt: skip


class PlacePeople(IssuePeople):
    """Acts on where things are, and on what they are called and mapped to."""

    def move_between(self) -> str | None:
        """From one configured project to the other."""
        return self._move(self.configured, self.configured)

    def move_away(self) -> str | None:
        """To a project that no team has."""
        return self._move(self.configured, (self.elsewhere.id,))

    def move_back(self) -> str | None:
        return self._move((self.elsewhere.id,), self.configured)

    def _move(self, origin: tuple[int, ...], target: tuple[int, ...]) -> str | None:
        found = self.issues(lambda i: i.parent is None and i.project in origin)
        if not found:
            return None
        issue = self.one_of(found)
        there = self.one_of([p for p in target if p != issue.project])
        before = issue.key
        self.world.move_to_project(issue, there, self.now)
        return f"{before} became {issue.key}"

    def delete(self) -> str | None:
        found = self.issues()
        if len(found) < FEWEST_ISSUES:
            return None
        issue = self.one_of(found)
        for child in self.world.by_epic.get(issue.id, {}):
            self.untraced[child] = "its epic was deleted"
        self.world.delete_issue(issue, self.now)
        return issue.key

    def hide(self) -> str | None:
        found = self.issues()
        if len(found) < FEWEST_ISSUES:
            return None
        issue = self.one_of(found)
        self.world.hide_issue(issue)
        return issue.key

    def show(self) -> str | None:
        hidden = [i for i in self.world.issues.values() if i.is_hidden]
        if not hidden:
            return None
        issue = self.one_of(hidden)
        self.world.show_issue(issue)
        self._shown(issue)
        return issue.key

    def hide_project(self) -> str | None:
        if self.world.hidden_projects:
            return None
        project = self.one_of((*self.configured, self.elsewhere.id))
        self.world.hide_project(project)
        return self.world.projects[project].key

    def show_project(self) -> str | None:
        for project in sorted(self.world.hidden_projects):
            self.world.show_project(project)
            for number in list(self.world.by_project[project]):
                self._shown(self.world.issues[number])
            return self.world.projects[project].key
        return None

    def _shown(self, issue: Issue) -> None:
        for number in (issue.id, *issue.subtasks):
            self.untraced[number] = "it was shown again"

    def create_sprint(self) -> str:
        board = self.one_of((self.k8s_board, self.web_board, self.foreign_board))
        return f"{self.world.create_sprint(board.id, f'Planned {self.now}').id} on {board.name}"

    def start_sprint(self) -> str | None:
        sprint = self.sprint("future")
        if sprint is None:
            return None
        back = timedelta(hours=self.dice.randrange(1, 40)) if self.chance(0.3) else timedelta()
        end = self.now + timedelta(days=self.dice.randrange(2, 9))
        self.world.start_sprint(sprint, end, self.now, self.now - back)
        return f"{sprint.id}, set back by {back}"

    def close_sprint(self) -> str | None:
        sprint = self.sprint("active")
        if sprint is None:
            return None
        following = self.world.create_sprint(sprint.board, f"Following {sprint.id}")
        target = following if self.chance(0.7) else None
        left = self.world.close_sprint(sprint, target, self.now)
        return f"{sprint.id}; {len(left)} issues went to {target.id if target else 'the backlog'}"

    def rename_sprint(self) -> str | None:
        sprint = self.sprint("active", "future", "closed")
        if sprint is None:
            return None
        self.world.rename_sprint(sprint, f"Renamed, {self.now}")
        sprint.goal = self.one_of(("", "All green"))
        return f"{sprint.id} ({sprint.state})"

    def redate_sprint(self) -> str | None:
        sprint = self.sprint("active", "closed")
        if sprint is None or sprint.start_at is None or sprint.end_at is None:
            return None
        day = 86_400_000
        sprint.activated_at = None
        self.world.redate_sprint(
            sprint,
            sprint.start_at + self.dice.randrange(-2 * day, day),
            sprint.end_at + self.dice.randrange(-day, 2 * day),
        )
        return f"{sprint.id} ({sprint.state})"

    def reopen_sprint(self) -> str | None:
        sprint = self.sprint("closed")
        if sprint is None:
            return None
        self.world.reopen_sprint(sprint)
        return str(sprint.id)

    def delete_sprint(self) -> str | None:
        sprint = self.sprint("active", "future", "closed")
        if sprint is None or len(self._of_board(sprint)) < 2:
            return None
        silent = self.chance(0.5)
        if silent:
            for number in self.world.by_sprint[sprint.id]:
                self.untraced[number] = "its sprint was deleted"
        self.world.delete_sprint(sprint, self.now, touches_issues=not silent)
        return f"{sprint.id} ({sprint.state})" + (", issues untouched" if silent else "")

    def _of_board(self, sprint: Sprint) -> list[Sprint]:
        return [s for s in self.world.sprints.values() if s.board == sprint.board]

    def list_foreign_sprint(self) -> str | None:
        """Another board's sprint appears on a team's board, or no longer does."""
        board = self.one_of((self.k8s_board, self.web_board))
        others = [s.id for s in self.world.sprints.values() if s.board != board.id]
        if not others:
            return None
        sprint_id = self.one_of(others)
        if sprint_id in board.foreign_sprints:
            board.foreign_sprints.remove(sprint_id)
            return f"{sprint_id} no longer on {board.name}"
        board.foreign_sprints.append(sprint_id)
        return f"{sprint_id} on {board.name}"

    def change_columns(self) -> str:
        board = self.one_of((self.k8s_board, self.web_board, self.kanban))
        self.world.set_columns(board, [Column(*c) for c in self.one_of(COLUMNS)])
        return board.name

    def change_estimation(self) -> str:
        board = self.one_of((self.k8s_board, self.web_board))
        self.world.set_estimation(
            board, self.one_of(("points", "points", "issueCount", "timeoriginalestimate"))
        )
        return f"{board.name}: {board.estimation}"

    def rename_status(self) -> str:
        status = self.one_of((REVIEW, BLOCKED))
        self.world.rename_status(status, f"Renamed {self.now:%d %H:%M:%S}")
        return status

    def status_category(self) -> str:
        status = self.one_of((REVIEW, BLOCKED, CLOSED))
        self.world.set_status_category(status, self.one_of(("new", "indeterminate", "done")))
        return f"{status}: {self.world.statuses[status].category}"

    def add_status(self) -> str | None:
        if len(self.world.statuses) > 8:
            return None
        return self.world.add_status(f"Parked {len(self.world.statuses)}", "indeterminate").name

    def rename_nature(self) -> str | None:
        if not self.world.natures:
            return None
        old = self.one_of(self.world.natures)
        new = f"{old.split()[0]} {self.now:%d %H:%M:%S}"
        for issue in self.world.issues.values():
            if issue.nature == old:
                self.untraced[issue.id] = "its nature's option was renamed"
        self.world.rename_nature_option(old, new)
        return f"{old} to {new}"

    def rename_component(self) -> str | None:
        """Rename one that no team's JQL names: Jira would refuse that JQL from then on."""
        if "network" not in self.world.components:
            return None
        for issue in self.world.issues.values():
            if "network" in issue.components:
                self.untraced[issue.id] = "its component was renamed"
        self.world.rename_component("network", f"network {self.now:%d %H:%M:%S}")
        return "network"
