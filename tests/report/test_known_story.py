"""A story told by hand, from Jira to the report, with every figure known beforehand."""

from datetime import date, timedelta
from itertools import accumulate

import pytest

from bot.simulator.state import type_of_epic
from telemetry.facts import rebuild
from telemetry.report.reports import Reports
from tests.pulled import DOING, DONE, TODO, Story, a_team, on, serving

HOUR = 3600
TEAMS = [a_team(impediment={"nature_field": "Nature"})]


@pytest.fixture
def story() -> Story:
    return Story()


def told(story: Story) -> int:
    """Two weeks from day 1; `now` is day 5, 18:00. Returns the sprint's id."""
    world = story.world
    sprint = story.sprint(on(1, 10), on(12, 18))
    done = story.issue(3, sprint=sprint.id, summary="Ünïcode <b>markup</b> 日本")
    grown = story.issue(2, sprint=sprint.id)
    removed = story.issue(5, sprint=sprint.id)
    back = story.issue(1, sprint=sprint.id)
    story.issue(None, sprint=sprint.id)
    early = story.issue(8, sprint=sprint.id, at=on(1, 7))
    world.transition(early, DONE, on(1, 9))
    part = story.issue(parent=done.id)
    later = story.issue(4, at=on(2, 8))
    world.transition(done, DOING, on(2))
    world.transition(done, DONE, on(3, 12))
    world.set_estimate(grown, 6, on(3, 13))
    world.remove_from_sprint(removed, on(4, 9))
    world.move_to_sprint(later, sprint, on(4, 10))
    world.transition(back, DONE, on(2, 10))
    world.transition(back, TODO, on(4, 11))
    trouble = story.issue(labels=["IMPEDIMENT", "nature:network"], at=on(2, 8))
    fixing = story.issue(parent=trouble.id, at=on(2, 9))
    field = story.issue(labels=["impediment", "nature:ignored"], nature="Hardware", at=on(3, 8))
    bare = story.issue(labels=["impediment"], at=on(1, 6))
    world.transition(trouble, DONE, on(3, 8))
    world.transition(bare, DONE, on(1, 8))
    for issue, start, hours in (
        (done, on(2, 9), 2),
        (part, on(2, 13), 1),
        (trouble, on(2, 15), 0.5),
        (fixing, on(3, 9), 1.5),
        (field, on(3, 11), 4),
        (removed, on(3, 15), 1),
    ):
        story.log(issue, start, hours, at=on(5))
    story.log(story.issue(), on(4, 12), 3, author=None)
    return sprint.id


def test_every_figure_of_a_running_sprint(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        sprint = pulled.reports.sprint("k8s", "current")
    assert sprint.window_end_at == on(5, 18)
    assert sprint.figures.committed_points == 3 + 2 + 5 + 1
    assert sprint.figures.added_points == 4
    assert sprint.figures.removed_points == 5
    assert sprint.figures.reestimated_points == 4
    assert sprint.figures.burned_points == 3 + 1
    assert sprint.figures.reopened_points == 1
    assert sprint.figures.remaining_points == 6 + 1 + 4
    assert (sprint.figures.done_points, sprint.figures.total_points) == (3 + 8, 3 + 8 + 6 + 1 + 4)
    assert sprint.figures.completed_points == 3
    assert sprint.figures.completion_percent == pytest.approx(50)
    assert sprint.figures.commitment_kept_percent == pytest.approx(100 * 3 / 11)
    assert sprint.figures.unestimated_count == 1
    assert sprint.figures.carried_over_points == 0
    assert sprint.figures.working_days == 5
    time = sprint.figures.time
    assert time.planned_seconds == (2 + 1 + 1) * HOUR
    assert time.impediment_seconds == 6 * HOUR
    assert time.off_plan_seconds == 3 * HOUR
    lost = sprint.figures.impediments
    assert (lost.count, lost.opened_count, lost.closed_count, lost.open_count) == (4 - 1, 3, 1, 2)
    assert lost.median_hours_to_close == 24
    natures = {row.nature: (row.count, row.seconds) for row in lost.by_nature}
    assert natures == {"network": (2, 2 * HOUR), "Hardware": (1, 4 * HOUR)}


def test_the_burndown_by_day_and_by_event(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        burndown = pulled.reports.burndown("k8s", "current")
    assert [(d.day.day, d.remaining_points) for d in burndown.days] == [
        (2, 11),
        (3, 10),
        (4, 11),
        (5, 11),
        (6, 11),
    ]
    steps = [(e.at, e.issue_key, e.kind, e.points) for e in burndown.events]
    assert steps == [
        (on(2, 10), "K8S-4", "burned", -1),
        (on(3, 12), "K8S-1", "burned", -3),
        (on(3, 13), "K8S-2", "reestimated", 4),
        (on(4, 9), "K8S-3", "removed", -5),
        (on(4, 10), "K8S-8", "added", 4),
        (on(4, 11), "K8S-4", "reopened", 1),
    ]
    assert list(accumulate((step[3] for step in steps), initial=11))[-1] == 11
    assert burndown.events[1].summary == "Ünïcode <b>markup</b> 日本"
    assert [day.day for day in burndown.days_off] == [7, 8]


def test_time_and_impediments_by_day_and_week(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        first, last = date(2026, 3, 1), date(2026, 3, 8)
        days = pulled.reports.time("k8s", first, last)
        weeks = pulled.reports.time("k8s", first, last, "week")
        [by_sprint] = pulled.reports.time("k8s", first, last, "sprint")
        lost = pulled.reports.impediments("k8s", first, last)
        page = pulled.reports.sprint_page("k8s", "current", story.now)
    hours = [
        (
            row.start_on.day,
            row.time.planned_seconds / HOUR,
            row.time.impediment_seconds / HOUR,
            row.time.off_plan_seconds / HOUR,
        )
        for row in days
    ]
    assert hours == [
        (1, 0, 0, 0),
        (2, 0, 0, 0),
        (3, 3, 0.5, 0),
        (4, 1, 5.5, 0),
        (5, 0, 0, 3),
        (6, 0, 0, 0),
        (7, 0, 0, 0),
        (8, 0, 0, 0),
    ]
    assert days[3].natures == {"Hardware": 4 * HOUR, "network": 1.5 * HOUR}
    assert [row.start_on for row in weeks] == [date(2026, 2, 23), date(2026, 3, 2)]
    assert weeks[1].time == by_sprint.time
    assert [(row.key, row.seconds, row.closed_at) for row in lost] == [
        ("K8S-11", 4 * HOUR, None),
        ("K8S-10", 1.5 * HOUR, None),
        ("K8S-9", 0.5 * HOUR, on(3, 8)),
        ("K8S-12", 0, on(1, 8)),
    ]
    assert {row.key for row in page.open_impediments} == {"K8S-10", "K8S-11"}
    assert lost[0].url.endswith("/browse/K8S-11")
    seconds = {issue.key: issue.seconds for issue in page.issues}
    assert seconds["K8S-1"] == 3 * HOUR
    assert {i.key: i.outcome for i in page.issues} == {
        "K8S-1": "completed",
        "K8S-2": "not_completed",
        "K8S-3": "removed",
        "K8S-4": "not_completed",
        "K8S-5": "not_completed",
        "K8S-6": "completed_elsewhere",
        "K8S-8": "not_completed",
    }


def test_issues_of_other_projects_count_in_the_sprint_but_their_time_does_not(
    store, tmp_path, story
):
    sprint = story.sprint(on(1, 10))
    other = story.world.add_project("ELSE", "Elsewhere", lead=2)
    foreign = story.issue(5, project=other.id, sprint=sprint.id)
    story.issue(2, sprint=sprint.id)
    story.log(foreign, on(2), 2)
    moved = story.issue(3, sprint=sprint.id)
    story.log(moved, on(3), 1)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.time.all_seconds == HOUR
        story.now = on(6)
        story.world.move_to_project(moved, other.id, on(6, 8))
        pulled.good_pull()
        after = pulled.reports.sprint("k8s", "current")
        issues = {issue.key: issue.seconds for issue in pulled.reports.issues("k8s", "current")}
        assert rebuild(pulled.engine) == 0
    assert (after.figures.committed_points, after.figures.remaining_points) == (10, 10)
    assert after.figures.time.all_seconds == 0
    assert issues == {"ELSE-1": 2 * HOUR, "K8S-1": 0, "ELSE-2": HOUR}


def test_a_narrowed_team_counts_what_matches_now(store, tmp_path, story):
    sprint = story.sprint(on(1, 10))
    mine = story.issue(5, sprint=sprint.id, labels=["mine"])
    other = story.issue(3, sprint=sprint.id)
    story.log(mine, on(2), 2)
    story.log(other, on(2), 7)
    with serving(story, store, tmp_path / "a", [a_team(jql="labels = mine")]) as pulled:
        pulled.good_pull()
        summary = pulled.reports.sprint("k8s", "current")
        assert (summary.figures.committed_points, summary.figures.time.planned_seconds) == (
            5,
            2 * HOUR,
        )
        story.now = on(6)
        story.world.set_labels(other, ["mine"], on(6))
        story.world.set_labels(mine, [], on(6))
        pulled.good_pull()
        summary = pulled.reports.sprint("k8s", "current")
        assert (summary.figures.committed_points, summary.figures.time.planned_seconds) == (
            3,
            7 * HOUR,
        )
        assert rebuild(pulled.engine) == 0


def test_a_kanban_team_has_time_and_impediments_and_a_reason(store, tmp_path, story):
    project = story.world.add_project("KAN", "Kanban", lead=2)
    story.world.add_board(project.id, "Flow", kind="kanban")
    story.log(story.issue(project=project.id), on(4), 2)
    lost = story.issue(project=project.id, labels=["impediment"], at=on(4, 8))
    story.log(lost, on(4, 12), 1)
    with serving(story, store, tmp_path / "a", [a_team("kan", "KAN")]) as pulled:
        pulled.good_pull()
        page = pulled.reports.sprint_page("kan", "current", story.now)
        assert rebuild(pulled.engine) == 0
    assert page.sprint is None
    assert page.burndown is None
    assert not page.team.has_sprints
    assert page.no_sprint_reason == "no_sprints"
    by_day = {row.start_on: row.time for row in page.daily}
    split = by_day[date(2026, 3, 5)]
    assert split.planned_seconds == 2 * HOUR
    assert (split.impediment_seconds, split.off_plan_seconds) == (HOUR, 0)
    assert [row.key for row in page.open_impediments] == ["KAN-2"]


def test_a_team_without_any_board_still_has_its_time(sqlite_store, tmp_path, story):
    project = story.world.add_project("BARE", "Bare", lead=2)
    story.log(story.issue(project=project.id), on(4), 2)
    with serving(story, sqlite_store, tmp_path / "a", [a_team("bare", "BARE")]) as pulled:
        pulled.good_pull()
        page = pulled.reports.sprint_page("bare", "current", story.now)
    assert page.sprint is None
    assert page.no_sprint_reason == "no_sprints"
    assert sum(row.time.all_seconds for row in page.daily) == 2 * HOUR


def test_a_team_that_never_had_a_sprint_says_so(store, tmp_path, story):
    story.log(story.issue(3), on(4), 2)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        page = pulled.reports.sprint_page("k8s", "current", story.now)
        assert page.no_sprint_reason == "none_yet"
        assert pulled.reports.velocity("k8s").velocity_points_per_day is None
        story.sprint(None, name="Planned")
        pulled.good_pull()
        page = pulled.reports.sprint_page("k8s", "current", story.now)
        assert (page.no_sprint_reason, page.choices[0].name) == ("not_started", "Planned")
        [future] = pulled.reports.sprints("k8s")
    assert future.figures is None
    assert future.no_figures_reason == "This sprint has not started, so it has no figures yet."


def test_an_empty_sprint_has_zeros_and_no_percentages(store, tmp_path, story):
    story.sprint(on(1, 10))
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        sprint = pulled.reports.sprint("k8s", "current")
        page = pulled.reports.sprint_page("k8s", "current", story.now)
    assert (
        sprint.figures.committed_points,
        sprint.figures.remaining_points,
        sprint.figures.total_points,
    ) == (0, 0, 0)
    assert sprint.figures.completion_percent is None
    assert sprint.figures.commitment_kept_percent is None
    assert sprint.figures.time.impediment_share_percent is None
    assert sprint.figures.impediments.median_hours_to_close is None
    assert page.issues == ()
    assert len(page.burndown.days) == 5


def test_an_active_sprint_without_dates_has_no_figures_and_does_not_hide_others(
    store, tmp_path, story
):
    dateless = story.sprint(None, name="No dates")
    dateless.state = "active"
    story.issue(3, sprint=dateless.id)
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        page = pulled.reports.sprint_page("k8s", "current", story.now)
        assert page.sprint.name == "No dates"
        assert page.sprint.figures is None
        assert page.burndown is None
        story.sprint(on(2), name="Dated")
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").name == "Dated"
        assert rebuild(pulled.engine) == 0


def test_of_two_active_sprints_the_one_started_last_is_current(store, tmp_path, story):
    older, newer = story.sprint(on(1, 10)), story.sprint(on(3))
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        row = pulled.reports.team("k8s", story.now)
        assert [name.id for name in row.active_sprints] == [newer.id, older.id]
        assert row.sprint.id == newer.id
        story.world.close_sprint(newer, None, on(5, 10))
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").id == older.id
        story.world.close_sprint(older, None, on(5, 9))
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").id == newer.id


def test_work_logged_ahead_counts_when_its_time_has_come(store, tmp_path, story):
    sprint = story.sprint(on(1, 10))
    issue = story.issue(3, sprint=sprint.id)
    story.log(issue, on(7, 9), 2, at=on(5))
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.time.all_seconds == 0
        story.now = on(7, 8)
        pulled.good_pull()
        assert sum_of_days(pulled.reports) == 0
        story.now = on(7, 10)
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.time.all_seconds == 2 * HOUR
        assert sum_of_days(pulled.reports) == 2 * HOUR
        assert rebuild(pulled.engine) == 0


def sum_of_days(reports: Reports) -> int:
    rows = reports.time("k8s", date(2026, 3, 1), date(2026, 3, 31))
    return sum(row.time.all_seconds for row in rows)


def test_the_first_hour_of_a_sprint_has_one_day(sqlite_store, tmp_path, story):
    sprint = story.sprint(on(5, 17), on(12, 18))
    story.issue(5, sprint=sprint.id)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        page = pulled.reports.sprint_page("k8s", "current", story.now)
    assert [day.remaining_points for day in page.burndown.days] == [5]
    assert page.sprint.figures.behind_points == pytest.approx(0, abs=0.2)
    assert page.working_day == 1


def test_a_day_of_23_hours_holds_its_work(store, tmp_path, story):
    """Paris: on Sunday 29 March 2026 clocks go from 02:00 to 03:00; the day begins at 23:00 UTC."""
    start = on(26, 8)
    sprint = story.sprint(start, start + timedelta(days=10))
    issue = story.issue(3, sprint=sprint.id)
    for begun in (on(27, 22.99), on(27, 23.01), on(28, 21.99), on(28, 22.01)):
        story.log(issue, begun, 1)
    story.now = on(30)
    team = a_team(calendar={"timezone": "Europe/Paris"})
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        days = pulled.reports.sprint_page("k8s", "current", story.now).daily
        assert rebuild(pulled.engine) == 0
    hours = {row.start_on.day: row.time.planned_seconds // HOUR for row in days}
    assert hours == {27: 0, 28: 1, 29: 2, 30: 1, 31: 0}


def test_epics_and_sub_tasks_carry_no_points(sqlite_store, tmp_path, story):
    sprint = story.sprint(on(1, 10))
    epic = story.issue(13, kind=type_of_epic, sprint=sprint.id)
    child = story.issue(2, sprint=sprint.id, epic=epic.id)
    story.issue(8, parent=child.id)
    with serving(story, sqlite_store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint("k8s", "current").figures.committed_points == 2


def test_a_flag_makes_only_the_flagged_time_an_impediment(store, tmp_path, story):
    sprint = story.sprint(on(1, 10))
    issue = story.issue(3, sprint=sprint.id)
    story.world.set_flag(issue, True, on(2, 12))
    story.world.set_flag(issue, False, on(3, 12))
    for begun in (on(2, 11), on(2, 13), on(3, 11), on(3, 13)):
        story.world.log_work(issue, 2, begun, HOUR, on(4))
    team = a_team(impediment={"flagged": True})
    with serving(story, store, tmp_path / "a", [team]) as pulled:
        pulled.good_pull()
        sprint_now = pulled.reports.sprint("k8s", "current")
        [row] = pulled.reports.impediments("k8s", date(2026, 3, 2), date(2026, 3, 6))
    assert sprint_now.figures.time.impediment_seconds == 2 * HOUR
    assert sprint_now.figures.time.planned_seconds == 2 * HOUR
    assert (row.opened_at, row.closed_at, row.seconds) == (on(2, 12), on(3, 12), 2 * HOUR)
    assert sprint_now.figures.impediments.median_hours_to_close == 24


def test_closed_sprints_give_velocity_and_what_is_usual(store, tmp_path, story):
    for week in range(3):
        start = on(1 + 7 * week, 9)
        sprint = story.sprint(start, start + timedelta(days=4))
        issue = story.issue(4 + week, sprint=sprint.id, at=start - timedelta(hours=1))
        lost = story.issue(labels=["impediment"], at=start)
        story.log(lost, start + timedelta(hours=1), 1 + week)
        story.world.transition(issue, DONE, start + timedelta(days=1))
        story.world.close_sprint(sprint, None, start + timedelta(days=4))
    story.now = on(20)
    with serving(story, store, tmp_path / "a", [a_team(velocity_sprints=2)]) as pulled:
        pulled.good_pull()
        velocity = pulled.reports.velocity("k8s")
        sprints = pulled.reports.sprints("k8s")
        newest = pulled.reports.sprint("k8s", "current")
    assert velocity.velocity_points_per_day == pytest.approx((5 / 5 + 6 / 5) / 2)
    assert velocity.average_impediment_seconds == 2.5 * HOUR
    assert [row.id for row in velocity.sprints] == [3, 2]
    assert newest.estimates.usual_natures[newest.figures.natures[0].nature] == 1.5 * HOUR
    assert sprints[0] == newest
    assert sprints[2].estimates.usual_natures is None
