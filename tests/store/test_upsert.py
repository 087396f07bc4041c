from sqlalchemy import select

from telemetry.store.schema import statuses, team_days, team_matches
from telemetry.store.upsert import replace, upsert


def a_status(status_id, name="Done"):
    return {"site": "a", "id": status_id, "name": name, "category": "done", "is_listed": True}


def test_rows_are_inserted_updated_when_they_differ_and_left_when_equal(fresh):
    with fresh() as connection:
        assert upsert(connection, statuses, [a_status("1"), a_status("2")]) == 2
        assert upsert(connection, statuses, [a_status("1"), a_status("2", "Closed")]) == 1
        assert upsert(connection, statuses, [a_status("1"), a_status("2", "Closed")]) == 0
        assert upsert(connection, statuses, []) == 0


def test_null_is_equal_to_null_and_unlike_a_value(fresh, contents):
    from telemetry.store.schema import boards

    row = {
        "site": "a",
        "id": 1,
        "name": "b",
        "has_sprints": True,
        "estimate_field_id": None,
        "estimates_by_count": False,
        "columns": [["Done", ["1"]]],
    }
    with fresh() as connection:
        assert upsert(connection, boards, [row]) == 1
        assert upsert(connection, boards, [row]) == 0
        assert upsert(connection, boards, [row | {"estimate_field_id": "x"}]) == 1
        assert upsert(connection, boards, [row]) == 1


def test_rows_of_nothing_but_a_key_are_inserted_once(fresh):
    row = {"team_key": "t", "site": "a", "issue_id": 1}
    with fresh() as connection:
        assert upsert(connection, team_matches, [row]) == 1
        assert upsert(connection, team_matches, [row]) == 0


def test_columns_that_are_not_named_keep_their_values(fresh):
    with fresh() as connection:
        upsert(connection, statuses, [a_status("1")])
        row = {key: value for key, value in a_status("1").items() if key != "name"}
        upsert(connection, statuses, [a_status("1", "First")])
        assert upsert(connection, statuses, [{**row, "name": "First", "is_listed": False}]) == 1


def test_a_scope_is_made_equal_to_the_rows_given(fresh):
    with fresh() as connection:
        upsert(connection, statuses, [a_status("1"), a_status("2"), a_status("3")])
        upsert(connection, statuses, [a_status("9") | {"site": "b"}])
        wanted = [a_status("1"), a_status("2", "Closed"), a_status("4")]
        assert replace(connection, statuses, {"site": "a"}, wanted) == 3
        assert replace(connection, statuses, {"site": "a"}, wanted) == 0
        ids = connection.scalars(select(statuses.c.id).order_by(statuses.c.site, statuses.c.id))
        assert list(ids) == ["1", "2", "4", "9"]


def test_replacing_within_some_days_leaves_the_others(fresh):
    from datetime import date

    def a_day(day, seconds):
        return {"day": date(2026, 3, day), "kind": "planned", "nature": "", "seconds": seconds}

    scope = {"team_key": "t"}
    with fresh() as connection:
        replace(connection, team_days, scope, [a_day(1, 10), a_day(2, 20), a_day(3, 30)])
        within = team_days.c.day.in_([date(2026, 3, 2), date(2026, 3, 3)])
        assert replace(connection, team_days, scope, [a_day(2, 25)], within) == 2
        rows = connection.execute(select(team_days.c.day, team_days.c.seconds).order_by("day"))
        assert [(row.day.day, row.seconds) for row in rows] == [(1, 10), (2, 25)]
