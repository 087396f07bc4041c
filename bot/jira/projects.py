"""What a site tells of us, its fields and statuses, and its projects."""

from typing import Literal
from urllib.parse import quote

from bot.jira import cloud, datacenter
from bot.jira.boards import unknown
from bot.jira.http.giving_up import is_somebody
from bot.jira.http.shapes import a_list, an_object_with, list_of
from bot.jira.http.transport import Transport
from bot.jira.paging import Raw
from telemetry.errors import AccessDenied, TrackerError, UnexpectedAnswer

_of_a_user = ("self", "displayName", "active", "timeZone")


class Projects:
    """What Jira tells beside issues, boards and sprints."""

    def __init__(self, transport: Transport, *, is_cloud: bool) -> None:
        self._transport = transport
        self.deployment: Literal["cloud", "datacenter"] = "cloud" if is_cloud else "datacenter"
        self._api = cloud.api if is_cloud else datacenter.api

    def myself(self) -> Raw:
        """Who Jira thinks we are; raises AccessDenied where it takes us for nobody."""
        me: Raw = self._transport.get(f"{self._api}/myself")
        if not is_somebody(me):
            if me and me.keys().isdisjoint(_of_a_user):
                raise UnexpectedAnswer(
                    f"{self._transport.url} does not tell who we are, as Jira does; check "
                    f"{self._transport.written.url}, and what stands before it (proxy, firewall)"
                )
            raise AccessDenied(
                f"{self._transport.url} takes {self._transport.who} for an anonymous visitor; "
                f"check user and secret of {self._transport.written.auth}"
            )
        return me

    def fields(self) -> list[Raw]:
        answer: list[Raw] = self._transport.get(f"{self._api}/field", shape=a_list)
        return answer

    def statuses(self) -> list[Raw]:
        answer: list[Raw] = self._transport.get(f"{self._api}/status", shape=a_list)
        return answer

    def project(self, key: str) -> Raw:
        answer: Raw = self._transport.get(
            f"{self._api}/project/{quote(key, safe='')}",
            refusals=unknown(self._transport, "project", key),
        )
        return answer

    def project_keys(self) -> list[str]:
        """The keys of projects that we see; of very many only the first."""
        if self.deployment == "cloud":
            answer = self._transport.get(
                f"{self._api}/project/search", {"maxResults": 100}, shape=list_of("values")
            )["values"]
        else:
            answer = self._transport.get(f"{self._api}/project", shape=a_list)
        return [str(one["key"]) for one in answer if isinstance(one, dict) and "key" in one]

    def project_statuses(self, key: str) -> list[Raw]:
        """The statuses that issues of a project can have, each once."""
        path = f"{self._api}/project/{quote(key, safe='')}/statuses"
        answer = self._transport.get(path, {}, unknown(self._transport, "project", key), a_list)
        kinds = [kind.get("statuses") for kind in answer if isinstance(kind, dict)]
        known = [one for some in kinds if isinstance(some, list) for one in some]
        every = {
            str(one["id"]): one
            for one in known
            if isinstance(one, dict) and "id" in one and "name" in one
        }
        return list(every.values())

    def permissions(self, project_key: str) -> Raw:
        """What we may do in a project: `{name: {havePermission, ...}}`; {} where it does not tell.

        Old servers have no such list, and one that has it need not know the project.
        """
        try:
            answer = self._transport.get(
                f"{self._api}/mypermissions",
                {"projectKey": project_key, "permissions": "BROWSE_PROJECTS"},
                shape=an_object_with("permissions"),
            )
        except UnexpectedAnswer:
            raise
        except TrackerError as error:
            if error.is_of_site:
                raise
            return {}
        permissions: Raw = answer["permissions"]
        return permissions
