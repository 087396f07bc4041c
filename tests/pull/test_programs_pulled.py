"""Programs and the portfolio as pulls bring them: the same figures as each team's quarter."""

from datetime import datetime, timedelta

import pytest

from bot.simulator.state import type_of_epic
from telemetry.domain.quarter import Quarter
from telemetry.errors import NotFound
from telemetry.facts import rebuild
from telemetry.metrics.contradictions import Contradiction
from tests.pulled import DOING, DONE, Story, a_team, on, serving

pytestmark = pytest.mark.slow

Q4, Q1, Q2 = Quarter(2025, 4), Quarter(2026, 1), Quarter(2026, 2)
NAMES = (
    "ject_P",  # letters of the prefix
    "Project_",
    "two words",
    "a/b/../c",
    "..",
    "东方计划",
    "case",
    "CASE",
    "n" * 200,
)


@pytest.fixture
def story():
    return Story()


@pytest.fixture
def other(story):
    """Another team's project."""
    made = story.world.add_project("LB", "Load balancers", lead=2)
    story.world.add_board(made.id, "LB board")
    return made


def epic(story, *labels, project=None, **values):
    where = (project or story.project).id
    return story.issue(kind=type_of_epic, labels=labels, summary="An epic", project=where, **values)


@pytest.fixture
def served(story, other, store, tmp_path):
    with serving(story, store, tmp_path / "a", [a_team(), a_team("lb", "LB")]) as pulled:
        yield pulled


def portfolio(pulled, quarter=Q1, before=None):
    found, known = pulled.reports.portfolio(quarter, pulled.story.now, before)
    return {one.key: one for one in found.teams}, {one.name: one for one in found.programs}, known


def pull(pulled, day, hour=18.0):
    pulled.story.now = day if isinstance(day, datetime) else on(day, hour)
    pulled.good_pull()


def is_as_on_the_quarters_page(pulled, key, quarter, before=None):
    line = portfolio(pulled, quarter, before)[0][key]
    page = pulled.reports.quarter(key, quarter, pulled.story.now)
    found = page.roadmap
    assert (line.amounts.total_points, line.amounts.done_points) == (
        found.total_points,
        found.done_points,
    )
    assert line.amounts.in_progress_points == found.in_progress_points
    assert line.amounts.epic_count == len(page.epics)
    if any(day.total_points for day in found.burnup):
        assert line.before_points == found.before.total_points
        assert line.at_end == found.at_end
    assert line.predictability == page.predictability
    assert line.velocity_points_per_day == page.velocity_points_per_day
    assert (line.first, line.last, line.unit) == (page.first, page.last, page.unit)


def test_the_portfolio_follows_each_change_of_a_team(served, story, other):
    first, second = epic(story, "Q1-26", "Project_a"), epic(story, "Q4-25", "q1-2026")
    one, two = story.issue(5, epic=first.id), story.issue(3, epic=second.id)
    there = story.issue(2, epic=epic(story, "Q1-26", project=other).id, project=other.id)
    pull(served, 1)
    known = portfolio(served)[2]

    def agree():
        for key in ("k8s", "lb"):
            for quarter in (Q4, Q1, Q2):
                is_as_on_the_quarters_page(served, key, quarter)
            is_as_on_the_quarters_page(served, key, Q1, known)

    agree()
    teams, programs, _ = portfolio(served)
    assert (teams["k8s"].double_count, teams["k8s"].slipped_count) == (1, 1)
    assert programs["a"].amounts.total_points == 5
    story.world.transition(one, DONE, on(2))
    story.world.transition(there, DOING, on(2))
    pull(served, 2)
    agree()
    story.world.set_labels(second, ["Q2-26"], on(3))
    pull(served, 3)
    agree()
    story.world.set_epic(two, first, on(4))
    pull(served, 4)
    agree()
    story.world.delete_issue(first, on(5))
    pull(served, 5)
    agree()
    assert portfolio(served)[1] == {}
    assert rebuild(served.engine) == 0


def test_a_quarter_that_ends_is_told_though_nothing_changes(served, story):
    story.issue(5, epic=epic(story, "Q1-26").id)
    pull(served, 1)
    assert portfolio(served)[0]["k8s"].at_end is None
    pull(served, on(1) + timedelta(days=200))
    line = portfolio(served)[0]["k8s"]
    assert (line.at_end.total_points, line.is_over) == (5, True)
    is_as_on_the_quarters_page(served, "k8s", Q1)
    assert rebuild(served.engine) == 0


def test_a_program_is_all_that_follows_in_its_label(served, story):
    for number, name in enumerate(NAMES, 1):
        story.issue(number, epic=epic(story, "Q1-26", f"Project_{name}").id)
    epic(story, "Q1-26", "Project_", "project_small", "Projects_x")
    pull(served, 1)
    assert {one.name for one in served.reports.programs(None)} == set(NAMES)
    for number, name in enumerate(NAMES, 1):
        found = served.reports.program(name, Q1, story.now)
        assert (found.name, found.amounts.total_points) == (name, number)
        assert portfolio(served)[1][name].amounts == found.amounts
    with pytest.raises(NotFound, match="Project_small"):
        served.reports.program("small", Q1, story.now)


def test_an_epic_of_two_programs_counts_in_both_and_once_for_its_team(served, story, other):
    both = epic(story, "Q1-26", "Project_a", "Project_b")
    story.issue(5, epic=both.id)
    story.issue(3, epic=epic(story, "Q1-26", "Project_b", project=other).id)
    pull(served, 1)
    teams, programs, _ = portfolio(served)
    assert teams["k8s"].amounts.total_points == 5
    assert (programs["a"].amounts.total_points, programs["b"].amounts.total_points) == (5, 8)
    assert [part.key for part in programs["b"].teams] == ["k8s", "lb"]
    found = served.reports.program("a", Q1, story.now)
    assert [row.figures.programs for row in found.epics] == [("a", "b")]


def test_a_program_goes_over_quarters_and_may_be_of_none(served, story):
    story.issue(5, epic=epic(story, "Q1-26", "Q2-26", "Project_a").id)
    story.issue(3, epic=epic(story, "Project_a").id)
    epic(story, "Project_empty")
    pull(served, 1)
    found = served.reports.program("a", Q1, story.now)
    assert [(one.quarter, one.amounts.total_points) for one in found.quarters] == [
        (Q2, 5),
        (Q1, 5),
        (None, 3),
    ]
    empty = served.reports.program("empty", None, story.now)
    assert (empty.amounts.epic_count, empty.epics, empty.burnup) == (0, (), ())
    assert [one.quarter for one in empty.quarters] == [None]
    assert [(one.name, one.quarters) for one in served.reports.programs(None)] == [
        ("a", (Q1, Q2)),
        ("empty", ()),
    ]


def test_an_epic_that_left_the_quarter_stays_in_the_programs_past_days(served, story):
    moved = epic(story, "Q1-26", "Project_a")
    story.issue(5, epic=moved.id)
    pull(served, 1)
    story.world.set_labels(moved, ["Q2-26", "Project_a"], on(3))
    pull(served, 4)
    found = served.reports.program("a", Q1, story.now)
    assert (found.amounts.total_points, found.teams) == (0, ())
    assert [day.total_points for day in found.burnup[-4:]] == [5, 5, 0, 0]


def test_labels_of_no_quarter_and_of_several_are_told(served, story):
    odd = epic(story, "Q5-26", "2026q1", "quality-1", "Q1-26")
    both = epic(story, "q1-2026", "Q2-26", "Q1-26")
    epic(story, "Q1-20", "Q2-20")
    gone = epic(story, "Q9-26")
    story.world.delete_issue(gone, on(1))
    pull(served, 1)
    found = served.reports.quality("k8s")
    [one] = found.rows[Contradiction.ODD_QUARTER]
    assert (one.key, one.said) == (odd.key, "labelled 2026q1, Q5-26")
    [one] = found.rows[Contradiction.SEVERAL_QUARTERS]
    assert (one.key, one.said) == (both.key, "counts in Q1-26 and Q2-26")
    assert served.reports.team("k8s", story.now).finding_count == found.count == 2
    story.world.set_labels(both, ["Q2-26"], on(2))
    pull(served, 2)
    assert Contradiction.SEVERAL_QUARTERS not in served.reports.quality("k8s").rows


def test_epics_that_are_done_beside_their_children_are_told(served, story):
    made = {
        name: epic(story, *labels)
        for name, labels in {
            "empty": ["Q1-26"],
            "open": ["Q1-26", "Q2-26"],
            "whole": ["Q1-26"],
            "old": ["Q1-20"],
            "of none": ["Project_a"],
            "planless": [],
            "running": ["Q1-26"],
        }.items()
    }
    children = {name: story.issue(2, epic=one.id) for name, one in made.items() if name != "empty"}
    more = story.issue(1, epic=made["open"].id)
    story.world.transition(children["whole"], DONE, on(2))
    story.world.transition(more, DONE, on(2))
    for name, one in made.items():
        if name != "running":
            story.world.transition(one, DONE, on(2))
    pull(served, 2)
    found = served.reports.quality("k8s")
    [one] = found.rows[Contradiction.CHILDLESS_EPIC]
    assert (one.key, one.said) == (made["empty"].key, "done, and no issue is below it")
    assert {one.key: one.said for one in found.rows[Contradiction.OPEN_CHILDREN]} == {
        made["open"].key: "closed, and 1 of 2 below it is open",
        made["of none"].key: "closed, and 1 of 1 below it is open",
    }
    counted = {Contradiction.CHILDLESS_EPIC, Contradiction.OPEN_CHILDREN}
    others = sum(len(rows) for kind, rows in found.rows.items() if kind not in counted)
    assert served.reports.team("k8s", story.now).finding_count == found.count == others + 3
    # each remedy takes its finding away
    version = served.reports.version("k8s")
    story.world.transition(made["of none"], DOING, on(2, 18.5))
    pull(served, 2, 19.0)
    assert len(served.reports.quality("k8s").rows[Contradiction.OPEN_CHILDREN]) == 1
    assert served.reports.version("k8s") != version
    story.world.transition(children["open"], DONE, on(4))
    story.world.set_labels(made["empty"], [], on(4))
    pull(served, 4)
    assert not counted & served.reports.quality("k8s").rows.keys()
    assert rebuild(served.engine) == 0
