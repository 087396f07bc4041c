"""Which id a name of a history means today."""

from dataclasses import replace

import pytest

from telemetry.domain.models import Change, Field, Sprint, SprintState, Status
from telemetry.domain.named import Listed, listed_statuses, pairs_of, renamed_fields, resolved
from tests.builders import SITE, a_team, an_issue, at

OURS, THEIRS = 1, 9  # boards: of the team, and of another


def a_sprint(number, name, board=OURS):
    return Sprint(SITE, number, name, SprintState.ACTIVE, board)


def listed(*sprints, statuses=()):
    named: dict[str, list[Sprint]] = {}
    for one in sprints:
        named.setdefault(one.name.strip(), []).append(one)
    names, ids = listed_statuses({one.id: one for one in statuses})
    return Listed(names, ids, {one.id: one for one in sprints}, named)


def a_status(number, name, is_listed=True):
    return Status(SITE, number, name, "new", is_listed)


def change(field, before, after, was=None, now=None):
    return Change(1, 0, at("2026-03-02"), field, None, before, after, None, was, now)


def sprints_of(known, value, names, *, shown=(), project="K8S", last=None):
    """What a first change leads to; another one may end elsewhere than the issue stands."""
    changes = [change(Field.SPRINT, "", value, None, names)]
    if last is not None:
        changes.append(change(Field.SPRINT, value, last, names, "elsewhere"))
    history = replace(an_issue(1, sprints=shown, project_key=project), changes=tuple(changes))
    return resolved(history, known, a_team()).changes[0].to_value


@pytest.mark.parametrize(
    ("value", "names", "pairs"),
    [
        ("7", "One, and all", [("One, and all", 7)]),
        ("7,8", "One\nTwo", [("One", 7), ("Two", 8)]),
        ("7,8", "One, Two", []),
        ("", "One, Two", [("One", 0), ("Two", 0)]),
        (None, "One", [("One", 0)]),
        ("7", None, []),
        ("7", "", []),
    ],
)
def test_names_go_with_ids_where_it_can_be_told(value, names, pairs):
    assert list(pairs_of(value, names)) == pairs


@pytest.mark.parametrize(
    ("sprints", "value", "names", "found"),
    [
        ([a_sprint(7, "One")], "7", "One", "7"),
        ([a_sprint(7, " One ")], "7", "One", "7"),
        ([a_sprint(7, "Other"), a_sprint(8, "One")], "7", "One", "8"),
        ([a_sprint(7, "Other", THEIRS), a_sprint(8, "One", THEIRS)], "7", "One", "8"),
        ([a_sprint(8, "One", THEIRS), a_sprint(9, "One")], "7", "One", "9"),
        ([a_sprint(8, "One", THEIRS), a_sprint(9, "One", THEIRS)], "7", "One", "7"),
        ([a_sprint(8, "One"), a_sprint(9, "One")], "7", "One", "8"),
        ([a_sprint(8, "One"), a_sprint(9, "One")], "9", "One", "9"),
        ([a_sprint(7, "Renamed")], "7", "One", "7"),
        ([], "7", "One", "7"),
        ([a_sprint(8, "One")], "", "One", "8"),
        ([], "", "One", ""),
        ([a_sprint(7, "One"), a_sprint(8, "Odd"), a_sprint(9, "Two")], "7,8", "One\nTwo", "7,9"),
    ],
)
def test_a_sprint_is_the_one_of_its_name_those_of_the_teams_boards_first(
    sprints, value, names, found
):
    assert sprints_of(listed(*sprints), value, names, last="5") == found


def test_of_namesakes_the_one_that_the_issue_is_in_is_meant():
    known = listed(a_sprint(8, "One"), a_sprint(9, "One"))
    assert sprints_of(known, "7", "One", shown=(9,)) == "9"
    assert sprints_of(known, "7", "One", shown=(5,)) == "8"


def test_ids_that_the_issue_shows_now_are_those_of_today():
    known = listed(a_sprint(7, "Renamed"), a_sprint(8, "One"))
    assert sprints_of(known, "7", "One", shown=(7,)) == "7"
    assert sprints_of(known, "7", "One", shown=(5,)) == "8"
    assert sprints_of(known, "7", "One", shown=(7,), last="5") == "8"
    assert sprints_of(known, "7,9", "One\nTwo", shown=(7, 9)) == "7,9"
    two = listed(a_sprint(7, "Renamed"), a_sprint(8, "One"), a_sprint(6, "Two"))
    changes = (
        change(Field.SPRINT, "", "7,5", None, "One\nTwo"),
        change(Field.SPRINT, "7,5", "7", "One\nTwo", "One"),
    )
    history = replace(an_issue(1, sprints=(7,)), changes=changes)
    assert [one.to_value for one in resolved(history, two, a_team()).changes] == ["6,7", "7"]


def test_a_sprint_of_the_teams_boards_is_no_foreign_issues_where_nothing_has_its_name():
    known = listed(a_sprint(7, "Renamed"), a_sprint(6, "Theirs", THEIRS))
    assert sprints_of(known, "7", "One", project="WEB", last="5") == ""
    assert sprints_of(known, "6", "One", project="WEB", last="5") == "6"
    assert sprints_of(known, "7", "One", last="5") == "7"
    assert sprints_of(known, "77", "One", project="WEB", last="5") == "77"


def test_sprints_without_any_name_stay_as_they_are():
    known = listed(a_sprint(7, "Renamed"))
    assert sprints_of(known, "7", None) == "7"
    history = replace(an_issue(1), changes=(change(Field.SPRINT, "7", "", "Renamed", None),))
    assert resolved(history, known, a_team()) is history
    left = replace(an_issue(1), changes=(change(Field.SPRINT, "9", None, "Renamed", None),))
    assert resolved(left, known, a_team()).changes[0].from_value == "7"


@pytest.mark.parametrize(
    ("value", "name", "present", "found"),
    [
        ("1", "Open", "5", "1"),
        ("1", " OPEN ", "5", "1"),
        ("9", "Open", "5", "1"),
        ("9", "Open", "3", "3"),
        ("3", "Open", "5", "3"),
        (None, "Open", "5", "1"),
        ("2", "Open", "5", "1"),
        ("2", "Gone", "5", "2"),
        ("2", None, "5", "2"),
        ("2", "", "5", "2"),
        ("8", "Hidden", "5", "8"),
    ],
)
def test_a_status_is_the_one_of_its_name(value, name, present, found):
    statuses = [a_status("1", "Open"), a_status("3", "open"), a_status("2", "Done"),
                a_status("6", "Hidden", is_listed=False), a_status("5", "Now")]  # fmt: skip
    known = listed(statuses=statuses)
    told = (change(Field.STATUS, "5", value, "Now", name), change(Field.LABELS, "a", "b"))
    history = replace(an_issue(1, status=present), changes=told)
    resolved_ = resolved(history, known, a_team())
    assert resolved_.changes[0].to_value == found
    assert resolved_.changes[1] == told[1]
    is_renamed = value != found and value in known.statuses
    fields = renamed_fields(history, resolved_, known)
    assert fields == ((Field.STATUS,) if is_renamed else ())


def test_a_sprint_that_a_name_decided_is_told_as_renamed():
    known = listed(a_sprint(7, "Other"), a_sprint(8, "One"))
    told = replace(an_issue(1, sprints=()), changes=(change(Field.SPRINT, "", "7", None, "One"),))
    assert renamed_fields(told, resolved(told, known, a_team()), known) == (Field.SPRINT,)
    assert renamed_fields(told, told, known) == ()
