"""Facts of another shape are thrown away and computed anew from history, records never."""

import pytest
from sqlalchemy import Engine, inspect, text

from telemetry.facts import compute_due, rebuild
from telemetry.store import facts
from telemetry.store.engine import reading, writing
from telemetry.store.migrate import downgrade, is_current, upgrade
from telemetry.store.schema import FACTS as TABLES
from tests.pulled import DONE, FACTS, OF_RECORDS, Contents, Pulled, Story, on, serving

RECORDS = ("snapshots", "natures")
EMPTY: Contents = {name: [] for name in FACTS}


@pytest.fixture
def pulled(store: Engine, tmp_path):
    """Pulled sprints, the last one running, with an impediment and work logs."""
    story = Story()
    for week in range(2):
        first = 1 + 7 * week
        sprint = story.sprint(on(first), on(first + 4, 18))
        done = story.issue(3, at=on(first, 8), sprint=sprint.id)
        late = story.issue(5, at=on(first, 8), sprint=sprint.id, labels=("impediment",))
        story.log(done, on(first + 1, 10), 2)
        story.log(late, on(first + 1, 13), 1)
        story.world.transition(done, DONE, on(first + 2))
        if not week:
            story.world.close_sprint(sprint, None, on(first + 4, 17))
    story.now = on(10, 15)
    with serving(story, store, tmp_path) as found:
        found.good_pull()
        yield found


def test_the_facts_are_all_the_tables_that_tests_compare():
    assert {table.name for table in TABLES} == {*FACTS, *OF_RECORDS}


def test_an_old_store_has_the_same_figures_after_the_upgrade(pulled: Pulled):
    before, records = pulled.contents(*FACTS), pulled.contents(*RECORDS)
    downgrade(pulled.engine, "0004")
    assert not is_current(pulled.engine)
    upgrade(pulled.engine)
    assert is_current(pulled.engine)
    assert pulled.contents(*FACTS) == EMPTY
    assert compute_due(pulled.engine) > 0
    assert pulled.contents(*FACTS) == before
    assert pulled.contents(*RECORDS) == records
    assert compute_due(pulled.engine) == 0


def change_shape(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE facts_shape SET shape = 'another'"))


def test_pages_say_meanwhile_that_figures_are_not_computed_yet(pulled: Pulled):
    change_shape(pulled.engine)
    upgrade(pulled.engine)
    for sprint in pulled.reports.sprints("k8s"):
        assert sprint.figures is None
        assert sprint.no_figures_reason is not None
        assert "not computed yet" in sprint.no_figures_reason
    page = pulled.reports.sprint_page("k8s", "current", pulled.story.now)
    assert page.sprint is not None
    assert page.sprint.figures is None
    [row] = pulled.reports.teams_list(pulled.story.now).rows(pulled.story.now)
    assert row.team.sprint is not None
    assert row.team.sprint.figures is None


def test_the_next_pull_computes_what_was_thrown_away(pulled: Pulled):
    before = pulled.contents(*FACTS, *RECORDS)
    change_shape(pulled.engine)
    upgrade(pulled.engine)
    pulled.good_pull()
    assert pulled.contents(*FACTS, *RECORDS) == before
    with reading(pulled.engine) as connection:
        assert facts.read_noted(connection, "default", ["k8s"]) == frozenset()


def test_a_rebuild_computes_it_too_and_takes_the_notes_away(pulled: Pulled):
    before = pulled.contents(*FACTS)
    change_shape(pulled.engine)
    upgrade(pulled.engine)
    rebuild(pulled.engine)
    assert pulled.contents(*FACTS) == before
    assert compute_due(pulled.engine) == 0


def test_another_format_computes_anew_though_the_shape_is_the_same(pulled: Pulled, monkeypatch):
    before = pulled.contents(*FACTS)
    monkeypatch.setattr(facts, "FORMAT", facts.FORMAT + 1)
    assert not is_current(pulled.engine)
    upgrade(pulled.engine)
    assert pulled.contents(*FACTS) == EMPTY
    compute_due(pulled.engine)
    assert pulled.contents(*FACTS) == before


def test_a_table_of_facts_that_is_no_more_is_dropped(store: Engine):
    with writing(store) as connection:
        connection.execute(text("CREATE TABLE former_facts (id INTEGER)"))
        connection.execute(
            text("UPDATE facts_shape SET shape = 'x', tables = '[\"former_facts\"]'")
        )
    upgrade(store)
    names = inspect(store).get_table_names()
    assert "former_facts" not in names
    assert {table.name for table in TABLES} <= set(names)


def test_facts_that_are_as_they_should_be_stay(pulled: Pulled):
    before = pulled.contents(*FACTS)
    upgrade(pulled.engine)
    assert pulled.contents(*FACTS) == before
