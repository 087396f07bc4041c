"""The site's records, issues apart, as the payloads of one flavour and API version."""

from collections.abc import Callable, Collection
from typing import Any

from bot.simulator.flavours import (
    Flavour,
    change_names,
    duration_text,
    field_ids,
    jira_time,
    sprint_time,
)
from bot.simulator.state import History, Issue, Project, Sprint, User, WorkLog
from bot.simulator.world import World

Payload = dict[str, Any]
_colours = {"new": (2, "blue-gray"), "indeterminate": (4, "yellow"), "done": (3, "green")}
_spelt_differently = {"assignee", "sprint", "work_log_added", "work_log_deleted"}
_category_names = {"new": "To Do", "indeterminate": "In Progress", "done": "Done"}


class Records:
    """Payloads with `self` links under `base`, in API `version` 2 or 3."""

    def __init__(self, world: World, flavour: Flavour, base: str, version: str = "2") -> None:
        self.world = world
        self.flavour = flavour
        self.base = base
        self.version = version
        self.ids = field_ids(flavour)
        self.is_cloud = flavour == "cloud"
        self._heads = {code: self._head(*named) for code, named in change_names(flavour).items()}
        self._zone = world.timezone
        self._users: dict[int, Payload] = {}
        self._kept: dict[tuple[str, int | str], Payload] = {}
        """What many issues of one answer share."""

    def link(self, path: str) -> str:
        return f"{self.base}/rest/api/{self.version}/{path}"

    def agile_link(self, path: str) -> str:
        return f"{self.base}/rest/agile/1.0/{path}"

    def _shared(self, kind: str, key: int | str, make: Callable[[], Payload]) -> Payload:
        """The one payload of a record within this answer; not to be changed."""
        found = self._kept.get((kind, key))
        if found is None:
            found = self._kept[kind, key] = make()
        return found

    def time(self, at: int) -> str:
        return jira_time(at, self._zone)

    def text(self, plain: str) -> Any:
        """A rich text: a string in version 2, an Atlassian document in version 3."""
        if self.version == "2" or not plain:
            return plain or None
        words = {"type": "text", "text": plain}
        return {
            "type": "doc",
            "version": 1,
            "content": [{"type": "paragraph", "content": [words]}],
        }

    def user(self, number: int | None) -> Payload | None:
        """A user: accountId on Cloud, name and key on Data Center; None for nobody."""
        if number is None:
            return None
        found = self._users.get(number)
        if found is None:
            found = self._users[number] = self._user(self.world.users[number])
        return found

    def account(self, number: int) -> str:
        """The user's id as this flavour spells it."""
        return (
            f"712020:{number:08x}-5eed-4000-8000" if self.is_cloud else f"JIRAUSER{10100 + number}"
        )

    def _user(self, user: User) -> Payload:
        common = {"displayName": user.name, "active": user.active, "timeZone": user.timezone}
        account = self.account(user.id)
        if self.is_cloud:
            link = self.link(f"user?accountId={account}")
            return {"self": link, "accountId": account, "accountType": "atlassian", **common}
        name = user.email.partition("@")[0]
        link = self.link(f"user?username={name}")
        return {"self": link, "name": name, "key": account, "emailAddress": user.email, **common}

    def status(self, number: str) -> Payload:
        return self._shared("status", number, lambda: self._status(number))

    def _status(self, number: str) -> Payload:
        status = self.world.statuses[number]
        category, colour = _colours[status.category]
        return {
            "self": self.link(f"status/{status.id}"),
            "description": "",
            "iconUrl": f"{self.base}/images/icons/status.png",
            "name": status.name,
            "id": status.id,
            "statusCategory": {
                "self": self.link(f"statuscategory/{category}"),
                "id": category,
                "key": status.category,
                "colorName": colour,
                "name": _category_names[status.category],
            },
        }

    def issue_type(self, number: str) -> Payload:
        return self._shared("type", number, lambda: self._issue_type(number))

    def _issue_type(self, number: str) -> Payload:
        kind = self.world.types[number]
        payload: Payload = {
            "self": self.link(f"issuetype/{kind.id}"),
            "id": kind.id,
            "description": "",
            "iconUrl": f"{self.base}/images/icons/issuetype.png",
            "name": kind.name,
            "subtask": kind.level < 0,
        }
        return {**payload, "hierarchyLevel": kind.level} if self.is_cloud else payload

    def project(self, project: Project) -> Payload:
        return self._shared("project", project.id, lambda: self._project(project))

    def _project(self, project: Project) -> Payload:
        payload: Payload = {
            "self": self.link(f"project/{project.id}"),
            "id": str(project.id),
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
        }
        return {**payload, "simplified": False} if self.is_cloud else payload

    def sprint(self, sprint: Sprint) -> Payload:
        return self._shared("sprint", sprint.id, lambda: self._sprint(sprint))

    def _sprint(self, sprint: Sprint) -> Payload:
        """A sprint of the agile API; future ones have no dates, Cloud tells no activation."""
        payload: Payload = {
            "id": sprint.id,
            "self": self.agile_link(f"sprint/{sprint.id}"),
            "state": sprint.state,
            "name": sprint.name,
        }
        dates = {
            "startDate": sprint.start_at,
            "endDate": sprint.end_at,
            "completeDate": sprint.complete_at,
            "activatedDate": None if self.is_cloud else sprint.activated_at,
        }
        for name, at in dates.items():
            if at is not None:
                payload[name] = sprint_time(at, self.flavour)
        return {**payload, "originBoardId": sprint.board, "goal": sprint.goal}

    def linked(self, issue: Issue) -> Payload:
        """An issue as a parent or sub-task shows in another."""
        return {
            "id": str(issue.id),
            "key": issue.key,
            "self": self.link(f"issue/{issue.id}"),
            "fields": {
                "summary": issue.summary,
                "status": self.status(issue.status),
                "issuetype": self.issue_type(issue.type),
            },
        }

    def history(self, history: History) -> Payload:
        payload: Payload = {"id": str(history.id)}
        if history.author is not None:
            payload["author"] = self.user(history.author)
        payload["created"] = self.time(history.at)
        payload["items"] = self.items(history)
        return payload

    def items(self, history: History) -> list[Payload]:
        """The items of a history; only Cloud tells field ids, and not of every field."""
        answer, heads = [], self._heads
        for change in history.items:
            code, old, old_text, new, new_text = change
            if code in _spelt_differently:
                old, old_text, new, new_text = self._values(code, [old, old_text, new, new_text])
            values = {"from": old, "fromString": old_text, "to": new, "toString": new_text}
            answer.append(heads[code] | values)
        return answer

    def _head(self, name: str, kind: str, field: str | None) -> Payload:
        head: Payload = {"field": name, "fieldtype": kind}
        return head if field is None or not self.is_cloud else {**head, "fieldId": field}

    def _values(self, code: str, values: list[str | None]) -> list[str | None]:
        """The flavour's ways: Data Center's empty sprint is null, and WorklogId reads from id."""
        old, old_text, new, new_text = values
        if code == "assignee":
            before, after = (None if n is None else self.account(int(n)) for n in (old, new))
            return [before, old_text, after, new_text]
        if self.is_cloud:
            return values
        if code == "sprint":
            return [value or None for value in values]
        if code in {"work_log_added", "work_log_deleted"}:
            return [new or old, new or old, None, None]
        return values

    def work_log(self, log: WorkLog) -> Payload:
        author, created = self.user(log.author), self.time(log.created_at)
        is_edited = log.updated_at != log.created_at
        payload: Payload = {"self": self.link(f"issue/{log.issue}/worklog/{log.id}")}
        if author is not None:
            payload |= {"author": author, "updateAuthor": author}
        comment = self.text(log.comment)
        if comment is not None or not self.is_cloud:
            payload["comment"] = comment or ""
        return payload | {
            "created": created,
            "updated": self.time(log.updated_at) if is_edited else created,
            "started": self.time(log.started_at),
            "timeSpent": duration_text(log.seconds),
            "timeSpentSeconds": log.seconds,
            "id": str(log.id),
            "issueId": str(log.issue),
        }

    def work_logs(
        self, numbers: Collection[int], start_at: int, max_results: int, total: int
    ) -> Payload:
        logs = [self.work_log(self.world.work_logs[number]) for number in numbers]
        return {"startAt": start_at, "maxResults": max_results, "total": total, "worklogs": logs}
