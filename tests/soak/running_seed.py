"""One seed, from its world to the comparison at its end."""

import random
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import JSONResponse

from bot.jira.client import Auth, Jira, connect
from bot.pull.order import Hinted
from bot.pull.run import Outcome, pull_sites
from bot.simulator import Options, RunningSite, running
from telemetry.context import Context
from telemetry.facts import rebuild
from tests.pulled import TOKEN, configure
from tests.soak.comparing import (
    comparable_tables,
    differences,
    forget_unlisted,
    out_of_open_sprints,
    out_of_reach,
    without,
)
from tests.soak.configuration import Configuration
from tests.soak.faults import READ_TIMEOUT_SECONDS, Hook
from tests.soak.people import People
from tests.soak.report import Report, flavour_of
from tests.soak.stores import Stores
from tests.soak.trouble import Killed, Plan, Trouble, planned, quiet

OPERATIONS = 300
ACTS_BETWEEN = 18
ACCEPTED = 0.4  # how often a person takes at once what vanished
IDLE_PULLS = 3  # an incremental pull looks at one of the teams' three boards whole, in turn


def run_seed(seed: int, stores: Stores, folder: Path) -> Report:
    """Live through the seed and compare; nothing is raised for what went wrong in it."""
    return _Run(seed, stores, folder).run()


class _Run:
    def __init__(self, seed: int, stores: Stores, folder: Path) -> None:
        self.dice = random.Random(f"driver {seed}")
        self.stores = stores
        self.folder = folder
        self.flavour = flavour_of(seed)
        self.lacks_work_log_lists = self.flavour == "datacenter" and seed % 8 == 1
        self.people = People(seed, has_work_log_lists=not self.lacks_work_log_lists)
        self.configuration = Configuration(self.people, seed)
        self.trouble = Trouble(self._act_meanwhile, self._of_the_site)
        self.offset = timedelta(minutes=self.dice.uniform(-15, 15))
        self.lag_seconds = self.dice.choice([0, 30, 120])
        self.url = ""
        self.store_url = stores.empty()
        self.context: Context | None = None
        self.report = Report(seed, self.flavour, stores.kind)

    def run(self) -> Report:
        options = Options(
            clock=self.people.clock,
            index_lag_seconds=self.lag_seconds,
            page_cut=self.dice.choice([None, 7, 13]),
            thin_pages=self.dice.random() < 0.5,
            faults=self.trouble.on_request,
        )
        self._tell(
            f"{self.flavour}, {self.stores.kind}, bot's clock {self.offset} off, index "
            f"{self.lag_seconds} s late, pages of {options.page_cut}"
        )
        with running(self.people.world, self.flavour, options) as served:
            self.url = served.url
            self._configure()
            try:
                self._live(served)
                self._end(served)
            except Exception:
                self.report.failures.append(traceback.format_exc())
            finally:
                self._hear()
                self._leave()
        self.report.acts = self.people.done
        self.report.troubles = self.trouble.counts
        return self.report

    def _live(self, served: RunningSite) -> None:
        while self.people.done.total() < OPERATIONS:
            self._pull_somehow()
            with served.lock:
                for _ in range(self.dice.randrange(2, 2 * ACTS_BETWEEN)):
                    self.people.act()
                self._hear()
            if self.dice.random() < 0.25:
                self._tell("configuration: " + self.configuration.change())
                self._configure()

    def _pull_somehow(self) -> None:
        kind = self.dice.choices(
            ("incremental", "hinted", "reconcile", "full", "team", "rebuild"), (10, 2, 1, 1, 3, 1)
        )[0]
        asked: dict[str, Any] = {}
        if kind in ("reconcile", "full"):
            asked[kind] = True
        if kind == "team":
            asked["only"] = frozenset({self.dice.choice(self.configuration.keys)})
        if kind == "hinted":
            asked["hinted"] = {"default": self._hinted()}
        if kind == "rebuild":
            self._trouble(quiet(), lambda: rebuild(self._process().engine), kind)
        else:
            plan = planned(self.dice)
            self._trouble(plan, lambda: self._pull(**asked), kind)

    def _hinted(self) -> Hinted:
        """Issues and sprints that somebody names, rightly or not."""
        world = self.people.world
        issues = self.dice.sample(sorted(world.issues), 3)
        sprints = self.dice.sample(sorted(world.sprints), 1)
        return Hinted(frozenset([*issues, 999]), frozenset([*sprints, 999]))

    def _trouble(self, plan: Plan, work: Callable[[], Any], kind: str) -> None:
        self.report.pulls[kind] += 1
        self.trouble.begin(plan)
        shown = repr(plan)
        try:
            came = work()
        except Killed:
            came = "killed"
        left = self.trouble.end()
        if self.trouble.is_dead:
            came = "killed"
            self._leave()
        for _ in range(left):
            self.people.act(20)
        self._hear()
        self._tell(f"{kind} pull with {shown}: {came}")

    def _pull(self, **asked: Any) -> list[str]:
        outcomes = self._pull_now(self._process(), **asked)
        if _is_asked(outcomes):
            self.trouble.counts["stopped for a lost permission"] += 1
            if self.dice.random() < ACCEPTED:
                outcomes = self._pull_now(self._process(), accept_vanished=True)
        return [outcome.sentence() + str(outcome.failures or "") for outcome in outcomes]

    def _pull_now(self, context: Context, **asked: Any) -> list[Outcome]:
        return pull_sites(context, clock=self._bot_clock, connecting=self._connect, **asked)

    def _connect(self, name: str, site: Any, context: Context) -> Jira:
        auth = Auth(site.auth.kind, site.auth.user, TOKEN)
        return connect(
            name,
            site.url,
            site.deployment,
            auth,
            sleep=self.trouble.sleep,
            clock=self.trouble.clock,
            timeout=(5, READ_TIMEOUT_SECONDS),
            requests_at_once=1,
        )

    def _bot_clock(self) -> datetime:
        return self.people.now + self.offset

    def _process(self) -> Context:
        """A process of the bot with its configuration; a new one after a kill or a change."""
        if self.context is None:
            self.context = self._opened(self.store_url)
            self.trouble.watch(self.context.engine)
        return self.context

    def _opened(self, store_url: str) -> Context:
        return configure(
            self.folder,
            self.url,
            store_url,
            self.configuration.teams,
            self.flavour,
            bot={"requests_at_once": 1},
        )

    def _configure(self) -> None:
        self._leave()

    def _leave(self) -> None:
        if self.context is not None and "engine" in vars(self.context):
            self.context.engine.dispose()
        self.context = None

    def _act_meanwhile(self) -> None:
        with self.people.world.lock:
            self.people.act(20)

    def _of_the_site(self, request: Request) -> Hook:
        path = request.url.path
        if self.lacks_work_log_lists and path.endswith(("/worklog/updated", "/worklog/deleted")):
            return JSONResponse({"errorMessages": ["no such resource"]}, 404)
        return None

    def _hear(self) -> None:
        """Take what people told since into the report, in order."""
        self.report.told += self.people.told
        self.people.told.clear()

    def _tell(self, sentence: str) -> None:
        self.report.told.append(f"{self.people.now:%d %b %H:%M:%S}  {sentence}")

    def _end(self, served: RunningSite) -> None:
        """Calm down, pull, and compare with a fresh store."""
        with served.lock:
            while self.people.show_project() is not None:
                pass
        self.configuration.complete()
        self._configure()
        for _ in range(IDLE_PULLS + 1):
            self.people.now += timedelta(minutes=10)
            self._calm("incremental")
        self._leave()
        incremental_url = self.stores.copy(self.store_url)
        self._calm("reconcile", reconcile=True)
        self._check_rebuild(self._process().engine, "the grown store")
        fresh = self._opened(self.stores.empty())
        incremental = self._opened(incremental_url)
        try:
            outcomes = self._pull_now(fresh)
            if _is_asked(outcomes):  # of a team whose JQL matches nothing any more
                outcomes = self._pull_now(fresh, accept_vanished=True)
            for outcome in outcomes:
                self._fail_for(outcome, "a first pull into an empty store")
            self.report.failures += differences(self._process().engine, fresh.engine)
            self._check_rebuild(fresh.engine, "the fresh store")
            self._check_incremental(incremental.engine, fresh.engine)
        finally:
            fresh.engine.dispose()
            incremental.engine.dispose()

    def _calm(self, kind: str, **asked: Any) -> None:
        """A pull that must go well; what vanished is accepted as a person would accept it."""
        self.trouble.begin(quiet())
        self.report.pulls[kind] += 1
        outcomes = self._pull_now(self._process(), **asked)
        if _is_asked(outcomes):
            outcomes = self._pull_now(self._process(), accept_vanished=True, **asked)
        for outcome in outcomes:
            self._tell(outcome.sentence())
            self._fail_for(outcome, f"a calm {kind} pull")

    def _fail_for(self, outcome: Outcome, what: str) -> None:
        self.report.failures += [f"{what}: {s}" for s in outcome.failures.values()]

    def _check_rebuild(self, engine: Engine, what: str) -> None:
        if count := rebuild(engine):
            self.report.failures.append(f"a rebuild of {what} changed {count} rows")

    def _check_incremental(self, incremental: Engine, fresh: Engine) -> None:
        """Incremental pulls alone get all right but what Jira shows no trace of."""
        hidden = out_of_reach(incremental, fresh) | self.people.untraced.keys()
        hidden |= out_of_open_sprints(fresh, self.people)
        forget_unlisted(incremental, fresh)
        for engine in (incremental, fresh):
            without(engine, self.people, hidden)
        tables = comparable_tables(incremental, fresh)
        for sentence in differences(incremental, fresh, tables):
            self.report.failures.append(f"without a reconciliation, {sentence}")


def _is_asked(outcomes: list[Outcome]) -> bool:
    """Whether a pull stopped to ask if what vanished is really gone."""
    return any("--accept-vanished" in s for o in outcomes for s in o.failures.values())
