"""The scheduled bot: pulls at every interval, and reads everything again once a night."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.pull.run import Outcome, pull_sites
from telemetry.context import Context
from telemetry.errors import TelemetryError

log = structlog.get_logger()

GRACE_SECONDS = 300
Pull = Callable[[bool], list[Outcome]]


class Bot:
    """The bot at work in the background; `trigger` and `stop` may be called from any thread."""

    def __init__(self, pull: Pull, every: timedelta, reconcile_at: tuple[int, int]) -> None:
        self._pull = pull
        self._pulling = threading.Lock()
        self._failing: dict[str, str] = {}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": GRACE_SECONDS,
            },
        )
        self._job: Any = self._scheduler.add_job(
            self._run, IntervalTrigger(seconds=every.total_seconds()), args=[False], id="pull"
        )
        hour, minute = reconcile_at
        self._scheduler.add_job(
            self._run, CronTrigger(hour=hour, minute=minute), args=[True], id="reconcile"
        )

    def start(self) -> "Bot":
        """Begin with a pull at once."""
        self._scheduler.start()
        self.trigger()
        return self

    def trigger(self) -> bool:
        """Ask for a pull at once; False where one is running already."""
        if self._pulling.locked():
            return False
        self._job.modify(next_run_time=datetime.now(UTC))
        return True

    def stop(self) -> None:
        """End after the pull that is running."""
        self._scheduler.shutdown(wait=True)

    def _run(self, full: bool) -> None:
        with self._pulling:
            try:
                outcomes = self._pull(full)
            except TelemetryError as error:
                self._report({"all": str(error)})
                return
            except Exception as error:
                log.exception("pull broke off")
                self._report({"all": f"the pull broke off: {type(error).__name__}"})
                return
        failures: dict[str, str] = {}
        for outcome in outcomes:
            failures |= outcome.failures
            if outcome.is_failed:
                continue
            log.info(
                "pulled",
                site=outcome.site,
                kind=outcome.kind,
                issues_changed=outcome.issues_changed,
                work_logs_changed=outcome.work_logs_changed,
                requests=outcome.requests,
            )
        self._report(failures)

    def _report(self, failures: dict[str, str]) -> None:
        """Log each failure once when it begins and once when it is over."""
        for team, sentence in failures.items():
            if self._failing.get(team) != sentence:
                log.error("pull failed", team=team, reason=sentence)
        for team in self._failing.keys() - failures.keys():
            log.info("pull works again", team=team)
        self._failing = failures


def start(context: Context) -> Bot:
    """Start the bot of this configuration in the background."""
    settings = context.settings

    def pull(full: bool) -> list[Outcome]:
        return pull_sites(context, full=full)

    return Bot(pull, settings.bot.every, settings.bot.reconcile_at).start()
