"""The simulated Jira that a seed begins with, and the choices that its people make."""

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from bot.simulator import World
from bot.simulator.state import Issue, Sprint, WorkLog, type_of_epic
from tests.pulled import on

TODO, DOING, REVIEW, DONE, BLOCKED, CLOSED = "10000", "3", "10002", "10001", "10003", "6"
T = TypeVar("T")


class Town:
    """Two configured projects with a scrum board each and a kanban board, and a foreign project.

    `now` is Jira's clock. `untraced` names the issues that changed in a way of which Jira shows
    nothing but in a whole comparison, each with the reason.
    """

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now = on(1)
        self.untraced: dict[int, str] = {}
        self.world = World("Etc/UTC")
        self.world.add_user("Telemetry Bot", "bot@example.com", self.one_of(_ZONES))
        self.world.add_user("Zoë <Ng>", "zoe@example.com", "Europe/Paris")
        self.k8s = self.world.add_project("K8S", "Managed Kubernetes", lead=2)
        self.web = self.world.add_project("WEB", "Web", lead=2)
        self.elsewhere = self.world.add_project("ELSE", "Not a team's", lead=2)
        self.world.component_id("api")  # a team's JQL names it, be it used or not
        self.configured = (self.k8s.id, self.web.id)
        self.k8s_board = self.world.add_board(self.k8s.id, "K8S board")
        self.web_board = self.world.add_board(self.web.id, "WEB board")
        self.kanban = self.world.add_board(self.web.id, "WEB flow", kind="kanban")
        self.foreign_board = self.world.add_board(self.elsewhere.id, "ELSE board")
        self._begin()

    def clock(self) -> datetime:
        """Jira's clock."""
        return self.now

    def one_of(self, choices: Iterable[T]) -> T:
        return self.dice.choice(list(choices))

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def issues(self, where: Callable[[Issue], bool] = lambda _: True) -> list[Issue]:
        """The issues that people see, by id."""
        return [i for i in self.world.issues.values() if self.world.is_visible(i) and where(i)]

    def any_issue(self) -> Issue | None:
        found = self.issues()
        return self.one_of(found) if found else None

    def top_issue(self) -> Issue | None:
        """An issue that is neither a sub-task nor an epic."""
        found = self.issues(lambda i: i.parent is None and i.type != type_of_epic)
        return self.one_of(found) if found else None

    def epic(self) -> Issue | None:
        found = self.issues(lambda i: i.type == type_of_epic)
        return self.one_of(found) if found else None

    def sprint(self, *states: str) -> Sprint | None:
        found = [s for s in self.world.sprints.values() if s.state in states]
        return self.one_of(found) if found else None

    def work_log(self) -> WorkLog | None:
        logs = self.world.work_logs.values()
        found = [log for log in logs if self.world.is_visible(self.world.issues[log.issue])]
        return self.one_of(found) if found else None

    def open_sprint_of(self, project: int) -> int | None:
        """An open sprint of one of the project's boards, or now and then of another."""
        found = [
            sprint.id
            for sprint in self.world.sprints.values()
            if sprint.state != "closed"
            and (self.world.boards[sprint.board].project == project or self.chance(0.15))
        ]
        return self.one_of([None, *found])

    def _begin(self) -> None:
        world = self.world
        for board in (self.k8s_board, self.web_board, self.foreign_board):
            for day in (1, 8):
                sprint = world.create_sprint(board.id, f"{board.name}, day {day}")
                if day == 1:
                    world.start_sprint(sprint, on(7), self.now)
                if board is self.foreign_board and day == 1:
                    self.k8s_board.foreign_sprints.append(sprint.id)
        for project in self.configured:
            for number in range(2):
                world.create_issue(
                    project,
                    f"Epic {number}",
                    on(1, 7),
                    kind=type_of_epic,
                    labels=("Q1-26", "Project_Atlas")[: number + 1],
                )
        for number in range(40):
            project = (self.k8s.id, self.web.id, self.k8s.id, self.elsewhere.id)[number % 4]
            epic = self.epic()
            world.create_issue(
                project,
                f"Work {number}",
                on(1, 8) + timedelta(seconds=number),
                points=number % 4 or None,
                original_seconds=3600 * (number % 3) or None,
                sprint=self.open_sprint_of(project),
                epic=epic.id if epic is not None and self.chance(0.5) else None,
                labels=("impediment",) if number % 9 == 0 else (),
            )


_ZONES = ("America/New_York", "Asia/Kathmandu", "Etc/UTC", "Australia/Lord_Howe")
