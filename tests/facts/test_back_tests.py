"""Forecasts of epics and programs made again on past days: kept, bounded, judged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from telemetry.facts import past_quarters
from telemetry.facts.back_tests import epics_tested, programs_tested
from telemetry.facts.past_quarters import Allowance, read_unfinished, write_past_quarters
from telemetry.facts.program_scores import write_program_scores
from telemetry.facts.reading.batch import Team
from telemetry.facts.roadmaps import write_roadmaps
from telemetry.facts.scores import write_scores
from telemetry.metrics.epics_past import QUARTERS
from telemetry.metrics.judged import Today
from telemetry.metrics.tally import from_stored
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from tests.builders import a_team
from tests.metrics.made_quarters import CALENDAR, NOW, made_epics

TODAY = Today(CALENDAR.day_of(NOW), CALENDAR)
NEVER_YET = TODAY.today  # a record that begins today


def a_team_of(key: str) -> Team:
    return Team(replace(a_team(), key=key, calendar=CALENDAR), NOW, has_new_epics=True)


TEAMS = [a_team_of("k8s"), a_team_of("web")]


@pytest.fixture
def engine(sqlite_store: Engine) -> Engine:
    """A store with the epics of two teams, and nothing forecast."""
    with writing(sqlite_store) as connection:
        for seed, team in enumerate(TEAMS, 1):
            of_team = {"team_key": team.rules.key, "site": team.rules.site}
            for epic in made_epics(seed):
                labels = of_team | {"issue_id": epic.issue_id} | epic.labels._asdict()
                connection.execute(insert(s.epic_facts), [labels])
                rows = [
                    of_team | {"epic_id": epic.issue_id} | one._asdict() for one in epic.children
                ]
                connection.execute(insert(s.epic_children), rows)
    return sqlite_store


def write(engine: Engine, team: Team, days: float = float("inf")) -> int:
    with writing(engine) as connection:
        return write_past_quarters(connection, team, Allowance(days))


def row(engine: Engine, team: Team):
    c = s.epic_forecasts.c
    with reading(engine) as connection:
        query = select(c.days, c.parts, c.is_whole).where(c.team_key == team.rules.key)
        return connection.execute(query).one()


def test_a_bounded_pull_leaves_the_rest_to_the_next_ones(engine):
    team, turns = TEAMS[0], 0
    assert write(engine, team, 7) > 0
    first = row(engine, team)
    told = [day for day in first.days if day[3]]
    assert (len(told), first.is_whole) == (7, False)
    with reading(engine) as connection:
        assert read_unfinished(connection, team.rules.site) == {team.rules.key}
    while not row(engine, team).is_whole:
        assert write(engine, team, 7) == 1
        turns += 1
    grown = row(engine, team)
    assert turns > 1
    assert [day for day in grown.days if day in told] == told
    assert write(engine, team) == 0
    with writing(engine) as connection:
        connection.execute(delete(s.epic_forecasts))
    assert write(engine, team) == 1
    assert row(engine, team) == grown
    with reading(engine) as connection:
        assert read_unfinished(connection, team.rules.site) == set()


def test_a_team_for_which_nothing_is_left_comes_later(engine, monkeypatch):
    monkeypatch.setattr(past_quarters, "QUARTERS", 2)  # all of which have three behind them
    team = TEAMS[0]
    write(engine, team, 0)
    assert (row(engine, team).days, row(engine, team).is_whole) == ([], False)
    write(engine, team, 1)
    assert len(row(engine, team).days) == 1
    write(engine, team)
    assert (row(engine, team).is_whole, write(engine, team, 0)) == (True, 0)


def test_only_what_changed_is_forecast_again(engine):
    team = TEAMS[0]
    write(engine, team)
    before = {day[0]: day for day in row(engine, team).days}
    last = [day for day in before.values() if day[1] > date(2025, 10, 1).toordinal()]
    c = s.epic_children.c
    with writing(engine) as connection:
        epic_id = last[-1][3][-1][0]
        rows = connection.execute(select(c.issue_id, c.steps).where(c.epic_id == epic_id)).all()
        for one in rows:
            now = [*one.steps, [NOW - timedelta(hours=1), "done", one.steps[-1][2]]]
            changed = update(s.epic_children).where(c.issue_id == one.issue_id)
            connection.execute(changed.values(steps=now))
    assert write(engine, team) > 0
    after = {day[0]: day for day in row(engine, team).days}
    known = [key for key in after if key in before]
    assert len(before) - len(last) <= len(known) < len(before)


def test_days_are_of_the_last_quarters_and_told_with_three_behind(engine):
    team = TEAMS[0]
    write(engine, team)
    found = row(engine, team)
    assert {quarter for quarter, _, _ in found.parts} == {
        2025 * 4 + n for n in range(1, QUARTERS + 1)
    }
    told = {date.fromordinal(day[1]).month for day in found.days if day[3]}
    assert min(told) == 7  # the first quarter with three behind it
    unsaid = [part for quarter, _, parts in found.parts for part in parts if quarter == 8101]
    assert unsaid
    assert all(chance is None for _, _, _, _, chance, _ in unsaid)


def test_epics_and_programs_are_judged_before_their_record(engine):
    for team in TEAMS:
        write(engine, team)
    with reading(engine) as connection:
        epics = epics_tested(connection, TEAMS[0].rules, NEVER_YET, TODAY)
        programs = programs_tested(connection, NEVER_YET, TODAY)
        assert (epics.subject_count, programs.subject_count) == (8, 4)
        assert epics.count > programs.count > 10
        assert epics.chance_count == epics.count
        began = date(2025, 11, 1)
        before = epics_tested(connection, TEAMS[0].rules, began, TODAY)
        assert 0 < before.count < epics.count
        assert before.last_on is not None
        assert before.last_on < began
        later = Today(TODAY.today + timedelta(days=300), CALENDAR)
        assert 0 < programs_tested(connection, NEVER_YET, later).count < programs.count
    write_scores(engine, TEAMS[0].rules.site, TEAMS)
    c = s.forecast_scores.c
    with reading(engine) as connection:
        found = dict(connection.execute(select(c.team_key, c.scores)).all())
    for team in TEAMS:
        shown, tested = map(from_stored, found[team.rules.key]["epic"])
        assert (shown.count, tested.count > 0) == (0, True)
    shown, tested = map(from_stored, found[""]["program"])
    assert (shown.count, tested.count) == (0, programs.count)
    with writing(engine) as connection:
        assert write_program_scores(connection, TEAMS) == 0


def test_a_quarter_is_of_the_record_once_it_is_over(engine):
    site, before = TEAMS[0].rules.site, NOW - timedelta(days=8)
    c = s.roadmap_forecasts.c
    counts = []
    for as_of, has_new in ((before, True), (NOW, False), (NOW, False)):
        write_roadmaps(engine, site, [Team(TEAMS[0].rules, as_of, has_new_epics=has_new)])
        with reading(engine) as connection:
            counts.append(connection.scalar(select(c.quarter_count)))
    assert counts == [4, 5, 5]
    assert row(engine, TEAMS[0]).days[-1][1] > date(2025, 12, 1).toordinal()


def test_a_program_is_not_told_while_days_of_a_team_are_left(engine):
    write(engine, TEAMS[0])
    write(engine, TEAMS[1], 0)
    with reading(engine) as connection:
        assert programs_tested(connection, NEVER_YET, TODAY).count == 0
    write(engine, TEAMS[1], 5)
    with reading(engine) as connection:
        some = programs_tested(connection, NEVER_YET, TODAY).count
    write(engine, TEAMS[1])
    with reading(engine) as connection:
        assert 0 < some < programs_tested(connection, NEVER_YET, TODAY).count
