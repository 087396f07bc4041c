"""What a team typed on a review is kept, within bounds."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from telemetry.store import reviews
from telemetry.store.engine import writing
from telemetry.store.reviews import add_notes, read_history, read_notes

BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def type_in(connection: Connection, review: str, texts: list[str]) -> None:
    for minute, text in enumerate(texts):
        at = BEGAN + timedelta(minutes=minute)
        add_notes(connection, "ops", review, {"notes": text}, at, None)


def history(connection: Connection, review: str) -> list[tuple[int, str]]:
    return [(one.version, one.value[:2]) for one in read_history(connection, "ops", review, 99)]


def test_the_oldest_versions_go_where_all_are_too_much_and_what_is_seen_stays(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "MOST_LETTERS", 1_000)
    with writing(store) as connection:
        add_notes(connection, "ops", "7", {"outcome": "yes"}, BEGAN, None)
        type_in(connection, "8", ["a" * 900])
        type_in(connection, "7", [f"{number} " + "x" * 198 for number in range(1, 8)])
        assert history(connection, "7") == [(8, "7 "), (7, "6 "), (6, "5 "), (1, "ye")]
        assert history(connection, "8") == [(1, "aa")]
        known = read_notes(connection, "ops", "7")
        assert (known.version, known.text[:1], known.outcome) == (8, "7", "yes")


def test_notes_longer_than_all_that_is_kept_stay_as_they_are(
    store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviews, "MOST_LETTERS", 1_000)
    with writing(store) as connection:
        type_in(connection, "7", ["b" * 5_000, "c" * 5_000])
        assert history(connection, "7") == [(2, "cc")]
