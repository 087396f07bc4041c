"""The scheduled bot: pulls at every interval, compares everything once a night, follows hints.

Each site is pulled by a thread of its own, so that one that hangs holds up no other.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.alerts.service import Alerts
from bot.digests.looking import look
from bot.digests.sender import send_digests
from bot.failures import Failures
from bot.hints import (
    Order,
    Pace,
    concerned_teams,
)
from bot.pull.run import Outcome, pull_sites, utc_now
from bot.turns import Turns
from telemetry.context import Context
from telemetry.ending import Stopped
from telemetry.facts import compute_due
from telemetry.live import Live
from telemetry.logs import get_logger
from telemetry.settings import Settings
from telemetry.store.engine import reading, writing
from telemetry.store.hints import Hint, prune_hints, read_hints, take_hints
from telemetry.store.presence import Presence

log = get_logger()

GRACE_SECONDS = 300
LOOK_EVERY_SECONDS = 2.0
DIGESTS_EVERY_SECONDS = 5
PULLS_BEGINNING = 3  # at once: what is asked for while pulls begin would else wait an interval
KEPT_HINTS = timedelta(days=7)
LONGEST_REST = timedelta(hours=6)  # whatever Jira asks for: a wrong date must not end the bot
Pull = Callable[[Context, Order], list[Outcome]]


class Bot:
    """The bot at work in the background; its methods may be called from any thread.

    It follows the configuration as a `telemetry.live.Part`, and joins before it starts.
    """

    def __init__(
        self,
        context: Context,
        pull: Pull,
        clock: Callable[[], datetime] = utc_now,
        look_every_seconds: float = LOOK_EVERY_SECONDS,
    ) -> None:
        self._context = context
        self._pull = pull
        self._clock = clock
        self._began_at = clock()
        self._look_every_seconds = look_every_seconds
        self._turns = Turns()
        self._is_changed = threading.Event()  # the configuration, since pulls began last
        self._ending = threading.Event()
        self._presence = Presence(context.engine)
        self._failures = Failures()
        self._rests: dict[str, datetime] = {}  # sites that Jira wants left alone, until when
        self._busy: set[str] = set()  # sites that another bot held at our last pull
        self._owed: set[str] = set()  # sites still to be compared, since the last night
        self._pace = Pace()
        self._following = threading.Thread(target=self._follow, name="hints", daemon=True)
        self._alerts = Alerts(lambda: self._context, clock)
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # not pulls left out as one runs
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": GRACE_SECONDS,
            },
        )

    def check(self, context: Context) -> None:
        """Raises ConfigurationError where a site's credential is missing."""
        context.jira_secrets({team.site for team in context.settings.teams})

    def take(self, context: Context) -> None:
        """Work with this configuration: pull at once, then at its intervals."""
        before, after = self._context.settings.jira, context.settings.jira
        rests = dict(self._rests).items()
        self._rests = {site: at for site, at in rests if before.get(site) == after.get(site)}
        self._context = context
        self._is_changed.set()
        bot = context.settings.bot
        self._scheduler.add_job(
            self._run,
            IntervalTrigger(seconds=bot.every.total_seconds()),
            id="pull",
            replace_existing=True,
            next_run_time=datetime.now(UTC),
            max_instances=PULLS_BEGINNING,
        )
        hour, minute = bot.reconcile_at
        self._scheduler.add_job(
            self._reconcile,
            CronTrigger(hour=hour, minute=minute),
            id="reconcile",
            replace_existing=True,
        )

        self._scheduler.add_job(
            partial(self._failures.guard, "digests", self._digests),
            IntervalTrigger(seconds=DIGESTS_EVERY_SECONDS),
            id="digests",
            replace_existing=True,
            next_run_time=datetime.now(UTC),
        )

    def start(self) -> "Bot":
        """Begin with a pull at once."""
        self._failures.guard("store", self._presence.keep)
        self._scheduler.start()
        self._following.start()
        self._alerts.start()
        return self

    def trigger(self) -> bool:
        """Ask for a pull at once; False where one is running already, or Jira wants none."""
        if not self._awake(self._context.settings) - self._turns.running:
            return False
        self._scheduler.modify_job("pull", next_run_time=datetime.now(UTC))
        return True

    def stop(self) -> None:
        """Stop the pulls that are running: noted as such, and the next go on from there."""
        self._ending.set()
        self._context.ending.begin()
        self._following.join()
        self._alerts.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._turns.join()
        self._presence.give_up()

    def _digests(self) -> None:
        """Note which digests are due, and send those that wait."""
        context = self._context
        look(context.engine, context.settings, self._clock(), self._began_at)
        send_digests(context, self._clock, pause=self._ending.wait)

    def _reconcile(self) -> None:
        self._owed = set(self._context.settings.jira)
        self._run(is_owed=True)

    def _run(self, *, is_owed: bool = False) -> None:
        """Pull every site; no site waits for another.

        One that is being pulled follows again where it is owed, or the configuration changed.
        """
        self._failures.guard("store", self._prepare)
        is_kept = is_owed or self._is_changed.is_set()
        self._is_changed.clear()
        for site in self._context.settings.jira:
            self._turns.begin(site, partial(self._pull_site, site), is_kept=is_kept)

    def _prepare(self) -> None:
        self._presence.keep()
        with writing(self._context.engine) as connection:
            prune_hints(connection, self._clock() - KEPT_HINTS)

    def _pull_site(self, site: str) -> None:
        if not self._ending.is_set():
            self._failures.guard(self._step("pull", site), partial(self._pull_whole, site))

    def _step(self, name: str, site: str) -> str:
        return name if len(self._context.settings.jira) < 2 else f"{name} of {site}"

    def _pull_whole(self, site: str) -> None:
        context = self._context
        # what an upgrade threw away is computed whether or not Jira answers
        compute_due(context.engine, context.ending.check, site)
        only = frozenset(t.key for t in context.settings.teams if t.site == site)
        if only and site in self._awake(context.settings):
            hints = tuple(hint for hint in self._hints(context) if hint.site == site)
            self._carry_out(context, Order(only, site in self._owed, hints))

    def _follow(self) -> None:
        while not self._ending.wait(self._look_every_seconds):
            self._failures.guard("hints", self._follow_hints)

    def _follow_hints(self) -> None:
        context = self._context
        waiting = self._hints(context)
        free = self._awake(context.settings) - self._turns.running
        gone = {hint.site for hint in waiting} - set(context.settings.jira)
        hints = [hint for hint in waiting if hint.site in free | gone]
        if not hints:
            return
        with reading(context.engine) as connection:
            teams = concerned_teams(connection, context.settings, hints)
        order = self._pace.order(hints, teams, context.settings, self._clock())
        for part in order.by_site(context.settings):
            if part.only:
                [site] = {hint.site for hint in part.hints}
                work = partial(self._carry_out, context, part)
                step = self._step("pull after hints", site)
                self._turns.begin(site, partial(self._failures.guard, step, work))
            else:
                self._note_taken(context, part.hints)

    def _carry_out(self, context: Context, order: Order) -> None:
        """Pull, and note how it went; hints are done with even where it failed: polling mends.

        Those of a pull that was stopped wait for the next start.
        """
        outcomes: list[Outcome] = []
        try:
            outcomes = self._pull(context, order)
        except Stopped:
            raise
        except BaseException:
            self._note_taken(context, order.hints)
            raise
        busy = {outcome.site for outcome in outcomes if outcome.is_busy}
        self._note_taken(context, [h for h in order.hints if h.site not in busy])
        for outcome in outcomes:
            self._note(context.settings, order, outcome)

    def _note(self, settings: Settings, order: Order, outcome: Outcome) -> None:
        site = outcome.site
        if outcome.retry_after_seconds is not None:
            seconds = min(outcome.retry_after_seconds, LONGEST_REST.total_seconds())
            until = self._rests[site] = self._clock() + timedelta(seconds=seconds)
            log.warning("site left alone as Jira asks", site=site, until=until.isoformat())
        if outcome.is_busy:
            if site not in self._busy:
                log.warning("another bot is pulling this site", site=site)
            self._busy.add(site)
            return
        self._busy.discard(site)
        if outcome.is_failed:
            self._failures.note("site", site, next(iter(outcome.failures.values()), ""))
            return
        self._failures.note("site", site, None)
        for team in settings.teams:
            if team.site == site and team.key in order.only:
                self._failures.note("team", team.key, outcome.failures.get(team.key))
        if order.reconcile:
            self._owed.discard(site)
        log.info(
            "pulled",
            site=site,
            kind=outcome.kind,
            issues_changed=outcome.issues_changed,
            work_logs_changed=outcome.work_logs_changed,
            requests=outcome.requests,
            **outcome.found,
        )

    def _awake(self, settings: Settings) -> set[str]:
        """The sites that Jira does not want left alone now."""
        now = self._clock()
        return set(settings.jira) - {s for s, until in dict(self._rests).items() if until > now}

    def _hints(self, context: Context) -> tuple[Hint, ...]:
        with reading(context.engine) as connection:
            return read_hints(connection)

    def _note_taken(self, context: Context, hints: Sequence[Hint]) -> None:
        if not hints:
            return
        with writing(context.engine) as connection:
            take_hints(connection, hints, self._clock())


def start(live: Live) -> Bot:
    """Start the bot of this configuration in the background, following it as it changes."""
    bot = Bot(live.context, _pull)
    live.join(bot)
    return bot.start()


def _pull(context: Context, order: Order) -> list[Outcome]:
    return pull_sites(context, only=order.only, reconcile=order.reconcile, hinted=order.hinted)
