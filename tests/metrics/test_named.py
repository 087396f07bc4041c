"""Ids of histories against what is listed today, and names where an id means something else."""

from dataclasses import replace

import pytest

from telemetry.domain.models import Change, Field, IssueHistory, Status
from telemetry.domain.named import Listed, listed_statuses, pairs_of, renamed_fields, resolved
from tests.builders import SITE, a_sprint, a_team, an_issue, in_sprint, moved

TEAM = a_team()  # of board 1
STATUSES = {
    one.id: one
    for one in (
        Status(SITE, "1", "To Do", "new"),
        Status(SITE, "2", "Done", "done"),
        Status(SITE, "3", "Doing", "indeterminate"),
        Status(SITE, "9", "Old", "undefined", is_listed=False),
    )
}
OTHERS = a_sprint(41)


def named(change: Change, before: str, after: str) -> Change:
    return change._replace(from_name=before, to_name=after)


def listed(**sprints: int) -> Listed:
    """Sprints of the team's board by name, beside sprint 41 of board 2 called "Theirs"."""
    theirs = replace(OTHERS, name="Theirs", board_id=2)
    ours = [replace(a_sprint(number), name=name) for name, number in sprints.items()]
    every = [theirs, *ours]
    return Listed(
        *listed_statuses(STATUSES),
        {one.id: one for one in every},
        {name: [o for o in every if o.name == name] for name in {o.name for o in every}},
    )


def values(history: IssueHistory, known: Listed, team=TEAM) -> list[tuple[str | None, str | None]]:
    return [(one.from_value, one.to_value) for one in resolved(history, known, team).changes]


@pytest.mark.parametrize(
    ("told", "name", "meant"),
    [
        ("2", "Done", "2"),
        ("2", "done", "2"),
        ("1", "Done", "2"),  # the id of another site
        ("10001", "Done", "2"),  # no id of this site
        ("9", "Done", "2"),  # listed no more
        ("3", "In Progress", "3"),  # renamed since
        ("77", "Gone", "77"),
    ],
)
def test_a_status_has_the_id_of_its_name_where_its_own_means_another(told, name, meant):
    change = named(moved("2026-03-03", "1", told), "To Do", name)
    assert values(an_issue(status=meant, changes=[change]), listed()) == [("1", meant)]


def test_of_several_statuses_of_one_name_it_is_the_present_one_else_the_first():
    two = STATUSES | {"12": Status(SITE, "12", "Done", "done")}
    known = Listed(*listed_statuses(two))
    change = named(moved("2026-03-03", "1", "99"), "To Do", "Done")
    assert values(an_issue(status="12", changes=[change]), known) == [("1", "12")]
    assert values(an_issue(status="1", changes=[change]), known) == [("1", "2")]


def test_what_tells_no_name_and_what_is_right_stay_the_very_history():
    silent = an_issue(changes=[moved("2026-03-03", "1", "2"), in_sprint("2026-03-04", "", "41")])
    right = an_issue(changes=[named(moved("2026-03-03", "1", "2"), "To Do", "Done")])
    assert resolved(silent, listed(), TEAM) is silent
    assert resolved(right, listed(), TEAM) is right


def test_a_sprint_of_another_sites_id_is_the_teams_of_that_name():
    change = named(in_sprint("2026-03-03", "", "41"), "", "Mango")
    history = an_issue(sprints=[7], changes=[change])
    assert values(history, listed(Mango=7)) == [("", "7")]
    gone_again = an_issue(
        sprints=[], changes=[change, named(in_sprint("2026-03-05", "41", ""), "Mango", "")]
    )
    assert values(gone_again, listed(Mango=7)) == [("", "7"), ("7", "")]


def test_sprints_are_told_a_name_each():
    change = named(in_sprint("2026-03-03", "41", "41,50"), "Mango", "Mango\nPapaya")
    history = an_issue(sprints=[7, 8], changes=[change])
    assert values(history, listed(Mango=7, Papaya=8)) == [("7", "7,8")]


def test_a_renamed_sprint_keeps_its_id_though_a_new_one_took_its_name():
    change = named(in_sprint("2026-03-03", "", "7"), "", "Sprint 5")
    renamed = {"Sprint 6": 7, "Sprint 5": 8}
    assert values(an_issue(sprints=[7], changes=[change]), listed(**renamed)) == [("", "7")]
    assert values(an_issue(sprints=[], changes=[change]), listed(Later=7)) == [("", "7")]


def test_another_teams_sprint_takes_no_issue_that_named_a_sprint_unknown_here():
    change = named(in_sprint("2026-03-03", "", "7"), "", "Mango")
    foreign = an_issue(sprints=[], changes=[change], project_key="WEB")
    assert values(foreign, listed(Ours=7)) == [("", "")]


def test_commas_in_names_and_missing_ids_are_told_apart_as_far_as_possible():
    assert list(pairs_of("7", "A, B")) == [("A, B", 7)]
    assert list(pairs_of("7,8", "A, B, C")) == []
    assert list(pairs_of("", "A, B")) == [("A", 0), ("B", 0)]
    assert list(pairs_of("7", None)) == []
    lost = an_issue(sprints=[8], changes=[named(in_sprint("2026-03-03", "", ""), "", "B")])
    assert values(lost, listed(B=8)) == [("", "8")]


def test_fields_of_which_names_decided_are_known():
    changes = [
        named(moved("2026-03-03", "1", "9"), "To Do", "Done"),  # listed no more: told elsewhere
        named(in_sprint("2026-03-03", "", "41"), "", "Mango"),
    ]
    history, known = an_issue(sprints=[7], status="2", changes=changes), listed(Mango=7)
    assert renamed_fields(history, resolved(history, known, TEAM), known) == (Field.SPRINT,)
    wrong = an_issue(status="2", changes=[named(moved("2026-03-03", "2", "1"), "To Do", "Done")])
    assert renamed_fields(wrong, resolved(wrong, known, TEAM), known) == (Field.STATUS,)
