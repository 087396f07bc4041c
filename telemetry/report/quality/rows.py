"""One line of what contradicts, with what it is about in words that a reader knows."""

from dataclasses import dataclass

from telemetry.metrics.contradictions import Finding


@dataclass(frozen=True, slots=True)
class QualityRow:
    """One finding with what it is about: an issue's key, a sprint's id or a status' id.

    `url` is None for a status, which has no page in Jira. `sprints` are the names of its sprints
    and `before` and `after` names of statuses; `meaning` is how an unlisted status counts,
    `said` what could not be read, or what labels say.
    """

    finding: Finding
    key: str
    title: str | None
    url: str | None
    sprints: tuple[str, ...] = ()
    before: str | None = None
    after: str | None = None
    meaning: str = ""
    said: str = ""
