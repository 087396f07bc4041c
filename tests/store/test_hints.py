"""Hints wait until a pull has followed them, once each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from telemetry.store.engine import reading, writing
from telemetry.store.hints import Hint, prune_hints, read_hints, take_hints, write_hint

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HINT = Hint("jira", "a", "jira:issue_updated", NOON, "K8S", issue_id=10)


def test_a_hint_waits_until_it_is_taken(store):
    with writing(store) as connection:
        assert write_hint(connection, HINT)
        assert read_hints(connection) == (HINT,)
        take_hints(connection, [HINT], NOON)
        assert read_hints(connection) == ()


def test_the_same_identifier_again_is_dropped_also_when_it_was_taken(store):
    with writing(store) as connection:
        write_hint(connection, HINT)
        assert not write_hint(connection, replace(HINT, issue_id=11))
        assert read_hints(connection) == (HINT,)
        take_hints(connection, [HINT], NOON)
        assert not write_hint(connection, HINT)
        assert read_hints(connection) == ()


def test_the_same_identifier_of_another_site_is_another_hint(store):
    other = replace(HINT, site="other")
    with writing(store) as connection:
        assert write_hint(connection, HINT)
        assert write_hint(connection, other)
        take_hints(connection, [HINT], NOON)
        assert read_hints(connection) == (other,)


def test_the_oldest_are_read_first_and_not_all_at_once(store):
    hints = [replace(HINT, identifier=str(n), received_at=NOON - timedelta(n)) for n in range(5)]
    with writing(store) as connection:
        for hint in hints:
            write_hint(connection, hint)
        assert [hint.identifier for hint in read_hints(connection, limit=2)] == ["4", "3"]


def test_old_hints_are_forgotten(store):
    with writing(store) as connection:
        write_hint(connection, HINT)
        write_hint(connection, replace(HINT, identifier="b", received_at=NOON - timedelta(days=8)))
        assert prune_hints(connection, NOON - timedelta(days=7)) == 1
    with reading(store) as connection:
        assert read_hints(connection) == (HINT,)
