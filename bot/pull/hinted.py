"""What a webhook named: where a pull looks beside what it finds by itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hinted:
    """Issues and sprints of one site that somebody says have changed; nothing is believed."""

    issue_ids: frozenset[int] = frozenset()
    sprint_ids: frozenset[int] = frozenset()
