"""A store that holds instants of no time heals at the next pull, and quickly."""

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import Date

from telemetry.facts import compute_due, rebuild
from telemetry.metrics.contradictions import Contradiction
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.pulls import read_cursor, write_cursor
from telemetry.store.values import Instant, milliseconds
from tests.depth import parametrize_in_turn
from tests.first_pulls import begin_pulled
from tests.pulled import DONE, Story, contents, on
from tests.refusing import damaged

pytestmark = pytest.mark.slow

FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
ODD = {
    "year 1": (milliseconds(FIRST), "0001-01-01"),
    "year 21": (milliseconds(datetime(21, 6, 1, tzinfo=UTC)), "0021-06-01"),
    "year 1969": (-1, "1969-12-31"),
    "year 9999": (milliseconds(LAST), "9999-12-31"),
    "year 20226": (576_000_000_000_000, "9999-12-31"),  # no program can hold it
}
ODD_ONES = [pytest.param(odd, id=name) for name, odd in ODD.items()]
QUICK = 3.0  # seconds of CPU


@pytest.fixture
def story() -> Story:
    story = Story()
    story.sprint(on(1))
    web = story.world.add_project("WEB", "Web", lead=2)
    board = story.world.add_board(web.id, "WEB board")
    story.sprint(on(1), board=board.id, name="Web 1")
    for points in (1, 2, 3):
        issue = story.issue(points, sprint=1, labels=["impediment"] if points == 3 else [])
        story.log(issue, on(2), 1)
        story.world.transition(issue, DONE, on(3))
        story.issue(points, project=web.id, sprint=2)
    return story


def poison(connection, table, column, odd):
    """Give the table's rows the instant; where it is part of the key, one row more has it."""
    at, day = odd
    value = day if isinstance(column.type, Date) else at
    if column.primary_key:
        names = [one.name for one in table.c]
        given = ", ".join("?" if name == column.name else name for name in names)
        adding = f"INSERT INTO {table.name} SELECT {given} FROM {table.name} LIMIT 1"
        connection.exec_driver_sql(adding, (value,))
    else:
        setting = f"UPDATE {table.name} SET {column.name} = ?"
        connection.exec_driver_sql(setting, (value,))


def poison_all(engine, odd):
    with writing(engine) as connection:
        for table in s.metadata.sorted_tables:
            for column in table.c:
                if isinstance(column.type, Instant | Date):
                    poison(connection, table, column, odd)
        for name in ("team:k8s", "team:web", "work_logs"):
            known = read_cursor(connection, "default", name)
            odd_at = (FIRST if odd[0] < 0 else LAST).isoformat()
            dates = {key: odd_at for key in ("since", "at", "updated", "deleted") if key in known}
            write_cursor(connection, "default", name, known | dates)


@parametrize_in_turn("odd", ODD_ONES, 2)
def test_a_store_with_instants_of_no_time_heals_at_the_next_pull(
    sqlite_store, tmp_path, story, odd
):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        before = pulled.contents()
        poison_all(pulled.engine, odd)
        begun = time.process_time()
        pulled.good_pull()
        assert time.process_time() - begun < QUICK
        assert pulled.contents() == before
        assert pulled.reports.as_of() == story.now
        assert rebuild(pulled.engine) == 0
        again = pulled.good_pull()
        assert (again.issues_changed, again.facts_changed) == (0, 0)


@parametrize_in_turn("odd", ODD_ONES, 2)
def test_a_rebuild_of_such_facts_is_quick_too(sqlite_store, tmp_path, story, odd):
    with damaged(story, sqlite_store, tmp_path) as pulled:
        begin_pulled(pulled)
        before = contents(pulled.engine, *(table.name for table in s.FACTS))
        with writing(pulled.engine) as connection:
            for table in s.FACTS:
                for column in table.c:
                    if isinstance(column.type, Instant | Date):
                        poison(connection, table, column, odd)
        begun = time.process_time()
        rebuild(pulled.engine)
        assert time.process_time() - begun < QUICK
        assert contents(pulled.engine, *before) == before
        compute_due(pulled.engine)


@parametrize_in_turn("year", [21, 9999], 1)
def test_a_work_log_of_no_time_is_named_whether_read_or_held(sqlite_store, tmp_path, story, year):
    odd = ODD[f"year {year}"]
    with damaged(story, sqlite_store, tmp_path) as pulled:
        story.log(story.world.issue("K8S-1"), datetime(year, 6, 1, tzinfo=UTC), 5, at=on(4))
        pulled.good_pull()
        [named] = pulled.unread()
        assert named[0] == "K8S-1"
        assert f"({year:04}-" in named[1]
        with writing(pulled.engine) as connection:
            for column in (s.work_logs.c.started_at, s.changes.c.at):
                poison(connection, column.table, column, odd)
        pulled.good_pull()
        assert Contradiction.UNREAD in pulled.reports.quality("k8s").rows
        assert pulled.unread() == [named]
        with reading(pulled.engine) as connection:
            logs = connection.execute(s.work_logs.select()).all()
        assert {log.started_at for log in logs} == {on(2)}
        assert rebuild(pulled.engine) == 0
