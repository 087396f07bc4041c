"""Which fields can play which part, by what they hold, and what is said of one that cannot."""

import pytest

from bot.translate.field_choice import FORMER, field_id, fit_field_id
from bot.translate.fields import (
    FieldRoles,
    discover,
    estimation_field,
    has_sprint_field,
    known_fields,
    named,
    type_of,
    with_former_names,
)
from bot.translate.values import estimate_value, instant, number, sprint_id, sprint_names_text
from telemetry.errors import ConfigurationError

URL = "https://jira.example.com"
BOARDS = "com.pyxis.greenhopper.jira:gh-lexo-rank"


def a_field(number_, kind=None, name="Wanted", **schema):
    told = {"type": kind} if kind else {}
    return {"id": f"customfield_{number_}", "name": name, "custom": True, "schema": told | schema}


FITTING = {
    "estimate": [None, "number", "string", "option", "any"],
    "nature": [None, "option", "string", "any", "component"],
    "flag": [None, "option", "string", "any"],
}
UNFIT = {
    "estimate": {"date": "days", "user": "people", "array": "lists", "odd": "other things"},
    "nature": {"number": "numbers", "date": "days", "datetime": "instants", "user": "people"},
    "flag": {"number": "numbers", "datetime": "instants"},
}
WANTED = {"estimate": "numbers", "nature": "choices or text", "flag": "choices"}


@pytest.mark.parametrize(("role", "kind"), [(r, k) for r, kinds in FITTING.items() for k in kinds])
def test_a_field_that_can_hold_it_plays_the_part(role, kind):
    assert fit_field_id([a_field(1, kind)], "wanted", role, URL) == "customfield_1"


@pytest.mark.parametrize("items", [None, "option", "string", "component", "version", "group"])
def test_a_list_of_choices_or_texts_is_a_nature(items):
    assert fit_field_id([a_field(1, "array", items=items)], "Wanted", "nature", URL)


@pytest.mark.parametrize(
    ("role", "kind", "holds"), [(r, k, h) for r, kinds in UNFIT.items() for k, h in kinds.items()]
)
def test_a_field_of_another_kind_is_refused_with_what_it_holds(role, kind, holds):
    with pytest.raises(ConfigurationError) as caught:
        fit_field_id([a_field(1, kind)], "Wanted", role, URL)
    said = str(caught.value)
    assert f"{role} field 'Wanted' (customfield_1) holds {holds}, not {WANTED[role]}" in said
    assert "fields that do" not in said
    with pytest.raises(ConfigurationError) as caught:
        fit_field_id([a_field(1, kind)], "customfield_1", role, URL)
    assert f"{role} field 'customfield_1' holds" in str(caught.value)


@pytest.mark.parametrize(
    "odd", [{"kind": "array", "items": "user"}, {"kind": "any", "custom": BOARDS}]
)
def test_lists_of_people_and_fields_of_boards_are_no_natures(odd):
    with pytest.raises(ConfigurationError, match="not choices or text"):
        fit_field_id([a_field(1, **odd)], "Wanted", "nature", URL)


def test_a_field_of_labels_is_no_flag_and_may_be_a_nature():
    labels = a_field(1, "array", items="string", custom="com.example.jira:labels")
    assert fit_field_id([labels], "Wanted", "nature", URL) == "customfield_1"
    with pytest.raises(ConfigurationError, match="holds lists, not choices"):
        fit_field_id([labels], "Wanted", "flag", URL)
    options = a_field(1, "array", items="option", custom="com.example.jira:multicheckboxes")
    assert fit_field_id([options], "Wanted", "flag", URL) == "customfield_1"


def test_fields_that_can_are_named_in_the_place_of_one_that_cannot():
    fields = [
        a_field(1, "user"),
        a_field(2, "number", "Points"),
        a_field(3, "string", "Text"),
        a_field(4, None, "Untold"),
        a_field(5, "option", "Choice"),
        a_field(6, "any", "Anything"),
        a_field(7, "array", "List"),
        {"id": "summary", "name": "Summary", "schema": {"type": "string"}},
        {"id": "votes", "name": "Votes", "schema": {"type": "number"}},
        {"id": "nameless", "schema": {"type": "number"}},
    ]

    def others(role):
        with pytest.raises(ConfigurationError) as caught:
            fit_field_id(fields, "Wanted", role, URL)
        names = str(caught.value).partition("fields that do: ")[2]
        return set(names.split(", "))

    assert others("estimate") == {"'Points'", "'Votes'", "'Untold'"}
    assert others("nature") == {"'Text'", "'Untold'", "'Choice'", "'List'"}


def test_of_what_is_no_field_those_that_can_are_named():
    fields = [a_field(2, "number", "Points"), a_field(3, "user", "Who")]
    with pytest.raises(ConfigurationError) as caught:
        field_id(fields, "Pts", "estimate", URL)
    assert "'Points'" in str(caught.value)
    assert "'Who'" not in str(caught.value)


def test_a_field_without_schema_or_name_is_no_stumbling_block():
    odd = {"id": "x", "schema": 7}
    assert fit_field_id([odd], "x", "nature", URL) == "x"
    roles = discover([odd, {"id": "y", "custom": True}], {"x"}, set(), set())
    assert roles.names == {"x": ""}
    assert roles.others == {"y": ""}
    with pytest.raises(ConfigurationError):
        field_id([odd], "xx", "nature", URL)


def test_a_nature_that_is_found_by_a_wrong_field_is_told_as_such():
    with pytest.raises(ConfigurationError, match="nature field"):
        discover([a_field(1, "number")], set(), {"Wanted"}, set(), url=URL)


def test_the_name_of_an_epic_is_found_by_its_type():
    fields = [a_field(1, custom="com.pyxis.greenhopper.jira:gh-epic-label")]
    assert discover(fields, set(), set(), set()).epic_label == "customfield_1"
    assert has_sprint_field([a_field(1, custom="com.pyxis.greenhopper.jira:gh-sprint")])
    assert not has_sprint_field(fields)


def test_roles_of_an_earlier_version_are_read_too():
    roles = FieldRoles(
        names={"a": "A"}, epic_label="e", former={"a": ("B", "C")}, point_fields=("p",)
    )
    assert FieldRoles.from_json(roles.to_json()) == roles
    early = {k: v for k, v in FieldRoles().to_json().items()
             if k not in ("epic_label", "others", "former", "point_fields")}  # fmt: skip
    assert FieldRoles.from_json(early) == FieldRoles()
    once = FieldRoles.from_json({**early, "former": {"a": "B"}})
    assert once.former == {"a": ("B",)}


def test_a_renamed_field_goes_by_its_former_name_unless_another_has_it():
    known = FieldRoles(
        names={"a": "Old", "b": "Mine", "c": ""}, former={"d": ("Past", "Mine", "D")}
    )
    fields = [{"id": one, "name": name} for one, name in
              (("a", "New"), ("b", "Other"), ("c", "C"), ("d", "D"), ("z", "MINE"))]  # fmt: skip
    found = {raw["id"]: raw.get(FORMER) for raw in with_former_names(fields, known)}
    assert found == {"a": ("Old",), "b": None, "c": None, "d": ("Past",), "z": None}
    assert with_former_names(fields, None) == fields
    renamed = discover(with_former_names(fields, known), {"Old"}, set(), set())
    assert renamed.estimates == ("a", "timeoriginalestimate")
    assert renamed.former == {"a": ("Old",)}
    assert named(["a", "q"], renamed) == [
        {"id": "a", "name": "New", FORMER: ("Old",)},
        {"id": "q", "name": "", FORMER: ()},
    ]


def test_others_are_the_sites_own_fields_that_play_no_part():
    fields = [a_field(1, "number"), a_field(2, "number", "Free"), {"id": "summary", "name": "S"}]
    roles = discover(fields, {"Wanted"}, set(), set())
    assert roles.others == {"customfield_2": "Free"}
    assert roles.names == {"customfield_1": "Wanted"}


@pytest.mark.parametrize(
    ("told", "found"),
    [("f" * 64, "f" * 64), ("f", "f"), ("f" * 65, None), ("", None), (7, None), (None, None)],
)
def test_the_field_by_which_a_board_estimates_is_an_id(told, found):
    assert estimation_field({"estimation": {"type": "field", "field": {"fieldId": told}}}) == found
    assert estimation_field({"estimation": {"type": "none", "field": {"fieldId": "f"}}}) is None


def test_what_a_field_holds_is_told_in_jiras_words():
    assert type_of(a_field(1, "number")) == "number"
    assert type_of(a_field(1, "x" * 65)) == "x" * 64
    assert type_of({"id": "a"}) == ""
    assert type_of({"id": "a", "schema": {"type": None}}) == ""


def test_fields_are_objects_with_an_id_that_can_be_held():
    good = [{"id": "a"}, {"id": "b" * 64}]
    assert known_fields([*good, {"id": "b" * 65}, {"id": 7}, {}, None, "x"]) == good


@pytest.mark.parametrize(
    ("ids", "names", "told"),
    [
        ("7", "One", "One"),
        ("7, 5", "Seven, Five", "Five\nSeven"),
        ("7,5", "Seven, Five", "Five\nSeven"),
        ("7, 5", "Seven, the second, Five", "Seven, the second, Five"),
        ("7", "Seven, the second", "Seven, the second"),
        ("", "Seven", "Seven"),
        (None, "Seven", "Seven"),
        ("7", None, None),
        ("7, 5", "", None),
        ("x, 5", "A, B", "A, B"),
    ],
)
def test_names_of_sprints_stand_in_the_order_of_their_ids(ids, names, told):
    assert sprint_names_text(ids, names) == told


def test_single_values_at_their_borders():
    assert number(None) is None
    assert number(True) is None
    assert instant(1e11).year == 5138
    assert instant(100_000_000_001).year == 1973
    assert instant("1772445600").year == 2026
    assert sprint_id("x[name=9,id=7]") == 7
    assert sprint_id("x[ix=9,id=7]") == 7
    assert estimate_value("timeoriginalestimate", None) is None
    assert estimate_value("timeoriginalestimate", 90.7) == 90
