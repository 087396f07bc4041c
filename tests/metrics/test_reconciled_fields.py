"""What of a field's history is held against the present, and what is shown of it at all."""

from datetime import timedelta
from itertools import permutations

import pytest

from telemetry.domain.models import Change, Field
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.metrics.reconciled import has_lost_status, mended_fields, replayed, replayed_flag
from tests.builders import a_team, an_issue, at, estimated, flagged, in_sprint, moved

TEAM = a_team()


def labelled(when, before, after):
    return Change(0, 0, at(when), Field.LABELS, None, before, after)


def linked(when, before, after):
    return Change(0, 0, at(when), Field.EPIC, None, before, after)


def last(field, *changes, team=TEAM, **values):
    found = replayed(an_issue(changes=changes, **values), field, team)
    return (found.changes[-1].to_value if found.changes else None), found.is_mended


def test_labels_are_held_against_the_present_whatever_their_order():
    change = labelled("2026-03-03", "", "a b")
    assert last(Field.LABELS, change, labels=["b", "a"]) == ("a b", False)
    assert last(Field.LABELS, change, labels=["b"]) == ("b", True)
    assert last(Field.LABELS, change, labels=[]) == ("", True)
    gone = labelled("2026-03-03", "a b", None)
    assert last(Field.LABELS, gone, labels=[]) == (None, False)
    assert last(Field.LABELS, gone, labels=["c"]) == ("c", True)


@pytest.mark.parametrize(
    ("values", "is_shown"),
    [({}, True), ({"subtask_of": 9}, False), ({"is_epic": True}, False)],
)
def test_the_epic_of_sub_tasks_and_epics_is_not_shown(values, is_shown):
    change = linked("2026-03-03", None, "7")
    assert last(Field.EPIC, change, epic_id=8, **values) == (
        ("8", True) if is_shown else ("7", False)
    )


def test_no_epic_is_no_epic_however_it_is_told():
    assert last(Field.EPIC, linked("2026-03-03", "7", ""), epic_id=None) == ("", False)
    assert last(Field.EPIC, linked("2026-03-03", "7", None), epic_id=None) == (None, False)
    assert last(Field.EPIC, linked("2026-03-03", None, "7"), epic_id=None) == (None, True)


def test_sub_tasks_show_no_sprint_of_their_own():
    change = in_sprint("2026-03-03", "", "7")
    assert last(Field.SPRINT, change, sprints=[8]) == ("8", True)
    assert last(Field.SPRINT, change, sprints=[8], subtask_of=9) == ("7", False)


def test_a_flag_is_set_or_not():
    on, off = flagged("2026-03-03", on=True), flagged("2026-03-04", on=False)
    assert last(Field.FLAGGED, on, is_flagged=True) == ("1", False)
    assert last(Field.FLAGGED, on, off, is_flagged=True) == ("1", True)
    assert last(Field.FLAGGED, on, is_flagged=False) == ("", True)
    assert replayed_flag(an_issue(changes=[on], is_flagged=True)).is_mended is False


def test_of_estimates_the_teams_field_alone_is_replayed():
    own, other = estimated("2026-03-03", 1, 2), estimated("2026-03-04", 5, 8, field="hours")
    assert last(Field.ESTIMATE, own, other, points=2) == ("2", False)
    assert last(Field.ESTIMATE, own, other, points=3) == ("3", True)
    counted = a_team(estimate=Estimate(EstimateKind.ISSUE_COUNT))
    assert last(Field.ESTIMATE, own, team=counted) == (None, False)
    assert last(Field.ESTIMATE, own._replace(field_id=None), team=counted) == (None, False)
    hidden = an_issue(changes=[own]).issue
    assert last(Field.ESTIMATE, own, estimates={}) == ("2", False)
    assert hidden.estimates == {"points": None}


def test_a_status_that_was_mended_is_of_the_resolution_where_it_is_done():
    change = moved("2026-03-03", "todo", "doing")
    late, early = at("2026-03-09"), at("2026-03-01")

    def when(status, resolved):
        history = an_issue(changes=[change], status=status, resolved_at=resolved)
        return replayed(history, Field.STATUS, TEAM).changes[-1].at

    assert when("done", late) == late
    assert when("done", early) == change.at
    assert when("done", None) == change.at
    assert when("other", late) == change.at


def test_no_other_field_is_moved_to_the_resolution():
    team = a_team(done=["done", "8"])
    history = an_issue(
        changes=[linked("2026-03-03", None, "7")], epic_id=8, resolved_at=at("2026-03-09")
    )
    assert replayed(history, Field.EPIC, team).changes[-1].at == at("2026-03-03")


@pytest.mark.parametrize(
    ("after", "changes", "status", "is_lost"),
    [
        (timedelta(minutes=1), (), "done", False),
        (timedelta(minutes=1, seconds=1), (), "done", True),
        (timedelta(days=3), (), "todo", False),
        (timedelta(days=3), (moved("2026-03-03", "todo", "done"),), "done", False),
        (timedelta(days=3), (labelled("2026-03-03", "", "a"),), "done", True),
        (None, (), "done", False),
    ],
)
def test_a_change_to_done_is_lost_where_nothing_tells_it(after, changes, status, is_lost):
    made = at("2026-01-05")
    resolved = None if after is None else made + after
    history = an_issue(status=status, changes=changes, resolved_at=resolved)
    assert has_lost_status(history, {"done"}) is is_lost


def chain_of(*pairs, status="z", before=(), later=()):
    """Where changes of one instant end, by their order."""
    at_once = [
        moved("2026-03-03", *pair)._replace(history_id=9 - n) for n, pair in enumerate(pairs)
    ]
    changes = [*before, *at_once, *later]
    found = replayed(an_issue(status=status, changes=changes), Field.STATUS, TEAM).changes
    return [(one.from_value, one.to_value) for one in found if one.at == at("2026-03-03")]


def test_what_is_no_chain_stays_in_the_order_of_its_ids():
    for pairs in (
        [("a", "b"), ("c", "d")],
        [("a", "b"), ("a", "c")],
        [("a", "b"), ("a", "b")],
        [("a", "c"), ("c", "e"), ("c", "d")],
    ):
        assert chain_of(*pairs, status=pairs[0][1]) == [*reversed(pairs)]


def test_a_circle_begins_where_the_change_before_ended():
    circle = [("a", "b"), ("b", "c"), ("c", "a")]
    for place, value in enumerate("abc"):
        before = moved("2026-03-02", "x", value)._replace(history_id=1)
        expected = [*circle[place:], *circle[:place]]
        found = chain_of(*circle, before=[before])
        assert [start for start, _ in found] == [start for start, _ in expected]
        assert chain_of(*circle, status=value) == expected


def test_a_chain_may_pass_where_it_began():
    for order in permutations([("a", "b"), ("b", "a"), ("a", "c")]):
        assert chain_of(*order, status="c") == [("a", "b"), ("b", "a"), ("a", "c")]


def test_a_circle_of_which_nothing_tells_the_begin_begins_with_the_lowest_id():
    circle = [("a", "b"), ("b", "c"), ("c", "a")]
    assert [start for start, _ in chain_of(*circle)] == ["c", "a", "b"]


def test_a_circle_is_held_against_what_stands_next_to_it():
    circle = [("a", "b"), ("b", "a")]
    first = moved("2026-03-01", "x", "a")._replace(history_id=1)
    second = moved("2026-03-02", "q", "b")._replace(history_id=2)
    assert [start for start, _ in chain_of(*circle, before=[first, second])] == ["b", "a"]
    later = moved("2026-03-04", "a", "z")._replace(history_id=20)
    assert chain_of(*circle, before=[first, second], later=[later]) == circle


def test_a_circle_ends_where_the_one_change_after_it_begins():
    circle = [("a", "b"), ("b", "a")]
    later = moved("2026-03-04", "b", "z")._replace(history_id=20)
    assert chain_of(*circle, later=[later]) == [("b", "a"), ("a", "b")]
    twice = [later, moved("2026-03-04", "a", "b")._replace(history_id=21)]
    before = moved("2026-03-02", "x", "a")._replace(history_id=1)
    assert chain_of(*circle, before=[before], later=twice) == circle
    assert mended_fields(an_issue(status="z", changes=[later]), TEAM) == ()
