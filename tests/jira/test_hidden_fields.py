"""What Jira no longer shows of an issue stays as last known; an empty field is empty."""

from dataclasses import replace
from typing import Any

import pytest

from bot.translate.fields import FieldRoles
from bot.translate.hidden import hides_some, shows_sprints, with_hidden
from telemetry.domain.models import Change, Field
from tests.builders import an_issue, at

ROLES = FieldRoles(
    estimates=("points", "other"),
    story_points="points",
    sprint="sprint-field",
    epic_link=None,
    flagged="flag",
    natures=("nature",),
    names={"points": "Story Points", "nature": "Nature"},
)
NO_FLAG = replace(ROLES, flagged=None)
SHOWN = {"points": 3, "other": None, "nature": None, "sprint-field": None, "flag": None}
KNOWN = an_issue(1, points=5, sprints=(7, 8), natures={"nature": ("network",)}, is_flagged=True)


def without(*names, **fields):
    return {"fields": {key: v for key, v in (SHOWN | fields).items() if key not in names}}


def mended(raw, *changes, roles=ROLES, known=KNOWN.issue, counted=(), **now):
    values: dict[str, Any] = {"points": 3, "sprints": (), "natures": {}} | now
    history = replace(an_issue(1, **values), changes=changes)
    return with_hidden(history, raw, roles, known, lambda one, _project: one not in counted)


def told(field, field_id=None):
    return Change(1, 0, at("2026-03-02"), field, field_id, None, None)


@pytest.mark.parametrize("name", ["sprint-field", "sprint", "closedSprints"])
def test_sprints_are_shown_by_the_field_or_by_the_board(name):
    assert shows_sprints({"fields": {name: None}}, ROLES)
    assert not shows_sprints({"fields": {"summary": "x"}}, ROLES)
    assert not shows_sprints({"fields": {"sprint-field": []}}, replace(ROLES, sprint=None))


def test_a_field_that_was_asked_for_and_is_not_there_is_hidden():
    assert not hides_some(without(), ROLES)
    for name in SHOWN:
        assert hides_some(without(name), ROLES)
    assert not hides_some(without("flag"), NO_FLAG)
    assert not hides_some(without("sprint-field", sprint=None), ROLES)


def test_what_is_shown_is_believed_be_it_empty():
    history, said = mended(without())
    assert said == ()
    assert history.issue.estimates == {"points": 3}
    assert (history.issue.sprint_ids, history.issue.natures, history.issue.is_flagged) == (
        (),
        {},
        False,
    )


def test_what_is_hidden_stays_and_is_named():
    history, said = mended(without(*SHOWN), points=None)
    assert said == (
        "its Story Points, which Jira no longer shows",
        "its Nature, which Jira no longer shows",
        "its sprints, which Jira no longer shows",
        "its flag, which Jira no longer shows",
    )
    assert history.issue.estimates == {"points": 5}
    assert history.issue.natures == {"nature": ("network",)}
    assert (history.issue.sprint_ids, history.issue.is_flagged) == ((7, 8), True)


@pytest.mark.parametrize(
    ("name", "field"),
    [("points", "estimates"), ("nature", "natures"), ("sprint-field", "sprint_ids"),
     ("flag", "is_flagged")],
)  # fmt: skip
def test_each_field_is_kept_by_itself(name, field):
    shown, _ = mended(without())
    history, said = mended(without(name))
    assert len(said) == 1
    assert getattr(history.issue, field) == getattr(KNOWN.issue, field)
    assert history.issue == replace(shown.issue, **{field: getattr(KNOWN.issue, field)})


def test_of_what_was_not_known_nothing_is_kept():
    nothing = an_issue(1, points=None, sprints=(), natures={}).issue
    history, said = mended(without(*SHOWN), known=nothing)
    assert said == ()
    assert history == mended(without())[0]


def test_what_the_history_tells_is_believed():
    told_all = (
        told(Field.ESTIMATE, "points"),
        told(Field.SPRINT),
        told(Field.FLAGGED),
    )
    history, said = mended(without(*SHOWN), *told_all)
    assert len(said) == 4
    assert history.issue.estimates == {"points": 3}
    assert (history.issue.sprint_ids, history.issue.is_flagged) == ((), False)
    other, _ = mended(without(*SHOWN), told(Field.ESTIMATE, "other"))
    assert other.issue.estimates == {"points": 5}
    still, _ = mended(without("flag"), told(Field.FLAGGED), is_flagged=True)
    assert still.issue.is_flagged


def test_what_no_team_counts_is_kept_and_not_named():
    history, said = mended(without("points", "nature"), counted=("points", "nature"))
    assert said == ()
    assert history.issue.estimates == {"points": 5}
    assert history.issue.natures == {"nature": ("network",)}


def test_one_that_no_team_counts_is_kept_where_nothing_else_is_hidden():
    points, said = mended(without("points"), counted=("points",), points=None)
    assert (points.issue.estimates, said) == ({"points": 5}, ())
    nature, said = mended(without("nature"), counted=("nature",))
    assert (nature.issue.natures, said) == ({"nature": ("network",)}, ())


def test_a_field_without_a_name_is_named_by_its_id():
    known = replace(KNOWN.issue, estimates={"other": 8})
    _, said = mended(without("other"), known=known)
    assert said == ("its other, which Jira no longer shows",)


def test_a_sub_task_has_no_sprints_that_could_be_hidden():
    history, said = mended(without("sprint-field"), subtask_of=9)
    assert (history.issue.sprint_ids, said) == ((), ())


def test_a_flag_that_boards_show_is_not_hidden():
    history, said = mended(without("flag", flagged=False))
    assert (history.issue.is_flagged, said) == (False, ())
    history, said = mended(without("flag"), roles=NO_FLAG)
    assert (history.issue.is_flagged, said) == (False, ())
