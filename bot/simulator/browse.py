"""The pages of the simulated site that a person sees: an issue, and a sprint with its issues.

They ask for no credentials, since a browser has none here, and show what everybody may see.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from bot.simulator.site import UnknownThing
from bot.simulator.state import Issue, Sprint
from bot.simulator.world import World

_STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
p, dt, th { color: GrayText; } h1 { line-height: 1.25; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.5rem; }
dt, dd { margin: 0; } table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
th, td { text-align: left; padding: .35rem 1rem .35rem 0; border-bottom: 1px solid #8886; }
caption { text-align: left; font-weight: 600; } .number { text-align: right; }
"""


def browse_routes(world: World) -> list[Route]:
    """`/browse/KEY`, and the address of a sprint's report on its board."""

    def issue(request: Request) -> HTMLResponse:
        key = request.path_params["key"]
        with world.lock:
            try:
                found = world.issue(key)
            except UnknownThing:
                return _missing(f"There is no issue {key}.")
            if not world.is_visible(found):
                return _missing(f"There is no issue {key}.")
            return _page(f"{found.key}: {found.summary}", _issue(world, found))

    def sprint(request: Request) -> HTMLResponse:
        asked = request.query_params.get("sprint", "")
        with world.lock:
            found = world.sprints.get(int(asked)) if asked.isdecimal() else None
            if found is None:
                return _missing("There is no such sprint.")
            return _page(found.name, _sprint(world, found))

    return [Route("/browse/{key}", issue), Route("/secure/RapidBoard.jspa", sprint)]


def _missing(words: str) -> HTMLResponse:
    return HTMLResponse(_page(words, "").body, 404)


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><p>The simulated Jira of the demo</p>"
        f"<h1>{escape(title)}</h1>{body}</html>"
    )


def _issue(world: World, issue: Issue) -> str:
    facts = [
        ("Type", world.types[issue.type].name),
        ("Status", world.statuses[issue.status].name),
        ("Estimate", _estimate(issue)),
        ("Sprint", ", ".join(world.sprints[one].name for one in issue.sprints) or "none"),
        ("Labels", ", ".join(issue.labels) or "none"),
        ("Updated", _moment(issue.updated_at)),
    ]
    if issue.is_flagged:
        facts.insert(2, ("Flag", "Impediment"))
    if issue.nature:
        facts.append(("Nature", issue.nature))
    logs = sorted((world.work_logs[one] for one in issue.work_logs), key=lambda log: log.started_at)
    rows = [(_moment(log.started_at), _time(log.seconds), _name(world, log.author)) for log in logs]
    return _facts(facts) + _table(
        "Work logs", ("Started", "Time", "By"), rows, "No work is logged."
    )


def _sprint(world: World, sprint: Sprint) -> str:
    facts = [("State", sprint.state), ("Goal", sprint.goal or "none")]
    facts += [("Start", _moment(sprint.start_at)), ("Planned end", _moment(sprint.end_at))]
    facts.append(("Completed", _moment(sprint.complete_at)))
    issues = [world.issues[one] for one in world.by_sprint[sprint.id]]
    rows = [
        (one.key, one.summary, world.statuses[one.status].name, _estimate(one))
        for one in issues
        if world.is_visible(one)
    ]
    return _facts(facts) + _table(
        "Issues",
        ("Key", "Summary", "Status", "Estimate"),
        rows,
        "It has no issues.",
        is_linked=True,
    )


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    lines = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts)
    return f"<dl>{lines}</dl>"


def _table(
    title: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    none: str,
    *,
    is_linked: bool = False,
) -> str:
    """A table; `is_linked` where the first column holds keys of issues."""
    if not rows:
        return f"<p>{none}</p>"
    lines = []
    for first, *others in rows:
        text = escape(first)
        start = f'<a href="/browse/{text}">{text}</a>' if is_linked else text
        cells = "".join(f"<td>{escape(other)}</td>" for other in others)
        lines.append(f"<tr><td>{start}</td>{cells}</tr>")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    return f"<table><caption>{title}</caption><tr>{head}</tr>{''.join(lines)}</table>"


def _estimate(issue: Issue) -> str:
    if issue.points is not None:
        return f"{issue.points:g} points"
    return "none" if issue.original_seconds is None else _time(issue.original_seconds)


def _time(seconds: int) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return " ".join(filter(None, (f"{hours}h" if hours else "", f"{minutes}m" if minutes else "")))


def _name(world: World, user: int | None) -> str:
    return "somebody" if user is None else world.users[user].name


def _moment(at: int | None) -> str:
    if at is None:
        return "none"
    return f"{datetime.fromtimestamp(at / 1000, UTC):%a %-d %b %Y, %H:%M} UTC"
