"""How many of the dates that were given held, counted in a real store."""

from datetime import date, timedelta
from itertools import count

import pytest
from sqlalchemy import delete, insert, select

from telemetry.metrics.forecast import Promise
from telemetry.report.sprint.calibration import read_calibration
from telemetry.report.teams.team import read_team
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from tests.bench.teams import NOW, fill

TODAY = NOW.date()


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def closed(store):
    """The last closed sprint of the team."""
    fill(store, 1, 3)
    with reading(store) as connection:
        c = s.sprint_facts.c
        return connection.execute(
            select(c.sprint_id, c.as_of).where(c.as_of < NOW).order_by(c.as_of.desc())
        ).first()


@pytest.fixture
def promises(store, closed):
    """Gives dates in that sprint, and tells what they were worth at a moment."""
    with reading(store) as connection:
        team = read_team(connection, "team-1")
    days = count()

    def found(*given, at=NOW):
        with writing(store) as connection:
            connection.execute(delete(s.sprint_forecasts))
            for dates, finished_on in given:
                names = ("on_50", "on_85", "on_95")
                row = {
                    "team_key": "team-1",
                    "site": team.rules.site,
                    "sprint_id": closed.sprint_id,
                    "day": on(-next(days)),
                    "remaining_points": 5.0,
                    "finished_on": finished_on,
                    **dict(zip(names, dates, strict=True)),
                }
                connection.execute(insert(s.sprint_forecasts).values(row))
        with reading(store) as connection:
            return read_calibration(connection, team, at)

    return found


def test_a_date_holds_up_to_and_on_its_day(promises):
    given = (on(-5), on(-4), on(-3))
    found = promises((given, on(-4)), (given, None), ((None, None, None), on(-6)))
    assert found == (Promise(50, 0, 2), Promise(85, 1, 2), Promise(95, 1, 2))
    assert found[1].came_true_percent == 50


def test_a_date_that_has_not_passed_is_not_judged_even_if_it_held_already(promises):
    found = promises(((on(-5), on(0), on(1)), on(-6)))
    assert [promise.count for promise in found] == [1, 0, 0]
    assert found[2].came_true_percent is None


def test_dates_of_sprints_that_closed_later_or_over_a_year_before_are_not_judged(promises, closed):
    given = ((on(-700), on(-700), on(-700)), None)
    assert promises(given)[0].count == 1
    assert promises(given, at=closed.as_of - timedelta(seconds=1))[0].count == 0
    assert promises(given, at=closed.as_of + timedelta(days=365))[0].count == 0
    assert promises(given, at=closed.as_of + timedelta(days=364))[0].count == 1
