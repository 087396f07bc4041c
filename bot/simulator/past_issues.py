"""Issues as they were: what a search index that lags behind still shows."""

import copy

from bot.simulator.state import Issue, Item
from bot.simulator.world import World


def as_seen(world: World, issue: Issue, at: int) -> Issue:
    """A copy of the issue as it was at an instant: later histories are undone."""
    view = copy.copy(issue)
    view.histories = [history for history in issue.histories if history.at <= at]
    for history in reversed(issue.histories):
        if history.at > at:
            for item in reversed(history.items):
                _undo(world, view, item)
    last = view.histories[-1].at if view.histories else view.created_at
    view.updated_at = max(last, view.created_at)
    return view


def _undo(world: World, view: Issue, item: Item) -> None:
    """Takes one change back; sprints that are gone do not come back."""
    if item.code == "status":
        view.status = item.old or view.status
    elif item.code == "sprint":
        were = (int(number) for number in (item.old or "").split(", ") if number)
        view.sprints = tuple(number for number in were if number in world.sprints)
    elif item.code == "labels":
        view.labels = tuple((item.old_text or "").split())
    elif item.code == "points":
        view.points = float(item.old_text) if item.old_text else None
    elif item.code == "work_log_added" and item.new:
        view.work_logs = [number for number in view.work_logs if number != int(item.new)]
    else:
        _undo_place(world, view, item)


def _undo_place(world: World, view: Issue, item: Item) -> None:
    if item.code == "epic":
        view.epic = int(item.old) if item.old else None
    elif item.code == "parent":
        view.parent = int(item.old) if item.old else None
    elif item.code == "project" and item.old:
        view.project = int(item.old)
    elif item.code == "key" and item.old_text:
        view.key = item.old_text
    elif item.code == "type" and item.old:
        view.type = item.old
    elif item.code == "summary" and item.old_text:
        view.summary = item.old_text
    elif item.code == "flagged":
        view.is_flagged = bool(item.old)
    elif item.code == "nature":
        names = {number: name for name, number in world.natures.items()}
        view.nature = names.get(item.old or "")
    elif item.code == "component":
        names = {number: name for name, number in world.components.items()}
        others = [name for name in view.components if name != names.get(item.new or "")]
        view.components = (*others, names[item.old]) if item.old else tuple(others)
