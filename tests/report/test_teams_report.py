"""The list of teams read from a real store: figures as the sprints' own, in few statements."""

from dataclasses import fields, replace
from datetime import timedelta

from sqlalchemy import event, update

from telemetry.report.reports import Reports
from telemetry.report.shapes.teams import ListedFigures
from telemetry.report.teams.reading import PAST_SHOWN
from telemetry.settings import Settings
from telemetry.store import schema as s
from telemetry.store.engine import writing
from telemetry.store.teams import (
    keep_teams,
    mark_failed,
    mark_pulled,
    raise_facts_version,
    read_team,
    write_team,
)
from tests.bench.teams import NOW, change, fill

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
    overview, statements = statements_of(store, lambda: reports.teams_list(NOW))
    assert len(statements) <= 5
    rows = {row.team.key: row for row in overview.rows(NOW)}
    assert len(rows) == TEAMS
    for team in reports.teams(NOW):
        row = rows[team.key]
        assert row.team.freshness == team.freshness
        assert row.team.active_sprints == team.active_sprints
        assert row.team.working_day == team.working_day
        assert row.team.working_days_planned == team.working_days_planned
        same = ["id", "name", "state", "started_at", "planned_end_at", "completed_at"]
        if team.sprint is None:
            assert row.team.sprint is None
            continue
        for name in same:
            assert getattr(row.team.sprint, name) == getattr(team.sprint, name), name
        if team.sprint.state == "active":
            for figure in fields(ListedFigures):
                values = [
                    getattr(one.figures, figure.name) for one in (row.team.sprint, team.sprint)
                ]
                assert values[0] == values[1], figure.name


def test_the_past_is_the_closed_sprints_of_half_a_year_newest_first(store):
    fill(store, 1, SPRINTS)
    reports = Reports(store)
    [row] = reports.teams_list(NOW).rows(NOW)
    closed = reports.sprints("team-1", "closed")
    assert len(closed) == SPRINTS - 1
    assert [one.commitment_kept_percent for one in row.past] == [
        one.figures.commitment_kept_percent for one in closed[:PAST_SHOWN]
    ]
    assert [one.impediment_share_percent for one in row.past] == [
        one.figures.time.impediment_share_percent for one in closed[:PAST_SHOWN]
    ]


def test_a_change_of_facts_is_read_and_a_removed_team_is_not(store):
    fill(store, 2, SPRINTS)
    reports = Reports(store)
    before = reports.teams_list(NOW).rows(NOW)[0].team.sprint.figures.done_points
    change(store, 1, NOW, SPRINTS)
    assert reports.teams_list(NOW).rows(NOW)[0].team.sprint.figures.done_points == before + 1
    with writing(store) as connection:
        keep_teams(connection, ["team-2"])
    assert [row.team.key for row in reports.teams_list(NOW).rows(NOW)] == ["team-2"]
    assert reports.team_names() == [("team-2", "Team 2 of the platform")]


def rows_of_all(reports, now=NOW):
    return reports.teams_list(now).rows(now)


def name_a_team(connection, number):
    rules = replace(read_team(connection, f"team-{number}").rules, name="A new name")
    write_team(connection, rules)


def close_the_sprint_of(connection, number):
    is_last = s.sprints.c.id == number * 1000 + SPRINTS - 1
    connection.execute(
        update(s.sprints).where(is_last).values(state="closed", completed_at=NOW - timedelta(1))
    )


def rewrite_a_closed_sprint_of(connection, number):
    is_third = s.sprint_facts.c.sprint_id == number * 1000 + SPRINTS - 4
    connection.execute(update(s.sprint_facts).where(is_third).values(commitment_kept_percent=7.5))
    raise_facts_version(connection, f"team-{number}")


PULLED_EACH_MINUTE = {
    "jira": {
        "default": {
            "url": "https://jira.example.com",
            "auth": {"kind": "pat", "secret": "env:JIRA_TOKEN"},
        }
    },
    "bot": {"every": "1m"},
    "teams": [{"key": "team-1", "project": "ONE"}],
}
CHANGES = {
    "its name": lambda connection: name_a_team(connection, 3),
    "a failure": lambda connection: mark_failed(connection, "team-3", NOW, "Jira answered 503."),
    "another failure": lambda connection: mark_failed(connection, "team-3", NOW, "It is refused."),
    "its running sprint": lambda connection: close_the_sprint_of(connection, 3),
    "a closed sprint": lambda connection: rewrite_a_closed_sprint_of(connection, 3),
    "a pull": lambda connection: mark_pulled(connection, "team-3", NOW, NOW - timedelta(minutes=1)),
    "another team": lambda connection: keep_teams(connection, ["team-1", "team-3"]),
}


def test_what_is_read_on_top_of_what_was_read_before_is_what_a_reading_of_all_finds(store):
    fill(store, 4, SPRINTS)
    reports = Reports(store)
    known = reports.teams_list(NOW)
    for what, write in CHANGES.items():
        before = known.rows(NOW)
        with writing(store) as connection:
            write(connection)
        known = reports.teams_list(NOW, known)
        assert known.rows(NOW) != before, what
        assert known.rows(NOW) == rows_of_all(reports), what


def test_after_a_pull_of_a_few_teams_no_other_is_read_again(store):
    fill(store, TEAMS, SPRINTS)
    reports = Reports(store)
    known = reports.teams_list(NOW)
    change(store, 2, NOW, SPRINTS)
    then = reports.teams_list(NOW, known)
    old = {one.team.rules.key: one for one in known.known}
    assert [one.team.rules.key for one in then.known if one is not old[one.team.rules.key]] == [
        "team-2"
    ]
    again, statements = statements_of(store, lambda: reports.teams_list(NOW, then))
    assert len(statements) == 2
    assert again.rows(NOW) == rows_of_all(reports)


def test_figures_written_during_a_first_pull_are_read_though_none_has_ended(store):
    fill(store, 2, SPRINTS)
    reports = Reports(store)
    with writing(store) as connection:
        connection.execute(update(s.teams).values(as_of=None, pulled_at=None))
    known = reports.teams_list(NOW)
    with writing(store) as connection:
        connection.execute(update(s.sprint_facts).values(done_points=19.5))
        raise_facts_version(connection, "team-1", "team-2")
    [first, _] = reports.teams_list(NOW, known).rows(NOW)
    assert first.team.sprint.figures.done_points == 19.5


def test_the_version_changes_with_the_age_from_which_data_are_stale(store):
    fill(store, 2, SPRINTS)
    reports = Reports(store, timedelta(minutes=30))
    seen, later = reports.version(), NOW + timedelta(minutes=20)
    known = reports.teams_list(later)
    assert not any(row.team.freshness.is_stale for row in known.rows(later))
    reports.follow(Settings.model_validate(PULLED_EACH_MINUTE))
    assert reports.version() != seen
    then = reports.teams_list(later, known)
    assert all(row.team.freshness.is_stale for row in then.rows(later))
