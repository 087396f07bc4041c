"""A small simulated Jira, told act by act, and the bot's real pulls of it into a real store.

Day 1 of the story is Monday 2 March 2026. Statuses are TODO, DOING and DONE.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine

from bot.pull.run import Outcome, pull_sites
from bot.simulator import Options, World, running
from bot.simulator.flavours import Flavour
from bot.simulator.options import RequestLog
from bot.simulator.state import Issue, Project, Sprint
from telemetry.context import Context
from telemetry.report.reports import Reports
from telemetry.store.engine import reading
from telemetry.store.schema import metadata

TODO, DOING, DONE = "10000", "3", "10001"
TOKEN = Options().token
FACTS = (
    "impediments",
    "team_days",
    "sprint_facts",
    "sprint_days",
    "sprint_events",
    "sprint_issues",
    "sprint_time",
    "sprint_forecasts",
    "team_forecasts",
    "sprint_outlooks",
    "flow_issues",
    "epic_facts",
    "epic_children",
    "quarter_facts",
    "roadmap_forecasts",
    "epic_forecasts",
    "quarter_outlooks",
    "quality_findings",
    "quality_windows",
    "quality_due",
    "next_issues",
)
OF_RECORDS = ("forecast_scores",)  # facts that rest on what was recorded as well, day by day
HISTORY = (
    "sites",
    "boards",
    "statuses",
    "sprints",
    "issues",
    "changes",
    "work_logs",
    "doubled_work_logs",
    "sprint_members",
    "sprint_names",
    "epic_members",
    "team_matches",
)
Contents = dict[str, list[str]]


def on(day: float, hour: float = 9.0) -> datetime:
    """An instant of the story, in UTC."""
    return datetime(2026, 3, 2, tzinfo=UTC) + timedelta(days=day - 1, hours=hour)


class Story:
    """A world with project K8S and its scrum board; `now` is the clock of Jira and of the bot."""

    def __init__(self) -> None:
        self.world = World("Etc/UTC")
        self.world.add_user("Telemetry Bot", "bot@example.com", "America/New_York")
        self.world.add_user("Zoë <Ng>", "zoe@example.com", "Europe/Paris")
        self.project: Project = self.world.add_project("K8S", "Managed Kubernetes", lead=2)
        self.board = self.world.add_board(self.project.id, "K8S board")
        self.now = on(5, 18)

    def clock(self) -> datetime:
        return self.now

    def issue(self, points: float | None = None, **values: Any) -> Issue:
        """An issue of K8S, made on day 1 unless told otherwise."""
        project = values.pop("project", self.project.id)
        summary, made = values.pop("summary", "Resize node pools"), values.pop("at", on(1, 7))
        return self.world.create_issue(project, summary, made, points=points, **values)

    def sprint(
        self, start: datetime | None, end: datetime | None = None, board: int = 0, name: str = ""
    ) -> Sprint:
        """A sprint of the board, active unless it has no start."""
        made = self.world.create_sprint(
            board or self.board.id, name or f"Sprint {len(self.world.sprints) + 1}"
        )
        if start is not None:
            self.world.start_sprint(made, end or start + timedelta(days=14), start)
        return made

    def log(self, issue: Issue, start: datetime, hours: float, **values: Any) -> Any:
        """Work logged when it was done."""
        author, entered = values.pop("author", 2), values.pop("at", start)
        return self.world.log_work(issue, author, start, round(hours * 3600), entered)


class Stopped(BaseException):
    """What ends a pull in the middle, as a kill would."""


class StopAfter:
    """Watches a pull and ends it after some pages."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def begin(self, what: str, total: int | None) -> None:
        """A search begins."""

    def advance(self, count: int) -> None:
        self.pages -= 1
        if self.pages < 0:
            raise Stopped


class Pulled:
    """A story that is served, a store, and pulls between the two."""

    def __init__(self, story: Story, url: str, context: Context, requests: RequestLog) -> None:
        self.story = story
        self.url = url
        self.context = context
        self.requests = requests

    @property
    def engine(self) -> Engine:
        return self.context.engine

    @property
    def reports(self) -> Reports:
        return Reports.of(self.context.settings, self.engine)

    def pull(self, **options: Any) -> Outcome:
        """One pull at the story's `now`."""
        [outcome] = pull_sites(self.context, clock=self.story.clock, **options)
        return outcome

    def good_pull(self, **options: Any) -> Outcome:
        """One pull that must not fail."""
        outcome = self.pull(**options)
        assert outcome.failures == {}
        return outcome

    def contents(self, *names: str) -> Contents:
        return contents(self.engine, *names)


def contents(engine: Engine, *names: str) -> Contents:
    """All rows of these tables, comparable; by default those of history and facts."""
    with reading(engine) as connection:
        return {
            name: sorted(
                repr(tuple(row)) for row in connection.execute(metadata.tables[name].select())
            )
            for name in names or (*HISTORY, *FACTS)
        }


def a_team(key: str = "k8s", project: str = "K8S", **values: Any) -> dict[str, Any]:
    """A team as the configuration has it."""
    return {"key": key, "project": project} | values


def configure(
    folder: Path,
    url: str,
    store_url: str,
    teams: list[dict[str, Any]],
    flavour: str = "cloud",
    **settings: Any,
) -> Context:
    """A context with a telemetry.yml in the folder; secrets stand in its environment."""
    auth = {"kind": "token", "user": Options().user, "secret": "env:JIRA_TOKEN"}
    if flavour == "datacenter":
        auth = {"kind": "pat", "secret": "env:JIRA_TOKEN"}
    values = {
        "jira": {"url": url, "deployment": flavour, "auth": auth},
        "store": {"url": "env:STORE_URL"},
        "privacy": {"key": "env:PRIVACY_KEY"},
        "teams": teams,
    } | settings
    folder.mkdir(exist_ok=True)
    file = folder / "telemetry.yml"
    file.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    secrets = {"JIRA_TOKEN": TOKEN, "STORE_URL": store_url, "PRIVACY_KEY": "k" * 64}
    return Context(file, secrets)


def url_of(engine: Engine) -> str:
    """The address of a store, password included."""
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def serving(
    story: Story,
    store: Engine,
    folder: Path,
    teams: list[dict[str, Any]] | None = None,
    flavour: Flavour = "cloud",
    **options: Any,
) -> Iterator[Pulled]:
    """Serves the story and stands ready to pull it into the store."""
    settings = replace(Options(clock=story.clock), **options)
    with running(story.world, flavour, settings) as served:
        context = configure(folder, served.url, url_of(store), teams or [a_team()], flavour)
        try:
            yield Pulled(story, served.url, context, served.requests)
        finally:
            if "engine" in vars(context):  # else it was never opened
                context.engine.dispose()


def reconfigured(pulled: Pulled, folder: Path, teams: list[dict[str, Any]], **kw: Any) -> Pulled:
    """The same Jira and store under another configuration."""
    context = configure(folder, pulled.url, url_of(pulled.engine), teams, **kw)
    return Pulled(pulled.story, pulled.url, context, pulled.requests)
