"""The platform API's small resources: server, user, fields, statuses, projects, permissions."""

from datetime import datetime
from typing import Any

from bot.simulator.calls import Call, Handler, JiraProblem
from bot.simulator.flavours import issue_fields
from bot.simulator.render import Payload
from bot.simulator.site import UnknownThing
from bot.simulator.state import Project, milliseconds


def server_info(call: Call) -> Payload:
    numbers = [1001, 0, 0] if call.is_cloud else [9, 12, 8]
    info: Payload = {
        "baseUrl": call.renderer.base,
        "version": "1001.0.0-SNAPSHOT" if call.is_cloud else "9.12.8",
        "versionNumbers": numbers,
        "deploymentType": "Cloud" if call.is_cloud else "Server",
        "buildNumber": 100291 if call.is_cloud else 9120008,
        "buildDate": call.renderer.time(milliseconds(datetime.fromisoformat("2026-05-04T00:00Z"))),
        "serverTime": call.renderer.time(milliseconds(call.now)),
        "scmInfo": "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed",
        "serverTitle": "Simulated Jira",
    }
    if call.is_cloud:
        info["serverTimeZone"] = call.world.timezone
    return info


def myself(call: Call) -> Payload:
    """The caller; its time zone is not the one of the timestamps."""
    user = call.require_user()
    payload = call.renderer.user(user.id) or {}
    return payload | {
        "emailAddress": user.email,
        "locale": "en_US",
        "groups": {"size": 1, "items": []},
        "applicationRoles": {"size": 1, "items": []},
        "expand": "groups,applicationRoles",
    }


def fields(call: Call) -> list[Payload]:
    return issue_fields(call.renderer.flavour)


def statuses(call: Call) -> list[Payload]:
    return [call.renderer.status(number) for number in call.world.statuses]


def issue_types(call: Call) -> list[Payload]:
    return [call.renderer.issue_type(number) for number in call.world.types]


def _detailed(call: Call, project: Project) -> Payload:
    payload = call.renderer.project(project)
    return payload | {
        "description": "",
        "lead": call.renderer.user(project.lead),
        "components": [],
        "issueTypes": issue_types(call),
        "assigneeType": "UNASSIGNED",
        "versions": [],
        "roles": {},
    }


def project_search(call: Call) -> Payload:
    projects = sorted(call.world.visible_projects(), key=lambda project: project.key)
    wanted = {key.upper() for key in call.words("keys")}
    text = call.text("query").lower()
    found = [
        project
        for project in projects
        if (not wanted or project.key in wanted)
        and (text in project.name.lower() or text in project.key.lower())
    ]
    return call.page(found if call.sees_issues else [], call.renderer.project)


def projects(call: Call) -> list[Payload]:
    if not call.sees_issues:
        return []
    return [call.renderer.project(project) for project in call.world.visible_projects()]


def project(call: Call) -> Payload:
    name = call.path["key"]
    try:
        return _detailed(call, call.project(name))
    except UnknownThing:
        raise JiraProblem(404, f"No project could be found with key '{name}'.") from None


def project_statuses(call: Call) -> list[Payload]:
    """Each issue type with the statuses that its workflow has in the project."""
    known = project(call)
    own = call.project(str(known["key"])).statuses or tuple(call.world.statuses)
    return [
        kind | {"statuses": [call.renderer.status(number) for number in own]}
        for kind in issue_types(call)
    ]


_permissions = {
    "BROWSE_PROJECTS": ("10", "Browse Projects", "PROJECT"),
    "WORK_ON_ISSUES": ("20", "Work On Issues", "PROJECT"),
    "ADMINISTER": ("0", "Administer Jira", "GLOBAL"),
    "USER_PICKER": ("27", "Browse users and groups", "GLOBAL"),
}


def my_permissions(call: Call) -> Payload:
    asked = call.words("permissions")
    if call.is_cloud and not asked:
        raise JiraProblem(400, "The permissions query parameter is required.")
    unknown = [name for name in asked if name not in _permissions]
    if unknown:
        raise JiraProblem(400, f"Unrecognized permissions: {', '.join(unknown)}")
    answer: dict[str, Any] = {}
    for name in asked or _permissions:
        number, title, kind = _permissions[name]
        has_it = call.sees_issues and name != "ADMINISTER"
        answer[name] = {
            "id": number,
            "key": name,
            "name": title,
            "type": kind,
            "description": title,
            "havePermission": has_it,
        }
    return {"permissions": answer}


routes: list[tuple[str, str, Handler]] = [
    ("GET", "/serverInfo", server_info),
    ("GET", "/myself", myself),
    ("GET", "/field", fields),
    ("GET", "/status", statuses),
    ("GET", "/issuetype", issue_types),
    ("GET", "/project", projects),
    ("GET", "/project/{key}", project),
    ("GET", "/project/{key}/statuses", project_statuses),
    ("GET", "/mypermissions", my_permissions),
]
cloud_routes: list[tuple[str, str, Handler]] = [("GET", "/project/search", project_search)]
