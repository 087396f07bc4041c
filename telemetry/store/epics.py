"""Reads a team's epics and what their children were, as facts have them."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from telemetry.domain.team import TeamRules
from telemetry.metrics.epic_figures import Epic
from telemetry.metrics.epics import Child, EpicLabels, ProgramSpell, Spell, Step
from telemetry.store import schema as s
from telemetry.store.upsert import chunks

EPIC, CHILD = s.epic_facts.c, s.epic_children.c


def read_labels(connection: Connection, rules: TeamRules) -> dict[int, EpicLabels]:
    """What the labels of all the team's epics say, by the epic's id."""
    of_then = (EPIC.spells, EPIC.program_spells)
    columns = (EPIC.issue_id, EPIC.quarters, EPIC.programs, EPIC.odd, *of_then)
    rows = connection.execute(
        select(*columns).where(EPIC.team_key == rules.key, EPIC.site == rules.site)
    )
    return {
        row.issue_id: EpicLabels(
            tuple(row.quarters),
            tuple(row.programs),
            tuple(row.odd),
            tuple(Spell(*one) for one in row.spells),
            tuple(ProgramSpell(*one) for one in row.program_spells),
        )
        for row in rows
    }


def read_epics(
    connection: Connection, rules: TeamRules, labels: Mapping[int, EpicLabels]
) -> list[Epic]:
    """These epics with their children."""
    children: dict[int, list[Child]] = {}
    columns = (CHILD.epic_id, CHILD.issue_id, CHILD.is_dependency, CHILD.steps)
    here = (CHILD.team_key == rules.key, CHILD.site == rules.site)
    for ids in chunks(sorted(labels)):
        query = select(*columns).where(*here, CHILD.epic_id.in_(ids))
        for epic_id, issue_id, is_dependency, steps in connection.execute(query).all():
            one = Child(issue_id, is_dependency, tuple(Step(*step) for step in steps))
            children.setdefault(epic_id, []).append(one)
    return [Epic(i, found, children.get(i, ())) for i, found in sorted(labels.items())]
