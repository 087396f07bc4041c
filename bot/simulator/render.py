"""Issues with their fields, as the payloads of one flavour and API version."""

from collections.abc import Callable, Collection
from typing import Any

from bot.simulator.flavours import Flavour, sprint_time
from bot.simulator.records import Payload, Records
from bot.simulator.state import Issue, Sprint, type_of_epic
from bot.simulator.world import World

__all__ = ["Payload", "Renderer"]


class Renderer(Records):
    """All payloads: those of Records, and issues."""

    def __init__(self, world: World, flavour: Flavour, base: str, version: str = "2") -> None:
        super().__init__(world, flavour, base, version)
        self._fields: dict[str, Callable[[Issue], Any]] = {
            "summary": lambda i: i.summary,
            "status": lambda i: self.status(i.status),
            "issuetype": lambda i: self.issue_type(i.type),
            "project": lambda i: self.project(world.projects[i.project]),
            "created": lambda i: self.time(i.created_at),
            "updated": lambda i: self.time(i.updated_at),
            "labels": lambda i: list(i.labels),
            "components": self._components,
            "assignee": lambda i: self.user(i.assignee),
            "reporter": lambda i: self.user(i.reporter),
            "creator": lambda i: self.user(i.reporter),
            "resolution": self._resolution,
            "resolutiondate": lambda i: None if i.resolved_at is None else self.time(i.resolved_at),
            "timeoriginalestimate": lambda i: i.original_seconds,
            "timeestimate": lambda i: i.remaining_seconds,
            "timespent": lambda i: world.spent_seconds(i) or None,
            "worklog": lambda i: self.work_logs(i.work_logs[:20], 0, 20, len(i.work_logs)),
            "subtasks": self._sub_tasks,
            "description": lambda i: self.text(f"About {i.summary}."),
            self.ids.sprint: self._sprint_field,
            self.ids.points: lambda i: i.points,
            self.ids.other_points: lambda _: None,
            self.ids.flagged: self._flag,
            self.ids.nature: self._nature,
            self.ids.epic_link: self._epic_link,
            self.ids.epic_name: lambda i: i.summary if i.type == type_of_epic else None,
        }

    def issue(self, issue: Issue, fields: Collection[str] | None, base: str = "api") -> Payload:
        """An issue with the fields asked for; None means all of them."""
        link = self.agile_link if base == "agile" else self.link
        payload: Payload = {
            "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
            "id": str(issue.id),
            "self": link(f"issue/{issue.id}"),
            "key": issue.key,
        }
        if fields is None or fields:
            payload["fields"] = self.fields(issue, fields)
        return payload

    def fields(self, issue: Issue, wanted: Collection[str] | None) -> Payload:
        names = self._fields if wanted is None else wanted
        answer = {name: self._fields[name](issue) for name in names if name in self._fields}
        above = (
            issue.parent if issue.parent is not None else (issue.epic if self.is_cloud else None)
        )
        if above in self.world.issues and (wanted is None or "parent" in wanted):
            answer["parent"] = self.linked(self.world.issues[above])
        return answer

    def agile_fields(self, issue: Issue) -> Payload:
        """What the agile API adds to an issue's fields."""
        sprints = [self.world.sprints[number] for number in self.world.sprints_of(issue)]
        current = [self.sprint(sprint) for sprint in sprints if sprint.state != "closed"]
        closed = [self.sprint(sprint) for sprint in sprints if sprint.state == "closed"]
        answer: Payload = {"flagged": issue.is_flagged, "sprint": current[0] if current else None}
        if closed:
            answer["closedSprints"] = closed
        epic = self.world.issues.get(issue.epic) if issue.epic is not None else None
        answer["epic"] = None if epic is None else self.epic(epic)
        return answer

    def epic(self, issue: Issue) -> Payload:
        return {
            "id": issue.id,
            "key": issue.key,
            "self": self.agile_link(f"epic/{issue.id}"),
            "name": issue.summary,
            "summary": issue.summary,
            "color": {"key": f"color_{1 + issue.id % 9}"},
            "done": self.world.statuses[issue.status].category == "done",
        }

    def _sub_tasks(self, issue: Issue) -> list[Payload]:
        parts = [self.world.issues[number] for number in issue.subtasks]
        return [self.linked(part) for part in parts if self.world.is_visible(part)]

    def _components(self, issue: Issue) -> list[Payload]:
        numbers = {name: self.world.component_id(name) for name in issue.components}
        return [
            {"self": self.link(f"component/{number}"), "id": number, "name": name}
            for name, number in numbers.items()
        ]

    def _resolution(self, issue: Issue) -> Payload | None:
        if issue.resolved_at is None:
            return None
        return {"self": self.link("resolution/10000"), "id": "10000", "name": "Done"}

    def _flag(self, issue: Issue) -> list[Payload] | None:
        if not issue.is_flagged:
            return None
        link = self.link("customFieldOption/10019")
        return [{"self": link, "value": "Impediment", "id": "10019"}]

    def _nature(self, issue: Issue) -> Payload | None:
        if issue.nature is None:
            return None
        number = self.world.nature_id(issue.nature)
        link = self.link(f"customFieldOption/{number}")
        return {"self": link, "value": issue.nature, "id": number}

    def _epic_link(self, issue: Issue) -> str | None:
        epic = self.world.issues.get(issue.epic) if issue.epic is not None else None
        return None if epic is None else epic.key

    def _sprint_field(self, issue: Issue) -> list[Any] | None:
        sprints = [self.world.sprints[number] for number in self.world.sprints_of(issue)]
        if not sprints:
            return None
        if self.is_cloud:
            return [self._sprint_json(sprint) for sprint in sprints]
        return [self._sprint_text(sprint) for sprint in sprints]

    def _sprint_json(self, sprint: Sprint) -> Payload:
        return self._shared("in field", sprint.id, lambda: self._in_field(sprint))

    def _in_field(self, sprint: Sprint) -> Payload:
        payload = {name: value for name, value in self.sprint(sprint).items() if name != "self"}
        payload["boardId"] = payload.pop("originBoardId")
        return payload

    def _sprint_text(self, sprint: Sprint) -> str:
        def date(at: int | None) -> str:
            return "<null>" if at is None else sprint_time(at, self.flavour)

        parts = {
            "id": sprint.id,
            "rapidViewId": sprint.board,
            "state": sprint.state.upper(),
            "name": sprint.name,
            "startDate": date(sprint.start_at),
            "endDate": date(sprint.end_at),
            "completeDate": date(sprint.complete_at),
            "activatedDate": date(sprint.activated_at),
            "sequence": sprint.id,
            "goal": sprint.goal or "<null>",
        }
        inner = ",".join(f"{name}={value}" for name, value in parts.items())
        mark = f"{sprint.id * 2654435761 % 2**32:x}"
        return f"com.atlassian.greenhopper.service.sprint.Sprint@{mark}[{inner}]"
