"""Reports from memory, for tests: the same methods as the real ones, with invented data."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from telemetry.domain.quarter import Quarter
from telemetry.domain.week import Week
from telemetry.errors import NotFound
from telemetry.metrics.figures import Impediments, TimeSplit
from telemetry.metrics.what_if import Change
from telemetry.report.calibration import Calibration
from telemetry.report.freshness import TeamFreshness
from telemetry.report.impediments.shapes import ImpedimentReport
from telemetry.report.quality.report import Quality
from telemetry.report.quarter.shapes import Portfolio, ProgramName, ProgramReport, QuarterReport
from telemetry.report.reviews.shapes import Ageing, Review, ReviewRow
from telemetry.report.reviews.week_shapes import WeekReview, WeekRow
from telemetry.report.shapes.burndown import Burndown, BurndownDay, IdealPoint
from telemetry.report.shapes.flow import Flow
from telemetry.report.shapes.freshness import Freshness, Pull
from telemetry.report.shapes.issues import OffPlanIssue, SprintIssue
from telemetry.report.shapes.next_sprint import NextSprint
from telemetry.report.shapes.snapshots import SprintRecords
from telemetry.report.shapes.sprint_page import SprintPage
from telemetry.report.shapes.sprints import NoSprint, Outlook, SprintName, SprintSummary
from telemetry.report.shapes.teams import TeamRow
from telemetry.report.shapes.time import ImpedimentRow, OpenTime, TimeRow
from telemetry.report.shapes.velocity import Velocity, VelocityRow
from telemetry.report.sprint.table import SprintTable
from telemetry.report.teams.listed import (
    ListedTeam,
    PastSprint,
)
from telemetry.store.reviews import Notes, Written
from tests.standing_in import StandIn
from tests.web import (
    fake_reviews,
    fake_snapshots,
    invented,
    invented_alerts,
    invented_calibration,
    invented_flow,
    invented_impediments,
    invented_quality,
    invented_quarter,
    invented_sprints,
    invented_weeks,
)
from tests.web.invented import AS_OF, HOUR, RUNNING, changed, choice, part
from tests.web.invented_impediments import QUIET

FRESH = Freshness(AS_OF, AS_OF + timedelta(seconds=20), False)
STALE = Freshness(
    AS_OF - timedelta(hours=3), AS_OF - timedelta(hours=3), True, "Jira answered 503 since 12:10."
)
NOTHING_YET = Freshness(None, None, True, "The first pull has not ended yet.")
NO_TIME = Impediments(0, 0, 0, 0, 0, None, ())

FIRST_DAY = changed(
    RUNNING,
    id=31,
    name="Sprint 31",
    goal="",
    started_at=AS_OF - timedelta(hours=2),
    planned_end_at=AS_OF + timedelta(days=14),
    committed_points=20,
    added_points=0,
    removed_points=0,
    reestimated_points=0,
    burned_points=0,
    reopened_points=0,
    completed_points=0,
    remaining_points=20,
    in_progress_points=5,
    done_points=0,
    total_points=20,
    completion_percent=0,
    commitment_kept_percent=0,
    carried_over_points=0,
    unestimated_count=0,
    expected_remaining_points=20,
    behind_points=0,
    projected_50_on=None,
    projected_85_on=None,
    projected_95_on=None,
    finish_in_time_percent=None,
    done_by_end_50_points=None,
    done_by_end_85_points=None,
    outlook=Outlook("few_sprints", None),
    time=TimeSplit(0, 0, 0),
    impediments=NO_TIME,
    gap=(
        part("removed", 0, True),
        part("reestimated", 0, True),
        part("completed_beyond", 0, True),
        part("not_due", 20, True),
        part("behind", 0, True),
    ),
    counts={"committed": 6, "remaining": 6, "todo": 4, "in_progress": 2},
)
UNESTIMATED = changed(
    FIRST_DAY,
    id=41,
    name="BM 12",
    committed_points=0,
    remaining_points=0,
    in_progress_points=0,
    total_points=0,
    outlook=Outlook("unestimated", None),
    completion_percent=None,
    commitment_kept_percent=None,
    unestimated_count=12,
    expected_remaining_points=0,
    behind_points=0,
    gap=(),
    counts={"remaining": 12},
)
AHEAD = changed(
    RUNNING,
    id=51,
    name="2026-18",
    done_points=33,
    in_progress_points=3,
    remaining_points=8,
    expected_remaining_points=11.5,
    behind_points=-3.5,
)
CHINESE = changed(RUNNING, id=61, natures=invented.CHINESE)
REGISTRY = changed(
    RUNNING,
    id=71,
    name="Sprint 41",
    done_points=11,
    total_points=38,
    in_progress_points=9,
    remaining_points=27,
    expected_remaining_points=13,
    behind_points=14,
    completion_percent=28.9,
    commitment_kept_percent=24,
)


@dataclass(frozen=True)
class StoreStatus:
    is_reachable: bool
    is_migrated: bool
    is_fresh: bool
    reason: str | None


@dataclass(frozen=True)
class FakeOverview:
    known: list[ListedTeam]

    def rows(self, now: datetime) -> list[ListedTeam]:
        return self.known


@dataclass
class FakeReports(StandIn):
    """Answers from `sprints_of` and remembers nothing; `bump()` makes the facts change."""

    revision: int = 0
    failing: bool = False
    runs: list[Pull] = field(default_factory=list)
    extra_seconds: int = 0
    open_alerts: list = field(default_factory=list)
    past_alerts: list = field(default_factory=list)

    def bump(self) -> None:
        self.revision += 1
        self.extra_seconds += 40 * HOUR

    def _teams(self) -> dict[str, tuple[TeamRow, tuple[SprintSummary, ...]]]:
        past = tuple(invented.closed(n) for n in range(26, 8, -1))
        lines = (
            ("k8s", "Managed Kubernetes", FRESH, (self._running(), *past)),
            ("registry", "Container Registry", STALE, (REGISTRY, *past)),
            ("identity", "Identity and Access", FRESH, (AHEAD, *past)),
            ("first", "Block Storage", FRESH, (FIRST_DAY, *past[:2])),
            ("metal", "Bare Metal Provisioning", FRESH, (UNESTIMATED,)),
            ("chinese", "网络平台", FRESH, (CHINESE, *past)),
            ("security", "Security Tooling", FRESH, past),
        )
        known = {key: (self._row(key, name, fresh, s), s) for key, name, fresh, s in lines}
        for key, name, has_sprints, fresh in (
            ("support", "Customer Support <b>", False, FRESH),
            ("empty", "New Team", True, NOTHING_YET),
        ):
            known[key] = (TeamRow(key, name, "UTC", has_sprints, fresh), ())
        return {key: (_with_findings(team), sprints) for key, (team, sprints) in known.items()}

    def _running(self) -> SprintSummary:
        spent = RUNNING.figures.planned_seconds + self.extra_seconds
        return changed(RUNNING, planned_seconds=spent)

    def _row(self, key, name, fresh, sprints) -> TeamRow:
        active = tuple(SprintName(s.id, s.name) for s in sprints if s.state == "active")
        return TeamRow(key, name, "Europe/Paris", True, fresh, active, sprints[0])

    def teams(self, now: datetime) -> list[TeamRow]:
        return [row for row, _ in self._teams().values()]

    def teams_list(self, now: datetime, before: FakeOverview | None = None) -> FakeOverview:
        return FakeOverview(
            [
                ListedTeam(row, _past([s for s in sprints if s.state == "closed"][:12]))
                for row, sprints in self._teams().values()
            ]
        )

    def open_alert_count(self) -> int:
        return len(self.open_alerts)

    def alert_entries(self, team_key: str):
        return {}

    def past_year(self, team_key: str):
        self._find(team_key)

    def alerts(self, team_key=None, state=None, limit=100, first=0):
        if team_key is not None:
            self._find(team_key)
        past = [] if state == "open" else self.past_alerts
        every = [*(self.open_alerts if state != "resolved" else []), *past]
        mine = [one for one in every if team_key in (None, one.alert.team_key)]
        return mine[first : first + limit]

    def mutes(self, now: datetime):
        return invented_alerts.MUTES if self.open_alerts else ()

    def channels(self, now: datetime):
        return invented_alerts.CHANNELS if self.open_alerts else []

    def unable_rules(self):
        return invented_alerts.UNABLE if self.open_alerts else []

    def evaluations(self, limit: int):
        return invented_alerts.EVALUATIONS

    def sendings(self, limit: int):
        return invented_alerts.SENDINGS

    def team_names(self) -> list[tuple[str, str]]:
        return [(row.key, row.name) for row, _ in self._teams().values()]

    def team(self, key: str, now: datetime) -> TeamRow:
        return self._find(key)[0]

    def freshness(self, key: str, now: datetime) -> TeamFreshness:
        team = self.team(key, now)
        return TeamFreshness(
            team.freshness, ZoneInfo(team.timezone), self.version(key), self.version(None)
        )

    def _find(self, key: str) -> tuple[TeamRow, tuple[SprintSummary, ...]]:
        try:
            return self._teams()[key]
        except KeyError:
            raise NotFound(f"there is no team {key!r}") from None

    def sprints(self, team_key: str, state: str | None = None) -> list[SprintSummary]:
        return [s for s in self._find(team_key)[1] if state in (None, s.state)]

    def sprint(self, team_key: str, sprint_id: int | str) -> SprintSummary:
        for sprint in self._find(team_key)[1]:
            if sprint_id in ("current", sprint.id):
                return sprint
        if sprint_id == invented_sprints.PLANNED_ID:
            return invented_sprints.PLANNED
        raise NotFound(f"team {team_key!r} has no sprint {sprint_id}")

    def sprint_page(self, team_key: str, sprint_id: int | str, now: datetime) -> SprintPage:
        team, sprints = self._find(team_key)
        today = now.date()
        if not sprints:
            reason: NoSprint = "none_yet" if team.has_sprints else "no_sprints"
            return SprintPage(team, today, None, reason, ())
        sprint = self.sprint(team_key, sprint_id)
        if sprint.state == "future":
            every = tuple(choice(one) for one in (sprint, *sprints))
            return SprintPage(team, today, sprint, None, every)
        quiet = not sprint.figures.time.all_seconds
        return SprintPage(
            team,
            today,
            sprint,
            None,
            tuple(map(choice, sprints)),
            self.burndown(team_key, sprint.id),
            tuple(self.issues(team_key, sprint.id)),
            () if quiet else _renamed(invented.daily(), team_key),
            () if quiet else invented.impediments()[:3],
            (replace(invented.shares()[0], time=sprint.figures.time), *invented.shares()[1:]),
            1.5 * HOUR,
            2.1,
            10 if sprint.state == "active" else None,
            13,
            open_time=invented_impediments.open_time() if team_key == QUIET else None,
            records=fake_snapshots.then_of(sprint),
        )

    def burndown(self, team_key: str, sprint_id: int) -> Burndown:
        sprint = self.sprint(team_key, sprint_id)
        if sprint.id in (31, 41):
            points = sprint.figures.committed_points
            day = BurndownDay(AS_OF.date(), points, points, points, 0, 0, 0, 0, 0, 0)
            ends = (sprint.started_at, sprint.planned_end_at)
            ideal = (IdealPoint(ends[0], points), IdealPoint(ends[1], 0.0))
            return Burndown((day,), (), ideal, (date(2026, 5, 9), date(2026, 5, 10)))
        return _moved(invented.burndown(), sprint)

    def issues(self, team_key: str, sprint_id: int) -> list[SprintIssue]:
        self.sprint(team_key, sprint_id)
        return list(invented.issues())

    def off_plan(self, team_key: str, sprint_id: int) -> list[OffPlanIssue]:
        self.sprint(team_key, sprint_id)
        url = "https://jira.example.com/browse/K8S-2400"
        summary = "A favour " + invented.MARKUP
        return [OffPlanIssue("K8S-2400", summary, url, "Task", "Done", 6 * HOUR)]

    def snapshots(self, team_key: str, sprint_id: int | str) -> SprintRecords:
        sprint = self.sprint(team_key, sprint_id)
        return fake_snapshots.then_of(sprint)

    def burndown_at_close(self, team_key: str, sprint_id: int) -> Burndown:
        sprint = self.sprint(team_key, sprint_id)
        return fake_snapshots.burndown_at_close(sprint, self.burndown(team_key, sprint_id))

    def review(self, team_key: str, sprint_id: int, now: datetime) -> Review:
        page = self.sprint_page(team_key, sprint_id, now)
        found = self.sprint_impediments(team_key, sprint_id, "touched")
        report = self.impediment_report(team_key, sprint_id, 6)
        past = [one for one in self.sprints(team_key, "closed") if one.id != sprint_id]
        ahead = self.next_sprint(team_key, now)
        return fake_reviews.review(page, found, report, past[0] if past else None, ahead)

    def reviews(self, team_key: str) -> list[ReviewRow]:
        return fake_reviews.rows(self.sprints(team_key))

    def week_review(self, team_key: str, week: Week, now: datetime) -> WeekReview:
        if week not in invented_weeks.WEEKS:
            raise NotFound(f"nothing is known of {week}")
        return invented_weeks.review(self.team(team_key, now), week)

    def week_reviews(self, team_key: str) -> list[WeekRow]:
        self._find(team_key)
        return invented_weeks.rows()

    def running_quarter(self, team_key: str, now: datetime) -> None:
        self._find(team_key)

    def ageing(self, team_key: str) -> Ageing:
        return invented_weeks.AGEING

    def notes(self, team_key: str, review: str, version: int | None = None) -> Notes:
        return fake_reviews.notes(review)

    def notes_history(self, team_key: str, review: str) -> tuple[Written, ...]:
        return tuple(fake_reviews.notes(review).fields.values())

    def sprint_table(self, team_key: str, sort: str, first: int, limit: int) -> SprintTable:
        return invented_sprints.sprint_table(self._find(team_key)[1], sort, first, limit)

    def next_sprint(self, team_key: str, now: datetime, sprint_id: int | None = None) -> NextSprint:
        team, sprints = self._find(team_key)
        found = invented_sprints.next_sprint(
            sprints, is_planned=team_key not in ("empty", "security")
        )
        found = replace(found, has_sprints=team.has_sprints)
        return invented_sprints.of_id(found, sprint_id)

    def time(self, team_key: str, first: date, last: date, by: str) -> list[TimeRow]:
        self._find(team_key)
        step = {"day": 1, "week": 7, "sprint": 21}[by]
        days = invented.days_between(first, last)[::step]
        source = list(_renamed(invented.daily(), team_key))
        rows = [replace(source[n % len(source)], start_on=d) for n, d in enumerate(days)]
        return [] if team_key == "empty" else rows

    def impediments(
        self, team_key: str, first: date, last: date, which: str = "listed"
    ) -> list[ImpedimentRow]:
        self._find(team_key)
        return [] if team_key == "empty" else list(invented.impediments())

    def sprint_impediments(self, team_key: str, sprint_id: int, which: str) -> list[ImpedimentRow]:
        sprint, found = self.sprint(team_key, sprint_id), list(invented.impediments())
        return (
            [row for row in found if which != "closed" or row.closed_at] if sprint.figures else []
        )

    def open_time(self, team_key: str, first: date, last: date) -> OpenTime:
        self._find(team_key)
        return invented_impediments.open_time()

    def velocity(self, team_key: str) -> Velocity:
        closed = [s for s in self._find(team_key)[1] if s.state == "closed"][:6]
        rows = tuple(
            VelocityRow(
                s.id, s.name, s.figures.committed_points, s.figures.completed_points, 14, 8 * HOUR
            )
            for s in closed
        )
        return Velocity(2.9 if rows else None, 83.0 if rows else None, 8.0 * HOUR, rows)

    def flow(
        self,
        team_key: str,
        first: date,
        last: date,
        type_name: str | None = None,
        *,
        is_whole: bool = False,
    ) -> Flow:
        self._find(team_key)
        return invented_flow.flow(team_key, first, last, type_name)

    def quarter(
        self,
        team_key: str,
        quarter: Quarter | None,
        now: datetime,
        change: Change | None = None,
        epics: Sequence[str] = (),
    ) -> QuarterReport:
        found = invented_quarter.quarter(team_key, quarter, self.velocity(team_key), change)
        return invented_quarter.with_chosen(found, epics)

    def programs(self, quarter: Quarter | None) -> list[ProgramName]:
        return invented_quarter.programs()

    def portfolio(
        self, quarter: Quarter | None, now: datetime, before: object = None
    ) -> tuple[Portfolio, None]:
        return invented_quarter.portfolio(self.teams(now), quarter), None

    def calibration(
        self, team_key: str | None, now: datetime, before: object = None
    ) -> Calibration:
        if team_key is not None:
            self._find(team_key)
        return invented_calibration.calibration(self.teams(now), team_key)

    def program(self, name: str, quarter: Quarter | None, now: datetime) -> ProgramReport:
        return invented_quarter.program(name, quarter)

    def quality(self, team_key: str) -> Quality:
        self._find(team_key)
        return invented_quality.quality(team_key)

    def impediment_report(
        self, team_key: str, sprint_id: int | str, over: int, by: str = "sprint"
    ) -> ImpedimentReport:
        _, sprints = self._find(team_key)
        sprint = self.sprint(team_key, sprint_id) if sprints else None
        past = [s for s in sprints if s.state == "closed" and s is not sprint]
        return invented_impediments.impediment_report(team_key, sprint, past, over, by)

    def impediments_between(
        self, team_key: str, first: date, last: date, by: str = ""
    ) -> ImpedimentReport:
        self._find(team_key)
        return invented_impediments.between(team_key, first, last, by)

    def nature_ranks(self) -> dict[str, int]:
        return invented.RANKS

    def pulls(self, limit: int, before: int | None = None) -> tuple[list[Pull], int | None]:
        first = before or 0
        made = [
            Pull(
                AS_OF - timedelta(minutes=10 * n),
                None if n == 0 else AS_OF - timedelta(minutes=10 * n) + timedelta(seconds=4),
                "running" if n == 0 else ("failed" if n == 3 else "done"),
                12 - n % 5,
                n % 7,
                8,
                "https://jira.example.com answered 503: it may work later." if n == 3 else None,
                "main",
                "reconcile" if n == 2 else "incremental",
                12_000 if n == 0 else None,
                200_000 if n == 0 else None,
                {"vanished": 2} if n == 2 else None,
            )
            for n in range(first, min(first + limit, 30))
        ]
        return made, first + limit if first + limit < 30 else None

    def running_pull(self, team_key: str) -> Pull | None:
        return self.pulls(1)[0][0]

    def version(self, team_key: str | None) -> str:
        if team_key is not None:
            self._find(team_key)
        return f"v{self.revision}"

    def stamp(self) -> str:
        return f"s{self.revision}"

    def impediments_unknown(self, team_key: str) -> str | None:
        return self._find(team_key)[0].impediments_unknown

    def as_of(self, team_key: str | None) -> datetime | None:
        if team_key is not None:
            return self._find(team_key)[0].freshness.as_of
        return AS_OF

    def status(self, now: datetime) -> StoreStatus:
        ready = not self.failing
        return StoreStatus(ready, ready, ready, None if ready else "the store is locked")


def _with_findings(team: TeamRow) -> TeamRow:
    """The team with how much contradicts in its data."""
    found = invented_quality.quality(team.key)
    return replace(team, finding_count=None if found.as_of is None else found.count)


def _past(sprints: Sequence[SprintSummary]) -> tuple[PastSprint, ...]:
    return tuple(
        PastSprint(s.figures.time.impediment_share_percent, s.figures.commitment_kept_percent)
        for s in sprints
    )


def _renamed(rows: tuple[TimeRow, ...], team_key: str) -> tuple[TimeRow, ...]:
    if team_key != "chinese":
        return rows
    names = {a.nature: b.nature for a, b in zip(invented.NATURES, invented.CHINESE, strict=True)}
    return tuple(
        replace(row, natures={names[k]: v for k, v in row.natures.items()}) for row in rows
    )


def _moved(chart: Burndown, sprint: SprintSummary) -> Burndown:
    """The invented burndown at the dates of another sprint."""
    shift = sprint.started_at.astimezone(UTC).date() - invented.START
    if not shift:
        return chart
    return Burndown(
        tuple(replace(row, day=row.day + shift) for row in chart.days),
        tuple(replace(event, at=event.at + shift) for event in chart.events),
        tuple(replace(point, at=point.at + shift) for point in chart.ideal),
        tuple(day + shift for day in chart.days_off),
    )
