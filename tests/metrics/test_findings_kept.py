"""What stores keep of a finding and of a misfit, and how a misfit is told."""

import json
from dataclasses import replace
from typing import Any

import pytest

from telemetry.domain.misfit import Misfit, Source, Topic
from telemetry.metrics.contradictions import (
    ABOUT_SPRINTS,
    EXPLAINED,
    Contradiction,
    Finding,
    data_of,
    with_data,
)
from tests.builders import at

KIND = Contradiction.UNREAD
ABOUT: dict[str, Any] = {"issue_id": 1, "sprint_id": 2, "status_id": "3"}  # is kept beside the data
DATA: dict[str, Any] = {
    "at": at("2026-03-02 10:00"),
    "against_at": at("2026-03-03 11:30"),
    "seconds": 0,
    "count": 7,
    "before": "3",
    "after": 0.5,
    "sprint_ids": (4, 5),
    "field_names": ("status", "creation"),
    "crosses_done": True,
}


@pytest.mark.parametrize("name", DATA)
def test_a_finding_keeps_what_it_says_and_nothing_else(name):
    told = Finding(KIND, **ABOUT, **{name: DATA[name]})
    assert data_of(told) == {name: DATA[name]}
    stored = json.loads(json.dumps(data_of(told), default=lambda one: one.isoformat()))
    assert with_data(Finding(KIND, **ABOUT), stored) == told


def test_a_finding_keeps_all_that_it_says_at_once():
    told = Finding(KIND, **ABOUT, **DATA)
    stored = json.loads(json.dumps(data_of(told), default=lambda one: one.isoformat()))
    assert stored.keys() == DATA.keys()
    assert with_data(Finding(KIND, **ABOUT), stored) == told
    assert data_of(Finding(KIND, **ABOUT)) == data_of(Finding(KIND)) == {}
    assert with_data(told, {}) == told
    assert not Finding(KIND).crosses_done


def test_each_kind_is_explained_and_those_of_sprints_are_about_sprints():
    assert EXPLAINED.keys() == set(Contradiction)
    assert {one.value for one in ABOUT_SPRINTS} == {
        "late_sprint",
        "back_dated",
        "empty_start",
        "no_completion",
        "future_sprint",
    }


def test_a_misfit_is_told_with_its_place_where_it_has_one():
    known = Misfit(Source.RULES, "telemetry.yml:3: labels", "names what is not there")
    assert str(known) == "telemetry.yml:3: labels: names what is not there"
    assert str(replace(known, place="")) == "names what is not there"
    assert (known.is_wrong, known.topic) == (True, Topic.SETTING)


def test_sources_and_topics_of_misfits_are_kept_under_their_names():
    assert [one.value for one in Source] == ["rules", "asked", "sprints"]
    topics = ["setting", "shared", "open_choice", "recategorized", "relevelled"]
    assert [one.value for one in Topic] == topics
    assert {one.value for one in Topic} <= {one.value for one in Contradiction}
