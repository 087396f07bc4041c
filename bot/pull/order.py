"""What a pull is asked to do, and what it came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from telemetry.domain.misfit import Misfit, Topic
from telemetry.metrics.contradictions import EXPLAINED, Contradiction
from telemetry.words.runs import FAILED, REFUSED, failures


@dataclass(frozen=True, slots=True)
class Hinted:
    """Issues and sprints of one site that somebody says have changed; nothing is believed."""

    issue_ids: frozenset[int] = frozenset()
    sprint_ids: frozenset[int] = frozenset()


class Kind(StrEnum):
    """How much a pull reads of the teams that were pulled before."""

    INCREMENTAL = "incremental"  # what changed
    RECONCILE = "reconcile"  # compares everything with Jira, reads what differs
    FULL = "full"  # everything again
    FIRST = "first"  # an incremental one that meets a new or reconfigured team


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pull is asked to do beside reading what changed."""

    kind: Kind = Kind.INCREMENTAL
    accept_vanished: bool = False  # let go what was agreed on, and a fifth of a team's issues
    hinted: Hinted = field(default_factory=Hinted)


@dataclass(slots=True)
class Result:
    """What a pull of a site came to; `failures` has a sentence for each team that failed.

    `misfits` are, by team, what is wrong with settings of teams that did not fail; `refused` says
    which lists of the site could not be read.
    `found` counts what a comparison with Jira found: issues it has and we lacked (`missing`),
    that differed (`changed`), that are in no team's project any more (`moved`), that are out of
    reach (`vanished`). Empty where none was made.
    """

    kind: Kind
    issues_changed: int = 0
    work_logs_changed: int = 0
    facts_changed: int = 0
    failures: Mapping[str, str] = field(default_factory=dict)
    misfits: Mapping[str, list[Misfit]] = field(default_factory=dict)
    refused: Sequence[str] = ()
    found: dict[str, int] = field(default_factory=dict)

    def misfit_lines(self) -> list[str]:
        """The misfits as lines that name their team."""
        return [line for _, line in self._misfits()]

    def told(self) -> dict[str, list[str]]:
        """What went wrong, by its heading: teams that failed, lists not read, settings."""
        told: dict[str, list[str]] = {}
        if self.failures:
            told[FAILED] = failures(self.failures).splitlines()
        if self.refused:
            told[REFUSED] = list(self.refused)
        for topic, line in self._misfits():
            told.setdefault(EXPLAINED[Contradiction(topic.value)].title, []).append(line)
        return told

    def _misfits(self) -> list[tuple[Topic, str]]:
        every = ((key, one) for key, some in self.misfits.items() for one in some)
        return [(one.topic, f"team '{key}': {one}") for key, one in every]

    def add_found(self, **counts: int) -> None:
        """Add to what was found."""
        for name, count in counts.items():
            self.found[name] = self.found.get(name, 0) + count
