"""What facts cost after one changed issue does not depend on how much the store holds."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from telemetry.facts import rebuild
from telemetry.store.engine import writing
from telemetry.store.schema import metadata
from tests.bench.filling import NOW, Filling
from tests.depth import parametrize_in_turn

LATER = NOW + timedelta(minutes=10)
SMALL, LARGE = 80, 480
ISSUES_PER_SPRINT = 8
GROWING = ("issues", "changes", "work_logs", "sprint_members", "sprint_issues", "sprint_events")


@dataclass(slots=True)
class Seen:
    """What the database was asked: statements, the rows that they gave, and their plans."""

    statements: int = 0
    rows: int = 0
    plans: list[str] = field(default_factory=list)


@contextmanager
def watching(engine: Engine) -> Iterator[Seen]:
    """Ask every question once more, with its plan, in the transaction in which it is asked."""
    seen = Seen()
    is_sqlite = engine.dialect.name == "sqlite"

    def note(_1: Any, cursor: Any, statement: str, parameters: Any, _2: Any, is_many: bool) -> None:
        seen.statements += 1
        if statement.startswith("SELECT") and not is_many:
            again = cursor.connection.cursor()
            seen.rows += len(again.execute(statement, parameters).fetchall())
            if not is_sqlite:  # else it scans what is small, whatever the indices
                again.execute("SET enable_seqscan = off")
            explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
            rows = again.execute(f"{explain} {statement}", parameters).fetchall()
            seen.plans.append("\n".join(str(row[-1]) for row in rows))
            again.close()

    event.listen(engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "after_cursor_execute", note)


def filled(engine: Engine, issues: int, teams: int = 1) -> Filling:
    """A store of so many issues with all facts; more issues are more sprints, not larger ones."""
    with writing(engine) as connection:
        for table in metadata.tables.values():
            connection.execute(table.delete())
    filling = Filling(issues, teams, ISSUES_PER_SPRINT)
    filling.write_frame(engine)
    filling.write_issues(engine)
    filling.refresh(engine, NOW, is_first=True)
    return filling


def cost(engine: Engine, issues: int) -> Seen:
    """What facts read after one changed issue."""
    filling = filled(engine, issues)
    filling.change(engine, 1, LATER)
    with watching(engine) as seen:
        filling.refresh(engine, LATER)
    return seen


@pytest.mark.slow
@parametrize_in_turn("store", ["sqlite", "postgresql"], 1, indirect=True)
def test_facts_read_no_more_of_a_store_six_times_as_large(store: Engine) -> None:
    few, many = cost(store, SMALL), cost(store, LARGE)
    assert many.statements == pytest.approx(few.statements, abs=3)
    assert many.rows == pytest.approx(few.rows, abs=20)


def test_facts_find_by_index_what_changed(store: Engine) -> None:
    tables = "|".join(GROWING)
    lines = "\n".join(cost(store, SMALL).plans).splitlines()
    assert any(re.search(tables, line) for line in lines)
    assert [line for line in lines if re.search(rf"(Seq Scan on|SCAN) ({tables})\b", line)] == []
    of_all = rf"SEARCH ({tables})\b.*\(site=\?\)"  # every row of a site has its site
    assert [line for line in lines if re.search(of_all, line)] == []


def test_what_teams_read_in_common_gives_what_each_reads_alone(store: Engine) -> None:
    filling = filled(store, SMALL, teams=4)
    filling.change(store, 10, LATER)
    filling.refresh(store, LATER)
    assert rebuild(store) == 0
