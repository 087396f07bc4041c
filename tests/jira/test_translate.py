"""Raw answers of Jira as domain objects: a case for each way in which it says things."""

import hashlib
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.translate import Translator, fields_to_ask, unlisted_statuses
from bot.translate.fields import FieldRoles
from bot.translate.values import (
    instant,
    number_text,
    option_texts,
    optional_instant,
    sprint_id,
    sprint_ids,
    sprint_ids_text,
)
from telemetry.domain.models import Field, SprintState
from telemetry.errors import UnexpectedAnswer

ROLES = FieldRoles(
    estimates=("customfield_1", "timeoriginalestimate"),
    story_points="customfield_1",
    sprint="customfield_3",
    epic_link="customfield_4",
    flagged="customfield_5",
    natures=("customfield_6",),
    names={
        "customfield_1": "Aufwand",
        "customfield_3": "Iteration",
        "customfield_4": "Epos",
        "customfield_5": "Markiert",
        "customfield_6": "Nature",
    },
)


def pseudonym(who):
    return hashlib.blake2b(who.encode(), digest_size=4).hexdigest()


@pytest.fixture
def translator():
    return Translator("main", ROLES, pseudonym)


def raw_issue(histories=(), **fields):
    plain = {
        "summary": "s",
        "issuetype": {"id": "1", "name": "Story", "subtask": False},
        "status": {"id": "3", "name": "Open"},
        "project": {"key": "K"},
        "created": "2026-03-01T08:00:00.000+0100",
        "updated": "2026-03-02T08:00:00.000+0100",
    }
    return {
        "id": "100",
        "key": "K-1",
        "fields": plain | fields,
        "changelog": {"histories": list(histories)},
    }


def history(*items, number=1, created="2026-03-02T10:00:00.000+0000", **more):
    return {"id": str(number), "created": created, "items": list(items)} | more


def item(field, before, after, **more):
    """`before` and `after` are (id, text)."""
    return {
        "field": field,
        "from": before[0],
        "fromString": before[1],
        "to": after[0],
        "toString": after[1],
    } | more


NONE = (None, None)


@pytest.mark.parametrize(
    ("raw", "field", "before", "after"),
    [
        (item("SP", (None, "2"), (None, "3.0"), fieldId="customfield_1"), "estimate", "2", "3"),
        (item("SP", (None, "0.5"), (None, ""), fieldId="customfield_1"), "estimate", "0.5", None),
        (item("Aufwand", NONE, (None, "5"), fieldtype="custom"), "estimate", None, "5"),
        (
            item("timeoriginalestimate", NONE, ("3600", "1h"), fieldtype="jira"),
            "estimate",
            None,
            "3600",
        ),
        (
            item("Sprint", ("5579", "a"), ("5579, 5599", "a, b"), fieldId="customfield_3"),
            "sprint",
            "5579",
            "5579,5599",
        ),
        (item("Sprint", ("", ""), ("7", "x"), fieldId="customfield_3"), "sprint", "", "7"),
        (item("Sprint", NONE, ("40,38", "x"), fieldtype="custom"), "sprint", "", "38,40"),
        (item("Iteration", ("7", "x"), NONE, fieldtype="custom"), "sprint", "7", ""),
        (
            item("Flagged", NONE, ("[10019]", "Impediment"), fieldId="customfield_5"),
            "flagged",
            "",
            "1",
        ),
        (
            item("Flagged", ("[10019]", "Impediment"), ("", ""), fieldId="customfield_5"),
            "flagged",
            "1",
            "",
        ),
        (item("status", ("1", "Open"), ("3", "Doing"), fieldId="status"), "status", "1", "3"),
        (item("status", ("1", "Open"), ("3", "Doing"), fieldtype="jira"), "status", "1", "3"),
        (item("labels", (None, "a b"), (None, ""), fieldId="labels"), "labels", "a b", ""),
        (
            item("Epic Link", NONE, ("10073", "K-11"), fieldId="customfield_4"),
            "epic",
            None,
            "10073",
        ),
        (item("Epic Link", ("10073", "K-11"), NONE, fieldtype="custom"), "epic", "10073", None),
        (item("IssueParentAssociation", NONE, ("9", "K-9"), fieldtype="jira"), "epic", None, "9"),
        (item("Parent", NONE, ("9", "K-9"), fieldtype="jira"), "parent", None, "9"),
        (
            item("Nature", ("1", "Env"), ("2", "Network, Env"), fieldtype="custom"),
            "nature",
            "Env",
            "Network, Env",
        ),
        (item("issuetype", ("1", "Story"), ("2", "Bug"), fieldId="issuetype"), "type", "1", "2"),
        (item("project", ("1", "A"), ("2", "B"), fieldtype="jira"), "project", "1", "2"),
        (item("Workflow", ("1", "a"), ("2", "b"), fieldtype="jira"), "workflow", "1", "2"),
    ],
)
def test_a_changelog_item_becomes_a_canonical_change(translator, raw, field, before, after):
    [change] = translator.issue(raw_issue([history(raw)])).changes
    assert (change.field, change.from_value, change.to_value) == (field, before, after)


@pytest.mark.parametrize(
    "raw",
    [
        item("Rank", ("", ""), ("", "Ranked higher"), fieldId="customfield_99"),
        item("status", ("1", "a"), ("2", "b"), fieldId="customfield_77", fieldtype="custom"),
        item("Status", ("1", "a"), ("2", "b"), fieldtype="custom"),
        item("Workflow", ("1", "a"), ("2", "b"), fieldtype="custom"),
        item("Iteration", NONE, ("7", "x"), fieldtype="jira"),
        item(None, NONE, ("7", "x"), fieldtype="custom"),
        item("Epic Child", NONE, ("3", "K-3"), fieldtype="custom"),
        item("Key", (None, "A-1"), (None, "B-1"), fieldtype="jira"),
    ],
)
def test_items_of_other_fields_are_left_out(translator, raw):
    assert translator.issue(raw_issue([history(raw)])).changes == ()


def test_a_new_parent_of_a_sub_task_is_no_epic(translator):
    move = item("IssueParentAssociation", ("8", "K-8"), ("9", "K-9"), fieldtype="jira")
    kind = {"name": "Sub-task", "subtask": True}
    whole = translator.issue(
        raw_issue([history(move)], issuetype=kind, parent={"id": "9", "key": "K-9"})
    )
    assert whole.changes[0].field is Field.PARENT
    assert (whole.issue.parent_id, whole.issue.epic_id) == (9, None)


@pytest.mark.parametrize(
    "told",
    [
        "2020-06-12T08:13:13.360+0800",
        "2020-06-12T00:13:13.360Z",
        "2020-06-11T17:13:13.360-07:00",
        "2020-06-12T00:13:13.360",
        1591920793360,
        1591920793.360,
        "1591920793360",
    ],
)
def test_instants_are_read_in_every_shape(told):
    assert instant(told) == datetime(2020, 6, 12, 0, 13, 13, 360000, UTC)


def test_changes_are_in_order_of_time_then_history_then_item(translator):
    def step(number, created, *to):
        return history(
            *(item("status", ("1", "a"), (t, t), fieldId="status") for t in to),
            number=number,
            created=created,
        )

    same = "2026-03-02T10:00:00.000+0000"
    histories = [step(10, same, "5"), step(9, same, "3", "4"), step(11, 1000000000, "2")]
    changes = translator.issue(raw_issue(histories)).changes
    assert [c.to_value for c in changes] == ["2", "3", "4", "5"]
    assert [(c.history_id, c.ordinal) for c in changes] == [(11, 0), (9, 0), (9, 1), (10, 0)]


DC_SPRINT = (
    "com.atlassian.greenhopper.service.sprint.Sprint@5dc4f0dc[{},rapidViewId=1336,state=ACTIVE,"
    "name={},startDate=2026-01-02T10:00:00.000Z,completeDate=<null>,sequence=6321{}]"
)


@pytest.mark.parametrize(
    "value",
    [
        [{"id": 6321, "name": "Sprint 57", "boardId": 1336}],
        [DC_SPRINT.format("id=6321", "Sprint 57", "")],
        [DC_SPRINT.format("id=6321", "Fish, chips, id=9 [x], more", ",goal=a,id=x")],
        [DC_SPRINT.format("goal=", "one, two", ",id=6321")],
        {"id": 6321},
        [6321, "6321"],
    ],
)
def test_the_sprints_of_an_issue_are_read_in_every_shape(value):
    assert sprint_ids(value) == (6321,)


def test_agile_payloads_name_open_and_closed_sprints(translator):
    raw = raw_issue(sprint={"id": 9}, closedSprints=[{"id": 7}, {"id": 8}], customfield_3=None)
    assert translator.issue(raw).issue.sprint_ids == (7, 8, 9)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"), ("3", "3"), (0.5, "0.5"), ("1,5", "1.5"), ({"value": "8"}, "8"), ("-1", "-1"),
        (None, None), ("", None), ("many", None), ("nan", None), (True, None), ([], None),
    ],
)  # fmt: skip
def test_numbers_are_spelled_in_one_way(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ({"value": "Env"}, ("Env",)),
        ([{"value": "Network"}, {"value": "Env"}], ("Env", "Network")),
        ({"value": "Env", "child": {"value": "Test"}}, ("Env",)),
        (" free text ", ("free text",)),
        (None, ()), ("", ()), ([], ()),
    ],
)  # fmt: skip
def test_natures_are_option_texts_by_name(value, texts):
    assert option_texts(value) == texts


def test_an_issue_is_what_it_is_now(translator):
    raw = raw_issue(
        labels=["a", "Q1-26"],
        components=[{"name": "api"}],
        customfield_1=3.0,
        timeoriginalestimate=7200,
        customfield_5=[{"value": "Hindernis"}],
        customfield_6=[{"value": "Network"}, {"value": "Env"}],
        summary="<b>Ünïcode</b> 已完成",
    )
    issue = translator.issue(raw).issue
    assert issue.estimates == {"customfield_1": 3.0, "timeoriginalestimate": 7200.0}
    assert issue.natures == {"customfield_6": ("Env", "Network")}
    assert (issue.labels, issue.components, issue.is_flagged) == (("a", "Q1-26"), ("api",), True)
    assert issue.summary == "<b>Ünïcode</b> 已完成"
    assert issue.created_at == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_fractions_of_points_are_kept_and_seconds_are_whole(translator):
    issue = translator.issue(raw_issue(customfield_1=2.75, timeoriginalestimate=7200.9)).issue
    assert issue.estimates == {"customfield_1": 2.75, "timeoriginalestimate": 7200.0}


def test_absent_values_are_none_not_zero(translator):
    issue = translator.issue(raw_issue(customfield_1=None, timeoriginalestimate=None)).issue
    assert issue.estimates == {"customfield_1": None, "timeoriginalestimate": None}
    assert (issue.natures, issue.epic_id, issue.parent_id) == ({"customfield_6": ()}, None, None)


def test_what_jira_does_not_show_is_not_taken_for_empty(translator):
    scoped = item("Sprint", ("", ""), ("7, 9", "A, B"), fieldId="customfield_3")
    hidden = translator.issue(raw_issue([history(scoped)])).issue
    assert (hidden.estimates, hidden.sprint_ids) == ({}, (7, 9))
    emptied = translator.issue(raw_issue([history(scoped)], customfield_3=None)).issue
    assert emptied.sprint_ids == ()


def test_an_estimate_that_cannot_be_read_is_not_taken_for_none(translator):
    odd = translator.read(raw_issue(customfield_1=["much"], timeoriginalestimate=3600))
    assert odd.history.issue.estimates == {"timeoriginalestimate": 3600.0}
    assert odd.estimates == ("its Aufwand (customfield_1)",)


def test_the_instant_of_the_resolution_is_kept(translator):
    when = "2026-03-05T10:00:00.000+0100"
    assert translator.issue(raw_issue(resolutiondate=when)).issue.resolved_at == instant(when)
    assert translator.issue(raw_issue()).issue.resolved_at is None


def pointed(before, after, name="Story Points"):
    return item(name, (None, before), (None, after), fieldtype="custom")


def with_two_of_one_name():
    return Translator(
        "main",
        FieldRoles(
            estimates=("customfield_1", "timeoriginalestimate"),
            names={"customfield_1": "Story Points"},
            others={"customfield_2": "Story Points", "customfield_8": "Risk"},
        ),
        pseudonym,
    )


def estimates_of(reader, histories, **fields):
    changes = reader.issue(raw_issue(histories, **fields)).changes
    return [(one.field_id, one.from_value, one.to_value) for one in changes]


def test_of_two_fields_of_one_name_a_change_is_that_ones_whose_value_it_leads_to():
    histories = [
        history(pointed("", "3"), number=1, created="2026-03-02T10:00:00.000+0000"),
        history(pointed("", "8"), number=2, created="2026-03-03T10:00:00.000+0000"),
        history(pointed("3", "5"), number=3, created="2026-03-04T10:00:00.000+0000"),
        history(pointed("8", "13"), number=4, created="2026-03-05T10:00:00.000+0000"),
    ]
    ours = [("customfield_1", None, "3"), ("customfield_1", "3", "5")]
    assert estimates_of(with_two_of_one_name(), histories, customfield_1=5.0) == ours
    assert estimates_of(with_two_of_one_name(), histories, customfield_1=20.0) == []


def told_of(shown, *pairs):
    """The estimate's changes and what is doubtful; `shown` are its value and the other one's."""
    histories = [
        history(pointed(*pair), number=day, created=f"2026-03-{day:02}T10:00:00.000+0000")
        for day, pair in enumerate(pairs, start=1)
    ]
    fields = {"customfield_1": shown[0], "customfield_2": shown[1]}
    found = with_two_of_one_name().read(raw_issue(histories, **fields))
    changes = [(one.from_value or "", one.to_value or "") for one in found.history.changes]
    return changes, found.doubted


IN_DOUBT = ("which changes of Story Points are those of customfield_1: several are called so",)


@pytest.mark.parametrize(
    ("shown", "pairs", "ours", "told"),
    [
        ((5, 13), [("", "3"), ("", "8"), ("3", "5"), ("8", "13")], [0, 2], ()),
        ((5, None), [("", "3"), ("3", "5")], [0, 1], ()),
        ((None, 5), [("", "3"), ("3", "5")], [], ()),
        ((8, 5), [("", "5"), ("", "5"), ("5", "8")], [0, 2], IN_DOUBT),
        ((5, 2), [("", "3"), ("3", "5"), ("7", "5"), ("5", "2")], [0, 1], IN_DOUBT),
    ],
    ids=["interleaved", "one is empty", "ours is empty", "met on the way", "passing our value"],
)
def test_whole_chains_tell_whose_changes_of_one_name_are(shown, pairs, ours, told):
    changes, named = told_of(shown, *pairs)
    assert changes == [pairs[place] for place in ours]
    assert named == told


def test_hundreds_of_changes_of_one_name_are_shared_out():
    histories = [
        history(
            pointed(str(n % 7), str((n + 1) % 7)),
            number=n,
            created=f"2026-03-{1 + n // 24:02}T{n % 24:02}:00:00.000+0000",
        )
        for n in range(700)
    ]
    shown = {"customfield_1": 0, "customfield_2": 3}
    found = with_two_of_one_name().read(raw_issue(histories, **shown)).history
    assert found.changes[-1].to_value == "0"


def test_of_two_fields_that_end_alike_the_one_that_began_empty_is_taken_and_doubted():
    changes, named = told_of((5, 5), ("", "3"), ("3", "5"), ("1", "5"))
    assert (changes, named) == ([("", "3"), ("3", "5")], IN_DOUBT)


def test_changes_that_fit_no_chain_are_left_out_and_doubted_once():
    changes, named = told_of((5, 8), ("", "1"), ("2", "3"), ("", "5"), ("", "8"))
    assert (changes, named) == ([("", "5")], IN_DOUBT)


def test_fields_that_a_rule_keeps_alike_are_not_doubted():
    both = history(pointed("", "5"), number=1), history(pointed("", "5"), number=2)
    found = with_two_of_one_name().read(raw_issue(both, customfield_1=5, customfield_2=5))
    assert [one.to_value for one in found.history.changes] == ["5"]
    assert found.named == ()


def test_a_field_that_is_called_as_an_estimate_is_asked_for():
    asked = fields_to_ask(with_two_of_one_name().roles)
    assert "customfield_2" in asked
    assert "customfield_8" not in asked


def test_a_field_that_was_renamed_since_keeps_its_earlier_changes():
    reader = with_two_of_one_name()
    histories = [
        history(pointed("", "15", "Punkte"), number=1, created="2026-03-02T10:00:00.000+0000"),
        history(pointed("", "15", "Risk"), number=2, created="2026-03-03T10:00:00.000+0000"),
        history(pointed("15", "2"), number=3, created="2026-03-04T10:00:00.000+0000"),
    ]
    found = [("customfield_1", None, "15"), ("customfield_1", "15", "2")]
    assert estimates_of(reader, histories, customfield_1=2.0) == found
    assert estimates_of(reader, histories[:1], customfield_1=None) == []


def test_a_field_id_of_another_site_is_known_by_its_name():
    moved = {**pointed("", "5"), "fieldId": "customfield_99"}
    assert estimates_of(with_two_of_one_name(), [history(moved)], customfield_1=5.0) == [
        ("customfield_1", None, "5")
    ]


def test_an_epic_of_data_center_is_told_by_its_field_whatever_its_type_is_called():
    roles = FieldRoles(epic_link="customfield_4", epic_label="customfield_7")
    reader = Translator("main", roles, pseudonym)
    saga = {"id": "9", "name": "Saga", "subtask": False}
    epic = reader.issue(raw_issue(issuetype=saga, customfield_7="Checkout")).issue
    assert epic.is_epic
    child = raw_issue(issuetype=saga, customfield_7="Once an epic", customfield_4="K-2")
    assert not reader.issue(child).issue.is_epic


def test_an_agile_flag_counts(translator):
    assert translator.issue(raw_issue(flagged=True)).issue.is_flagged


EPIC = {"fields": {"issuetype": {"name": "故事集", "hierarchyLevel": 1}}}
LINKED = item("Epic Link", NONE, ("50", "K-50"), fieldtype="custom")


@pytest.mark.parametrize(
    ("fields", "histories", "resolve", "epic"),
    [
        ({"epic": {"id": 50, "key": "K-50"}}, [], None, 50),
        ({"parent": {"id": "50", "key": "K-50"} | EPIC}, [], None, 50),
        (
            {"parent": {"id": "50", "key": "K-50", "fields": {}}, "customfield_4": "K-50"},
            [],
            None,
            50,
        ),
        ({"parent": {"id": "50", "fields": {"issuetype": {"name": "Test"}}}}, [], None, None),
        ({"customfield_4": "K-50"}, [], {"K-50": 50}.get, 50),
        ({"customfield_4": "K-50"}, [history(LINKED)], None, 50),
        ({"customfield_4": "NEW-1"}, [history(LINKED)], {}.get, 50),
        ({"customfield_4": "K-50"}, [], None, None),
        ({"customfield_4": None}, [history(LINKED)], None, None),
    ],
)
def test_the_epic_is_found_by_id_parent_link_or_last_change(
    translator, fields, histories, resolve, epic
):
    assert translator.issue(raw_issue(histories, **fields), resolve).issue.epic_id == epic


def test_an_epic_link_that_cannot_be_resolved_yet_still_names_its_key(translator):
    assert translator.epic_key(raw_issue(customfield_4="K-50")) == "K-50"
    assert translator.epic_key(raw_issue(customfield_4=None)) is None


@pytest.mark.parametrize(
    ("kind", "is_epic"),
    [
        ({"name": "Epic"}, True),
        ({"name": "史诗", "hierarchyLevel": 1}, True),
        ({"name": "Initiative", "hierarchyLevel": 2}, False),
        ({"name": "Epic", "hierarchyLevel": 0}, False),
        ({"name": "Story"}, False),
        ({"name": "Epic", "subtask": True}, False),
        ({"name": "史诗", "untranslatedName": "Epic"}, True),
        ({"name": "史诗", "hierarchyLevel": "1"}, True),
        ({"name": "Epic", "hierarchyLevel": 0.0}, False),
        ({"name": "Epic", "subtask": "true"}, False),
        ({"name": "Epic", "subtask": "false"}, True),
    ],
)
def test_epics_are_known_by_level_else_by_name(translator, kind, is_epic):
    assert translator.issue(raw_issue(issuetype=kind)).issue.is_epic is is_epic


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ({"accountId": "acc-1", "displayName": "Ann"}, pseudonym("acc-1")),
        ({"key": "JIRAUSER20246", "name": "ann", "displayName": "Ann"}, pseudonym("JIRAUSER20246")),
        ({"name": "ann"}, pseudonym("ann")),
        ({"accountId": "", "displayName": "Gone"}, None),
        (None, None),
    ],
)
def test_authors_become_pseudonyms_and_may_be_missing(translator, author, expected):
    log = {"id": "1", "started": "2026-03-02T10:00:00.000+0000", "timeSpentSeconds": 60}
    step = item("status", ("1", "a"), ("2", "b"), fieldId="status")
    raw = raw_issue(
        [history(step, author=author)], worklog={"worklogs": [log | {"author": author}]}
    )
    whole = translator.issue(raw)
    assert whole.changes[0].author == whole.work_logs[0].author == expected
    assert "Ann" not in repr(whole)


def test_work_logs_count_at_their_start_each_once(translator):
    log = {
        "id": "5",
        "started": "2026-03-01T23:30:00.000-0700",
        "created": "2026-03-05T09:00:00.000+0000",
        "updated": "2026-03-05T09:00:00.000+0000",
        "timeSpentSeconds": 5400,
    }
    earlier = log | {"id": "6", "started": "2026-02-01T00:00:00.000+0000"}
    logs = translator.issue(raw_issue(worklog={"worklogs": [log, log, earlier]})).work_logs
    assert [one.id for one in logs] == [6, 5]
    assert logs[1].started_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert logs[1].seconds == 5400


@pytest.mark.parametrize("missing", ["id", "fields", "key"])
def test_a_payload_that_is_no_issue_is_an_unexpected_answer(translator, missing):
    raw = raw_issue()
    del raw[missing]
    with pytest.raises(UnexpectedAnswer, match="of site main is not as Jira's API describes"):
        translator.issue(raw)


# sprints, boards, statuses


def raw_sprint(**more):
    return {"id": 5, "name": "Fish, chips", "state": "closed", "originBoardId": 13} | more


def test_a_sprint_starts_at_its_activation_where_told(translator):
    dates = {
        "startDate": "2016-04-11T07:29:03.294-07:00",
        "activatedDate": "2016-04-12T07:29:03.294-07:00",
    }
    assert translator.sprint(raw_sprint(**dates)).started_at.day == 12
    del dates["activatedDate"]
    assert translator.sprint(raw_sprint(**dates)).started_at == datetime(
        2016, 4, 11, 14, 29, 3, 294000, UTC
    )


def test_a_closed_sprint_without_completion_ended_as_planned(translator):
    sprint = translator.sprint(raw_sprint(endDate="2020-06-26T00:38:00.000Z"))
    assert sprint.completed_at == sprint.planned_end_at == datetime(2020, 6, 26, 0, 38, tzinfo=UTC)


def test_a_closed_sprint_ended_when_it_was_completed(translator):
    dates = {"endDate": "2020-06-26T00:38:00.000Z", "completeDate": "2020-06-29T09:00:00.000Z"}
    sprint = translator.sprint(raw_sprint(**dates))
    assert (sprint.completed_at.day, sprint.planned_end_at.day) == (29, 26)
    assert translator.sprint(raw_sprint()).completed_at is None


def test_a_sprint_keeps_its_name_and_goal(translator):
    sprint = translator.sprint(raw_sprint(goal="Ship, and rest"))
    assert (sprint.site, sprint.id, sprint.name) == ("main", 5, "Fish, chips")
    assert (sprint.goal, sprint.board_id) == ("Ship, and rest", 13)
    bare = translator.sprint({"id": 6, "state": "active", "boardId": 4})
    assert (bare.name, bare.goal, bare.board_id) == ("6", "", 4)


def test_a_reopened_sprint_is_not_complete(translator):
    raw = raw_sprint(state="ACTIVE", completeDate="2020-06-26T00:38:00.000Z")
    sprint = translator.sprint(raw)
    assert (sprint.state, sprint.completed_at) == (SprintState.ACTIVE, None)


def test_a_future_sprint_has_no_dates(translator):
    sprint = translator.sprint({"id": 1, "name": "Next", "state": "future", "startDate": "<null>"})
    assert (sprint.started_at, sprint.planned_end_at, sprint.board_id) == (None, None, None)


def test_a_board_keeps_its_columns_and_estimate(translator):
    configuration = {
        "estimation": {"type": "field", "field": {"fieldId": "customfield_1"}},
        "columnConfig": {
            "columns": [
                {"name": "To Do", "statuses": [{"id": "1"}, {"id": 4}]},
                {"name": "Done", "statuses": []},
            ]
        },
    }
    board = translator.board({"id": 4, "name": "B", "type": "scrum"}, configuration)
    assert board.columns == (("To Do", ("1", "4")), ("Done", ()))
    assert (board.estimate_field_id, board.estimates_by_count, board.has_sprints) == (
        "customfield_1",
        False,
        True,
    )


def test_a_board_keeps_its_name(translator):
    board = translator.board({"id": 4, "name": "Platform", "type": "Scrum"}, {})
    assert (board.site, board.id, board.name, board.has_sprints) == ("main", 4, "Platform", True)
    assert (board.columns, board.estimate_field_id, board.estimates_by_count) == ((), None, False)
    bare = translator.board({"id": 5, "type": "kanban"}, {"columnConfig": {"columns": [{}]}})
    assert (bare.name, bare.has_sprints, bare.columns) == ("5", False, (("", ()),))


def test_a_team_managed_board_has_sprints_if_the_client_says_so(translator):
    raw = {"id": 4, "name": "B", "type": "simple"}
    counted = {"estimation": {"type": "issueCount"}}
    assert translator.board(raw, counted, has_sprints=True).has_sprints
    assert translator.board(raw, counted).estimates_by_count


def test_a_status_has_jiras_category(translator):
    raw = {"id": "10068", "name": "已完成", "statusCategory": {"id": 3, "key": "done"}}
    assert translator.status(raw).category == "done"
    assert translator.status({"id": "1", "name": "Open"}).category == "undefined"


def test_statuses_that_only_histories_name_are_told_by_their_newest_name(translator):
    early = item("status", ("1", "Open"), ("77", "Old name"), fieldId="status")
    late = item("status", ("77", "New name"), ("3", "Open"), fieldtype="jira")
    raw = raw_issue(
        [history(late, created=1772445600000), history(early, created=1672445600000)],
        status={"id": "3", "name": "Open"},
    )
    [status] = translator.unlisted_statuses([raw], {"1", "3"})
    assert (status.id, status.name, status.is_listed) == ("77", "New name", False)
    assert unlisted_statuses("main", [raw], {"1", "3", "77"}) == ()


def test_a_search_asks_for_every_field_that_matters():
    asked = fields_to_ask(ROLES)
    assert {"worklog", "parent", "customfield_3", "customfield_6", "timespent"} <= set(asked)
    assert len(asked) == len(set(asked))


# properties


statuses = st.sampled_from(["1", "3", "4"])
steps = st.builds(
    lambda at, before, after: (at, item("status", (before, ""), (after, ""), fieldId="status")),
    st.integers(1_600_000_000_000, 1_600_000_000_020),
    statuses,
    statuses,
)


@given(st.lists(steps, max_size=12), st.randoms(use_true_random=False), st.booleans())
def test_the_order_in_which_histories_come_changes_nothing(found, shuffle: random.Random, twice):
    translator = Translator("main", ROLES, pseudonym)
    histories = [history(one, number=n, created=at) for n, (at, one) in enumerate(found)]
    expected = translator.issue(raw_issue(histories))
    mixed = histories * (2 if twice else 1)
    shuffle.shuffle(mixed)
    assert translator.issue(raw_issue(mixed)) == expected
    assert [c.at for c in expected.changes] == sorted(c.at for c in expected.changes)


@pytest.mark.parametrize("told", [None, "", "<null>"])
def test_jira_has_several_ways_to_say_that_there_is_no_instant(told):
    assert optional_instant(told) is None
    assert optional_instant("1970-01-01T00:00:00Z") == optional_instant(0) == instant(0)


@pytest.mark.parametrize(
    ("value", "found"),
    [(7, 7), ("7", 7), ("id", None), (None, None), (7.5, None), ("x[id=a,id=8]", 8), ("id=9", 9)],
)
def test_one_value_of_a_sprint_field_is_an_id_or_none(value, found):
    assert sprint_id(value) == found


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ("", ""), ("7, 5", "5,7"), ("7,7,x", "7"), (7, "7"), (" 7 , ", "7")],
)
def test_the_sprints_of_a_change_are_spelled_in_one_way(value, text):
    assert sprint_ids_text(value) == text


def test_options_are_known_by_value_else_by_name():
    assert option_texts([{"name": "Env"}, {"value": "", "name": "Net"}, " ", 7]) == (
        "7",
        "Env",
        "Net",
    )


def test_an_estimate_in_a_changelog_is_its_text_else_its_id(translator):
    both = item("Aufwand", ("1", "2"), ("3", "5"), fieldId="customfield_1")
    seconds = item(
        "timeoriginalestimate", ("60", "1m"), ("", "120"), fieldId="timeoriginalestimate"
    )
    by_id = item("Aufwand", ("1", None), ("3", ""), fieldId="customfield_1")
    found = translator.issue(raw_issue([history(both, seconds, by_id)])).changes
    assert [(one.from_value, one.to_value) for one in found] == [
        ("2", "5"),
        ("60", "120"),
        ("1", "3"),
    ]
    assert [one.field_id for one in found] == [
        "customfield_1",
        "timeoriginalestimate",
        "customfield_1",
    ]


def test_a_flag_is_set_where_either_id_or_text_says_so(translator):
    by_text = item("Flagged", NONE, (None, "Impediment"), fieldId="customfield_5")
    by_id = item("Flagged", ("[1]", None), NONE, fieldId="customfield_5")
    found = translator.issue(raw_issue([history(by_text, by_id)])).changes
    assert [(one.from_value, one.to_value) for one in found] == [("", "1"), ("1", "")]


def test_fields_without_id_are_known_by_their_own_names_and_their_usual_ones(translator):
    steps = [
        item(name, NONE, ("7", "x"), fieldtype="custom")
        for name in ("Sprint", "EPOS", "Epic Link", "Markiert", "flagged", "Aufwand", "nothing")
    ]
    found = translator.issue(raw_issue([history(*steps)])).changes
    assert " ".join(one.field for one in found) == "sprint epic epic flagged flagged estimate"
    assert (found[-1].from_value, found[-1].to_value) == (None, None)  # its text is no number


def test_an_issue_has_what_is_left_when_jira_leaves_things_out(translator):
    raw = raw_issue(summary=None, project=None, labels=None, components=None, worklog=None)
    raw["changelog"] = None
    whole = translator.issue(raw)
    assert (whole.issue.project_key, whole.issue.summary) == ("K", "")
    assert (whole.issue.labels, whole.issue.components) == ((), ())
    assert (whole.changes, whole.work_logs) == ((), ())
    assert whole.issue.is_flagged is False
    assert (whole.issue.site, whole.issue.key, whole.issue.type_name) == ("main", "K-1", "Story")
    assert (whole.issue.status_id, whole.issue.updated_at.day) == ("3", 2)
    moved = raw_issue(project={"key": "NEW"})
    assert translator.issue(moved).issue.project_key == "NEW"


def test_a_sub_task_has_no_sprints_of_its_own(translator):
    kind = {"name": "Sub-task", "subtask": True}
    parent = {"id": "9", "key": "K-9", "fields": {"issuetype": {"name": "Epic"}}}
    raw = raw_issue(issuetype=kind, customfield_3=[{"id": 5}], parent=parent)
    issue = translator.issue(raw).issue
    assert (issue.is_subtask, issue.sprint_ids, issue.parent_id) == (True, (), 9)
    assert issue.epic_id is None


def test_an_epic_link_may_be_an_object_and_is_nothing_where_the_site_has_none(translator):
    assert translator.epic_key(raw_issue(customfield_4={"key": "K-50"})) == "K-50"
    for value in ({"id": 7}, 7, ""):
        assert translator.epic_key(raw_issue(customfield_4=value)) is None
    bare = Translator("main", FieldRoles(), pseudonym)
    assert bare.epic_key(raw_issue(customfield_4="K-50")) is None
    assert bare.issue(raw_issue(customfield_4="K-50", customfield_3=[{"id": 5}])).issue == (
        bare.issue(raw_issue()).issue
    )


def test_a_work_log_keeps_when_it_was_typed_in_and_changed(translator):
    log = {
        "id": "5",
        "started": "2026-03-01T09:00:00.000+0000",
        "created": "2026-03-05T09:00:00.000+0000",
        "updated": "2026-03-06T09:00:00.000+0000",
        "timeSpentSeconds": 60,
    }
    same = log | {"id": "4", "updated": log["created"]}
    bare = {name: log[name] for name in ("started", "timeSpentSeconds")} | {"id": "6"}
    logs = translator.issue(raw_issue(worklog={"worklogs": [bare, log, same]})).work_logs
    assert [one.id for one in logs] == [4, 5, 6]
    assert [one.created_at and one.created_at.day for one in logs] == [5, 5, None]
    assert [one.updated_at and one.updated_at.day for one in logs] == [5, 6, None]


def test_a_broken_issue_is_named_by_what_is_left_of_it(translator):
    for raw, name in (({"key": "K-1"}, "K-1"), ({"id": "7"}, "7"), ({}, "without key")):
        with pytest.raises(UnexpectedAnswer, match=f"^issue {name} of site main .*its fields"):
            translator.issue(raw)


def test_each_author_is_made_a_pseudonym_once():
    asked = []

    def shout(who: str) -> str:
        asked.append(who)
        return who.upper()

    translator = Translator("main", ROLES, shout)
    step = item("status", ("1", "a"), ("2", "b"), fieldId="status")
    steps = [history(step, number=n, author={"name": "ann"}) for n in (1, 2)]
    changes = translator.issue(raw_issue(steps)).changes
    assert [one.author for one in changes] == ["ANN", "ANN"]
    assert asked == ["ann"]


def test_a_status_without_name_or_known_category_is_told_by_its_id(translator):
    status = translator.status({"id": 7, "statusCategory": {"key": "strange"}})
    assert (status.site, status.id, status.name) == ("main", "7", "7")
    assert (status.category, status.is_listed) == ("undefined", True)
    for category in ("new", "indeterminate", "done"):
        raw = {"id": 7, "name": "x", "statusCategory": {"key": category}}
        assert translator.status(raw).category == category


def test_a_status_that_an_issue_is_in_tells_its_category(translator):
    present = {"id": 88, "name": "Shipped", "statusCategory": {"key": "done"}}
    step = item("status", ("66", "Old"), (None, None), fieldId="status")
    other = item("labels", ("55", "a"), ("56", "b"), fieldId="labels")
    nameless = item("status", (None, "Older"), (["77"], "Odd"), fieldId="status")
    raw = raw_issue([history(step, other, nameless)], status=present)
    found = translator.unlisted_statuses([raw], set())
    assert sorted((one.id, one.name, one.category) for one in found) == [
        ("66", "Old", "undefined"),
        ("88", "Shipped", "done"),
        ("=older", "Older", "undefined"),
    ]
    assert {one.site for one in found} == {"main"}
    bare = {"fields": {"updated": "2026-03-02T08:00:00.000+0100"}, "changelog": None}
    assert translator.unlisted_statuses([bare], set()) == ()


def test_all_that_a_search_asks_for():
    asked = fields_to_ask(ROLES)
    assert asked == [
        "summary", "status", "issuetype", "project", "created", "updated", "parent", "labels",
        "components", "timespent", "worklog", "resolutiondate", "customfield_1",
            "timeoriginalestimate",
        "customfield_3", "customfield_4", "customfield_5", "customfield_6",
    ]  # fmt: skip
    assert "" not in fields_to_ask(FieldRoles())
    assert None not in fields_to_ask(FieldRoles())


def test_the_options_of_a_nature_are_told_apart_by_commas_and_none_is_none(translator):
    steps = [
        item("Nature", (None, ""), (None, "Env,Network , "), fieldId="customfield_6"),
        item("Nature", NONE, (None, "Env"), fieldId="customfield_6"),
        item("labels", NONE, (None, " a  b "), fieldId="labels"),
    ]
    found = translator.issue(raw_issue([history(*steps)])).changes
    assert [(one.from_value, one.to_value) for one in found] == [
        (None, "Env, Network"),
        (None, "Env"),
        ("", "a b"),
    ]


def test_only_the_epic_of_a_sub_task_is_its_parent(translator):
    step = item("status", ("1", "a"), ("2", "b"), fieldId="status")
    kind = {"id": "5", "name": "Sub-task", "subtask": True}
    [change] = translator.issue(raw_issue([history(step)], issuetype=kind)).changes
    assert change.field is Field.STATUS


def test_the_status_that_an_issue_went_to_is_told_and_the_present_one_by_its_text_id(translator):
    step = item("status", (None, None), ("44", "Late"), fieldId="status")
    raw = raw_issue([history(step)], status={"id": 88, "name": "Shipped"})
    [found] = translator.unlisted_statuses([raw], {"88"})
    assert (found.id, found.name) == ("44", "Late")


def test_a_planned_start_is_kept_beside_the_activation(translator):
    dates = {"startDate": "2016-04-11T07:29:03Z", "activatedDate": "2016-04-12T07:29:03Z"}
    sprint = translator.sprint(raw_sprint(**dates))
    assert (sprint.planned_start_at.day, sprint.started_at.day) == (11, 12)


def test_what_of_its_history_jira_does_not_show_is_named(translator):
    told = translator.read(raw_issue() | {"unshown": 3}).named
    assert told == ("3 entries of its history that Jira counts and does not show",)


@pytest.mark.parametrize(
    ("kind", "is_subtask"),
    [
        ({"subtask": True}, True),
        ({"subtask": "false"}, False),
        ({"subtask": None, "hierarchyLevel": -1}, True),
        ({"hierarchyLevel": "-1"}, True),
        ({"hierarchyLevel": 0}, False),
        ({}, False),
    ],
)
def test_sub_tasks_are_known_by_their_type_else_by_its_level(translator, kind, is_subtask):
    raw = raw_issue(issuetype={"id": "5", "name": "Technical"} | kind)
    assert translator.issue(raw).issue.is_subtask is is_subtask
