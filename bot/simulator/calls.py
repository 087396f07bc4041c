"""One request as the endpoints see it: who asks, with which parameters, of which site."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bot.simulator.jql import JqlError
from bot.simulator.options import Options
from bot.simulator.render import Payload, Renderer
from bot.simulator.searching import found_issues, lagging
from bot.simulator.site import UnknownThing
from bot.simulator.state import Issue, Project, User
from bot.simulator.world import World

T = TypeVar("T")
issue_gone = "Issue does not exist or you do not have permission to see it."


class JiraProblem(Exception):
    """An answer other than 200, in Jira's shape."""

    def __init__(self, status: int, *messages: str, errors: dict[str, str] | None = None) -> None:
        super().__init__(*messages)
        self.status = status
        self.messages = list(messages)
        self.errors = errors or {}


@dataclass(slots=True)
class Finds:
    """The finds of late queries while the world stays as it is: pages of one list are cheap."""

    revision: int = -1
    by_query: dict[tuple[str, str], list[Issue]] = field(default_factory=dict)

    def at(self, revision: int) -> dict[tuple[str, str], list[Issue]]:
        if revision != self.revision or len(self.by_query) > 20:
            self.by_query = {}
            self.revision = revision
        return self.by_query


@dataclass(slots=True)
class Call:
    """One authenticated request; `user` is None for an anonymous caller."""

    world: World
    options: Options
    finds: Finds
    renderer: Renderer
    user: User | None
    now: datetime
    path: dict[str, str]
    query: dict[str, list[str]]
    body: Any

    @property
    def is_cloud(self) -> bool:
        return self.renderer.is_cloud

    def text(self, name: str, default: str = "") -> str:
        """A parameter of the body or else of the query."""
        if isinstance(self.body, dict) and self.body.get(name) is not None:
            return str(self.body[name])
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        try:
            return int(value)
        except ValueError:
            raise JiraProblem(400, f"'{value}' is not a number for '{name}'.") from None

    def words(self, name: str) -> list[str]:
        """A list parameter: repeated, separated by commas, or a JSON list."""
        if isinstance(self.body, dict) and isinstance(self.body.get(name), list):
            given = [str(value) for value in self.body[name]]
        else:
            given = [self.text(name)] if isinstance(self.body, dict) else self.query.get(name, [])
        return [word.strip() for text in given for word in text.split(",") if word.strip()]

    def page_size(self, default: int, most: int) -> int:
        """The page size asked for, within the endpoint's cap and the site's cut."""
        size = self.number("maxResults", default)
        if size < 0:
            raise JiraProblem(400, "The maxResults value must be zero or more.")
        return min(size, most, self.options.page_cut or most)

    def require_user(self) -> User:
        if self.user is None:
            raise JiraProblem(401, "Client must be authenticated to access this resource.")
        return self.user

    @property
    def sees_issues(self) -> bool:
        return self.user is not None or self.options.anonymous == "public"

    def issue(self, name: str) -> Issue:
        """The visible issue of that id or key; raises a 404."""
        try:
            issue = self.world.issue(name)
        except UnknownThing:
            raise JiraProblem(404, issue_gone) from None
        if not self.world.is_visible(issue) or not self.sees_issues:
            raise JiraProblem(404, issue_gone)
        return issue

    def project(self, name: str) -> Project:
        """The visible project of that id or key; raises UnknownThing."""
        project = self.world.project(name)
        if project.id in self.world.hidden_projects or not self.sees_issues:
            raise UnknownThing(name)
        return project

    def search(self, jql: str) -> list[Issue]:
        """What the query finds for this caller, as far as the index has seen."""
        if not self.sees_issues:
            return []
        zone = self.user.timezone if self.user is not None else self.world.timezone
        seen_to = lagging(self.now, self.options.index_lag_seconds)
        kept = self.finds.at(self.world.revision) if seen_to is None else {}
        if (jql, zone) not in kept:
            try:
                kept[jql, zone] = found_issues(
                    self.world,
                    jql,
                    zone,
                    seen_to,
                    epics_are_parents=self.is_cloud,
                    hidden_are_empty=self.options.hidden_projects_are_empty,
                )
            except JqlError as error:
                raise JiraProblem(400, str(error)) from error
        return kept[jql, zone]

    def page(
        self, values: Sequence[T], show: Callable[[T], Any], default: int = 50, most: int = 50
    ) -> Payload:
        """One page of a list, as `values` with startAt, maxResults, total and isLast."""
        start, size = self.number("startAt", 0), self.page_size(default, most)
        shown = values[start : start + size]
        return {
            "maxResults": size,
            "startAt": start,
            "total": len(values),
            "isLast": start + len(shown) >= len(values),
            "values": [show(value) for value in shown],
        }


Handler = Callable[[Call], Any]
