"""Names in changelogs: kept beside ids, and whose they may be."""

import pytest

from bot.translate import Translator
from bot.translate.fields import FieldRoles
from bot.translate.loose_names import LooseNames, twins
from tests.jira.test_translate import (
    NONE,
    ROLES,
    history,
    item,
    pointed,
    pseudonym,
    raw_issue,
    with_two_of_one_name,
)

POINTS, TWIN, RISK, OLD = "customfield_1", "customfield_2", "customfield_8", "customfield_9"
SITE = FieldRoles(
    estimates=(POINTS, "timeoriginalestimate"),
    names={POINTS: "Story Points", "timeoriginalestimate": "Original Estimate"},
    others={TWIN: "STORY POINTS", RISK: "Risk", OLD: "New", "customfield_10": ""},
    former={OLD: ("Old",), POINTS: ("Punkte",)},
)
ALONE = FieldRoles(estimates=(POINTS,), names={POINTS: "Effort"}, others={RISK: "Risk"})


def loose(roles=SITE):
    return LooseNames(roles, {"sprint", "status"}, {POINTS, "customfield_3", "status"})


def names_told(*items, roles=ROLES):
    found = Translator("main", roles, pseudonym).issue(raw_issue([history(*items)]))
    return [(one.from_name, one.to_name) for one in found.changes]


def test_a_status_keeps_its_names():
    def moved(before, after):
        return item("status", ("1", before), ("3", after), fieldId="status")

    assert names_told(moved("Open", " Doing ")) == [("Open", "Doing")]
    assert names_told(moved("", None)) == [(None, None)]
    assert names_told(moved(7, "Doing")) == [("7", "Doing")]


def test_sprints_keep_their_names_a_line_each():
    change = item("Sprint", ("7", "One"), ("9, 8", "Nine, Eight"), fieldId="customfield_3")
    assert names_told(change) == [("One", "Eight\nNine")]
    assert names_told(item("labels", (None, "a"), (None, "b"), fieldId="labels")) == [(None, None)]
    assert names_told(item("Sprint", NONE, ("8", "Eight"), fieldtype="custom")) == [(None, "Eight")]


@pytest.mark.parametrize(
    ("field_id", "name", "kind", "is_loose"),
    [
        (None, "Story Points", "custom", True),  # of two
        (None, "story points", None, True),
        (None, "Story Points", "jira", False),
        (None, "Unknown", "custom", True),  # of none today
        (None, "Unknown", None, False),
        (None, "Risk", "custom", False),
        (None, "Old", "custom", False),  # was another one's
        (None, "Punkte", "custom", True),  # was the estimate's
        (None, "Sprint", "custom", False),
        (None, "", "custom", True),
        (None, None, "custom", True),
        (POINTS, "Story Points", "custom", False),
        (POINTS, "Punkte", "custom", False),
        (POINTS, "Unknown", "custom", False),
        (POINTS, "Risk", "custom", True),  # the id is another one's today
        (RISK, "Story Points", "custom", True),
        (RISK, "Risk", "custom", False),
        (RISK, "Unknown", "custom", False),
        (TWIN, "Story Points", "custom", False),
        ("customfield_99", "Story Points", "custom", True),
        ("customfield_99", "Unknown", "custom", True),
        ("customfield_99", "Unknown", None, True),
        ("customfield_99", "Risk", "custom", False),
        ("summary", "Story Points", None, False),
        ("status", "Story Points", None, False),
    ],
)
def test_what_is_called_so_may_be_an_estimate(field_id, name, kind, is_loose):
    assert loose().is_loose(field_id, name, kind) is is_loose
    none = FieldRoles(names=SITE.names, others=SITE.others)
    assert loose(none).is_loose(field_id, name, kind) is False


def test_an_estimate_that_is_alone_of_its_name_is_told_by_it_but_for_strange_ids():
    assert loose(ALONE).is_loose(None, "Effort", "custom") is False
    assert loose(ALONE).is_loose("customfield_99", "Effort", None) is True
    assert loose(ALONE).is_loose(POINTS, "Effort", "custom") is False


@pytest.mark.parametrize(
    ("field_id", "name", "is_told"),
    [
        (POINTS, "story points", True),
        (POINTS, "punkte", True),
        (POINTS, "unheard of", True),
        (POINTS, "risk", False),
        (RISK, "risk", True),
        (RISK, "story points", False),
        (OLD, "old", True),
        ("customfield_3", "unheard of", True),
        ("customfield_99", "unheard of", False),
        ("status", "risk", True),
    ],
)
def test_an_id_tells_a_field_unless_the_name_beside_it_is_another_ones(field_id, name, is_told):
    assert loose().is_told_by_id(field_id, name) is is_told


def test_twins_are_called_as_an_estimate_is():
    assert twins(SITE) == {TWIN: "story points"}
    assert twins(ALONE) == {}
    nameless = FieldRoles(estimates=(POINTS,), others={RISK: "", TWIN: "x"})
    assert twins(nameless) == {}
    assert twins(FieldRoles(names=SITE.names, others={TWIN: "Original Estimate"})) == {}


def told(*changes, **shown):
    """The estimate's changes, each told as (minute, before, after), and what is doubted."""
    histories = [
        history(pointed(before, after), number=n, created=f"2026-03-02T10:{minute:02}:00.000+0000")
        for n, (minute, before, after) in enumerate(changes, 1)
    ]
    found = with_two_of_one_name().read(raw_issue(histories, **shown))
    return [(one.at.minute, one.to_value) for one in found.history.changes], found.doubted


def test_what_a_rule_copies_within_a_minute_is_not_doubted():
    both = {POINTS: 5, TWIN: 5}
    assert told((0, "", "5"), (1, "", "5"), **both)[1] == ()
    assert len(told((0, "", "5"), (2, "", "5"), **both)[1]) == 1
    other = told((0, "", "5"), (1, "3", "5"), **both)
    assert (other[0], len(other[1])) == ([(0, "5")], 1)


def test_changes_after_one_that_the_id_tells_are_not_the_estimates():
    sure = item("Story Points", (None, "3"), (None, "5"), fieldId=POINTS, fieldtype="custom")

    def order(*histories):
        found = with_two_of_one_name().read(raw_issue([*histories], **{POINTS: 5, TWIN: 8})).history
        return [(one.history_id, one.from_value, one.to_value) for one in found.changes]

    before = history(pointed("", "3"), number=1, created="2026-03-02T10:00:00.000+0000")
    certain = history(sure, number=2, created="2026-03-02T11:00:00.000+0000")
    after = history(pointed("", "8"), number=3, created="2026-03-02T12:00:00.000+0000")
    assert order(before, certain, after) == [(1, None, "3"), (2, "3", "5")]
    assert order(certain, before) == [(1, None, "3"), (2, "3", "5")]
    late = history(pointed("", "3"), number=4, created="2026-03-02T13:00:00.000+0000")
    assert order(certain, late) == [(2, "3", "5")]


def test_of_a_field_that_is_not_shown_any_value_may_be_the_last():
    assert told((0, "", "3"), (1, "3", "5"), **{TWIN: 5}) == ([], ())
    assert told((0, "", "3"), (1, "3", "5"), **{POINTS: 5})[0] == [(0, "3"), (1, "5")]
    assert told((0, "", "3"), (1, "3", "5"), **{POINTS: 7}) == ([], ())
