"""What came instead, known beforehand, from Jira to the report."""

from datetime import date

import pytest

from telemetry.errors import NotFound, SprintNotStarted
from telemetry.facts import rebuild
from tests.pulled import DONE, TODO, Story, a_team, on, serving

pytestmark = pytest.mark.slow

HOUR = 3600
TEAMS = [a_team(impediment={"nature_field": "Nature"})]


def told(story: Story, *, hours: bool = True) -> list[int]:
    """Two closed sprints of five days and one that runs from day 15; `now` is day 17, 18:00.

    Each of the three has an impediment that waits for a network, of a nature in Chinese.
    """
    ids = []
    for week in range(3):
        first = 1 + 7 * week
        sprint = story.sprint(on(first, 9), on(first + 4, 18))
        ids.append(sprint.id)
        work = story.issue(3, sprint=sprint.id, at=on(first, 8))
        waiting = story.issue(
            summary=f"Waiting for network {week}: <b>routes</b>",
            labels=["impediment"],
            nature="网络",
            at=on(first, 10),
        )
        if hours:
            story.log(work, on(first, 11), 4)
            story.log(waiting, on(first, 15), 1 + week)
        if week < 2:
            story.world.transition(waiting, DONE, on(first + 2, 10))
            story.world.close_sprint(sprint, None, on(first + 4, 17))
    outage = story.issue(summary="Disk full", labels=["impediment", "nature:ops"], at=on(8, 12))
    if hours:
        story.log(outage, on(8, 16), 5)
    story.world.transition(outage, DONE, on(8, 20))
    story.now = on(17, 18)
    return ids


@pytest.fixture
def story() -> Story:
    return Story()


def test_a_sprint_stands_beside_those_before_it(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        found = pulled.reports.impediment_report("k8s", "current", over=2)
        sprint = pulled.reports.sprint("k8s", "current")
    assert found.logs_time
    this, before = found.this, found.before
    assert (this.label, this.count, this.seconds) == ("Sprint 3", 1, 3 * HOUR)
    assert (this.count, this.seconds) == (
        sprint.figures.impediments.count,
        sprint.figures.impediments.seconds,
    )
    assert (before.label, before.parts, before.count) == ("The 2 sprints before", 2, 3)
    natures = {row.nature: (row.count, row.seconds, row.open_days) for row in before.by_nature}
    assert natures == {"网络": (2, 3 * HOUR, 6), "ops": (1, 5 * HOUR, 1)}
    assert (before.opened_count, before.closed_count, before.open_count) == (3, 3, 0)
    assert before.median_hours_to_close == 48
    assert found.usual_days_to_close == 3


def test_the_mean_before_is_of_the_sprints_own_figures(store, tmp_path, story):
    ids = told(story)
    lasting = story.issue(summary="Slow", labels=["impediment"], at=on(2, 9))
    story.log(lasting, on(3, 9), 1)
    story.log(lasting, on(9, 9), 1)  # one impediment, worked on in both
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        found = pulled.reports.impediment_report("k8s", "current", over=2)
        sprints = [pulled.reports.sprint("k8s", one).figures.impediments for one in ids[:2]]
    assert [one.count for one in sprints] == [2, 3]
    assert found.before.count == 4
    assert found.mean_before("count") == 2.5
    assert found.mean_before("seconds") == sum(one.seconds for one in sprints) / 2


def test_open_ones_peaks_and_what_comes_back(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        found = pulled.reports.impediment_report("k8s", "current", over=6)
    [still_open] = found.open
    assert (still_open.key, still_open.age_working_days) == ("K8S-6", 3)
    assert still_open.closed_at is None
    assert [(peak.day.day, peak.seconds, peak.issues) for peak in found.peaks] == [
        (9, 7 * HOUR, ("K8S-7",)),
        (16, 3 * HOUR, ("K8S-6",)),
        (2, 1 * HOUR, ("K8S-2",)),
    ]
    [group] = found.recurring
    assert group.pattern == "Waiting for network …: <b>routes</b>"
    assert [row.key for row in group.issues] == ["K8S-2", "K8S-4", "K8S-6"]
    assert (group.seconds, group.open_days) == (6 * HOUR, 9)
    assert (group.first_on, group.last_on) == (date(2026, 3, 2), date(2026, 3, 16))


def test_time_by_day_week_and_sprint_is_all_the_time(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        rows = {
            by: pulled.reports.impediment_report("k8s", "current", 6, by).rows
            for by in ("day", "week", "sprint")
        }
    assert [len(some) for some in rows.values()] == [17, 3, 3]
    assert [row.label for row in rows["sprint"]] == ["Sprint 1", "Sprint 2", "Sprint 3"]
    for some in rows.values():
        assert sum(row.time.impediment_seconds for row in some) == 11 * HOUR
        assert sum(row.time.planned_seconds for row in some) == 12 * HOUR


def test_a_team_that_logs_no_time_has_open_days(store, tmp_path, story):
    ids = told(story, hours=False)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        reports = pulled.reports
        found = reports.impediment_report("k8s", "current", 2)
        by_day = reports.impediment_report("k8s", "current", 2, "day").open_rows
        page = reports.sprint_page("k8s", ids[1], story.now)
        days = reports.open_time("k8s", page.open_time.daily[0].start_on, story.now.date())
    assert not found.logs_time
    assert (found.peaks, found.this.seconds) == ((), 0)
    assert (found.this.present_count, found.this.open_days) == (1, 3)
    assert [(row.label, row.natures) for row in found.open_rows] == [
        ("Sprint 1", {"网络": 3}),
        ("Sprint 2", {"网络": 3, "ops": 1}),
        ("Sprint 3", {"网络": 3}),
    ]
    assert by_day[7].natures == {"网络": 1, "ops": 1}
    assert by_day[5].natures == {}  # a Saturday
    assert page.open_time.present_count == 2
    assert sum(row.open_days for row in page.open_time.by_nature) == 4
    assert len(page.open_time.impediments) == page.open_time.present_count
    assert len(days.impediments) == days.present_count >= 2
    assert days.daily[-1].start_on <= story.now.date()


def test_a_team_that_logs_time_has_no_open_days_on_its_sprint_page(sqlite_store, tmp_path, story):
    told(story)
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        assert pulled.reports.sprint_page("k8s", "current", story.now).open_time is None


def test_a_team_without_impediments_has_nothing_to_show(sqlite_store, tmp_path, story):
    sprint = story.sprint(on(1, 10), on(12, 18))
    story.log(story.issue(3, sprint=sprint.id), on(2), 2)
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        found = pulled.reports.impediment_report("k8s", "current", 6)
    assert (found.this.count, found.this.by_nature, found.before) == (0, (), None)
    assert (found.open, found.peaks, found.recurring) == ((), (), ())


def test_without_sprints_four_weeks_stand_for_one(sqlite_store, tmp_path, story):
    other = story.world.add_project("NET", "Network", lead=2)
    for first in (1, 2, 40):
        trouble = story.issue(project=other.id, labels=["impediment"], at=on(first))
        story.log(trouble, on(first, 10), first)
    story.now = on(42, 18)
    teams = [a_team("net", "NET")]
    with serving(story, sqlite_store, tmp_path / "a", teams) as pulled:
        pulled.good_pull()
        found = pulled.reports.impediment_report("net", "current", 3)
    assert found.sprint is None
    assert (found.this.label, found.this.count) == ("The last 4 weeks", 1)
    assert (found.before.label, found.before.parts) == ("The 12 weeks before", 3)
    assert (found.before.count, found.before.seconds) == (2, 3 * HOUR)
    assert (found.before.last_on - found.before.first_on).days == 84
    assert len(found.rows) == 16  # without sprints by week


def test_a_future_sprint_has_nothing_instead_yet(sqlite_store, tmp_path, story):
    told(story)
    future = story.sprint(None)
    with serving(story, sqlite_store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        with pytest.raises(SprintNotStarted, match="Sprint 4 has not started"):
            pulled.reports.impediment_report("k8s", future.id, 6)
        with pytest.raises(NotFound):
            pulled.reports.impediment_report("k8s", 999, 6)


def test_a_nature_is_ranked_once_and_keeps_its_rank(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        assert pulled.reports.nature_ranks() == {"网络": 1, "ops": 2}
        new = story.issue(labels=["impediment", "nature:power"], at=on(17, 19))
        story.log(new, on(17, 19), 40)
        bare = story.issue(labels=["impediment"], at=on(17, 19))
        story.log(bare, on(17, 19), 90)
        story.now = on(17, 21)
        pulled.good_pull()
        ranks = {"网络": 1, "ops": 2, "power": 3}
        assert pulled.reports.nature_ranks() == ranks
        assert rebuild(pulled.engine) == 0
        assert pulled.reports.nature_ranks() == ranks


def test_the_impediments_behind_a_sprints_figures_are_as_many_as_they_say(store, tmp_path, story):
    ids = told(story)
    early = story.issue(summary="Before the start", labels=["impediment"], at=on(8, 8))
    forgotten = story.issue(summary="Closed unseen", labels=["impediment"], at=on(2, 9))
    story.world.transition(early, DONE, on(8, 8.5))  # closed on the day of the start, before it
    story.world.transition(forgotten, DONE, on(9, 9))
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        reports = pulled.reports
        for sprint in map(reports.sprint, ["k8s"] * 3, ids):
            found = sprint.figures.impediments
            lists = {
                which: {row.key for row in reports.sprint_impediments("k8s", sprint.id, which)}
                for which in ("touched", "opened", "closed", "open")
            }
            assert len(lists["touched"]) == found.count
            assert len(lists["opened"]) == found.opened_count
            assert len(lists["closed"]) == found.closed_count
            assert len(lists["open"]) == found.open_count
        second = reports.sprint_impediments("k8s", ids[1], "closed")
    assert [row.summary for row in second][-1] == "Closed unseen"
    assert "Before the start" not in {row.summary for row in second}


def test_a_list_of_days_holds_what_was_opened_closed_open_or_worked_on_in_them(
    store, tmp_path, story
):
    def trouble(name: str, **values: object):
        return story.issue(summary=name, labels=["impediment"], **values)

    story.world.transition(trouble("closed before", at=on(1, 8)), DONE, on(3, 9))
    story.world.transition(trouble("closed in it", at=on(1, 8)), DONE, on(9, 9))
    story.world.transition(trouble("closed after", at=on(2, 8)), DONE, on(15, 9))
    trouble("opened in it", at=on(9, 8))
    trouble("opened after", at=on(16, 8))
    late = trouble("opened after, worked on in it", at=on(16, 9))
    story.log(late, on(9, 10), 2, at=on(16, 10))
    again = trouble("reopened", at=on(2, 9))
    story.world.transition(again, DONE, on(8, 12))
    story.world.transition(again, TODO, on(16, 12))
    story.now = on(17, 18)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        monday, friday = date(2026, 3, 9), date(2026, 3, 13)
        found = {row.summary: row for row in pulled.reports.impediments("k8s", monday, friday)}
        weeks = pulled.reports.open_time("k8s", monday, friday)
        assert rebuild(pulled.engine) == 0
    assert found.keys() == {
        "closed in it",
        "closed after",
        "opened in it",
        "opened after, worked on in it",
        "reopened",
    }
    assert found["closed after"].closed_at == on(15, 9)
    assert found["reopened"].closed_at is None
    assert found["opened after, worked on in it"].seconds == 2 * HOUR
    assert {row.summary for row in weeks.impediments} == found.keys() - {
        "opened after, worked on in it"
    }


def test_an_issue_is_an_impediment_by_its_labels_whatever_became_of_it(store, tmp_path, story):
    other = story.world.add_project("ELSE", "Elsewhere", lead=2)
    early = story.issue(3, labels=["impediment"], at=on(1, 8))
    story.world.transition(early, DONE, on(1, 12))
    foreign = story.issue(2, labels=["Impediment"], project=other.id, at=on(1, 8))
    usual = story.issue(1, at=on(1, 8))
    sprint = story.sprint(on(2, 9), on(12, 18))
    for issue in (early, foreign, usual):
        story.world.move_to_sprint(issue, sprint, on(1, 13))
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        rows = {one.key: one for one in pulled.reports.issues("k8s", sprint.id)}
        assert rebuild(pulled.engine) == 0
    assert (rows[early.key].outcome, rows[early.key].is_impediment) == ("completed_elsewhere", True)
    assert rows[foreign.key].is_impediment
    assert not rows[usual.key].is_impediment


def test_a_later_reopening_changes_no_past_sprint(store, tmp_path, story):
    ids = told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        before = pulled.reports.sprint("k8s", ids[1]).figures
        outage = next(i for i in story.world.issues.values() if i.summary == "Disk full")
        story.world.transition(outage, TODO, on(17, 19))
        story.now = on(17, 20)
        pulled.good_pull()
        after = pulled.reports.sprint("k8s", ids[1]).figures
        assert pulled.reports.sprint("k8s", "current").figures.impediments_open_count == 2
        assert rebuild(pulled.engine) == 0
    assert after == before
    assert after.impediments_closed_count == 2


def test_any_days_stand_beside_as_many_before(store, tmp_path, story):
    told(story)
    with serving(story, store, tmp_path / "a", TEAMS) as pulled:
        pulled.good_pull()
        week = pulled.reports.impediments_between("k8s", date(2026, 3, 9), date(2026, 3, 15))
        one = pulled.reports.impediments_between("k8s", date(2026, 3, 9), date(2026, 3, 9))
        now = pulled.reports.impediments_between("k8s", date(2026, 3, 16), date(2026, 3, 31))
        listed = pulled.reports.impediments("k8s", date(2026, 3, 9), date(2026, 3, 15))
        longest = pulled.reports.impediments_between("k8s", date(2016, 4, 2), date(2026, 3, 31))
    this, before = week.this, week.before
    assert (this.label, this.first_on, this.last_on) == (
        "These 7 days",
        date(2026, 3, 9),
        date(2026, 3, 15),
    )
    assert (this.count, this.seconds, before.count, before.seconds) == (2, 7 * HOUR, 1, HOUR)
    assert (before.label, before.first_on, before.last_on) == (
        "The 7 days before",
        date(2026, 3, 2),
        date(2026, 3, 8),
    )
    assert [row.key for row in week.found] == [row.key for row in listed]
    assert (week.open, week.is_past, week.step) == ((), True, "day")
    assert [row.start_on.day for row in week.rows] == list(range(9, 16))
    assert (one.this.label, one.before.label, len(one.rows)) == ("This day", "The day before", 1)
    assert (len(now.open), now.is_past, now.this.seconds) == (1, False, 3 * HOUR)
    assert longest.step == "week"
    assert longest.this.count == 4
