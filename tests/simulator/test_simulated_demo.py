import threading
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from bot.simulator import Life, demo_configuration, demo_world, step
from bot.simulator.calendars import easter, holidays, is_working_day, local_day, quarter_label
from bot.simulator.flavours import jira_time
from bot.simulator.state import milliseconds, type_of_epic

pytestmark = pytest.mark.slow

now = datetime(2026, 11, 19, 14, tzinfo=UTC)


@pytest.fixture(scope="module")
def world():
    return demo_world(now)


def outline(world):
    issues = [
        (
            i.key,
            i.summary,
            i.updated_at,
            i.sprints,
            i.points,
            [(h.id, h.at, h.items) for h in i.histories],
        )
        for i in world.issues.values()
    ]
    logs = [(log.id, log.issue, log.seconds, log.started_at) for log in world.work_logs.values()]
    return issues, logs


def test_a_seed_tells_the_whole_world():
    first, second = (demo_world(now, teams=3, weeks=8, seed=5) for _ in range(2))
    assert outline(first) == outline(second)
    assert outline(first) != outline(demo_world(now, teams=3, weeks=8, seed=6))


def test_every_scrum_team_has_a_year_of_sprints_and_one_running(world):
    for team in world.teams:
        states = [s.state for s in world.sprints.values() if s.board == team.board]
        if team.plan.sprint_weeks:
            assert states.count("active") == states.count("future") == 1
            assert states.count("closed") >= 50 // team.plan.sprint_weeks - 2
        else:
            assert states == []
    assert [team.plan.sprint_weeks for team in world.teams].count(0) == 1
    assert {team.plan.sprint_weeks for team in world.teams} == {0, 2, 3}


@pytest.fixture(scope="module")
def moves(world):
    """By sprint: (issue, instant, whether into the sprint) of every move into it or out of it."""
    found: dict[int, list] = {number: [] for number in world.sprints}
    for issue in world.issues.values():
        for history in issue.histories:
            for item in history.items:
                if item.code == "sprint":
                    old, new = (
                        {int(one) for one in (each or "").split(", ") if one}
                        for each in (item.old, item.new)
                    )
                    for number in old ^ new:
                        found[number].append((issue, history.at, number in new))
    return found


def test_a_part_of_every_next_sprint_is_planned_while_one_is_running(world):
    for team in world.teams:
        if team.plan.sprint_weeks:
            planned = [world.issues[number] for number in world.by_sprint[team.next_sprint.id]]
            points = sum(issue.points or 0 for issue in planned)
            assert 0.2 < points / team.commitment < 1.2
            assert {issue.status for issue in planned} == {"10000"}


@pytest.mark.slow
def test_what_is_planned_ahead_is_in_the_sprint_days_before_it_starts(world, moves):
    shares = []
    for team in world.teams:
        for sprint in [s for s in world.sprints.values() if s.board == team.board]:
            if sprint.state == "closed":
                day_before = sprint.activated_at - 24 * 3600 * 1000
                ins = [at < day_before for _, at, is_in in moves[sprint.id] if is_in]
                shares.append(sum(ins) / len(ins))
    assert 0.2 < sum(shares) / len(shares) < 0.8


@pytest.mark.slow
def test_some_of_what_is_planned_ahead_is_moved_out_before_the_start(world, moves):
    running = [sprint for sprint in world.sprints.values() if sprint.state != "future"]
    out = [
        sprint.id
        for sprint in running
        for _, at, is_in in moves[sprint.id]
        if not is_in and at < sprint.activated_at
    ]
    assert len(set(out)) > len(running) / 2


def test_a_sprint_starts_with_about_what_its_team_commits_to(world, moves):
    for team in world.teams:
        for sprint in [s for s in world.sprints.values() if s.board == team.board]:
            if sprint.state == "active":
                entered = {
                    issue.id for issue, at, _ in moves[sprint.id] if at < sprint.activated_at
                }
                members = entered.intersection(world.by_sprint[sprint.id])
                points = sum(world.issues[number].points or 0 for number in members)
                assert 0.7 < points / team.commitment < 1.6


def test_nothing_happens_after_now_and_histories_are_in_order(world):
    end = milliseconds(now)
    for issue in world.issues.values():
        times = [issue.created_at, *(history.at for history in issue.histories)]
        assert times == sorted(times)
        assert issue.updated_at == times[-1] <= end
    assert all(log.created_at <= end for log in world.work_logs.values())
    assert all(log.started_at < log.created_at for log in world.work_logs.values())


def test_the_demo_has_every_kind_of_trouble(world):
    items = [item for i in world.issues.values() for h in i.histories for item in h.items]
    codes = {item.code for item in items}
    assert {"sprint", "points", "labels", "flagged", "nature", "key"} <= codes
    assert any(item.code == "status" and item.old == "10001" for item in items)
    assert any(item.code == "sprint" and ", " in (item.new or "") for item in items)
    assert any(issue.is_hidden for issue in world.issues.values())
    assert any(len(issue.work_logs) > 20 for issue in world.issues.values())
    assert world.deleted_work_logs
    titles = " ".join(issue.summary for issue in world.issues.values())
    assert "<b>" in titles
    assert "&" in titles
    assert "東京" in titles


def test_epics_carry_quarters_and_programs(world):
    labels = [i.labels for i in world.issues.values() if i.type == type_of_epic]
    assert {quarter_label(now.date()), "Q1-26"} <= {name for each in labels for name in each}
    assert any(name.startswith("Project_") for each in labels for name in each)
    children = [i for i in world.issues.values() if i.epic is not None]
    assert any("dependency" in child.labels for child in children)


@pytest.mark.parametrize("number", range(6))
def test_a_teams_hours_are_plausible(world, number):
    team = world.teams[number]
    hours = {"impediment": 0.0, "other": 0.0, "rest": 0.0}
    for issue in world.issues.values():
        if issue.project != team.project:
            continue
        for log in (world.work_logs[n] for n in issue.work_logs):
            kind = "impediment" if "impediment" in issue.labels else "other"
            hours[kind] += log.seconds / 3600
            day = local_day(team.plan.timezone, log.started_at)
            hours["rest"] += 0 if is_working_day(team.plan.country, day) else log.seconds / 3600
    total = hours["impediment"] + hours["other"]
    assert 0.04 < hours["impediment"] / total < 0.36
    assert 1100 < total / len(team.people) < 1700
    assert hours["rest"] / total < (0.02 if team.plan.sprint_weeks else 0.08)


def test_natures_come_by_label_in_some_teams_and_by_field_in_others(world):
    by_field = {i.project for i in world.issues.values() if i.nature}
    by_label = {
        i.project for i in world.issues.values() if any(n.startswith("nature:") for n in i.labels)
    }
    assert by_field
    assert by_label
    assert {t.project for t in world.teams if t.plan.nature_by == "field"} <= by_field


def test_an_asked_number_of_issues_is_met():
    assert len(demo_world(now, teams=3, issues=900).issues) == 900


def test_more_teams_than_templates_differ_in_name_and_project():
    world = demo_world(now, teams=40, weeks=2)
    assert len({team.plan.name for team in world.teams}) == 40
    assert len({project.key for project in world.projects.values()}) == 40


def test_the_configuration_names_every_teams_project_and_board(world):
    configuration = demo_configuration(world, "http://127.0.0.1:1", "DEMO_TOKEN")
    assert configuration["jira"]["auth"]["secret"] == "env:DEMO_TOKEN"
    first, second = configuration["teams"][:2]
    assert first["project"] == "K8S"
    assert world.boards[first["board"]].project == world.teams[0].project
    assert first["calendar"] == {"timezone": "Europe/Paris", "holidays": "FR"}
    assert second["impediment"]["nature_field"] == "Nature"


def test_life_goes_on_for_an_hour_without_overwork():
    world = demo_world(now, weeks=6)
    random, logs = Random(1), len(world.work_logs)
    for number in range(180):
        step(world, now + timedelta(seconds=20 * number), random)
    assert 20 < len(world.work_logs) - logs < 180
    end = milliseconds(now + timedelta(hours=1))
    assert all(log.created_at <= end for log in world.work_logs.values())


def test_life_closes_sprints_and_starts_the_next():
    world = demo_world(now, teams=5, weeks=6)
    running = {s.id for s in world.sprints.values() if s.state == "active"}
    random = Random(1)
    for day in range(1, 24):
        step(world, now + timedelta(days=day), random)
    states = [world.sprints[number].state for number in running]
    assert states == ["closed"] * len(running)
    active = [s.board for s in world.sprints.values() if s.state == "active"]
    assert len(active) == len(set(active)) >= 4


def test_a_life_runs_in_its_own_thread_and_ends():
    world = demo_world(now, teams=2, weeks=4)
    before = world.revision
    clock_reads: list[int] = []
    is_late = threading.Event()

    def clock() -> datetime:
        clock_reads.append(1)
        if len(clock_reads) == 30:
            is_late.set()
        return now + timedelta(minutes=len(clock_reads))

    with Life(world, clock, interval_seconds=0.01):
        assert is_late.wait(20)
    assert world.revision > before


def test_easter_moves_the_holidays():
    assert easter(2026).isoformat() == "2026-04-05"
    assert datetime(2026, 4, 6).date() in holidays("FR", 2026)
    assert not is_working_day("FR", datetime(2026, 7, 14).date())
    assert is_working_day("DE", datetime(2026, 7, 14).date())


def test_an_asked_number_of_work_logs_is_met_with_plain_work():
    world = demo_world(now, teams=3, issues=1500, work_logs=3000)
    assert 1500 <= len(world.issues) <= 1505
    assert 2900 <= len(world.work_logs) <= 3100
    end = milliseconds(now)
    for issue in world.issues.values():
        times = [issue.created_at, *(history.at for history in issue.histories)]
        assert times == sorted(times)
        assert times[-1] <= end
    assert all(log.updated_at <= end for log in world.work_logs.values())
    assert sum(len(issue.work_logs) == 0 for issue in world.issues.values()) > 100


@pytest.mark.parametrize(
    "zone", ["Etc/UTC", "Europe/Paris", "America/New_York", "Asia/Kolkata", "Asia/Kathmandu"]
)
def test_instants_are_written_as_the_calendar_has_them(zone):
    random = Random(zone)
    for _ in range(500):
        at = random.randrange(milliseconds(datetime(2020, 1, 1, tzinfo=UTC)), milliseconds(now))
        local = datetime.fromtimestamp(at // 1000, ZoneInfo(zone))
        wanted = f"{local:%Y-%m-%dT%H:%M:%S}.{at % 1000:03d}{local:%z}"
        assert jira_time(at, zone) == wanted
