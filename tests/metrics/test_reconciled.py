"""A history held against the present, field by field."""

from datetime import timedelta
from itertools import permutations

import pytest

from telemetry.domain.models import Change, Field, IssueHistory
from telemetry.domain.team import Estimate, EstimateKind
from telemetry.metrics.impediment import flag_spans
from telemetry.metrics.quality_issues import mended
from telemetry.metrics.reconciled import mended_fields, replayed
from telemetry.metrics.timeline import timeline
from tests.builders import a_team, an_issue, at, estimated, flagged, in_sprint, moved

TEAM = a_team()


def ends(history: IssueHistory, field: Field) -> list[str | None]:
    return [one.to_value for one in replayed(history, field, TEAM).changes]


def with_ids(*changes: Change) -> list[Change]:
    """The changes as items of one history each, numbered as they are given."""
    return [one._replace(history_id=number) for number, one in enumerate(changes, 1)]


def test_what_agrees_with_the_present_stays_as_it_is() -> None:
    changes = with_ids(
        in_sprint("2026-03-03", "", "1"),
        estimated("2026-03-03", None, 3),
        moved("2026-03-04", "todo", "done"),
    )
    history = an_issue(points=3.0, sprints=[1], status="done", changes=changes)
    assert mended_fields(history, TEAM) == ()
    assert [one for f in Field for one in replayed(history, f, TEAM).changes] == changes


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_changes_at_one_instant_follow_their_chain(order: tuple[int, ...]) -> None:
    chain = [moved("2026-03-03", *pair) for pair in (("a", "b"), ("b", "c"), ("c", "d"))]
    shuffled = with_ids(*(chain[place] for place in order))
    history = an_issue(status="d", changes=shuffled)
    assert ends(history, Field.STATUS) == ["b", "c", "d"]
    assert [m.status_id for m in timeline(history, TEAM).moments] == ["a", "b", "c", "d"]
    assert [one.history_id for one in replayed(history, Field.STATUS, TEAM).changes] == [1, 2, 3]


def test_a_circle_at_one_instant_ends_at_the_present_value() -> None:
    there, back = moved("2026-03-03", "todo", "done"), moved("2026-03-03", "done", "todo")
    for pair in ([there, back], [back, there]):
        assert ends(an_issue(status="done", changes=with_ids(*pair)), Field.STATUS)[-1] == "done"
        assert ends(an_issue(status="todo", changes=with_ids(*pair)), Field.STATUS)[-1] == "todo"


def test_a_circle_in_between_ends_where_the_next_change_begins() -> None:
    there, back = moved("2026-03-03", "todo", "done"), moved("2026-03-03", "done", "todo")
    later = moved("2026-03-05", "done", "doing")
    for pair in ([there, back], [back, there]):
        history = an_issue(status="doing", changes=with_ids(*pair, later))
        assert ends(history, Field.STATUS) == ["todo", "done", "doing"]


def test_without_a_chain_the_history_id_decides() -> None:
    changes = with_ids(moved("2026-03-03", "a", "b"), moved("2026-03-03", "x", "y"))
    assert ends(an_issue(status="y", changes=reversed(changes)), Field.STATUS) == ["b", "y"]


def test_several_items_of_one_history_follow_their_chain_too() -> None:
    first, second = in_sprint("2026-03-03", "7", "7,8"), in_sprint("2026-03-03", "", "7")
    items = [one._replace(history_id=5, ordinal=place) for place, one in enumerate((first, second))]
    history = an_issue(sprints=[7, 8], changes=items)
    assert ends(history, Field.SPRINT) == ["7", "7,8"]
    assert timeline(history, TEAM).moments[0].sprint_ids == frozenset()


def test_a_millisecond_apart_is_another_instant() -> None:
    first, second = with_ids(moved("2026-03-03", "b", "c"), moved("2026-03-03", "a", "b"))
    second = second._replace(at=second.at + timedelta(milliseconds=1))
    history = an_issue(status="b", changes=[second, first])
    assert ends(history, Field.STATUS) == ["c", "b"]


def test_the_last_change_gets_the_present_value() -> None:
    changes = with_ids(
        in_sprint("2026-03-02", "", "7"),
        in_sprint("2026-03-03", "7", "7,8"),
        estimated("2026-03-04", 3, 5),
        moved("2026-03-05", "todo", "doing"),
    )
    history = an_issue(points=8.0, sprints=[7, 9], status="todo", changes=changes)
    line = timeline(history, TEAM)
    assert [sorted(m.sprint_ids) for m in line.moments] == [[], [7], [7, 9], [7, 9], [7, 9]]
    assert [m.estimate for m in line.moments[-2:]] == [8 * 3_600_000] * 2
    assert line.moments[-1].status_id == "todo"
    assert line.ever_in == {7, 9}
    assert mended_fields(history, TEAM) == (Field.SPRINT, Field.ESTIMATE, Field.STATUS)


def test_a_status_that_is_done_now_became_so_when_it_was_resolved_if_that_is_later() -> None:
    change = moved("2026-03-03", "todo", "doing")
    for resolved, done_at in (("2026-03-05", "2026-03-05"), ("2026-03-01", "2026-03-03")):
        history = an_issue(status="done", changes=[change], resolved_at=at(resolved))
        assert timeline(history, TEAM).done_at() == at(done_at)
    unknown = an_issue(status="done", changes=[change])
    assert timeline(unknown, TEAM).done_at() == at("2026-03-03")


def test_a_resolution_moves_nothing_that_agrees_or_is_not_done() -> None:
    done = an_issue(done="2026-03-03", resolved_at=at("2026-03-09"))
    assert timeline(done, TEAM).done_at() == at("2026-03-03")
    change = moved("2026-03-03", "todo", "done")
    open_again = an_issue(status="doing", changes=[change], resolved_at=at("2026-03-09"))
    assert timeline(open_again, TEAM).moments[-1].at == at("2026-03-03")


def test_a_field_without_any_change_has_the_present_value_from_creation_on() -> None:
    history = an_issue(points=5, sprints=[7], status="done", resolved_at=at("2026-03-09"))
    [only] = timeline(history, TEAM).moments
    assert (only.at, only.sprint_ids, only.is_done) == (at("2026-01-05"), {7}, True)
    assert mended_fields(history, TEAM) == ()


def test_a_field_that_jira_does_not_show_keeps_what_its_history_says() -> None:
    change = estimated("2026-03-03", None, 5)
    history = an_issue(changes=[change], estimates={})
    assert timeline(history, TEAM).moments[-1].estimate == 5 * 3_600_000
    subtask = an_issue(subtask_of=4, sprints=(), changes=[in_sprint("2026-03-03", "", "7")])
    assert mended_fields(subtask, TEAM) == ()


def test_numbers_are_compared_as_numbers_and_sprints_as_sets() -> None:
    changes = [
        estimated("2026-03-03", None, 5)._replace(to_value="5.00"),
        in_sprint("2026-03-03", "", "9, 7"),
    ]
    assert mended_fields(an_issue(points=5, sprints=[7, 9], changes=changes), TEAM) == ()


def test_estimates_of_other_fields_are_not_held_against_the_teams() -> None:
    other = estimated("2026-03-03", 1, 2, field="other")
    history = an_issue(points=5, changes=[other])
    assert mended_fields(history, TEAM) == ()
    counting = a_team(estimate=Estimate(EstimateKind.ISSUE_COUNT))
    assert mended_fields(an_issue(changes=[estimated("2026-03-03", 1, 2)]), counting) == ()


def test_flags_and_epics_are_held_against_the_present_too() -> None:
    on = flagged("2026-03-04", on=True)
    lost = an_issue(changes=[on], is_flagged=False)
    assert flag_spans(lost) == ()
    kept = an_issue(changes=[on, flagged("2026-03-06", on=False)], is_flagged=True)
    assert flag_spans(kept) == ((at("2026-03-04"), None),)
    epic = Change(0, 0, at("2026-03-04"), Field.EPIC, None, None, "40")
    assert ends(an_issue(changes=[epic], epic_id=41), Field.EPIC) == ["41"]
    assert mended_fields(an_issue(changes=[epic], epic_id=40), TEAM) == ()


def test_what_was_mended_is_a_finding_of_its_issue() -> None:
    changes = [moved("2026-03-03", "todo", "doing"), estimated("2026-03-04", 1, 2)]
    good, bad = an_issue(1), an_issue(2, points=2, status="done", changes=changes)
    [one] = mended([good, bad], TEAM)
    assert (one.issue_id, one.at, one.field_names) == (2, at("2026-03-03"), ("status",))


@pytest.mark.parametrize(
    ("status", "resolved", "names"),
    [
        ("done", "2026-03-06T09:00", [("status",)]),
        ("done", "2026-03-02T00:00:30", []),
        ("done", None, []),
        ("todo", "2026-03-06T09:00", []),
    ],
)
def test_a_resolution_without_any_change_of_status_is_a_finding(status, resolved, names) -> None:
    when = at(resolved) if resolved else None
    history = an_issue(1, status=status, created="2026-03-02", resolved_at=when)
    found = mended([history], TEAM)
    assert [one.field_names for one in found] == names
    assert all(one.at == when for one in found)
