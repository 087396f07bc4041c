"""The agile API: boards, their configuration, sprints, issues and epics."""

from collections.abc import Sequence

from bot.simulator.calls import Call, Handler, JiraProblem
from bot.simulator.render import Payload
from bot.simulator.search_api import shown_issue, wanted_fields
from bot.simulator.site import UnknownThing
from bot.simulator.state import Board, Issue, Sprint, type_of_epic

_states = ("closed", "active", "future")


def _board(call: Call) -> Board:
    board = call.world.boards.get(_number(call))
    if board not in call.world.visible_boards() or not call.sees_issues:
        raise JiraProblem(404, "The requested board cannot be viewed because it either does not "
                          "exist or you do not have permission to view it.")  # fmt: skip
    return board


def _number(call: Call) -> int:
    text = call.path["number"]
    return int(text) if text.isdecimal() else 0


def _shown_board(call: Call, board: Board) -> Payload:
    project = call.world.projects[board.project]
    location = {
        "projectId": project.id,
        "displayName": f"{project.name} ({project.key})",
        "projectName": project.name,
        "projectKey": project.key,
        "projectTypeKey": "software",
        "name": f"{project.name} ({project.key})",
    }
    payload: Payload = {
        "id": board.id,
        "self": call.renderer.agile_link(f"board/{board.id}"),
        "name": board.name,
        "type": board.kind,
    }
    return payload | {"location": location} if call.is_cloud else payload


def boards(call: Call) -> Payload:
    """At most 50 boards a page, whatever is asked for."""
    found = call.world.visible_boards() if call.sees_issues else []
    name = call.text("projectKeyOrId")
    if name:
        try:
            project = call.project(name).id
        except UnknownThing:
            raise JiraProblem(400, f"No project could be found with key or id '{name}'.") from None
        found = [board for board in found if board.project == project]
    kinds = call.words("type")
    found = [board for board in found if not kinds or board.kind in kinds]
    found = [board for board in found if call.text("name").lower() in board.name.lower()]
    return call.page(found, lambda board: _shown_board(call, board))


def board(call: Call) -> Payload:
    return _shown_board(call, _board(call))


def configuration(call: Call) -> Payload:
    """Columns and, for boards with sprints, the estimation; the mapping is today's."""
    board, renderer = _board(call), call.renderer
    columns = [
        {
            "name": column.name,
            "statuses": [
                {"id": status, "self": renderer.link(f"status/{status}")}
                for status in column.statuses
            ],
        }
        for column in board.columns
    ]
    project = call.world.projects[board.project]
    number = str(10000 + board.id)
    payload: Payload = {
        "id": board.id,
        "name": board.name,
        "type": board.kind,
        "self": renderer.agile_link(f"board/{board.id}/configuration"),
        "location": {
            "type": "project",
            "key": project.key,
            "id": str(project.id),
            "self": renderer.link(f"project/{project.id}"),
            "name": project.name,
        },
        "filter": {"id": number, "self": renderer.link(f"filter/{number}")},
        "columnConfig": {"columns": columns, "constraintType": "none"},
        "ranking": {"rankCustomFieldId": renderer.ids.rank},
    }
    if board.kind == "kanban":
        return payload | {"subQuery": {"query": "fixVersion in unreleasedVersions()"}}
    return payload | {"estimation": _estimation(call, board)}


def _estimation(call: Call, board: Board) -> Payload:
    if board.estimation == "issueCount":
        return {"type": "issueCount"}
    if board.estimation == "points":
        field, name = call.renderer.ids.points, "Story Points"
    elif board.estimation == "other_points":
        field, name = call.renderer.ids.other_points, "Story point estimate"
    else:
        field, name = board.estimation, "Original estimate"
    return {"type": "field", "field": {"fieldId": field, "displayName": name}}


def sprints(call: Call) -> Payload:
    """The board's sprints, and those of others that it lists: closed, active, future."""
    board = _board(call)
    if not board.has_sprints:
        raise JiraProblem(400, "The board does not support sprints")
    wanted = call.words("state") or list(_states)
    unknown = [state for state in wanted if state not in _states]
    if unknown:
        raise JiraProblem(400, f"Invalid sprint state: {unknown[0]}")
    listed = [
        sprint
        for sprint in call.world.sprints.values()
        if sprint.board == board.id or sprint.id in board.foreign_sprints
    ]
    listed = [sprint for sprint in listed if sprint.state in wanted]
    listed.sort(key=lambda sprint: (_states.index(sprint.state), sprint.id))
    page = call.page(listed, call.renderer.sprint)
    if not call.is_cloud:
        del page["total"]
    return page


def _sprint(call: Call) -> Sprint:
    sprint = call.world.sprints.get(_number(call))
    if sprint is None or not call.sees_issues or not call.world.is_visible_sprint(sprint):
        raise JiraProblem(404, "Sprint does not exist or you do not have permission to view it.")
    return sprint


def sprint(call: Call) -> Payload:
    return call.renderer.sprint(_sprint(call))


def _issue_page(call: Call, found: Sequence[Issue]) -> Payload:
    start, size = call.number("startAt", 0), call.page_size(50, 100 if call.is_cloud else 1000)
    fields = wanted_fields(call, None)
    issues = []
    for issue in found[start : start + size]:
        payload = shown_issue(call, issue, fields, 100, base="agile")
        extra = call.renderer.agile_fields(issue)
        shown = extra if fields is None else {k: v for k, v in extra.items() if k in fields}
        payload.setdefault("fields", {}).update(shown)
        issues.append(payload)
    return {
        "expand": "schema,names",
        "startAt": start,
        "maxResults": size,
        "total": len(found),
        "issues": issues,
    }


def _found(call: Call, clause: str) -> list[Issue]:
    jql = call.text("jql")
    where, order = jql, ""
    position = jql.lower().find("order by")
    if position >= 0:
        where, order = jql[:position], jql[position:]
    narrowed = f"{clause} AND ({where})" if where.strip() else clause
    return call.search(f"{narrowed} {order or 'ORDER BY created ASC'}")


def board_issues(call: Call) -> Payload:
    board = _board(call)
    return _issue_page(call, _found(call, f"project = {board.project}"))


def sprint_issues(call: Call) -> Payload:
    return _issue_page(call, _found(call, f"sprint = {_sprint(call).id}"))


def backlog(call: Call) -> Payload:
    board = _board(call)
    found = _found(call, f"project = {board.project}")
    sprints = call.world.sprints
    kept = [
        issue
        for issue in found
        if all(sprints[n].state == "closed" for n in call.world.sprints_of(issue))
        and call.world.statuses[issue.status].category != "done"
        and issue.parent is None
    ]
    return _issue_page(call, kept)


def epics(call: Call) -> Payload:
    board = _board(call)
    found = _found(call, f"project = {board.project} AND issuetype = {type_of_epic}")
    done = call.text("done")
    if done:
        found = [
            epic
            for epic in found
            if (call.world.statuses[epic.status].category == "done") == (done == "true")
        ]
    return call.page(found, call.renderer.epic)


def features(call: Call) -> Payload:
    board = _board(call)
    enabled = {"SPRINTS": board.has_sprints, "ESTIMATION": board.kind != "kanban", "BOARD": True}
    names = {"SPRINTS": "jsw.agility.sprints", "ESTIMATION": "jsw.agility.estimation"}
    return {
        "features": [
            {
                "boardFeature": name,
                "boardId": board.id,
                "featureId": names.get(name, "jsw.agility.board"),
                "featureType": "ESTIMATION" if name == "ESTIMATION" else "BASIC",
                "state": "ENABLED" if is_on else "DISABLED",
                "localisedName": name.capitalize(),
                "toggleLocked": False,
            }
            for name, is_on in enabled.items()
        ]
    }


routes: list[tuple[str, str, Handler]] = [
    ("GET", "/board", boards),
    ("GET", "/board/{number}", board),
    ("GET", "/board/{number}/configuration", configuration),
    ("GET", "/board/{number}/sprint", sprints),
    ("GET", "/board/{number}/issue", board_issues),
    ("GET", "/board/{number}/backlog", backlog),
    ("GET", "/board/{number}/epic", epics),
    ("GET", "/sprint/{number}", sprint),
    ("GET", "/sprint/{number}/issue", sprint_issues),
]
cloud_routes: list[tuple[str, str, Handler]] = [("GET", "/board/{number}/features", features)]
