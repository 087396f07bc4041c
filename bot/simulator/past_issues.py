"""Issues as they were: what a search index that lags behind still shows."""

import copy

from bot.simulator.state import Issue, Item


def as_seen(issue: Issue, at: int) -> Issue:
    """A copy of the issue as it was at an instant: later histories are undone."""
    view = copy.copy(issue)
    view.histories = [history for history in issue.histories if history.at <= at]
    for history in reversed(issue.histories):
        if history.at > at:
            for item in reversed(history.items):
                _undo(view, item)
    last = view.histories[-1].at if view.histories else view.created_at
    view.updated_at = max(last, view.created_at)
    return view


def _undo(view: Issue, item: Item) -> None:
    if item.code == "status":
        view.status = item.old or view.status
    elif item.code == "sprint":
        view.sprints = tuple(int(number) for number in (item.old or "").split(", ") if number)
    elif item.code == "labels":
        view.labels = tuple((item.old_text or "").split())
    elif item.code == "points":
        view.points = float(item.old_text) if item.old_text else None
    elif item.code == "epic":
        view.epic = int(item.old) if item.old else None
    elif item.code == "flagged":
        view.is_flagged = bool(item.old)
    elif item.code == "nature":
        view.nature = item.old_text
    elif item.code == "work_log_added" and item.new:
        view.work_logs = [number for number in view.work_logs if number != int(item.new)]
