"""Many pulls of a Jira that changes meanwhile end where one first pull would."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.simulator.state import Issue, Sprint
from telemetry.facts import rebuild
from tests.pulled import DOING, DONE, FACTS, HISTORY, TODO, Story, a_team, contents, on, serving

PULLS = 7
ACTS_BETWEEN = 9


class Chance:
    """People who do anything to anything, at the story's `now`, which moves on."""

    def __init__(self, story: Story, seed: int) -> None:
        self.story = story
        self.world = story.world
        self.dice = random.Random(seed)
        self.other = self.world.add_project("WEB", "Web", lead=2)
        self.other_board = self.world.add_board(self.other.id, "WEB board")
        self.stranger = self.world.add_project("ELSE", "Not a team's", lead=2)
        elsewhere = self.world.add_board(self.stranger.id, "ELSE board")
        self.foreign = self.world.create_sprint(elsewhere.id, "Foreign")
        self.world.start_sprint(self.foreign, on(10), on(1, 10))
        story.board.foreign_sprints.append(self.foreign.id)
        story.now = on(1)
        for board in (story.board.id, self.other_board.id):
            for day in (1, 8):
                sprint = self.world.create_sprint(board, f"{board}: day {day}")
                if day == 1:
                    self.world.start_sprint(sprint, on(7), story.now)
        for number in range(30):
            place = (story.project.id, self.other.id)[number % 2]
            story.issue(number % 4 or None, project=place, at=on(1, 8), sprint=self.any_open())
        self.world.create_issue(self.stranger.id, "Foreign", on(1, 8), points=2, sprint=1)

    def any_open(self) -> int | None:
        ids = [s.id for s in self.world.sprints.values() if s.state != "closed"]
        return self.dice.choice([None, *ids])

    def any_issue(self) -> Issue:
        return self.dice.choice(list(self.world.issues.values()))

    def top_issue(self) -> Issue:
        return self.dice.choice([i for i in self.world.issues.values() if i.parent is None])

    def own_sprint(self, *states: str) -> Sprint | None:
        found = [
            s for s in self.world.sprints.values() if s.state in states and s.id != self.foreign.id
        ]
        return self.dice.choice(found) if found else None

    def act(self) -> None:
        self.story.now += timedelta(minutes=self.dice.randrange(1, 200))
        self.dice.choice(self.acts())()

    def acts(self) -> list[Callable[[], Any]]:
        usual = [self.log, self.log, self.log, self.edit_log, self.delete_log, self.estimate]
        usual += [self.status, self.status, self.status, self.labels, self.nature, self.flag]
        usual += [self.move, self.move, self.leave, self.create, self.sub_task, self.project]
        return [*usual, self.start, self.close, self.rename, self.redate, self.close_foreign]

    def log(self) -> None:
        start = self.story.now - timedelta(hours=self.dice.randrange(-30, 60))
        issue = self.any_issue()
        made = max(start, self.story.now - timedelta(days=9))
        self.story.log(issue, made, self.dice.randrange(1, 8) / 2, at=self.story.now)

    def edit_log(self) -> None:
        if self.world.work_logs:
            log = self.dice.choice(list(self.world.work_logs.values()))
            start = self.story.now - timedelta(hours=self.dice.randrange(50))
            self.world.edit_work_log(log, self.story.now, seconds=1800, started_at=start)

    def delete_log(self) -> None:
        if self.world.work_logs:
            log = self.dice.choice(list(self.world.work_logs.values()))
            self.world.delete_work_log(log, self.story.now)

    def estimate(self) -> None:
        points = self.dice.choice([None, 0.5, 1, 2, 8])
        self.world.set_estimate(self.top_issue(), points, self.story.now)

    def status(self) -> None:
        status = self.dice.choice([TODO, DOING, DONE, DONE])
        self.world.transition(self.any_issue(), status, self.story.now)

    def labels(self) -> None:
        some = self.dice.choice([[], ["impediment"], ["impediment", "nature:network"], ["x"]])
        self.world.set_labels(self.any_issue(), some, self.story.now)

    def nature(self) -> None:
        nature = self.dice.choice([None, "Zone", "Network"])
        self.world.set_nature(self.any_issue(), nature, self.story.now)

    def flag(self) -> None:
        issue = self.any_issue()
        self.world.set_flag(issue, not issue.is_flagged, self.story.now)

    def move(self) -> None:
        sprint = self.any_open()
        if sprint is not None:
            self.world.move_to_sprint(self.top_issue(), self.world.sprints[sprint], self.story.now)

    def leave(self) -> None:
        self.world.remove_from_sprint(self.top_issue(), self.story.now)

    def create(self) -> None:
        place = self.dice.choice([self.story.project.id, self.other.id])
        self.story.issue(3, project=place, at=self.story.now, sprint=self.any_open())

    def sub_task(self) -> None:
        parent = self.top_issue()
        self.story.issue(project=parent.project, parent=parent.id, at=self.story.now)

    def project(self) -> None:
        issue = self.top_issue()
        if not issue.subtasks and issue.project != self.stranger.id:
            there = {self.story.project.id, self.other.id} - {issue.project}
            self.world.move_to_project(issue, there.pop(), self.story.now)

    def start(self) -> None:
        sprint = self.own_sprint("future")
        if sprint is not None:
            self.world.start_sprint(sprint, self.story.now + timedelta(days=6), self.story.now)

    def close(self) -> None:
        sprint = self.own_sprint("active")
        if sprint is not None:
            following = self.world.create_sprint(sprint.board, "Following")
            target = following if self.dice.random() < 0.7 else None
            self.world.close_sprint(sprint, target, self.story.now)

    def rename(self) -> None:
        sprint = self.own_sprint("active", "future")
        if sprint is not None:
            self.world.rename_sprint(sprint, f"Renamed at {self.story.now}")

    def redate(self) -> None:
        sprint = self.own_sprint("active")
        if sprint is not None:
            earlier = self.story.now - timedelta(days=self.dice.randrange(1, 5))
            later = self.story.now + timedelta(days=self.dice.randrange(1, 5))
            sprint.activated_at = None
            self.world.redate_sprint(sprint, earlier, later)

    def close_foreign(self) -> None:
        if self.foreign.state == "active":
            self.world.close_sprint(self.foreign, None, self.story.now)


TEAMS = [
    a_team(calendar={"timezone": "America/St_Johns"}, impediment={"nature_field": "Nature"}),
    a_team("web", "WEB", impediment={"flagged": True}),
    a_team("narrow", "K8S", jql="labels = x OR labels = impediment", estimate="issue_count"),
]


def assert_same(pulled: Any, url: str) -> None:
    """A first pull into an empty store gives the same history and facts."""
    with_years = pulled.contents()
    assert rebuild(pulled.engine) == 0
    fresh = type(pulled)(
        pulled.story,
        pulled.url,
        pulled.context.__class__(pulled.context.path, pulled.context.environ | {"STORE_URL": url}),
        pulled.requests,
    )
    fresh.good_pull()
    try:
        anew = contents(fresh.engine)
        for table in (*HISTORY, *FACTS):
            assert with_years[table] == anew[table], table
        assert sum(map(len, anew.values())) > 100
    finally:
        fresh.engine.dispose()


@pytest.mark.parametrize("seed", range(6))
def test_incremental_pulls_end_where_a_first_pull_would(sqlite_store, tmp_path, seed):
    story = Story()
    chance = Chance(story, seed)
    flavour = ("cloud", "datacenter")[seed % 2]
    with serving(story, sqlite_store, tmp_path / "a", TEAMS, flavour) as pulled:
        for _ in range(PULLS):
            pulled.good_pull()
            for _ in range(ACTS_BETWEEN):
                chance.act()
        story.now += timedelta(minutes=10)
        assert pulled.good_pull().kind == "incremental"
        assert_same(pulled, f"sqlite:///{tmp_path / 'fresh.db'}")
