"""Quarters as pulls bring them: what changed is written as if all had been written anew."""

from dataclasses import replace
from datetime import date

import pytest

from bot.simulator.state import type_of_epic
from telemetry.domain.quarter import Quarter
from telemetry.errors import NotFound
from telemetry.facts import rebuild
from telemetry.store.engine import reading
from telemetry.store.issues import known_among, light_issues
from tests.depth import parametrize_in_turn
from tests.pulled import DOING, DONE, Story, a_team, on, serving

pytestmark = pytest.mark.slow

Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@pytest.fixture
def story():
    return Story()


def epic(story, *labels, **values):
    return story.issue(kind=type_of_epic, labels=labels, summary="An epic", **values)


def quarter(pulled, day, hour=18.0, which=Q1, team="k8s"):
    pulled.story.now = on(day, hour)
    pulled.good_pull()
    return pulled.reports.quarter(team, which, pulled.story.now)


def sums(found):
    return found.roadmap.total_points, found.roadmap.in_progress_points, found.roadmap.done_points


def test_a_roadmap_follows_each_change(store, tmp_path, story):
    first, second = epic(story, "Q1-26", "Project_a/b c"), epic(story, "Q2-26")
    one, two = story.issue(5, epic=first.id), story.issue(3, epic=first.id)
    with serving(story, store, tmp_path / "a") as pulled:
        assert sums(quarter(pulled, 1)) == (8, 0, 0)
        story.world.transition(one, DOING, on(2))
        assert sums(quarter(pulled, 2)) == (8, 5, 0)
        story.world.transition(one, DONE, on(3))
        story.world.set_epic(two, second, on(3))
        assert sums(quarter(pulled, 3)) == (5, 0, 5)
        assert sums(quarter(pulled, 3, 19, Q2)) == (3, 0, 0)
        story.world.set_labels(second, ["q1-2026"], on(4))
        found = quarter(pulled, 4)
        assert sums(found) == (8, 0, 5)
        assert [day.total_points for day in found.roadmap.burnup[-4:]] == [8, 8, 5, 8]
        story.world.set_labels(first, ["Q5-26"], on(5))
        assert sums(quarter(pulled, 5)) == (3, 0, 0)
        story.world.delete_issue(two, on(6))
        assert sums(quarter(pulled, 6)) == (0, 0, 0)
        story.world.set_labels(first, ["Q1-26"], on(7))
        story.world.delete_issue(first, on(8))
        assert quarter(pulled, 8).epics[0].key == second.key
        assert rebuild(pulled.engine) == 0


def test_an_epic_takes_its_children_to_another_team(store, tmp_path, story):
    other = story.world.add_project("LB", "Load balancers", lead=2)
    story.world.add_board(other.id, "LB board")
    moving, staying = epic(story, "Q1-26"), epic(story, "Q1-26")
    story.issue(5, epic=moving.id)
    story.issue(3, epic=moving.id, project=other.id)
    story.issue(2, epic=staying.id, project=other.id)
    with serving(story, store, tmp_path / "a", [a_team(), a_team("lb", "LB")]) as pulled:
        assert sums(quarter(pulled, 1)) == (10, 0, 0)
        assert sums(quarter(pulled, 1, 19, team="lb")) == (0, 0, 0)
        story.world.move_to_project(moving, other.id, on(2))
        assert sums(quarter(pulled, 2)) == (2, 0, 0)
        assert sums(quarter(pulled, 2, 19, team="lb")) == (8, 0, 0)
        assert rebuild(pulled.engine) == 0


def test_a_child_of_another_teams_project_counts_for_its_epics_team(store, tmp_path, story):
    other = story.world.add_project("LB", "Load balancers", lead=2)
    story.world.add_board(other.id, "LB board")
    mine = epic(story, "Q1-26")
    there = story.issue(3, epic=mine.id, project=other.id)
    with serving(story, store, tmp_path / "a", [a_team(), a_team("lb", "LB")]) as pulled:
        assert sums(quarter(pulled, 1)) == (3, 0, 0)
        story.world.transition(there, DONE, on(2))
        assert sums(quarter(pulled, 2)) == (3, 0, 3)
        story.world.set_epic(there, None, on(3))
        assert sums(quarter(pulled, 3)) == (0, 0, 0)


def test_programs_go_across_teams(store, tmp_path, story):
    other = story.world.add_project("LB", "Load balancers", lead=2)
    story.world.add_board(other.id, "LB board")
    name = "Project_东/x"
    for number, project in enumerate((story.project.id, other.id), 1):
        made = epic(story, "Q1-26", name, "Project_more", project=project)
        story.issue(number, epic=made.id, project=project)
    with serving(story, store, tmp_path / "a", [a_team(), a_team("lb", "LB")]) as pulled:
        quarter(pulled, 1)
        assert [(one.name, one.quarters) for one in pulled.reports.programs(None)] == [
            ("more", (Q1,)),
            ("东/x", (Q1,)),
        ]
        assert pulled.reports.programs(Q2) == []
        found = pulled.reports.program("东/x", Q1, story.now)
        assert [(one.key, one.amounts.total_points) for one in found.teams] == [
            ("k8s", 1),
            ("lb", 2),
        ]
        assert (found.amounts.total_points, found.burnup[-1].total_points) == (3, 3)
        with pytest.raises(NotFound, match="Project_x"):
            pulled.reports.program("x", Q1, story.now)


def test_a_fiscal_year_moves_the_days(store, tmp_path, story):
    made = epic(story, "Q3-26")
    story.issue(5, epic=made.id)
    team = a_team(calendar={"fiscal_year_start": 9}, security_coefficient=0.25)
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        found = quarter(pulled, 1, which=None)
        assert (str(found.quarter), found.first, found.last) == (
            "Q3-26",
            date(2026, 3, 1),
            date(2026, 5, 31),
        )
        assert (sums(found), found.security_coefficient) == ((5, 0, 0), 0.25)


def test_a_team_without_sprints_has_the_throughput_of_what_is_done(store, tmp_path, story):
    project = story.world.add_project("KAN", "Kanban", lead=2)
    made = epic(story, "Q1-26", project=project.id)
    for _ in range(2):
        one = story.issue(epic=made.id, project=project.id)
    story.world.transition(one, DONE, on(2))
    team = a_team("kan", "KAN", estimate="issue_count")
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        found = quarter(pulled, 5, team="kan")
        assert found.velocity_points_per_day == pytest.approx(1 / 60)
        assert found.predictability.days_to_complete == pytest.approx(60)


@parametrize_in_turn("flavour", ["cloud", "datacenter"], 1)
def test_children_in_projects_of_no_team_count(store, tmp_path, story, flavour):
    other = story.world.add_project("SEC", "Security", lead=2)
    mine = epic(story, "Q1-26")
    there = story.issue(3, epic=mine.id, project=other.id)
    unlinked = story.issue(4, project=other.id)
    teams = [a_team(estimate="issue_count")]
    with serving(story, store, tmp_path / "a", teams, flavour) as pulled:
        assert sums(quarter(pulled, 1)) == (1, 0, 0)
        story.world.transition(there, DONE, on(2))
        assert sums(quarter(pulled, 2)) == (1, 0, 1)
        idle = pulled.good_pull().requests
        story.world.set_epic(unlinked, mine, on(3))
        assert sums(quarter(pulled, 3)) == (2, 0, 1)
        story.world.set_epic(there, None, on(4))
        assert sums(quarter(pulled, 4)) == (1, 0, 0)
        story.world.set_labels(mine, ["Q2-26"], on(5))
        assert sums(quarter(pulled, 5, which=Q2)) == (1, 0, 0)
        story.now = on(5, 20)
        pulled.good_pull(reconcile=True)
        assert sums(quarter(pulled, 5, 21, Q2)) == (1, 0, 0)
        story.world.delete_issue(mine, on(6))
        quarter(pulled, 6)
        assert pulled.contents("epic_children") == {"epic_children": []}
        assert idle <= 1 + 8
        assert rebuild(pulled.engine) == 0


def test_chosen_epics_are_told_apart_from_the_others(store, tmp_path, story):
    first, second, left = (epic(story, "Q1-26") for _ in range(3))
    one, _ = story.issue(5, epic=first.id), story.issue(3, epic=second.id)
    story.issue(8, epic=left.id)
    story.world.transition(one, DONE, on(2))
    story.world.set_labels(left, ["Q2-26"], on(3))
    with serving(story, store, tmp_path / "a") as pulled:
        quarter(pulled, 4)

        def chosen(*keys):
            found = pulled.reports.quarter("k8s", Q1, story.now, None, keys)
            return found.chosen, found.roadmap

        some, whole = chosen(first.key, "K8S-404")
        assert (some.keys, some.total_points, some.done_points) == ((first.key,), 5, 5)
        assert [(day.total_points, day.done_points) for day in some.burnup[-4:]] == [
            (5, 0),
            (5, 5),
            (5, 5),
            (5, 5),
        ]
        assert chosen(first.key, second.key)[0].burnup == tuple(
            replace(day, total_points=8.0) if day.total_points else day for day in whole.burnup
        )
        assert chosen(left.key)[0] is chosen()[0] is None  # it is of the quarter no more


@pytest.mark.parametrize("flavour", ["cloud", "datacenter"])
def test_a_child_of_an_epic_that_left_our_projects_is_of_no_figure(
    sqlite_store, tmp_path, story, flavour
):
    other = story.world.add_project("SEC", "Security", lead=2)
    mine = epic(story, "Q1-26")
    with serving(story, sqlite_store, tmp_path / "a", None, flavour) as pulled:
        quarter(pulled, 1)
        story.now = on(2)
        there = story.issue(3, epic=mine.id, project=other.id)
        story.world.move_to_project(mine, other.id, on(3))
        for asked in ({"full": True}, {"reconcile": True}):
            story.now = on(4)
            pulled.good_pull(**asked)
            with reading(pulled.engine) as connection:
                known = known_among(connection, "default", [there.id, mine.id])
                held = light_issues(connection, "default", known)
            assert [one.key for one in held.values() if one.gone_at is None] == []
