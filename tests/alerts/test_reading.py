"""What rules look at, from real pulls of a simulated Jira, on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.alerts.evaluate import evaluate
from telemetry.report.alerts.reading import read_sites, read_watched
from telemetry.report.teams.team import read_team
from telemetry.settings.alerting import RULES
from telemetry.store import schema as s
from telemetry.store.engine import reading
from tests.pulled import DOING, DONE, Story, on, reconfigured, serving

EVERY = frozenset(RULES)


def lived() -> Story:
    """Five sprints of a week are closed, the sixth runs since Monday 6 April (day 36)."""
    story = Story()
    for week in range(6):
        first = 1 + 7 * week
        sprint = story.sprint(on(first, 8), on(first + 4, 18), name=f"Sprint {week + 1}")
        for number in range(4):
            issue = story.issue(2, sprint=sprint.id, at=on(first, 7))
            story.world.transition(issue, DOING, on(first, 9 + number / 10))
            if week < 5:
                story.log(issue, on(first + number, 10), 5)
                story.world.transition(issue, DONE, on(first + number, 15))
        for number in range(2):
            day = first + number
            lost = story.issue(labels=["impediment", "nature:network"], at=on(day, 8))
            story.log(lost, on(day, 9), 2)
            if week < 5:
                story.world.transition(lost, DONE, on(day + 1, 12))
        if week < 5:
            story.world.close_sprint(sprint, None, on(first + 4, 18))
    story.now = on(39, 20)  # Thursday of the sixth
    return story


@pytest.fixture
def story():
    return lived()


def test_a_team_is_read_as_its_pages_show_it(store, tmp_path, story):
    with serving(story, store, tmp_path / "site") as pulled:
        pulled.good_pull()
        with reading(store) as connection:
            team = read_watched(connection, read_team(connection, "k8s"), story.now, EVERY)
            sites = read_sites(connection)
        assert (team.today, team.name) == (date(2026, 4, 9), "k8s")
        [sprint] = team.running
        figures = sprint.summary.figures
        assert (figures.total_points, figures.done_points) == (8.0, 0.0)
        assert [day.day.day for day in sprint.days] == [6, 7, 8, 9]
        assert 0.6 < sprint.gone_share < 0.9
        assert sprint.outlook.chance_percent == figures.finish_in_time_percent
        assert 0 < sprint.outlook.left_points <= 8
        assert sprint.costly[0].seconds == 2 * 3600
        assert [one.summary.name for one in team.closed] == ["Sprint 5"]
        assert team.usual_week_seconds == 4 * 3600
        assert team.usual_completion_percent == 100
        assert sorted(team.closing_days) == [2] * 10
        assert [one.age_days for one in team.open_impediments] == [4, 3]
        assert team.days[-1].start_on == date(2026, 4, 8)
        assert sum(row.time.impediment_seconds for row in team.days[-3:]) == 4 * 3600
        flow = pulled.reports.flow("k8s", team.today - timedelta(days=182), team.today)
        assert [(one.id, one.key, one.url, one.age_days) for one in team.in_progress] == [
            (one.id, one.key, one.url, one.age_days) for one in flow.in_progress
        ]
        assert len(team.in_progress) == 4
        assert flow.whole.cycle_days
        assert team.cycle_days == flow.whole.cycle_days.days_95
        [site] = sites.values()
        assert (site.name, len(site.pulls), site.pulls[0].is_failed) == ("default", 1, False)

        chat = {"channels": {"chat": {"url": "env:CHAT"}}, "quiet_hours": None}
        teams = [{"key": "k8s", "project": "K8S"}]
        told = reconfigured(pulled, tmp_path / "told", teams, **chat)
        found = evaluate(store, told.context.settings, story.now)
        assert found.errors == []
        opened = told.contents("alerts")["alerts"]
        assert [rule for rule in RULES if any(f"'{rule}'" in row for row in opened)] == [
            "sprint_behind",
            "impediment_open",
        ]
        evaluate(store, told.context.settings, story.now + timedelta(days=1))
        assert risk_of(store) == {"6": [True, "2026-04-09", 0]}  # nothing newer is known
        story.now += timedelta(days=1)
        told.good_pull()
        evaluate(store, told.context.settings, story.now)
        assert risk_of(store) == {"6": [True, "2026-04-10", 1]}
        told.context.engine.dispose()


def risk_of(engine):
    """What the rule remembers of each sprint: whether it is at risk, since when."""
    query = select(s.alert_teams.c.rules).where(s.alert_teams.c.team_key == "k8s")
    with reading(engine) as connection:
        return connection.scalar(query)["sprint_at_risk"]["held"]
