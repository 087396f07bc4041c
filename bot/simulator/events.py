"""What a site tells those who listen: one event per act, under Jira's names for webhooks."""

from typing import NamedTuple

from bot.simulator.state import History, Issue, Sprint, WorkLog


class Event(NamedTuple):
    """What happened to an issue, a work log or a sprint, told before that is gone."""

    name: str
    at: int | None
    """Epoch milliseconds; None for acts whose instant leaves no trace."""
    issue: Issue | None = None
    history: History | None = None
    work_log: WorkLog | None = None
    sprint: Sprint | None = None
