"""Which field plays which part."""

import json
from typing import cast

import pytest

from bot.jira.client import Jira
from bot.pull.team_fields import find_flag
from bot.translate.field_choice import field_id
from bot.translate.fields import (
    FieldRoles,
    discover,
    estimate_for,
    estimation_field,
    with_former_names,
)
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.errors import ConfigurationError
from telemetry.settings import TeamSettings

URL = "https://jira.example.com"


def a_field(number, name, custom):
    return {
        "id": f"customfield_{number}",
        "name": name,
        "custom": True,
        "schema": {"custom": custom},
    }


FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
SITE = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string"}},
    {"id": "timeoriginalestimate", "name": "Original Estimate"},
    a_field(1, "Story Points", FLOAT),
    a_field(2, "Story point estimate", "com.pyxis.greenhopper.jira:jsw-story-points"),
    a_field(3, "Sprint", "com.pyxis.greenhopper.jira:gh-sprint"),
    a_field(4, "Epic Link", "com.pyxis.greenhopper.jira:gh-epic-link"),
    a_field(5, "Flagged", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
    a_field(6, "Nature", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
    a_field(7, "Effort", FLOAT),
    a_field(8, "Effort", FLOAT),
    a_field(9, "Groups", "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"),
]


def test_roles_are_found_by_type():
    roles = discover(SITE, {"board"}, {"nature"}, {"customfield_7"}, url=URL)
    assert roles.sprint == "customfield_3"
    assert roles.epic_link == "customfield_4"
    assert roles.flagged == "customfield_5"
    assert roles.natures == ("customfield_6",)
    assert roles.names["customfield_6"] == "Nature"


def test_the_configured_estimate_comes_first_then_the_boards_then_the_sites_own():
    roles = discover(SITE, {"Story Points", "board"}, set(), {"customfield_7"}, url=URL)
    assert roles.estimates == (
        "customfield_1",
        "customfield_7",
        "customfield_2",
        "timeoriginalestimate",
    )
    assert roles.story_points == "customfield_2"


def test_settings_that_name_no_field_look_for_none():
    assert discover(SITE[:2], {"issue_count", "original_estimate", "board"}, set(), set()) == (
        FieldRoles(names={"timeoriginalestimate": "Original Estimate"})
    )


def test_a_field_that_does_not_exist_is_named_with_the_remedy():
    with pytest.raises(ConfigurationError) as caught:
        discover(SITE, {"Story Pts"}, set(), set(), url=URL)
    assert str(caught.value) == (
        "estimate field 'Story Pts' is not a field of https://jira.example.com; it has: "
        "'Story Points', 'Story point estimate', 'Effort', 'Nature', 'Sprint', "
        "'Original Estimate', 'Groups', 'Epic Link' and 1 more; 'telemetry check' lists them"
    )


def test_a_name_of_several_fields_lists_their_ids():
    with pytest.raises(ConfigurationError, match="customfield_7, customfield_8; configure the id"):
        discover(SITE, {"effort"}, set(), set(), url=URL)


def test_roles_survive_json():
    roles = discover(SITE, {"customfield_7"}, {"Nature"}, {"customfield_1"})
    assert FieldRoles.from_json(json.loads(json.dumps(roles.to_json()))) == roles


def board(kind, field_id=None):
    return {"estimation": {"type": kind} | ({"field": {"fieldId": field_id}} if field_id else {})}


@pytest.mark.parametrize(
    ("setting", "configuration", "expected"),
    [
        ("issue_count", board("field", "customfield_1"), Estimate(EstimateKind.ISSUE_COUNT)),
        ("original_estimate", None, Estimate(EstimateKind.ORIGINAL_ESTIMATE)),
        ("board", board("field", "customfield_1"), Estimate(EstimateKind.FIELD, "customfield_1")),
        ("board", board("field", "timeoriginalestimate"), Estimate(EstimateKind.ORIGINAL_ESTIMATE)),
        ("board", board("issueCount"), Estimate(EstimateKind.ISSUE_COUNT)),
        ("board", board("none"), Estimate(EstimateKind.FIELD, "customfield_2")),
        ("board", None, Estimate(EstimateKind.FIELD, "customfield_2")),
        ("story points", None, Estimate(EstimateKind.FIELD, "customfield_1")),
        ("customfield_1", None, Estimate(EstimateKind.FIELD, "customfield_1")),
    ],
)
def test_a_teams_estimate_is_definite(setting, configuration, expected):
    roles = discover(SITE, {"Story Points"}, set(), set())
    assert estimate_for(setting, configuration, roles) == expected


def test_a_site_without_story_points_counts_issues():
    assert estimate_for("board", None, FieldRoles()) == Estimate(EstimateKind.ISSUE_COUNT)


def test_all_roles_of_a_site_are_named():
    roles = discover(SITE, {"board"}, {"Nature"}, {"customfield_7"}, url=URL)
    assert roles.names == {
        "customfield_1": "Story Points",
        "customfield_2": "Story point estimate",
        "customfield_3": "Sprint",
        "customfield_4": "Epic Link",
        "customfield_5": "Flagged",
        "customfield_6": "Nature",
        "customfield_7": "Effort",
        "timeoriginalestimate": "Original Estimate",
    }


def test_a_field_of_exactly_the_name_wins_over_those_that_differ_in_case():
    fields = [a_field(1, "effort", FLOAT), a_field(2, "Effort", FLOAT)]
    assert field_id(fields, "Effort", "estimate", URL) == "customfield_2"
    with pytest.raises(ConfigurationError, match="several fields"):
        field_id(fields, "EFFORT", "estimate", URL)


def test_a_field_is_found_by_its_untranslated_name_and_first_of_all_by_its_id():
    fields = [a_field(1, "Aufwand", FLOAT) | {"untranslatedName": "Effort"}]
    assert field_id(fields, "effort", "estimate", URL) == "customfield_1"
    named_like_an_id = [a_field(1, "customfield_2", FLOAT), a_field(2, "Other", FLOAT)]
    assert field_id(named_like_an_id, "customfield_2", "nature", URL) == "customfield_2"


def test_number_fields_of_the_usual_names_hold_story_points_in_their_order():
    text = "com.atlassian.jira.plugin.system.customfieldtypes:textfield"
    fields = [
        a_field(1, "Story point estimate", FLOAT),
        a_field(2, "story points", FLOAT),
        a_field(3, "Story Points", text),
        a_field(4, "Punkte", FLOAT) | {"untranslatedName": "Story Points"},
    ]
    roles = discover(fields, set(), set(), set())
    assert roles.story_points == "customfield_2"
    assert roles.estimates == (
        "customfield_2",
        "customfield_4",
        "customfield_1",
        "timeoriginalestimate",
    )


def test_a_site_without_agile_fields_has_none_of_these_roles():
    roles = discover([{"id": "summary"}, a_field(9, "Flags", FLOAT)], set(), set(), set())
    assert roles == FieldRoles(others={"customfield_9": "Flags"})
    assert estimation_field(board("field")) is None
    assert estimation_field(None) is None


def test_several_natures_are_looked_for_once_each_by_name():
    fields = [a_field(1, "Why", FLOAT), a_field(2, "Cause", FLOAT)]
    roles = discover(fields, set(), {"Why", "why", "Cause"}, set())
    assert roles.natures == ("customfield_2", "customfield_1")


def test_an_estimate_that_discovery_did_not_meet_is_an_error():
    roles = FieldRoles(estimates=("customfield_1",), names={"customfield_1": "Effort"})
    with pytest.raises(ConfigurationError, match="estimate field 'Size' is not a field of this"):
        estimate_for("Size", None, roles)
    assert estimate_for("effort", None, roles) == Estimate(EstimateKind.FIELD, "customfield_1")


def test_the_original_estimate_is_looked_for_last_and_once():
    roles = discover(SITE, {"Story Points"}, set(), {"timeoriginalestimate"})
    assert roles.estimates == ("customfield_1", "customfield_2", "timeoriginalestimate")


def test_a_boards_field_counts_where_the_site_has_no_story_points():
    found = estimate_for("board", board("field", "customfield_9"), FieldRoles())
    assert found == Estimate(EstimateKind.FIELD, "customfield_9")


BOXES = "com.atlassian.jira.plugin.system.customfieldtypes:multicheckboxes"


def test_a_flag_is_the_field_that_teams_or_jira_name_else_that_of_the_name():
    fields = [a_field(5, "Markiert", BOXES), a_field(6, "Browser", BOXES)]
    assert discover(fields, set(), set(), set()).flagged is None
    assert discover(fields, set(), set(), set(), flag_wanted={"markiert"}).flagged == (
        "customfield_5"
    )
    told = discover(fields, set(), set(), set(), flag_told="customfield_5")
    assert told.flagged == "customfield_5"
    both = discover(fields, set(), set(), set(), flag_wanted={"Browser"}, flag_told="customfield_5")
    assert both.flagged == "customfield_6"
    with pytest.raises(ConfigurationError, match="flag field 'Fahne' is not a field"):
        discover(fields, set(), set(), set(), flag_wanted={"Fahne"})


class Flagging:
    """A Jira with two kinds of check boxes: issues 1 and 2 have the first set, 2 and 3 the other.

    Issues 1 and 2 are flagged.
    """

    def search_ids(self, jql):
        return {"cf[5] is not EMPTY": [1, 2], "cf[6] is not EMPTY": [2, 3]}[jql]

    def is_flagged(self, issue_id):
        return issue_id in (1, 2)


def test_check_boxes_are_the_flag_where_all_issues_that_have_them_set_are_flagged():
    fields = [a_field(6, "Browser", BOXES), a_field(5, "Markiert", BOXES)]
    flagging = TeamSettings(key="a", project="A", impediment={"flagged": True})
    assert find_flag(cast("Jira", Flagging()), fields, [flagging]) == "customfield_5"
    assert find_flag(cast("Jira", Flagging()), fields[:1], [flagging]) is None
    assert find_flag(None, fields, [TeamSettings(key="a", project="A")]) is None
    named = [*fields, a_field(7, "Flagged", BOXES)]
    assert find_flag(None, named, [flagging]) is None


def test_a_field_that_was_renamed_is_found_by_the_name_that_settings_have():
    found = discover([a_field(1, "Story Points", FLOAT)], {"Story Points"}, set(), set())
    renamed = with_former_names([a_field(1, "Size", FLOAT)], found)
    again = discover(renamed, {"Story Points"}, set(), set())
    assert (again.names["customfield_1"], again.former) == (
        "Size",
        {"customfield_1": ("Story Points",)},
    )
    estimate = Estimate(EstimateKind.FIELD, "customfield_1")
    assert estimate_for("Story Points", None, again) == estimate
    assert estimate_for("size", None, FieldRoles.from_json(again.to_json())) == estimate
    [third] = with_former_names([a_field(1, "Third", FLOAT)], again)
    assert third["formerName"] == ("Story Points", "Size")
    for name in ("Story Points", "size", "THIRD"):
        assert discover([third], {name}, set(), set()).estimates[0] == "customfield_1"
    stored = again.to_json() | {"former": {"customfield_1": "Story Points"}}  # by earlier versions
    assert FieldRoles.from_json(stored) == again


def test_a_name_that_another_field_took_over_is_that_ones():
    found = discover([a_field(1, "Story Points", FLOAT)], {"Story Points"}, set(), set())
    now = [a_field(1, "Old", FLOAT), a_field(2, "Story Points", FLOAT)]
    assert discover(with_former_names(now, found), {"Story Points"}, set(), set()).estimates[0] == (
        "customfield_2"
    )
    assert with_former_names(now, None) == now


def test_a_field_is_found_by_its_name_in_jiras_own_language_too():
    points = a_field(1, "Story-Punkte", FLOAT) | {"untranslatedName": "Story Points"}
    found = discover([points], {"Story Points"}, set(), set())
    assert found.estimates[0] == "customfield_1"
    by_name = Estimate(EstimateKind.FIELD, "customfield_1")
    for name in ("Story Points", "story-punkte"):
        assert estimate_for(name, None, FieldRoles.from_json(found.to_json())) == by_name
