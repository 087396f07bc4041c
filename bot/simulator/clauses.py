"""Clauses of a query: what each tests, and which issues an index offers for it."""

from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.simulator.jql import Both, Clause, Either, JqlError, Node, Not
from bot.simulator.site import UnknownThing
from bot.simulator.state import Issue
from bot.simulator.world import World

Test = Callable[[Issue], bool]
_category_names = {"new": "to do", "indeterminate": "in progress", "done": "done"}
_missing_issue = "An issue with key '{}' does not exist for field '{}'."
_missing_value = "The value '{}' does not exist for the field '{}'."


class Clauses:
    """Turns clauses into tests, and the selective ones into candidates."""

    def __init__(
        self, world: World, zone: ZoneInfo, epics_are_parents: bool, hidden_are_empty: bool
    ) -> None:
        self.world = world
        self.hidden_are_empty = hidden_are_empty
        self.epics_are_parents = epics_are_parents
        self.zone = zone

    def test(self, node: Node) -> Test:
        if isinstance(node, Both):
            first, second = self.test(node.left), self.test(node.right)
            return lambda issue: first(issue) and second(issue)
        if isinstance(node, Either):
            first, second = self.test(node.left), self.test(node.right)
            return lambda issue: first(issue) or second(issue)
        if isinstance(node, Not):
            inner = self.test(node.inner)
            return lambda issue: not inner(issue)
        if node.field in {"created", "updated"}:
            return self._date_test(node)
        return self._set_test(node)

    def _set_test(self, clause: Clause) -> Test:
        is_strict = clause.field == "parent" and not self.epics_are_parents
        values_of = _readers["parent task" if is_strict else clause.field]
        world = self.world
        if clause.operator in {"is", "is not"}:
            wants_empty = clause.operator == "is"
            return lambda issue: (not values_of(world, issue)) == wants_empty
        if clause.operator not in {"=", "in", "!=", "not in"}:
            raise JqlError(
                f"The operator '{clause.operator}' is not supported by the '{clause.field}' field."
            )
        wanted = frozenset(self._resolved(clause))
        if clause.operator in {"=", "in"}:
            return lambda issue: not wanted.isdisjoint(values_of(world, issue))

        def differs(issue: Issue) -> bool:
            values = values_of(world, issue)
            return bool(values) and wanted.isdisjoint(values)

        return differs

    def _resolved(self, clause: Clause) -> list[int | str]:
        resolvers: dict[str, Callable[[str], int | str]] = {
            "project": self._project,
            "sprint": self._sprint,
            "id": self._issue,
            "parent": self._issue,
            "epic": self._issue,
            "status": self._status,
            "type": self._type,
            "component": self._component,
        }
        resolve = resolvers.get(clause.field, str.lower)
        try:
            return [resolve(value) for value in clause.values]
        except UnknownThing as error:
            raise JqlError(str(error)) from error

    def _project(self, value: str) -> int:
        world = self.world
        known = world.projects.values() if self.hidden_are_empty else world.visible_projects()
        for project in known:
            names = (project.key, *project.old_keys, str(project.id), project.name)
            if value.lower() in {name.lower() for name in names}:
                return project.id
        raise JqlError(_missing_value.format(value, "project"))

    def _sprint(self, value: str) -> int:
        for sprint in self.world.sprints.values():
            is_meant = value in {str(sprint.id), sprint.name}
            if is_meant and self.world.is_visible_sprint(sprint):
                return sprint.id
        raise JqlError(
            f"Sprint with name '{value}' does not exist or you do not have permission to view it."
        )

    def _issue(self, value: str) -> int:
        try:
            issue = self.world.issue(value)
        except UnknownThing as error:
            raise JqlError(_missing_issue.format(value, "key")) from error
        if not self.world.is_visible(issue):
            raise JqlError(_missing_issue.format(value, "key"))
        return issue.id

    def _status(self, value: str) -> str:
        for status in self.world.statuses.values():
            if value.lower() in {status.name.lower(), status.id}:
                return status.id
        raise JqlError(_missing_value.format(value, "status"))

    def _type(self, value: str) -> str:
        for kind in self.world.types.values():
            if value.lower() in {kind.name.lower(), kind.id}:
                return kind.id
        raise JqlError(_missing_value.format(value, "issuetype"))

    def _component(self, value: str) -> str:
        for name, number in self.world.components.items():
            if value.lower() in {name.lower(), number}:
                return name.lower()
        raise JqlError(_missing_value.format(value, "component"))

    def _date_test(self, clause: Clause) -> Test:
        instant = self.instant(clause)
        is_created = clause.field == "created"
        # Jira compares dates by the minute that the query names.
        low, high = instant, instant + 60_000

        def value(issue: Issue) -> int:
            return issue.created_at if is_created else issue.updated_at

        tests: dict[str, Test] = {
            ">=": lambda issue: value(issue) >= low,
            ">": lambda issue: value(issue) >= high,
            "<": lambda issue: value(issue) < low,
            "<=": lambda issue: value(issue) <= low,
            "=": lambda issue: low <= value(issue) < high,
        }
        if clause.operator not in tests:
            raise JqlError(f"The operator '{clause.operator}' is not supported by this field.")
        return tests[clause.operator]

    def instant(self, clause: Clause) -> int:
        """The date of a clause as epoch ms; raises JqlError."""
        value = clause.values[0] if clause.values else ""
        patterns = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
        for pattern in patterns:
            try:
                local = datetime.strptime(value, pattern).replace(tzinfo=self.zone)
            except ValueError:
                continue
            return int(local.timestamp() * 1000)
        raise JqlError(
            f"Date value '{value}' for field '{clause.field}' is invalid. Valid formats include: "
            "'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd'."
        )

    def candidates(self, node: Node) -> list[int] | None:
        """Numbers among which all finds are; None when no index helps."""
        if isinstance(node, Clause):
            return self._clause_candidates(node)
        if isinstance(node, Not):
            return None
        left, right = self.candidates(node.left), self.candidates(node.right)
        if isinstance(node, Either):
            return None if left is None or right is None else [*left, *right]
        if left is None or right is None:
            return right if left is None else left
        return min(left, right, key=len)

    def _clause_candidates(self, clause: Clause) -> list[int] | None:
        if clause.field == "updated" and clause.operator in {">", ">=", "="}:
            return self.world.touched_since(self.instant(clause))
        if clause.operator not in {"=", "in"}:
            return None
        return self._indexed(clause.field, self._resolved(clause))

    def _indexed(self, field: str, wanted: list[int | str]) -> list[int] | None:
        world, numbers = self.world, [value for value in wanted if isinstance(value, int)]
        if field == "id":
            return numbers
        groups: list[Iterable[int]] | None = None
        if field == "project":
            groups = [world.by_project[value] for value in numbers]
        elif field == "type":
            groups = [world.by_type.get(str(value), {}) for value in wanted]
        elif field == "sprint":
            members = [n for value in numbers for n in world.by_sprint.get(value, {})]
            groups = [(n, *world.issues[n].subtasks) for n in members]
        elif field == "epic":
            groups = [world.by_epic.get(value, {}) for value in numbers]
        elif field == "parent":
            groups = [[*world.by_epic.get(n, {}), *world.issues[n].subtasks] for n in numbers]
        return None if groups is None else [number for group in groups for number in group]


_readers: dict[str, Callable[[World, Issue], tuple[int | str, ...]]] = {
    "project": lambda _, issue: (issue.project,),
    "sprint": lambda world, issue: world.sprints_of(issue),
    "id": lambda _, issue: (issue.id,),
    "parent": lambda _, issue: tuple(n for n in (issue.parent, issue.epic) if n is not None),
    "parent task": lambda _, issue: () if issue.parent is None else (issue.parent,),
    "epic": lambda _, issue: () if issue.epic is None else (issue.epic,),
    "type": lambda _, issue: (issue.type,),
    "labels": lambda _, issue: tuple(label.lower() for label in issue.labels),
    "component": lambda _, issue: tuple(name.lower() for name in issue.components),
    "points": lambda _, issue: () if issue.points is None else (str(issue.points),),
    "original estimate": lambda _, issue: (
        () if issue.original_seconds is None else (str(issue.original_seconds),)
    ),
    "other points": lambda _, __: (),
    "nature": lambda _, issue: () if issue.nature is None else (issue.nature.lower(),),
    "status": lambda _, issue: (issue.status,),
    "category": lambda world, issue: (_category_names[world.statuses[issue.status].category],),
}
