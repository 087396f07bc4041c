"""Changes under names of several fields, or of none: shared out by the chains that they form."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.translate.changes import ChangeReader
from bot.translate.fields import FieldRoles
from bot.translate.loose_names import NOT_YET, LooseNames
from telemetry.domain.models import Change, Field
from tests.jira.test_translate import history, item, pointed

POINTS, TWIN, OTHER = "customfield_1", "customfield_2", "customfield_3"
SP, THEN = "Story Points", "Unheard Of"
SITE = FieldRoles(estimates=(POINTS,), names={POINTS: SP}, others={TWIN: SP})
TWO = FieldRoles(estimates=(POINTS, OTHER), names={POINTS: SP, OTHER: "Effort"}, others={TWIN: SP})
BEGAN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def placed(minutes, before, after, name=SP, *, field=NOT_YET, number=None, ordinal=0, sought=""):
    """A change of an estimate; `sought` is the id beside its name."""
    number = minutes if number is None else number
    at = BEGAN + timedelta(minutes=10 * minutes)
    names = (sought, name) if field == NOT_YET else (None, None)
    values = (before or None, after or None, None, *names)
    return (at, number, ordinal, Change(number, ordinal, at, Field.ESTIMATE, field, *values))


def owned(*changes, roles=SITE, **shown):
    """The estimates' changes, the first one first, and the estimates that are in doubt.

    `shown` are the present values; a field without one is shown empty.
    """
    doubted: list[str] = []
    fields = dict.fromkeys((POINTS, TWIN, OTHER), None) | shown
    reader = LooseNames(roles, set(), {POINTS, OTHER})
    found = sorted(reader.owned(changes, fields, doubted.append), key=lambda one: one[:3])
    told = [(one.field_id, one.from_value or "", one.to_value or "") for *_, one in found]
    assert all((one.from_name, one.to_name) == (None, None) for *_, one in found)
    return told, doubted


def ours(*pairs, field=POINTS):
    return [(field, *pair) for pair in pairs]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (placed(1, "", "3", number=9), placed(2, "3", "5", number=4)),  # by their instants
        (placed(1, "", "3", number=4, ordinal=1), placed(1, "3", "5", number=9)),  # by their ids
        (placed(1, "", "3"), placed(1, "3", "5", ordinal=1)),  # by their places
    ],
)
def test_chains_go_by_instant_history_and_place(first, second):
    told: Any = (ours(("", "3"), ("3", "5")), [])
    assert owned(first, second, **{POINTS: 5}) == told
    assert owned(second, first, **{POINTS: 5}) == told


def test_a_fields_other_changes_are_not_looked_for_where_ids_tell_some():
    sure = placed(4, "3", "5", field=POINTS)
    strange = placed(2, "2", "4")
    both = ours(("", "3"), ("3", "5"))
    assert owned(placed(1, "", "3"), strange, sure, **{POINTS: 5, TWIN: 8}) == (both, [])
    assert owned(placed(1, "", "5"), strange, **{POINTS: 5, TWIN: 8}) == (
        ours(("", "5")),
        [POINTS],
    )


def test_an_estimate_whose_changes_no_id_tells_is_held_against_what_it_is():
    sure = placed(4, "", "5", field=POINTS)
    effort = placed(1, "2", "4", "Effort")
    told = owned(effort, sure, roles=TWO, **{POINTS: 5, OTHER: 8})
    assert told == (ours(("", "5")), [OTHER])
    fitting = owned(effort, sure, roles=TWO, **{POINTS: 5, OTHER: 4})
    assert fitting == ([(OTHER, "2", "4"), (POINTS, "", "5")], [])


def test_the_id_beside_a_strange_name_tells_that_an_estimate_was_emptied():
    assert owned(placed(1, "3", "", THEN, sought=POINTS)) == (ours(("3", "")), [])
    assert owned(placed(1, "3", "", THEN)) == ([], [])
    assert owned(placed(1, "3", "", THEN, sought=OTHER)) == ([], [])
    assert owned(placed(1, "", "5", THEN), **{POINTS: 5}) == (ours(("", "5")), [])


def test_a_strange_name_is_no_other_fields():
    changes = [placed(1, "", "5"), placed(2, "", "5", THEN)]
    assert owned(*changes, **{POINTS: 8, TWIN: 5}) == ([], [])


def test_a_name_of_one_estimate_is_not_anothers_though_its_value_fits():
    shown = {POINTS: 8, OTHER: 5, TWIN: 5}
    assert owned(placed(1, "", "5"), roles=TWO, **shown) == ([], [])
    assert owned(placed(1, "", "5", "Effort"), roles=TWO, **shown) == ([(OTHER, "", "5")], [])


def test_a_change_that_leads_to_the_present_value_is_taken_though_none_leads_to_it():
    changes = [placed(1, "", "3"), placed(2, "3", "5"), placed(3, "9", "5")]
    assert owned(*changes, **{POINTS: 5, TWIN: 1}) == (ours(("9", "5")), [POINTS])


def test_of_two_ways_the_one_that_leaves_no_named_change_over_is_taken():
    changes = [placed(1, "", "3"), placed(2, "3", "4", THEN), placed(3, "4", "5")]
    every = ours(("", "3"), ("3", "4"), ("4", "5"))
    assert owned(*changes, **{POINTS: 5, TWIN: 5}) == (every, [])


def test_however_many_of_strange_names_it_leaves_over():
    strange = [placed(2 + n, str(2 + n), str(3 + n), THEN) for n in range(3)]
    left = [placed(1, "", "5"), *strange, placed(9, "1", "5")]
    assert owned(*left, **{POINTS: 5, TWIN: 5}) == (ours(("1", "5")), [])
    taken = [placed(1, "", "2"), *strange[:2], placed(9, "4", "5")]
    all_of_it = ours(("", "2"), ("2", "3"), ("3", "4"), ("4", "5"))
    assert owned(*taken, **{POINTS: 5, TWIN: 5}) == (all_of_it, [])


def test_what_a_field_that_is_not_shown_explains_is_worth_less():
    reader = LooseNames(SITE, set(), {POINTS})
    doubted: list[str] = []
    changes = [placed(1, "", "5"), placed(2, "5", "8")]
    found = reader.owned(changes, {POINTS: 8}, doubted.append)
    assert [one.to_value for *_, one in sorted(found)] == ["5", "8"]
    assert doubted == []
    assert reader.owned(changes, {TWIN: 8}, doubted.append) == []
    assert doubted == []


def test_fields_without_a_name_share_none():
    nameless = FieldRoles(estimates=(POINTS,), others={TWIN: "", OTHER: ""})
    assert not LooseNames(nameless, set(), {POINTS}).is_loose(None, "", None)
    risks = FieldRoles(estimates=(POINTS,), names={POINTS: SP}, others={TWIN: "Risk", "x": "Risk"})
    assert not LooseNames(risks, set(), {POINTS}).is_loose(None, "Risk", "custom")


def read(*histories, **shown):
    reader = ChangeReader(SITE, lambda _: None)
    return [
        (one.field.value, one.ordinal, one.from_name, one.to_name)
        for one in reader.changes(histories, is_subtask=False, fields=shown)
    ]


def test_changes_of_one_history_stay_in_their_places_whoevers_they_are():
    moved = item("status", ("1", "Open"), ("3", "Doing"), fieldId="status")
    named = ("status", 1, "Open", "Doing")
    assert read(history(pointed("", "5"), moved), **{POINTS: 5}) == [
        ("estimate", 0, None, None),
        named,
    ]


def test_an_id_whose_name_is_another_fields_tells_that_the_estimate_was_emptied():
    emptied = item("Risk", (None, "3"), (None, ""), fieldId=POINTS, fieldtype="custom")
    roles = FieldRoles(estimates=(POINTS,), names={POINTS: SP}, others={TWIN: SP, OTHER: "Risk"})
    found = ChangeReader(roles, lambda _: None).changes([history(emptied)], False, {POINTS: None})
    assert [(one.field_id, one.from_value, one.to_value) for one in found] == [(POINTS, "3", None)]


def test_names_of_sprints_are_told_in_the_order_of_ids_on_both_sides():
    roles = FieldRoles(sprint="customfield_3")
    change = item("Sprint", ("9, 8", "Nine, Eight"), ("8, 7", "Eight, Seven"), fieldId=roles.sprint)
    [found] = ChangeReader(roles, lambda _: None).changes([history(change)], is_subtask=False)
    assert (found.from_name, found.to_name) == ("Eight\nNine", "Seven\nEight")


@pytest.mark.parametrize("items", [{}, "", (), None])
def test_an_entry_without_a_list_of_items_is_refused(items):
    with pytest.raises(TypeError):
        ChangeReader(SITE, lambda _: None).changes([history() | {"items": items}], is_subtask=False)
