"""What is forecast, recorded once a day and later judged."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.simulator.state import type_of_epic
from telemetry.facts import rebuild
from telemetry.metrics.tally import Tally, from_stored
from telemetry.store import schema as s
from telemetry.store.engine import reading, writing
from telemetry.store.forecasts import KEPT, note_forecast, read_forecasts
from telemetry.store.teams import read_teams
from tests.pulled import DONE, TODO, Pulled, Story, on, serving

pytestmark = pytest.mark.slow

QUARTER_LABELS = ["Q1-26", "Project_Evergreen"]


@pytest.fixture
def store(sqlite_store):
    """One database: the statements are those of the other records."""
    return sqlite_store


@pytest.fixture
def story() -> Story:
    """Eight weeks' sprints with an issue a day for an epic of the quarter, and one that runs."""
    story = Story()
    epic = story.issue(kind=type_of_epic, labels=QUARTER_LABELS, at=on(-55))
    for week in range(8):
        first = 7 * week - 52
        sprint = story.sprint(on(first, 9), on(first + 4, 18))
        for day in range(4):
            one = story.issue(3, at=on(first, 8), sprint=sprint.id, epic=epic.id)
            story.world.transition(one, DONE, on(first + day, 12))
        story.world.close_sprint(sprint, None, on(first + 4, 17))
    running = story.sprint(on(4, 9), on(12, 18))
    for _ in range(5):
        story.issue(3, at=on(4, 8), sprint=running.id, epic=epic.id)
    story.now = on(4, 15)
    return story


def said(pulled: Pulled, kind: str) -> list[tuple[str, date]]:
    c = s.forecasts.c
    with reading(pulled.engine) as connection:
        query = select(c.team_key, c.day).where(c.kind == kind).order_by(c.day)
        return [tuple(row) for row in connection.execute(query)]


def scores(pulled: Pulled, kind: str, team_key: str = "k8s") -> tuple[Tally, Tally]:
    c = s.forecast_scores.c
    with reading(pulled.engine) as connection:
        found = connection.scalar(select(c.scores).where(c.team_key == team_key))
    shown, tested = found[kind]
    return from_stored(shown), from_stored(tested)


def open_issues(story: Story) -> list:
    return [one for one in story.world.issues.values() if one.status == TODO and one.points]


def held(found: Tally) -> list[tuple[int, int]]:
    return [(one.held, one.count) for one in found.dates]


def test_forecasts_are_recorded_once_a_day_and_judged_when_their_days_are_over(
    store, tmp_path, story
):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        first = story.now.date()
        for kind in ("sprint", "quarter"):
            assert said(pulled, kind) == [("k8s", first)]
        assert said(pulled, "program") == [("", first)]
        shown, tested = scores(pulled, "sprint")
        assert (shown.count, tested.count > 0) == (0, True)
        told = pulled.reports.calibration(None, story.now)
        assert told.began_on == first
        assert told.judged_from is not None
        assert told.judged_from >= first
        story.now += timedelta(hours=1)  # the same day, with something else to say
        story.world.transition(open_issues(story)[0], DONE, story.now)
        before = records(pulled)
        pulled.good_pull()
        assert records(pulled) == before
        assert rebuild(pulled.engine) == 0
        for _ in range(2):
            story.now += timedelta(days=1)
            pulled.good_pull()
        for one in open_issues(story):
            story.world.transition(one, DONE, story.now)
        story.now += timedelta(days=90)
        pulled.good_pull()
        assert rebuild(pulled.engine) == 0
        for kind, key in (("sprint", "k8s"), ("epic", "k8s"), ("quarter", "k8s"), ("program", "")):
            shown, tested = scores(pulled, kind, key)
            assert (shown.count, shown.gone_count, shown.subject_count) == (3, 0, 1), kind
            assert shown.dates[0].count == 3, kind
            assert shown.first_on == first
            assert tested.last_on is None or tested.last_on < first
        assert scores(pulled, "sprint")[0].chance_count == 3
        told = pulled.reports.calibration(None, story.now)
        assert [one.shown.count for one in told.kinds] == [3, 3, 3, 3]
        assert (told.began_on, told.judged_from) == (first, None)
        assert pulled.reports.calibration(None, story.now, told).kinds is told.kinds
        assert [one.kind for one in pulled.reports.calibration("k8s", story.now).kinds] == [
            "sprint",
            "epic",
            "quarter",
        ]


def records(pulled: Pulled) -> list:
    with reading(pulled.engine) as connection:
        return [
            one
            for key, site in (("k8s", "default"), ("", ""))
            for one in read_forecasts(connection, key, site)
        ]


def test_what_was_said_of_what_is_gone_is_left_out_and_counted(store, tmp_path, story):
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        rules = team(pulled)
        said_once = records(pulled)
        with writing(pulled.engine) as connection:
            yesterday = story.now.date() - timedelta(days=1)
            for one in said_once:
                told = dict(one.said)
                if one.kind == "quarter":
                    told["epics"] = [[999_999, 50.0, one.said["dates"]]]
                if one.kind == "program":
                    told["parts"] = [["k8s", [999_999]]]
                subject = "999999" if one.kind == "sprint" else one.subject
                of = None if one.kind == "program" else rules
                note_forecast(connection, of, one.kind, subject, yesterday, told)
            old = yesterday - KEPT - timedelta(days=1)
            note_forecast(connection, rules, "sprint", "999999", old, said_once[0].said)
            elsewhere = replace(rules, site="another")  # where the team was before
            before = yesterday - timedelta(days=1)
            note_forecast(connection, elsewhere, "sprint", "120", before, said_once[0].said)
            connection.execute(s.forecast_scores.delete())
        rebuild(pulled.engine)
        for kind, key in (("sprint", "k8s"), ("epic", "k8s"), ("quarter", "k8s"), ("program", "")):
            shown, _ = scores(pulled, kind, key)
            assert (shown.count, shown.gone_count) == (0, 1), kind
        assert min(one.day for one in records(pulled)) == yesterday


def team(pulled: Pulled):
    with reading(pulled.engine) as connection:
        return read_teams(connection)[0].rules


def test_what_is_all_done_is_no_forecast(store, tmp_path, story):
    for one in open_issues(story):
        story.world.transition(one, DONE, on(4, 12))
    with serving(story, store, tmp_path / "a") as pulled:
        pulled.good_pull()
        assert said(pulled, "sprint") == said(pulled, "program") == []
        story.now += timedelta(days=1)
        pulled.good_pull()
        assert scores(pulled, "quarter")[0].count == 0
