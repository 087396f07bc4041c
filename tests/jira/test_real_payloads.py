"""Real answers of other people's Jira sites, through the translator."""

import json
import random

import pytest

from bot.translate import (
    Translator,
    translate_board,
    translate_sprint,
    translate_status,
    unlisted_statuses,
)
from bot.translate.fields import (
    FieldRoles,
    estimate_for,
)
from telemetry.domain.models import Field, SprintState
from telemetry.domain.team import EstimateKind
from telemetry.errors import UnexpectedAnswer

ROLES = FieldRoles(
    estimates=("customfield_10024", "timeoriginalestimate"),
    sprint="customfield_10020",
    epic_link="customfield_10014",
)


@pytest.fixture
def payloads(shared_data):
    def read(name):
        path = shared_data / "payloads" / name
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".jsonl":
            return [json.loads(line)["data"] for line in text.splitlines() if line.strip()]
        return json.loads(text)

    return read


@pytest.fixture
def translator():
    return Translator("main", ROLES, lambda who: f"p-{who[-4:]}")


def value_at(history, field, at):
    """A field's value at an instant, replayed from the changes; None if none ever changed it."""
    changes = [change for change in history.changes if change.field is field]
    before = [change for change in changes if change.at <= at]
    if before:
        return before[-1].to_value
    return changes[0].from_value if changes else None


def members(history, at):
    """The sprints that an issue is in at an instant; without any change, those it is in now."""
    value = value_at(history, Field.SPRINT, at)
    if value is None:
        return set(history.issue.sprint_ids)
    return {int(one) for one in value.split(",") if one}


def test_sprint_7_had_16_issues_committed_15_at_its_close_and_9_done(payloads, translator):
    histories = [translator.issue(raw) for raw in payloads("devlake/api_issues.jsonl")]
    top = [one for one in histories if not one.issue.is_subtask]
    by_key = {one.issue.key: one for one in top}
    raw = next(one for one in payloads("devlake/api_sprints.jsonl") if one["id"] == 7)
    sprint = translate_sprint("main", raw)
    at_start = {
        one.issue.key
        for one in top
        if one.issue.created_at <= sprint.started_at and 7 in members(one, sprint.started_at)
    }
    at_close = {one.issue.key for one in top if 7 in members(one, sprint.completed_at)}
    done = {"Done", "Closed", "Resolved", "已完成"}
    names = {
        status.id
        for status in unlisted_statuses("main", payloads("devlake/api_issues.jsonl"), set())
        if status.name in done
    }
    committed = {
        key
        for key in at_start
        if value_at(by_key[key], Field.STATUS, sprint.started_at) not in names
    }
    finished = {
        key for key in at_close if value_at(by_key[key], Field.STATUS, sprint.completed_at) in names
    }
    assert (len(committed), len(finished)) == (16, 9)
    ever = at_start | {
        one.issue.key
        for one in top
        for change in one.changes
        if change.field is Field.SPRINT and "7" in (change.to_value or "").split(",")
    }
    assert "EE-23" in at_close
    assert len(at_close) == 15
    assert {"EE-17", "EE-19"} <= ever - at_close


def test_every_real_issue_is_translated_whatever_its_order(payloads, translator):
    raws = payloads("devlake/api_issues.jsonl") + payloads("devlake/external_epics.jsonl")
    raws += payloads("devlake/api_issue_relationships.jsonl")
    raws += payloads("go-jira/issues_in_sprint.json")["issues"]
    raws += payloads("jira-ruby/issue.json")["issues"]
    expected = [translator.issue(raw) for raw in raws]
    random.Random(7).shuffle(raws)
    for raw in raws:
        random.Random(8).shuffle((raw.get("changelog") or {}).get("histories") or [])
    again = {one.issue.id: one for one in map(translator.issue, raws)}
    assert [again[one.issue.id] for one in expected] == expected
    assert len({one.issue.id for one in expected}) > 60


def test_an_epic_outside_the_board_is_found_from_the_payload(payloads, translator):
    stories = [translator.issue(raw) for raw in payloads("devlake/external_epics.jsonl")]
    assert [(one.issue.key, one.issue.epic_id, one.issue.is_epic) for one in stories] == [
        ("K5-2", 20707, False),
        ("K5-3", 20710, False),
        ("K5-4", None, True),
    ]
    assert {c.to_value for c in stories[0].changes if c.field is Field.EPIC} == {"20707"}


def test_a_parent_that_is_no_epic_is_a_parent_only(payloads, translator):
    by_key = {raw["key"]: translator.issue(raw) for raw in payloads("devlake/api_issues.jsonl")}
    execution = by_key["EE-37"].issue
    assert not execution.is_subtask
    assert (execution.parent_id, execution.epic_id) == (by_key["EE-3"].issue.id, None)
    assert by_key["EE-25"].issue.is_subtask


def test_work_logs_count_on_the_day_they_started(payloads, translator):
    logs = payloads("devlake/api_worklogs.jsonl")
    raw = payloads("devlake/api_issues.jsonl")[0]
    raw["fields"]["worklog"] = {"worklogs": logs}
    read = translator.issue(raw).work_logs
    assert len(read) == len({log["id"] for log in logs})
    moved = [one for one in read if one.started_at.date() != one.created_at.date()]
    assert moved


def test_statuses_of_real_histories_that_are_no_longer_listed_keep_their_names(payloads):
    listed = [translate_status("main", raw) for raw in payloads("devlake/api_status.jsonl")]
    known = {status.id for status in listed}
    raws = payloads("devlake/api_issues.jsonl")
    unlisted = unlisted_statuses("main", raws, known)
    named = {status.id for status in unlisted_statuses("main", raws, set())}
    assert {"10000"} <= {status.id for status in unlisted}
    assert (len(unlisted), len(named)) == (4, 9)
    assert all(status.name and not status.is_listed for status in unlisted)


def test_paged_changelogs_are_changes_too(payloads, translator):
    raw = payloads("devlake/api_issues.jsonl")[0]
    raw["changelog"] = {"histories": payloads("devlake/api_issue_changelogs.jsonl")}
    changes = translator.issue(raw).changes
    assert changes
    assert [change.at for change in changes] == sorted(change.at for change in changes)


def test_real_sprints_of_every_kind(payloads):
    raws = payloads("devlake/api_sprints.jsonl") + payloads("go-jira/sprints.json")["values"]
    raws += payloads("jira-cli/sprints.json")["values"] + [payloads("jira-cli/sprint-get.json")]
    sprints = [translate_sprint("main", raw) for raw in raws]
    for sprint in sprints:
        assert (sprint.completed_at is not None) == (sprint.state is SprintState.CLOSED)
    assert any(sprint.started_at is None for sprint in sprints if sprint.state == "future")
    assert sprints[-1].state == "active"


def test_a_real_kanban_board(payloads):
    configuration = payloads("go-jira/board_configuration.json")
    board = translate_board("main", configuration, configuration)
    assert not board.has_sprints
    assert [name for name, _ in board.columns][:3] == [
        "Backlog",
        "Selected for development",
        "In Progress",
    ]
    assert estimate_for("board", configuration, FieldRoles()).kind is EstimateKind.ISSUE_COUNT


def test_issues_without_ids_are_refused_with_a_sentence(payloads, translator):
    with pytest.raises(UnexpectedAnswer, match="issue TEST-1 of site main"):
        translator.issue(payloads("jira-cli/issue.json"))
