"""An issue with something in it that cannot be read: the rest is read, and that is named."""

from datetime import UTC, datetime

import pytest

from bot.jira.http.shapes import NAMELESS
from bot.translate import Translator
from bot.translate.fields import FieldRoles
from telemetry.domain.models import Field
from telemetry.errors import UnexpectedAnswer
from tests.jira.test_guard import NOTHING
from tests.jira.test_translate import NONE, ROLES, history, item, pseudonym, raw_issue

LATEST = datetime(2028, 1, 1, tzinfo=UTC)
STATUS = item("status", ("1", "Open"), ("3", "Doing"), fieldId="status")
LABELED = FieldRoles(epic_link="customfield_4", epic_label="customfield_8", natures=("n",))


def read(*histories, roles=ROLES, counted=None, top=None, **fields):
    translator = Translator("main", roles, pseudonym, LATEST)
    translator.counted_by = counted or {}
    return translator.read(raw_issue(histories, **fields) | (top or {}))


def issue(**fields):
    return read(**fields).history.issue


def named(*histories, **fields):
    return read(*histories, **fields).named


def a_log(number=1, seconds=3600, **more):
    started = {"started": "2026-03-02T10:00:00.000+0000"}
    return {"id": str(number), "timeSpentSeconds": seconds} | started | more


def logs(*every, **fields):
    found = read(worklog={"worklogs": list(every)}, **fields)
    return [(one.id, one.seconds) for one in found.history.work_logs], found.named


def test_work_logs_have_a_time_that_can_be():
    year = 366 * 86_400
    assert logs(a_log(1, 0), a_log(2, 1), a_log(3, year)) == ([(1, 0), (2, 1), (3, year)], ())
    for seconds in (-1, year + 1, "an hour", None):
        assert logs(a_log(1), a_log(7, seconds)) == (
            [(1, 3600)],
            ("work log 7 (2026-03-02T10:00:00.000+0000)",),
        )


def test_a_work_log_is_named_by_what_is_left_of_it():
    told = logs(a_log(), {"started": "x"}, {"id": [1]}, "no log", a_log(8, started="soon"))[1]
    assert told == ("a work log (x)", "a work log", "work log 8 (soon)")


def test_hours_that_are_counted_and_not_shown_are_named_from_a_minute_on():
    assert logs(a_log(), timespent=3600)[1] == ()
    assert logs(a_log(), timespent=3600 + 5400)[1] == (
        "1.5 h of its time spent, of which Jira shows no work log",
    )
    assert logs(a_log(), timespent=0)[1] == ()
    assert logs(timespent="3600")[1] == ()
    assert logs(a_log(2, -1), timespent=9999)[1] == ("work log 2 (2026-03-02T10:00:00.000+0000)",)


def test_work_logs_that_are_no_list_are_named():
    assert named(worklog={"worklogs": 7}) == ("its work logs",)
    assert named(worklog=[]) == ("its work logs",)
    assert named(worklog=None) == ()
    assert named() == ()


def test_an_item_that_cannot_be_read_costs_itself():
    odd = item("Sprint", ({}, ""), ([1], ""), fieldId="customfield_3")
    bad = {"fieldId": "status", "field": "status", "from": "1"}
    found = read(history(STATUS, "no item", number=1), history(odd, STATUS, bad, number=2))
    assert [(one.history_id, one.ordinal, one.to_value) for one in found.history.changes][:1] == [
        (1, 0, "3")
    ]
    assert "an item of entry 1 of its history" in found.named


@pytest.mark.parametrize(
    "broken",
    [
        {"created": "soon"},
        {"items": None},
        {"items": {"a": 1}},
        {"id": "x"},
        {"id": None},
        {"id": "9" * 40},
        {"id": 2**63},
    ],
)
def test_an_entry_that_cannot_be_read_costs_itself(broken):
    found = read(history(STATUS, number=1), history(STATUS, number=2) | broken)
    assert [one.history_id for one in found.history.changes] == [1]
    [told] = found.named
    assert told.startswith("an entry of its history")
    assert ("(2)" in told) == ("id" not in broken)


def test_a_sprint_whose_id_no_store_holds_costs_its_item():
    odd = item("Sprint", ("5", "Sprint 5"), (f"5, {2**63}", "x"), fieldId="customfield_3")
    good = item("Sprint", ("", ""), ("5", "Sprint 5"), fieldId="customfield_3")
    found = read(history(good, number=1), history(odd, STATUS, number=2))
    assert [one.to_value for one in found.history.changes] == ["5", "3"]
    assert found.named == ("an item of entry 2 of its history",)


def test_a_history_that_is_no_list_makes_no_issue():
    with pytest.raises(UnexpectedAnswer, match="its history cannot be read"):
        read(top={"changelog": {"histories": 7}})
    with pytest.raises(UnexpectedAnswer, match="its history"):
        read(top={"changelog": []})
    assert read(top={"changelog": None}).history.changes == ()


def test_changes_out_of_all_time_are_left_out_and_named():
    dates = ("1989-12-31", "2026-03-02", "2028-01-02")
    every = [
        history(STATUS, number=n, created=f"{day}T10:00:00.000+0000")
        for n, day in enumerate(dates, 1)
    ]
    assert [one.history_id for one in read(*every).history.changes] == [2]
    assert named(*every) == (
        "a change of its status (1989-12-31T10:00:00+00:00)",
        "a change of its status (2028-01-02T10:00:00+00:00)",
    )
    for some, kept in ((every[:2], [2]), (every[1:], [2]), (every[1:2], [2]), (every[:1], [])):
        assert [one.history_id for one in read(*some).history.changes] == kept
    assert named(every[1]) == ()


def test_a_listed_entry_without_an_id_is_named():
    assert named(top={NAMELESS: True}) == ("what is listed of it without an id",)
    assert named(top={NAMELESS: False}) == ()


def test_a_long_summary_is_cut_and_named():
    assert issue(summary="x" * 1000).summary == "x" * 1000
    assert issue(summary="x" * 1001).summary == "x" * 1000
    assert named(summary="x" * 1000) == ()
    assert named(summary="x" * 1001) == ("its summary",)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ({"name": "Bug", "id": "7"}, "Bug"),
        ({"name": "", "id": "7"}, "7"),
        ({"id": 7}, "7"),
        ({}, "?"),
    ],
)
def test_a_type_is_told_by_its_name_else_its_id(kind, name):
    assert issue(issuetype=kind).type_name == name


@pytest.mark.parametrize(
    ("kind", "fields", "is_epic"),
    [
        ({"name": "Initiative"}, {"customfield_8": "Big", "customfield_4": None}, True),
        ({"name": "Initiative"}, {"customfield_8": "Big"}, True),
        ({"name": "Initiative"}, {"customfield_8": "Big", "customfield_4": "K-9"}, False),
        ({"name": "Initiative"}, {"customfield_8": ""}, False),
        ({"name": "Initiative"}, {}, False),
        ({"name": "Initiative", "hierarchyLevel": 0}, {"customfield_8": "Big"}, False),
        ({"name": "Initiative", "subtask": True}, {"customfield_8": "Big"}, False),
        ({"name": "Epic"}, {}, True),
        ({"name": "Epic", "subtask": True}, {}, False),
    ],
)
def test_where_no_level_tells_an_epic_is_what_has_an_epics_name_and_no_epic(kind, fields, is_epic):
    found = read(roles=LABELED, issuetype={"id": "1", **kind}, **fields).history.issue
    assert found.is_epic == is_epic
    plain = read(roles=FieldRoles(), issuetype={"id": "1", **kind}, **fields).history.issue
    assert plain.is_epic == (is_epic and kind["name"] == "Epic")


@pytest.mark.parametrize(
    ("shown", "ids", "is_named"),
    [
        ([{"id": 7}, {"id": 3}], (3, 7), False),
        ({"id": 0}, (0,), False),
        ([{"id": 2**63 - 1}], (2**63 - 1,), False),
        ([{"id": 2**63}, {"id": 3}], (3,), True),
        ([{"id": -1}, {"id": 3}], (3,), True),
        ([{"name": "Sprint"}, {"id": 3}], (3,), True),
        (["odd", {"id": 3}], (3,), True),
        ([[7], {"id": 3}], (3,), True),
        ([True, {"id": 3}], (3,), True),
        ([None, "", {}, {"id": 3}], (3,), False),
        (None, (), False),
        ([], (), False),
    ],
)
def test_sprints_that_cannot_be_read_are_named_and_the_others_stay(shown, ids, is_named):
    found = read(customfield_3=shown)
    assert found.history.issue.sprint_ids == ids
    assert found.named == (("one of its sprints",) if is_named else ())


def test_an_epic_that_was_taken_away_is_none_and_nothing_to_name():
    moves = [
        history(item("Epic Link", NONE, ("50", "K-50"), fieldId="customfield_4"), number=1),
        history(item("Epic Link", ("50", "K-50"), ("", ""), fieldId="customfield_4"), number=2),
    ]
    found = read(*moves, customfield_4="K-51")
    assert (found.history.issue.epic_id, found.named) == (None, ())
    assert read(*moves[:1], customfield_4="K-51").history.issue.epic_id == 50


def test_of_a_hidden_sprint_field_the_last_change_tells():
    moves = [
        history(item("Sprint", NONE, ("7", "a"), fieldId="customfield_3"), number=1),
        history(item("Sprint", ("7", "a"), ("8, 9", "b, c"), fieldId="customfield_3"), number=2),
        history(STATUS, number=3),
    ]
    assert read(*moves).history.issue.sprint_ids == (8, 9)
    assert read(*moves, customfield_3=None).history.issue.sprint_ids == ()
    assert read(*moves, roles=FieldRoles(), sprint=None).history.issue.sprint_ids == ()
    assert read().history.issue.sprint_ids == ()


def test_estimates_and_natures_are_named_where_a_team_counts_them():
    odd = {"customfield_1": "XL", "customfield_6": "x" * 300}
    told = read(counted={"K": ["customfield_1", "customfield_6"]}, **odd)
    assert told.estimates == ("its Aufwand (customfield_1) (XL)",)
    assert told.named == ("its nature",)
    assert told.history.issue.estimates == {}
    assert told.history.issue.natures == {"customfield_6": ()}
    assert read(**odd).estimates == told.estimates
    assert read(counted={"OTHER": []}, **odd).estimates == told.estimates
    nobodys = read(counted={"K": []}, **odd)
    assert (nobodys.estimates, nobodys.named) == ((), ())
    nameless = read(roles=FieldRoles(estimates=("e",)), e="XL")
    assert nameless.estimates == ("its e (e) (XL)",)
    for nothing in NOTHING:
        assert issue(customfield_1=nothing).estimates == {"customfield_1": None}


def test_authors_without_any_name_are_nobody():
    def author(who):
        log = a_log(author=who)
        return read(worklog={"worklogs": [log]}).history.work_logs[0].author

    assert author({"accountId": 7}) is None
    assert author({"accountId": "", "key": "k"}) == pseudonym("k")
    assert author({}) is None
    assert author("k") is None


def test_an_epic_or_parent_that_cannot_be_read_is_named():
    assert named(epic={"id": "x"}) == ("its epic",)
    assert named(parent={"id": "x"}) == ("its parent",)
    assert issue(epic={"id": 7}).epic_id == 7
    told = history(item("Epic Link", NONE, ("no id", "K-9"), fieldId="customfield_4"))
    assert named(told, customfield_4="K-9") == ("its epic",)
    gone = history(item("Epic Link", ("9", "K-9"), ("", ""), fieldId="customfield_4"))
    assert read(gone, customfield_4="K-9").history.issue.epic_id is None
    assert issue(customfield_4="K-9", parent={"id": "5", "key": "K-9"}).epic_id == 5
    assert issue(customfield_4="K-9", parent={"id": "5", "key": "K-8"}).epic_id is None
    assert issue(customfield_4="K-9", parent={"key": "K-9"}).epic_id is None


def test_without_an_instant_of_its_update_an_issue_is_as_new_as_its_last_change():
    later = history(STATUS, created="2026-03-09T10:00:00.000+0000")
    found = read(later, updated="soon")
    assert found.history.issue.updated_at == datetime(2026, 3, 9, 10, tzinfo=UTC)
    assert found.named == ("when it was updated (soon)",)
    assert issue(updated=None).updated_at == issue().created_at


def test_dates_without_a_zone_are_read_as_utc_and_told():
    moved = history(STATUS, created="2026-03-02T10:00:00")
    found = read(moved, worklog={"worklogs": [a_log(started="2026-03-02T11:00:00")]})
    assert found.zoneless == ("its history", "its work logs")
    assert found.history.changes[0].at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert found.history.changes[0].field is Field.STATUS
