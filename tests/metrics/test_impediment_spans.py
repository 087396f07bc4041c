"""Which issues are impediments, why, and from when to when."""

import pytest

from telemetry.domain.models import Issue, IssueHistory
from telemetry.domain.team import ImpedimentRules, TeamRules
from telemetry.metrics.impediment import (
    Impediment,
    flag_spans,
    impediment_figures,
    impediments,
    nature_at,
    nature_of,
    was_flagged,
)
from telemetry.metrics.timeline import timelines
from tests.builders import a_team, an_issue, at, flagged, moved

TEAM = a_team()
FLAGS = a_team(impediment=ImpedimentRules(is_flagged_counted=True))


def found(*issues: IssueHistory, team: TeamRules = TEAM) -> dict[int, tuple[Impediment, ...]]:
    parents: dict[int, Issue] = {history.issue.id: history.issue for history in issues}
    return impediments(issues, timelines(issues, team), parents, team)


def nature(rules: ImpedimentRules, issue: IssueHistory, parent: IssueHistory | None = None) -> str:
    return nature_of(issue.issue, parent.issue if parent else None, rules)


def test_without_issues_there_is_no_impediment() -> None:
    assert found() == {}


@pytest.mark.parametrize("label", ["impediment", "Impediment", "IMPEDIMENT"])
def test_a_label_makes_an_impediment_in_any_case(label: str) -> None:
    assert set(found(an_issue(1, labels=[label]), an_issue(2, labels=["impediments"]))) == {1}


@pytest.mark.parametrize(
    ("start", "end", "is_told"),
    [
        ("2026-03-02", "2026-03-03", False),
        ("2026-03-02", "2026-03-04", False),  # the end is not in it
        ("2026-03-02", "2026-03-05", True),
        ("2026-03-05", "2026-03-06", True),
        ("2026-03-08", "2026-03-12", True),
        ("2026-03-09", "2026-03-12", False),
    ],
)
def test_an_issue_was_flagged_at_a_moment_of_a_time(start: str, end: str, is_told: bool) -> None:
    changes = [flagged("2026-03-04", on=True), flagged("2026-03-08", on=False)]
    assert was_flagged(an_issue(changes=changes), at(start), at(end)) is is_told
    still = an_issue(changes=changes[:1], is_flagged=True)
    assert was_flagged(still, at(start), at(end)) is (end > "2026-03-04")
    assert not was_flagged(an_issue(), at(start), at(end))


def test_the_teams_own_labels_are_the_ones_that_count() -> None:
    team = a_team(impediment=ImpedimentRules(labels=frozenset({"blocker"})))
    issues = (an_issue(1, labels=["Blocker"]), an_issue(2, labels=["impediment"]))
    assert set(found(*issues, team=team)) == {1}


def test_a_sub_task_of_an_impediment_is_one() -> None:
    assert set(found(an_issue(1, labels=["impediment"]), an_issue(2, subtask_of=1))) == {1, 2}


def test_an_epic_hands_nothing_down() -> None:
    epic = an_issue(1, labels=["impediment"], is_epic=True)
    assert set(found(epic, an_issue(2, subtask_of=1))) == {1}
    assert set(found(epic, an_issue(2, parent_id=1, epic_id=1))) == {1}


def test_an_issue_that_is_gone_is_none_and_hands_nothing_down() -> None:
    gone = an_issue(1, labels=["impediment"], gone_at=at("2026-03-04"))
    assert found(gone, an_issue(2, subtask_of=1)) == {}


def test_an_impediment_lasts_from_its_creation_until_it_was_done_for_good() -> None:
    changes = [
        moved("2026-03-04", "todo", "done"),
        moved("2026-03-05", "done", "todo"),
        moved("2026-03-06", "todo", "done"),
    ]
    issue = an_issue(created="2026-03-01", labels=["impediment"], status="done", changes=changes)
    (span,) = found(issue)[1]
    assert (span.opened_at, span.closed_at) == (at("2026-03-01"), at("2026-03-06"))
    assert span.done_before == ((at("2026-03-04"), at("2026-03-05")),)


def test_a_reopened_impediment_is_open() -> None:
    changes = [moved("2026-03-04", "todo", "done"), moved("2026-03-05", "done", "todo")]
    (span,) = found(an_issue(labels=["impediment"], changes=changes))[1]
    assert span.closed_at is None


def test_flags_count_only_where_the_team_wants_them() -> None:
    issue = an_issue(changes=[flagged("2026-03-04", on=True)], is_flagged=True)
    assert found(issue) == {}
    (span,) = found(issue, team=FLAGS)[1]
    assert (span.is_flag, span.opened_at, span.closed_at) == (True, at("2026-03-04"), None)


def test_each_flagging_is_a_span_of_its_own() -> None:
    changes = [
        flagged("2026-03-04", on=True),
        flagged("2026-03-05", on=False),
        flagged("2026-03-06", on=True),
        flagged("2026-03-07", on=False),
    ]
    spans = found(an_issue(changes=changes), team=FLAGS)[1]
    assert [(s.ordinal, s.opened_at, s.closed_at) for s in spans] == [
        (0, at("2026-03-04"), at("2026-03-05")),
        (1, at("2026-03-06"), at("2026-03-07")),
    ]


def test_a_flag_set_at_the_creation_leaves_no_change() -> None:
    assert flag_spans(an_issue(created="2026-03-01", is_flagged=True)) == (
        (at("2026-03-01"), None),
    )
    taken_off = an_issue(created="2026-03-01", changes=[flagged("2026-03-04", on=False)])
    assert flag_spans(taken_off) == ((at("2026-03-01"), at("2026-03-04")),)
    assert flag_spans(an_issue()) == ()


def test_a_labelled_issue_is_one_impediment_whatever_its_flags() -> None:
    issue = an_issue(labels=["impediment"], changes=[flagged("2026-03-04", on=True)])
    assert [span.is_flag for span in found(issue, team=FLAGS)[1]] == [False]


FIELD = ImpedimentRules(nature_field_id="why")


def test_the_nature_field_comes_first_and_of_several_the_first_by_name() -> None:
    issue = an_issue(natures={"why": ("network", "hardware")}, labels=["nature:people"])
    assert nature(FIELD, issue) == "hardware"


def test_a_sub_task_without_a_nature_has_its_parents() -> None:
    parent = an_issue(1, natures={"why": ("network",)})
    sub_task = an_issue(2, subtask_of=1, labels=["nature:people"])
    assert nature(FIELD, sub_task, parent) == "network"
    assert nature(FIELD, an_issue(2, natures={"why": ("own",)}), parent) == "own"


def test_labels_tell_the_nature_where_the_field_does_not() -> None:
    assert nature(FIELD, an_issue(labels=["impediment", "nature:network"])) == "network"
    assert nature(FIELD, an_issue(labels=["impediment-hardware"])) == "hardware"
    assert nature(FIELD, an_issue(labels=["nature:"])) == "unknown"
    parent = an_issue(1, labels=["nature:people"])
    assert nature(FIELD, an_issue(2, subtask_of=1), parent) == "people"


def test_component_and_type_tell_only_if_so_configured() -> None:
    issue = an_issue(components=("db", "api"))
    assert nature(ImpedimentRules(), issue) == "unknown"
    assert nature(ImpedimentRules(nature_from="component"), issue) == "api"
    assert nature(ImpedimentRules(nature_from="type"), issue) == "Story"
    assert nature(ImpedimentRules(nature_from="component"), an_issue()) == "unknown"


def figures_of(spans: list[Impediment], seconds: dict[int, int]) -> dict[str, object]:
    found = impediment_figures(spans, seconds, at("2026-03-02"), at("2026-03-09"))
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def span(
    issue_id: int, opened: str, closed: str | None = None, nature: str = "unknown"
) -> Impediment:
    return Impediment(issue_id, 0, False, nature, at(opened), at(closed) if closed else None)


def test_a_window_without_impediments_is_zero_and_has_no_median() -> None:
    assert figures_of([], {}) == {
        "count": 0,
        "opened_count": 0,
        "closed_count": 0,
        "open_count": 0,
        "seconds": 0,
        "median_seconds_to_close": None,
        "by_nature": (),
    }


def test_impediments_opened_or_worked_on_are_counted_by_nature() -> None:
    spans = [
        span(1, "2026-03-03", nature="network"),
        span(2, "2026-01-01", nature="network"),
        span(3, "2026-01-01", "2026-03-05", nature="people"),
        span(4, "2026-01-01", nature="hardware"),
    ]
    found = figures_of(spans, {2: 3600, 3: 7200})
    assert (found["count"], found["opened_count"], found["closed_count"]) == (3, 1, 1)
    assert found["open_count"] == 3
    assert found["seconds"] == 10800
    assert found["by_nature"] == (("people", 1, 7200), ("network", 2, 3600))


def test_the_windows_start_is_inside_and_its_end_is_not() -> None:
    spans = [
        span(1, "2026-03-02", "2026-03-09"),
        span(2, "2026-03-09"),
        span(3, "2026-03-01", "2026-03-02"),
    ]
    found = figures_of(spans, {})
    assert (found["opened_count"], found["closed_count"], found["open_count"]) == (1, 1, 1)
    assert found["median_seconds_to_close"] == 86400


def test_a_flag_set_or_cleared_twice_is_one_flag() -> None:
    changes = [
        flagged("2026-03-04", on=False),
        flagged("2026-03-05", on=True),
        flagged("2026-03-06", on=True),
        flagged("2026-03-07", on=False),
        flagged("2026-03-08", on=False),
        flagged("2026-03-09", on=True),
    ]
    changes[0] = changes[0]._replace(from_value="")  # it was cleared though it was not set
    assert flag_spans(an_issue(changes=changes, is_flagged=True)) == (
        (at("2026-03-05"), at("2026-03-07")),
        (at("2026-03-09"), None),
    )


def test_changes_of_a_flag_are_taken_in_the_order_of_time_then_history() -> None:
    off = flagged("2026-03-05", on=False)._replace(history_id=8)
    on = flagged("2026-03-05", on=True)._replace(history_id=9)
    changes = [on, off, flagged("2026-03-04", on=True)]
    assert flag_spans(an_issue(changes=changes, is_flagged=True)) == (
        (at("2026-03-04"), at("2026-03-05")),
        (at("2026-03-05"), None),
    )


def test_work_is_lost_to_a_flag_from_on_to_before_off() -> None:
    off, again = at("2026-03-05"), at("2026-03-07")
    spans = [
        Impediment(1, 0, True, "network", at("2026-03-04"), off),
        Impediment(1, 1, True, "people", again, None),
    ]
    days = ("2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-07", "2026-03-09")
    found = [nature_at(spans, at(day)) for day in days]
    assert found == [None, "network", None, None, "people", "people"]


def test_all_work_is_lost_to_a_label() -> None:
    assert nature_at([span(1, "2026-03-04", "2026-03-05", "people")], at("2026-01-01")) == "people"
    assert nature_at([], at("2026-03-04")) is None


def test_a_labelled_issue_has_one_span_with_number_0() -> None:
    assert [one.ordinal for one in found(an_issue(labels=["impediment"]))[1]] == [0]


def test_only_sub_tasks_whose_parent_is_known_inherit() -> None:
    labelled = an_issue(1, labels=["impediment"])
    assert set(found(labelled, an_issue(2, parent_id=1))) == {1}
    assert found(an_issue(2, subtask_of=7)) == {}
    assert set(found(labelled, an_issue(2, is_subtask=True))) == {1}


def test_of_several_natures_in_labels_the_first_by_name_counts() -> None:
    assert nature(FIELD, an_issue(labels=["nature:people", "nature:network"])) == "network"
    assert nature(FIELD, an_issue(labels=["impediment-x", "NATURE:people"])) == "people"


def test_natures_come_with_most_time_first_then_by_count_then_by_name() -> None:
    spans = [
        span(1, "2026-03-03", nature="b"),
        span(2, "2026-03-03", nature="a"),
        span(3, "2026-03-03", nature="c"),
        span(4, "2026-03-03", nature="c"),
        span(5, "2026-03-03", nature="d"),
    ]
    assert figures_of(spans, {5: 60})["by_nature"] == (
        ("d", 1, 60),
        ("c", 2, 0),
        ("a", 1, 0),
        ("b", 1, 0),
    )


REOPENED = Impediment(
    1,
    0,
    False,
    "unknown",
    at("2026-03-01"),
    at("2026-03-20"),
    ((at("2026-03-04"), at("2026-03-10")), (at("2026-03-12"), at("2026-03-12T12:00"))),
)


@pytest.mark.parametrize(
    ("start", "end", "closed", "is_open"),
    [
        ("2026-03-01", "2026-03-04", None, True),  # the end itself is left out
        ("2026-03-02", "2026-03-09", "2026-03-04", False),  # reopened later only
        ("2026-03-05", "2026-03-09", None, False),  # closed before, closed at the end
        ("2026-03-05", "2026-03-10", None, False),
        ("2026-03-02", "2026-03-11", None, True),  # reopened by its end
        ("2026-03-09", "2026-03-15", None, True),  # closed and reopened in it
        ("2026-03-09", "2026-03-21", "2026-03-20", False),  # twice in it: the last time counts
        ("2026-03-20", "2026-03-21", "2026-03-20", False),  # the start is inside
        ("2026-02-01", "2026-03-01", None, False),  # not yet created
    ],
)
def test_closed_and_open_are_told_by_the_state_at_the_windows_end(
    start: str, end: str, closed: str | None, is_open: bool
) -> None:
    found = impediment_figures([REOPENED], {}, at(start), at(end))
    assert REOPENED.closed_in(at(start), at(end)) == (at(closed) if closed else None)
    assert (found.closed_count, found.open_count) == (int(bool(closed)), int(is_open))
    if closed:
        lasted = (at(closed) - REOPENED.opened_at).total_seconds()
        assert found.median_seconds_to_close == lasted


def test_each_flag_is_opened_and_closed_once_while_the_count_is_of_issues() -> None:
    spans = [
        Impediment(1, 0, True, "unknown", at("2026-03-02"), at("2026-03-03")),
        Impediment(1, 1, True, "unknown", at("2026-03-04"), at("2026-03-08")),
        Impediment(1, 2, True, "unknown", at("2026-03-08T12:00"), None),
    ]
    found = figures_of(spans, {1: 3600})
    assert (found["count"], found["opened_count"], found["closed_count"]) == (1, 3, 2)
    assert (found["open_count"], found["by_nature"]) == (1, (("unknown", 1, 3600),))
    assert found["median_seconds_to_close"] == 2.5 * 86400
