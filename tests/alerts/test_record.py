"""What alerts were worth: the rules asked again on past days, from what was known then."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from telemetry.alerts.record import record, together
from telemetry.alerts.replay import JUDGED, replay, watched_days
from telemetry.metrics.figures import TimeSplit
from telemetry.metrics.impediment import Impediment
from telemetry.report.alerts.past import PastImpediment, PastSprint, PastYear, Work
from telemetry.report.alerts.watched import Outlook
from telemetry.settings.alerting import AlertSettings
from tests.alerts.watched import CALENDAR, HOUR, a_day, a_summary
from tests.web.conftest import BASE
from tests.web.fake_reports import FakeReports
from tests.web.invented import NOW
from web.app import create_app

FIRST = date(2026, 1, 5)  # a Monday; sprints run for two weeks, one after the other
WEEKS = timedelta(days=14)


def clock(day, hour=9.0):
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def past_sprint(number, shares, kept, lost_hours=0.0, chance=None):
    """The sprint of this number; `shares` are how far its working days ended behind, in percent."""
    start = FIRST + number * WEEKS
    end = start + timedelta(days=11)
    days = [start + timedelta(days=n) for n in range(12)]
    working = [day for day in days if CALENDAR.is_working_day(day)]
    known = {day: a_day(day, share) for day, share in zip(working, shares, strict=True)}
    last = known[working[0]]
    rows = [last := known.get(day) or replace(last, day=day) for day in days]
    summary = a_summary(
        id=number + 1,
        name=f"Sprint {number + 1}",
        state="closed",
        started_at=clock(start, 8),
        planned_end_at=clock(end, 17),
        completed_at=clock(end, 17),
        as_of=clock(end, 17),
        commitment_kept_percent=float(kept),
        time=TimeSplit(100 * HOUR, round(lost_hours * HOUR), 0),
    )
    said = {} if chance is None else dict.fromkeys(days, Outlook(chance, 9.0))
    return PastSprint(summary, rows, said)


def past_year(sprints=(), work=(), impediments=(), weeks=8):
    return PastYear(
        key="k8s",
        name="Managed Kubernetes",
        site="jira",
        calendar=CALENDAR,
        has_sprints=True,
        usual_count=6,
        since=FIRST,
        as_of=clock(FIRST + timedelta(weeks=weeks)),
        sprints=sprints,
        work=work,
        impediments=impediments,
    )


def entry(rule, **values):
    return {rule: AlertSettings(rule=rule, **values)}


QUIET, LATE = (0,) * 10, (0, 0, 0, 25, 25, 25, 25, 0, 0, 0)


def test_a_rule_speaks_on_the_day_on_which_it_was_true_for_long_enough():
    past = past_year([past_sprint(0, QUIET, 100), past_sprint(1, LATE, 60)])
    said = replay(past, entry("sprint_behind"))
    assert [(one.kind, one.day) for one in said] == [
        ("opened", date(2026, 1, 23)),  # behind at the ends of Thursday and Friday
        ("resolved", date(2026, 1, 28)),
    ]


def test_precision_stands_beside_chance_and_how_early_it_was():
    sprints = [
        past_sprint(0, QUIET, 100),
        past_sprint(1, LATE, 60),
        past_sprint(2, LATE, 90),
        past_sprint(3, QUIET, 50),
    ]
    [found] = record(past_year(sprints), entry("sprint_behind"))
    assert (found.spoken, found.judged, found.came_true) == (2, 2, 1)
    assert found.came_true_percent == 50
    assert (found.subjects, found.true_subjects, found.chance_percent) == (4, 2, 50)
    assert found.lead_days == 5  # Monday to Friday
    assert found.a_week == pytest.approx(2 / 8)


def test_another_threshold_is_tried_without_being_set():
    sprints = [past_sprint(1, LATE, 60)]
    [found] = record(past_year(sprints), entry("sprint_behind", threshold_percent=30.0))
    assert (found.threshold, found.spoken) == (30, 0)
    assert found.came_true_percent is None


def test_the_chance_is_the_one_that_was_told_on_that_day():
    sprints = [past_sprint(1, QUIET, 60, chance=10.0), past_sprint(2, QUIET, 60)]
    [found] = record(past_year(sprints), entry("sprint_at_risk"))
    assert (found.spoken, found.came_true) == (1, 1)


def lost(day, hours, known=None):
    started = clock(day, 10)
    return Work(known or started, started, round(hours * HOUR), True)


def test_work_counts_from_when_it_was_entered():
    monday = FIRST + 2 * WEEKS
    days = [monday + timedelta(days=n) for n in range(5)]
    weeks_later = clock(monday + timedelta(days=12))
    at_once = past_year([past_sprint(0, QUIET, 100, 4)], [lost(day, 6) for day in days])
    entered_late = past_year(
        [past_sprint(0, QUIET, 100, 4)], [lost(day, 6, weeks_later) for day in days]
    )

    def said(past):
        return [one.day for one in replay(past, entry("impediment_time")) if one.kind == "opened"]

    assert said(at_once)[0] <= days[-1]
    assert said(entered_late) == []  # by then these are no more the last five days


def an_impediment(issue_id, first, last):
    closed = None if last is None else clock(last, 15)
    span = Impediment(issue_id, 0, False, "network", clock(first, 9), closed)
    return PastImpediment(f"K8S-{issue_id}", f"https://jira/K8S-{issue_id}", span)


def test_an_impediment_is_held_against_what_was_usual_then():
    usual = [an_impediment(n, FIRST, FIRST + timedelta(days=1)) for n in range(1, 7)]
    week = FIRST + timedelta(days=7)
    long = an_impediment(20, week, week + timedelta(days=11))
    short = an_impediment(21, week, week + timedelta(days=3))
    still = an_impediment(22, FIRST + timedelta(days=49), None)
    past = past_year(impediments=[*usual, long, short, still])
    [found] = record(past, entry("impediment_open"))
    assert (found.spoken, found.judged, found.came_true) == (3, 2, 2)  # one is not over
    assert (found.subjects, found.true_subjects) == (2, 2)


def test_nothing_later_is_in_what_a_rule_looks_at():
    sprints = [past_sprint(n, LATE, 60) for n in range(3)]
    work = [lost(FIRST + timedelta(days=n), 2) for n in range(30)]
    for day, team in watched_days(past_year(sprints, work)):
        assert all(row.start_on <= day for row in team.days)
        assert all(row.day <= day for one in team.running for row in one.days)
        assert all(one.summary.completed_at is None for one in team.running)


def test_a_day_of_23_hours_and_holidays_are_worked_off_like_any():
    past = past_year([past_sprint(n, LATE, 60) for n in range(8)], weeks=16)  # over 29 March
    [found] = record(past, entry("sprint_behind"))
    assert (found.spoken, found.came_true) == (8, 8)


def test_the_records_of_several_teams_add_up():
    some = [
        record(past_year([past_sprint(1, LATE, kept)]), entry("sprint_behind"))[0]
        for kept in (60, 100)
    ]
    whole = together(some)
    assert (whole.spoken, whole.judged, whole.came_true, whole.weeks) == (2, 2, 1, 16)


class Remembering(FakeReports):
    asked: int = 0

    def past_year(self, team_key):
        super().past_year(team_key)
        self.asked += 1
        found = past_year([past_sprint(1, LATE, 60), past_sprint(2, QUIET, 90)])
        return replace(found, key=team_key)


@pytest.fixture
def reports():
    return Remembering()


@pytest.fixture
def client(reports):
    app = create_app(reports, access_token=None, allowed_hosts=(), clock=lambda: NOW)
    with TestClient(app, base_url=BASE) as client:
        yield client


def test_the_page_tells_both_thresholds_and_replays_once(client, reports):
    for _ in range(2):
        page = client.get("/alerts/record?team=k8s&rule=sprint_behind&threshold=30").text
    assert "1 of 1" in page
    assert "tried" in page
    assert "&gt; 30 %" in page
    assert reports.asked == 2  # as it is set, and as it is tried


def test_the_api_tells_each_rule_of_each_team(client):
    answer = client.get("/api/v1/alerts/record?team=k8s").json()
    assert [one["rule"] for one in answer["items"]] == list(JUDGED)
    assert answer["items"][0]["came_true_percent"] == 100
    assert answer["items"][0]["chance_percent"] == 50
    pages, cursor = [], "0"
    while cursor is not None:
        answer = client.get(
            "/api/v1/alerts/record",
            params={"limit": 2, "cursor": cursor, "rule": "scope_grown", "threshold": 5},
        ).json()
        pages.append([(one["team"], one["tried"]["threshold"]) for one in answer["items"]])
        cursor = answer["next_cursor"]
    assert sorted(key for page in pages for key, _ in page) == sorted(
        key for key, _ in FakeReports().team_names()
    )
    assert all(len(page) <= 2 for page in pages)


def test_a_threshold_of_all_rules_at_once_is_no_question(client):
    answer = client.get("/api/v1/alerts/record?threshold=3")
    assert answer.status_code == 422
    assert "name it with `rule`" in answer.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("team=nobody", 404),
        ("rule=peak_day", 422),
        ("threshold=0", 422),
        ("threshold=-1", 422),
        ("threshold=nan", 422),
        ("threshold=inf", 422),
        ("threshold=1e99", 422),
        ("limit=21", 422),
        ("cursor=x", 422),
    ],
)
def test_what_cannot_be_replayed_is_refused(client, query, status):
    assert client.get(f"/api/v1/alerts/record?{query}").status_code == status
    if "limit" not in query and "cursor" not in query:
        assert client.get(f"/alerts/record?{query}").status_code == status
