"""One pull of one site: discover, read, write, compute; cursors move last."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine

from bot.jira.client import Jira
from bot.pull.backfill import forget_backfill
from bot.pull.clock import JiraClock
from bot.pull.crawl import Crawl
from bot.pull.discovery import Discovery
from bot.pull.fitting import Fitting, Met
from bot.pull.order import Kind, Result, Wanted
from bot.pull.progress import Shown
from bot.pull.projects import Passing
from bot.pull.roster import Roster
from bot.pull.sprint_turns import read_sprint_turn
from bot.pull.sprints import SprintReader
from bot.pull.state import read_known, read_turn, write_agreed, write_progressed
from bot.pull.steps import Site, Steps
from bot.pull.team_fields import fields_of
from bot.pull.unread import UnreadIssues
from bot.pull.work_logs import CURSOR, WorkLogReader, WorkLogs
from bot.translate import Translator
from bot.translate.fields import FieldRoles
from bot.translate.values import status_id
from telemetry.domain.bounds import latest_of
from telemetry.errors import UnexpectedAnswer
from telemetry.facts import refresh
from telemetry.report.reviews.freezing import freeze
from telemetry.report.reviews.week_freezing import freeze_weeks
from telemetry.settings import TeamSettings
from telemetry.store.engine import reading, writing
from telemetry.store.facts import note_recompute
from telemetry.store.healing import heal
from telemetry.store.issues import newest_event
from telemetry.store.pulls import write_cursor
from telemetry.store.teams import mark_pulled, read_teams
from telemetry.store.tracker import mark_coming_sprints, read_statuses, write_boards

ANY_ZONE = timedelta(hours=24)  # how far JQL may be off where the user's zone is not told


class Means(NamedTuple):
    """What one pull asks Jira with, beside the crawl of issues."""

    pool: ThreadPoolExecutor
    work_logs: WorkLogReader
    discovery: Discovery
    sprints: SprintReader


class SitePull:
    """One pull of one site. The caller holds the site's lock; `clock` is ours.

    `teams` are pulled; `neighbours` are all configured teams of the site. Up to `at_once`
    questions are asked at a time. An incremental pull asks in `passing` for one thing; for the
    fields also where a team failed, and where an issue lacks one.
    """

    def __init__(
        self,
        jira: Jira,
        engine: Engine,
        teams: Sequence[TeamSettings],
        neighbours: Sequence[TeamSettings],
        pseudonym: Callable[[str], str],
        clock: Callable[[], datetime],
        shown: Shown,
        at_once: int,
        *,
        passing: Passing,
    ) -> None:
        self._jira = jira
        self._engine = engine
        self._neighbours = neighbours
        self._projects = frozenset(team.project for team in neighbours)
        self._pseudonym = pseudonym
        self._clock = clock
        self._shown = shown
        self._at_once = at_once
        self._passing = passing
        self._roster = Roster(engine, teams, clock)
        with writing(engine) as connection:
            self._healed = heal(connection, jira.site, clock())
        with reading(engine) as connection:
            self._known = read_known(connection, jira.site, list(teams))

    def run(self, wanted: Wanted) -> Result:
        """Pull. Raises TrackerError where the site as a whole cannot be pulled."""
        pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="pull")
        try:
            return self._run(wanted, pool)
        finally:  # questions that have not begun need no answer any more
            pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, wanted: Wanted, pool: ThreadPoolExecutor) -> Result:
        me = pool.submit(self._jira.myself)
        by = self._means(wanted, pool)
        kind, discovery = wanted.kind, by.discovery
        if kind is Kind.RECONCILE and by.work_logs.is_missing:
            kind = Kind.FULL  # nothing else tells there that a work log changed
        if kind is Kind.INCREMENTAL:
            self._ask_in_passing(discovery, by.sprints)
        zone = _zone(me)
        clock = JiraClock(self._jira, self._clock)
        self._discover(discovery, kind)
        discovery.take_address()
        is_first = kind is Kind.INCREMENTAL and any(t.key in discovery.reread for t in self._roster)
        result = Result(Kind.FIRST if is_first else kind)
        if discovery.roles is not None and self._roster:
            site = self._site(wanted, kind, clock, zone)
            self._read(site, by, clock, discovery.roles, result)
        result.refused = discovery.lists.sentences()
        result.failures = self._roster.failures
        return result

    def _means(self, wanted: Wanted, pool: ThreadPoolExecutor) -> Means:
        is_turn = self._passing is Passing.DELETED_WORK_LOGS
        asks_deleted = is_turn or wanted.kind is not Kind.INCREMENTAL
        return Means(
            pool,
            WorkLogReader(self._jira, self._engine, pool, asks_deleted=asks_deleted),
            Discovery(
                self._jira,
                self._engine,
                self._roster,
                self._known,
                pool,
                self._clock(),
                accepts=wanted.accept_vanished,
            ),
            SprintReader(self._jira, self._engine, pool, self._clock()),
        )

    def _site(self, wanted: Wanted, kind: Kind, clock: JiraClock, zone: tzinfo | None) -> Site:
        return Site(
            jira=self._jira,
            engine=self._engine,
            roster=self._roster,
            known=self._known,
            projects=self._projects,
            wanted=wanted,
            kind=kind,
            began_at=clock.began_at,
            asked_at=clock.asked_at,
            zone=zone or UTC,
            leeway=timedelta() if zone else ANY_ZONE,
        )

    def _read(
        self, site: Site, by: Means, clock: JiraClock, roles: FieldRoles, result: Result
    ) -> None:
        """Read sprints, issues and work logs of the teams that can be pulled; then compute."""
        discovery, sprints = by.discovery, by.sprints
        latest = latest_of(self._clock())
        translator = Translator(self._jira.site, roles, self._pseudonym, latest)
        unread = UnreadIssues(self._engine, self._jira.site, self._clock())
        crawl = Crawl(
            self._jira, self._engine, translator, self._statuses(), self._shown, unread, clock.now
        )
        steps = Steps(site, by.pool, discovery, roles, sprints, crawl, result, self._healed)
        steps.read_sprints()
        fitting = self._fit(discovery, roles, sprints, site.kind, by.pool)
        discovery.write_rules(roles)
        translator.counted_by = self._counted_by()
        steps.read_issues()
        changed = steps.read_named(by.work_logs)
        steps.settle()
        discovery.look_again(crawl.read)
        unread.note_nameless(self._jira.nameless)
        as_of = clock.as_of(self._newest(clock, crawl, sprints))
        if crawl.read.has_new_statuses:
            discovery.lists.statuses.read()
        discovery.write_rules(roles)
        with writing(self._engine) as connection:
            fitting.write(connection)  # what it hides is in no figure that is shown, or kept
        self._finish(site, discovery, roles, as_of, steps, result, changed)
        result.misfits = fitting.told()
        result.issues_changed = crawl.read.issues_changed
        result.work_logs_changed = crawl.read.work_logs_changed

    def _ask_in_passing(self, discovery: Discovery, sprints: SprintReader) -> None:
        """Ask for the sprints of the boards we know, and one board for all it has."""
        boards = [board for known in self._known.boards.values() for board in known]
        if boards:
            with reading(self._engine) as connection:
                ids = {board.id for board in boards if board.is_listed}
                turn = read_turn(connection, self._jira.site, sorted(ids))
                listing = {board.id for board in boards if board.is_listed and board.has_sprints}
                sprint_turn = read_sprint_turn(connection, self._jira.site, listing)
            is_due = self._passing is Passing.FIELDS or self._known.is_failing
            discovery.ask_turn(turn, with_fields=is_due)
            sprints.ask_in_turn(boards, sprint_turn)

    def _discover(self, discovery: Discovery, kind: Kind) -> None:
        everyone = {team.key for team in self._roster}
        if kind is Kind.INCREMENTAL:
            discovery.take_turn()
            discovery.discover(discovery.reread & everyone)
        else:
            discovery.discover(everyone)
        if kind is Kind.FULL:
            discovery.reread |= everyone

    def _fit(
        self,
        discovery: Discovery,
        roles: FieldRoles,
        sprints: SprintReader,
        kind: Kind,
        pool: ThreadPoolExecutor,
    ) -> Fitting:
        """Hold the teams' settings against what was found out."""
        with reading(self._engine) as connection:
            statuses = read_statuses(connection, self._jira.site)
        is_whole = kind is not Kind.INCREMENTAL
        fitting = Fitting(
            self._jira,
            self._engine,
            self._roster,
            self._neighbours,
            self._clock(),
            is_whole=is_whole,
        )
        fitting.look(Met(discovery.boards, roles, statuses, sprints.origins), pool)
        return fitting

    def _counted_by(self) -> dict[str, set[str]]:
        """The fields by which teams estimate and tell natures, by project, as last known."""
        with reading(self._engine) as connection:
            teams = [one.rules for one in read_teams(connection)]
        found: dict[str, set[str]] = {}
        for rules in teams:
            if rules.site == self._jira.site:
                fields = found.setdefault(rules.project_key, set())
                own = (rules.estimate.field_id, rules.impediment.nature_field_id)
                fields.update(one for one in own if one is not None)
        return found

    def _statuses(self) -> list[str]:
        """The ids of the statuses that are known, and what changes that tell a name call them."""
        with reading(self._engine) as connection:
            known = read_statuses(connection, self._jira.site)
        named = (status_id(None, one.name) for one in known.values() if one.is_listed)
        return [*known, *filter(None, named)]

    def _newest(self, clock: JiraClock, crawl: Crawl, sprints: SprintReader) -> datetime | None:
        """The newest event that was read, or of all issues where Jira tells no time."""
        if clock.is_told:
            events = (crawl.read.newest_at, sprints.newest_at(clock.now()))
            return max((at for at in events if at is not None), default=None)
        with reading(self._engine) as connection:
            return newest_event(connection, self._jira.site, clock.now())

    def _finish(
        self,
        site: Site,
        discovery: Discovery,
        roles: FieldRoles,
        until: datetime,
        steps: Steps,
        result: Result,
        work_logs: WorkLogs,
    ) -> None:
        """Facts, then cursors: a cursor moves only after its data are written.

        That of work logs is the site's: a team that failed meanwhile asks from where it left off.
        """
        as_of = {team.key: until for team in self._roster}
        came_back = {key for key, past in self._known.as_of.items() if past > until}
        if self._known.as_of:
            with writing(self._engine) as connection:
                before = min(until, *self._known.as_of.values())
                mark_coming_sprints(connection, self._jira.site, before)
        anew = frozenset((discovery.recompute | came_back) & as_of.keys())
        result.facts_changed += refresh(
            self._engine,
            self._jira.site,
            as_of,
            anew,
            self._jira.check_open,
            self._roster.broke,
        )
        is_first = result.kind is Kind.FIRST
        for keep in (freeze, freeze_weeks):
            keep(self._engine, self._jira.site, as_of, self._jira.check_open, is_first=is_first)
        failed = {team.project for team in self._roster.failed}
        with writing(self._engine) as connection:
            for team in self._roster:
                boards = discovery.boards[team.key]
                write_boards(connection, boards)
                write_agreed(connection, team, discovery.agreement(team, roles))
                mark_pulled(connection, team.key, as_of[team.key], self._clock())
                write_progressed(
                    connection, team, site.began_at, site.asked_at, boards, fields_of(roles)
                )
                if team.key in discovery.recompute:
                    note_recompute(connection, team.site, team.key, False)
                if team.key in discovery.reread and team.project not in failed:
                    forget_backfill(connection, self._jira.site, team.project)
            if steps.count is not None:
                steps.count.write(connection)
            write_cursor(connection, self._jira.site, CURSOR, work_logs.next)


def _zone(asked: Future[dict[str, Any]]) -> tzinfo | None:
    """The time zone in which Jira reads the bot's queries; None where it does not say.

    Who is told to be nobody is refused; an answer that nobody can read says nothing of us.
    """
    try:
        return ZoneInfo(str(asked.result()["timeZone"]))
    except (UnexpectedAnswer, KeyError, OSError, ZoneInfoNotFoundError, ValueError):
        return None
