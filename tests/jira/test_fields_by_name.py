"""Changes that tell the id of another site's field, or of one made anew, by their names."""

import pytest

from bot.translate import Translator
from bot.translate.fields import FieldRoles
from telemetry.domain.models import Field

POINTS, SPRINT, FLAG, LINK = (f"customfield_{number}" for number in range(1, 5))
RISK, FORMER_FIELD = "customfield_8", "customfield_99"
NAMES = {POINTS: "Story Points", SPRINT: "Sprint", FLAG: "Blocked", LINK: "Saga"}
ROLES = FieldRoles(
    estimates=(POINTS, "timeoriginalestimate"),
    sprint=SPRINT,
    flagged=FLAG,
    epic_link=LINK,
    names=NAMES,
    others={RISK: "Risk"},
    former={FLAG: ("Markiert", "Flagge"), LINK: ("Epos",), SPRINT: ("Iteration",)},
)


def change(name, before, after, field_id=None, fieldtype="custom"):
    """An item; `before` and `after` are pairs of an id and a text."""
    item = {"field": name, "fieldtype": fieldtype}
    item |= {"from": before[0], "fromString": before[1], "to": after[0], "toString": after[1]}
    return item if field_id is None else item | {"fieldId": field_id}


def points(before, after, field_id, name="Story Points"):
    return change(name, (None, before), (None, after), field_id)


def read(*items, roles=ROLES, **fields):
    """The changes of an issue with these items, a day each, and what is told of it."""
    plain = {
        "issuetype": {"id": "1", "name": "Story"},
        "status": {"id": "3"},
        "created": "2026-03-01T08:00:00.000+0000",
        "updated": "2026-03-20T08:00:00.000+0000",
    }
    histories = [
        {"id": str(day), "created": f"2026-03-{day:02}T09:00:00.000+0000", "items": [item]}
        for day, item in enumerate(items, start=1)
    ]
    raw = {"id": "7", "key": "K-7", "fields": plain | fields, "changelog": {"histories": histories}}
    found = Translator("main", roles, str).read(raw)
    told = (*found.named, *found.doubted)
    return [(one.field, one.from_value, one.to_value) for one in found.history.changes], told


@pytest.mark.parametrize("field_id", [FORMER_FIELD, RISK], ids=["unlisted", "another field's"])
def test_estimates_under_another_id_are_ours_where_they_lead_to_our_value(field_id):
    ours = [(Field.ESTIMATE, None, "5"), (Field.ESTIMATE, "5", "8")]
    changes = points("", "5", field_id), points("5", "8", POINTS)
    assert read(*changes, **{POINTS: 8}) == (ours, ())
    assert read(changes[0], points("5", "8", field_id), **{POINTS: 8}) == (ours, ())
    assert read(points("5", "", field_id), **{POINTS: None}) == (
        [(Field.ESTIMATE, "5", None)],
        (),
    )


def test_estimates_under_another_id_that_lead_elsewhere_are_left_out_and_named():
    found, named = read(points("", "5", FORMER_FIELD), **{POINTS: 3})
    assert (found, len(named)) == ([], 1)
    assert "which changes of Story Points are those of customfield_1" in named[0]


def test_our_id_under_the_name_of_another_field_is_believed_where_it_leads_to_our_value():
    assert read(points("", "5", POINTS, name="Risk"), **{POINTS: 3})[0] == []
    assert read(points("", "5", POINTS, name="Risk"), **{POINTS: 5})[0] == [
        (Field.ESTIMATE, None, "5")
    ]


def test_a_name_that_a_newer_field_took_over_takes_no_change_of_ours_away():
    old, new = "customfield_16", "customfield_28"
    roles = FieldRoles(
        estimates=(old, new, "timeoriginalestimate"), names={old: "SP old", new: "Story Points"}
    )
    changes = points("", "3", old), points("3", "5", old)
    found, named = read(*changes, roles=roles, **{old: 5, new: None})
    assert found == [(Field.ESTIMATE, None, "3"), (Field.ESTIMATE, "3", "5")]
    assert named == ()


@pytest.mark.parametrize("field_id", [FORMER_FIELD, RISK, None])
@pytest.mark.parametrize(
    ("name", "after", "field"),
    [
        ("Sprint", ("7", "Mango"), Field.SPRINT),
        ("Iteration", ("7", "Mango"), Field.SPRINT),
        ("Flagged", ("[1]", "Impediment"), Field.FLAGGED),
        ("blocked", ("[1, 2]", "Impediment, Waiting"), Field.FLAGGED),
        ("Flagge", ("[1]", "Impediment"), Field.FLAGGED),
        ("Epic Link", ("50", "K-50"), Field.EPIC),
        ("Epos", ("50", "K-50"), Field.EPIC),
    ],
)
def test_sprints_flags_and_epics_are_known_by_every_name_they_had(name, after, field, field_id):
    found, _ = read(change(name, (None, None), after, field_id))
    assert [one[0] for one in found] == [field]


def test_a_field_that_was_renamed_is_known_by_its_id():
    found, _ = read(change("Once called so", (None, None), ("[1]", "Impediment"), FLAG))
    assert [one[0] for one in found] == [Field.FLAGGED]
    assert read(change("Risk", (None, None), ("[1]", "Impediment"), FLAG))[0] == []


def test_epics_stay_known_where_the_site_no_longer_has_the_epic_link():
    found, _ = read(
        change("Epic Link", (None, None), ("50", "K-50"), "customfield_10014"), roles=FieldRoles()
    )
    assert found == [(Field.EPIC, None, "50")]


@pytest.mark.parametrize("nothing", [("[]", ""), ("", ""), (None, None), ("[ ]", None)])
def test_a_flag_without_options_is_off(nothing):
    found, _ = read(change("Flagged", ("[1]", "Impediment"), nothing, FLAG))
    assert found == [(Field.FLAGGED, "1", "")]
