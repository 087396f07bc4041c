"""The time of an issue that left a team's project: its sub-tasks are in none of its places."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, select

from telemetry.domain.models import Board, IssueHistory
from telemetry.facts import rebuild, refresh
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.history import write_histories
from telemetry.store.issues import mark_gone
from telemetry.store.teams import mark_pulled, write_team
from telemetry.store.tracker import write_boards, write_sprints
from tests.builders import SITE, a_sprint, a_team, an_issue, at, in_sprint, logged

pytestmark = pytest.mark.slow

NOW = at("2026-03-20")
STORY, OTHER, PART = 1, 2, 3
HOUR = 3600


class Place:
    """A team with a closed sprint that two stories of another project were in.

    Of many teams at once, the work of the site is read in common.
    """

    def __init__(self, engine: Engine, project: str, others: int) -> None:
        self.engine, self.project = engine, project
        team = a_team()
        neighbours = [
            replace(team, key=key, project_key=key.upper(), board_ids=(board_id,))
            for board_id, key in enumerate(("web", "net", "lb")[: 1 + others], 2)
        ]
        with writing(engine) as connection:
            write_boards(connection, [Board(SITE, n, f"Board {n}", True) for n in (1, 2, 3, 4)])
            write_sprints(connection, [a_sprint(1, closed="2026-03-13 17:00")])
            for rules in (team, *neighbours):
                write_team(connection, rules)
                mark_pulled(connection, rules.key, NOW, NOW)
        self.pulled(self.story(STORY), self.story(OTHER), self.part(STORY))

    def story(self, number: int) -> IssueHistory:
        left = in_sprint("2026-03-13 17:00", "1", "")
        return an_issue(number, sprints=(), points=3, project_key=self.project, changes=[left])

    def part(self, parent: int | None, *hours: float) -> IssueHistory:
        logs = [logged(f"2026-03-0{day}", one) for day, one in enumerate(hours, 3)]
        return an_issue(PART, sprints=(), subtask_of=parent, logs=logs, project_key=self.project)

    def pulled(self, *histories: IssueHistory) -> None:
        """What a pull finds has changed, and what follows from it alone."""
        with writing(self.engine) as connection:
            write_histories(connection, histories)
        self.computed()

    def computed(self) -> None:
        refresh(self.engine, SITE, {"k8s": NOW, "web": NOW})

    def hours(self) -> tuple[float, float]:
        """Of the stories in the sprint, which a computation of everything leaves as they are."""
        c = s.sprint_issues.c
        query = select(c.issue_id, c.seconds).where(c.team_key == "k8s", c.sprint_id == 1)
        with reading(self.engine) as connection:
            found = {row.issue_id: row.seconds / HOUR for row in connection.execute(query)}
        assert rebuild(self.engine) == 0
        return found[STORY], found[OTHER]


@pytest.fixture(params=[("ELSE", 0), ("WEB", 0), ("ELSE", 2), ("WEB", 2)])
def place(request: pytest.FixtureRequest, sqlite_store: Engine) -> Place:
    return Place(sqlite_store, *request.param)


def test_work_that_is_logged_edited_and_deleted_there_counts_in_the_sprint(place: Place) -> None:
    assert place.hours() == (0, 0)
    place.pulled(place.part(STORY, 1, 2))
    assert place.hours() == (3, 0)
    place.pulled(place.part(STORY, 1, 5))
    assert place.hours() == (6, 0)
    place.pulled(place.part(STORY, 1))
    assert place.hours() == (1, 0)
    place.pulled(place.part(STORY))
    assert place.hours() == (0, 0)


def test_work_of_a_sub_task_that_vanishes_and_comes_back_goes_and_comes(place: Place) -> None:
    place.pulled(place.part(STORY, 2))
    with writing(place.engine) as connection:
        mark_gone(connection, SITE, [PART], NOW)
    place.computed()
    assert place.hours() == (0, 0)
    place.pulled(place.part(STORY, 2))
    assert place.hours() == (2, 0)


def test_work_of_a_sub_task_goes_with_it_to_another_parent(place: Place) -> None:
    place.pulled(place.part(STORY, 2))
    place.pulled(place.part(OTHER, 2))
    assert place.hours() == (0, 2)
    place.pulled(place.part(99, 2))
    assert place.hours() == (0, 0)


def test_a_sub_task_that_becomes_an_issue_of_its_own_takes_its_work_along(place: Place) -> None:
    place.pulled(place.part(STORY, 2))
    place.pulled(place.part(None, 2))
    assert place.hours() == (0, 0)
    place.pulled(place.part(OTHER, 2))
    assert place.hours() == (0, 2)
