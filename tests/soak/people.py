"""People and administrators who do anything to anything in a simulated Jira, by chance."""

from collections import Counter
from datetime import timedelta

from bot.simulator.state import Issue
from tests.soak.place_people import PlacePeople

WEIGHTS = {
    "create": 8, "create_sub_task": 4, "status": 16, "estimate": 8, "original_estimate": 3,
    "labels": 8, "components": 2, "nature": 5, "flag": 4, "change_epic": 4, "change_parent": 2,
    "change_type": 1, "summary": 2, "move_to_sprint": 12, "leave_sprint": 4, "migrate": 1,
    "log_work": 18, "edit_work_log": 7, "delete_work_log": 4, "move_between": 4, "move_away": 3,
    "move_back": 4, "delete": 3, "hide": 3, "show": 2, "hide_project": 0.4, "show_project": 2,
    "create_sprint": 1, "start_sprint": 2, "close_sprint": 3, "rename_sprint": 2,
    "redate_sprint": 2, "reopen_sprint": 1, "delete_sprint": 1, "list_foreign_sprint": 1,
    "change_columns": 1, "change_estimation": 0.7, "rename_status": 0.7, "status_category": 0.7,
    "add_status": 0.5, "rename_nature": 0.7, "rename_component": 0.4,
}  # fmt: skip


class People(PlacePeople):
    """All of them. `told` is what was done, in order; `done` counts it by kind."""

    def __init__(self, seed: int, *, has_work_log_lists: bool = True) -> None:
        super().__init__(seed)
        self._has_work_log_lists = has_work_log_lists
        self.done = Counter[str]()
        self.told: list[str] = []

    def act(self, most_seconds: int = 5400) -> None:
        """Do one thing that is possible now, after a while."""
        while True:
            [name] = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))
            self.now += timedelta(seconds=self.dice.randrange(most_seconds + 1))
            sentence = getattr(self, name)()
            if sentence is not None:
                self.done[name] += 1
                self.told.append(f"{self.now:%d %b %H:%M:%S}  {name}: {sentence}")
                return

    def quiet_log(self, issue: Issue) -> None:
        if not self._has_work_log_lists:
            self.untraced[issue.id] = "work was logged without touching it, and no list tells"
