"""The list of teams read from a real store: figures as the sprints' own, in few statements."""

from sqlalchemy import event

from telemetry.report.overview import PAST_SHOWN
from telemetry.report.reports import Reports
from telemetry.store.engine import writing
from telemetry.store.teams import keep_teams
from tests.bench.overview import NOW, change, fill

TEAMS, SPRINTS = 50, 16


def statements_of(engine, ask):
    seen = []
    listener = lambda *given: seen.append(given[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    try:
        answer = ask()
    finally:
        event.remove(engine, "before_cursor_execute", listener)
    return answer, [one for one in seen if one.startswith("SELECT")]


def test_the_list_says_what_the_teams_say_in_a_bounded_number_of_statements(store):
    fill(store, TEAMS, SPRINTS)
    reports = Reports(store)
    overview, statements = statements_of(store, lambda: reports.overview(NOW))
    assert len(statements) <= 5
    rows = {row.team.key: row for row in overview.rows(NOW)}
    assert len(rows) == TEAMS
    for team in reports.teams(NOW):
        row = rows[team.key]
        assert row.team.freshness == team.freshness
        assert row.team.active_sprints == team.active_sprints
        assert row.team.working_day == team.working_day
        assert row.team.working_days_planned == team.working_days_planned
        same = ("id", "name", "state", "started_at", "planned_end_at", "completed_at")
        if team.sprint is None:
            assert row.team.sprint is None
            continue
        if team.sprint.state == "active":
            same += ("done_points", "total_points", "behind_points", "time", "window_end_at")
        for name in same:
            assert getattr(row.team.sprint, name) == getattr(team.sprint, name), name


def test_the_past_is_the_closed_sprints_of_half_a_year_newest_first(store):
    fill(store, 1, SPRINTS)
    reports = Reports(store)
    [row] = reports.overview(NOW).rows(NOW)
    closed = reports.sprints("team-1", "closed")
    assert len(closed) == SPRINTS - 1
    assert [one.commitment_kept_percent for one in row.past] == [
        one.commitment_kept_percent for one in closed[:PAST_SHOWN]
    ]
    assert [one.impediment_share_percent for one in row.past] == [
        one.time.impediment_share_percent for one in closed[:PAST_SHOWN]
    ]


def test_a_change_of_facts_is_read_and_a_removed_team_is_not(store):
    fill(store, 2, SPRINTS)
    reports = Reports(store)
    before = reports.overview(NOW).rows(NOW)[0].team.sprint.done_points
    change(store, 1, NOW, SPRINTS)
    assert reports.overview(NOW).rows(NOW)[0].team.sprint.done_points == before + 1
    with writing(store) as connection:
        keep_teams(connection, ["team-2"])
    assert [row.team.key for row in reports.overview(NOW).rows(NOW)] == ["team-2"]
    assert reports.team_names() == [("team-2", "Team 2 of the platform")]
