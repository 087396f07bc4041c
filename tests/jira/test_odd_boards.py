"""Boards, sprints and statuses of which something is odd."""

import pytest

from bot.translate.agile import (
    translate_board,
    translate_sprint,
    translate_status,
    translate_statuses,
    unlisted_statuses,
)
from bot.translate.guard import NO_END, Guard, Unreadable


def test_a_board_is_told_by_its_name_else_its_id_and_by_its_columns():
    columns = [{"name": "x" * 300, "statuses": [{"id": 3}, {}, {"id": None}]}, {}, "odd"]
    found = translate_board(
        "m", {"id": 7, "name": "y" * 300}, {"columnConfig": {"columns": columns}}
    )
    assert found.name == "y" * 255
    assert found.columns == (("x" * 255, ("3",)), ("", ()), ("", ()))
    assert not found.has_sprints
    assert translate_board("m", {"id": 7, "type": "Scrum"}, {}).name == "7"
    assert translate_board("m", {"id": 7, "type": "Scrum"}, {}).has_sprints


def test_a_sprint_keeps_a_goal_of_two_thousand_letters_and_needs_an_id_and_a_state():
    raw = {"id": 7, "state": "ACTIVE", "name": "", "goal": "x" * 2000}
    assert translate_sprint("m", raw).goal == "x" * 2000
    assert translate_sprint("m", raw | {"goal": "x" * 2001}).goal == "x" * 2000
    assert translate_sprint("m", raw).name == "7"
    guard = Guard(NO_END)
    assert translate_sprint("m", raw | {"originBoardId": "x"}, guard).board_id is None
    assert guard.named == ("its board (x)",)
    for odd, what in (({"id": None}, "its id"), ({"state": "odd"}, "its state")):
        with pytest.raises(Unreadable, match=what):
            translate_sprint("m", raw | odd)


def test_a_status_is_what_has_an_id():
    odd = [{"id": None}, {}, "x", {"id": ["1"]}]
    listed = [{"id": 3, "name": "x" * 300}, {"id": "4" * 40, "name": 7}, *odd]
    found = translate_statuses("m", listed)
    assert [(one.id, one.name) for one in found] == [("3", "x" * 255), ("4" * 32, "4" * 32)]
    assert translate_status("m", {"id": 5, "name": ""}).name == "5"
    assert translate_status("m", {"id": 5, "statusCategory": {"key": ["new"]}}).category == (
        "undefined"
    )
    for key in ("new", "indeterminate", "done", "undefined"):
        assert translate_status("m", {"id": 5, "statusCategory": {"key": key}}).category == key


def test_statuses_of_histories_that_cannot_be_read_are_left_out():
    def told(at, *items):
        return {"created": at, "items": list(items)}

    def moved(**sides):
        return {"field": "status", **sides}

    histories = [
        told("soon", moved(to="9", toString="Lost")),
        told("2026-03-02T10:00:00Z", "odd", None, moved(to="8", toString="Old", **{"from": None})),
        told("2026-03-03T10:00:00Z", moved(to=8, toString="New", **{"from": ["x"]})),
        told("2026-03-01T10:00:00Z", moved(to="8", toString="Older")),
        told("2026-03-03T10:00:00Z", {"field": "other", "to": "7", "toString": "Other"}),
        {"created": "2026-03-03T10:00:00Z", "items": 7},
        "odd",
    ]
    found = unlisted_statuses("m", [{"changelog": {"histories": histories}}], {"3"})
    assert [(one.id, one.name, one.is_listed) for one in found] == [("8", "New", False)]


@pytest.mark.parametrize("number", [0, "0", -1, 2**63, "x", None, True])
def test_a_sprint_without_an_id_that_can_be_is_none(number):
    raw = {"id": number, "name": "Sprint", "state": "active", "originBoardId": 1}
    with pytest.raises(Unreadable, match="its id"):
        translate_sprint("m", raw)
